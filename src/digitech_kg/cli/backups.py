"""The commands `backup` and `restore`."""

from __future__ import annotations

from pathlib import Path

import click

from digitech_kg.cli.messages import progress
from digitech_kg.cli.options import data_dir_option, empty_option, find_data_dir, project_option
from digitech_kg.snapshot import SnapshotRepository, restore_backup, write_backup

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
@project_option
@data_dir_option
@empty_option
def backup(file: Path, project_dir: Path | None, data_dir: Path | None, empty: bool) -> None:
    """Write all published versions to FILE, a gzipped tar archive with checksums.

    A server may go on reading and writing. FILE appears only when it is complete. Tokens are not in it.

    Example: digitech-kg backup /var/backups/kg.tar.gz
    """
    repository = SnapshotRepository(find_data_dir(project_dir, data_dir, empty))
    with progress("bytes written") as tell:
        count = write_backup(repository, file, told=tell)
    click.echo(f"wrote {count:,} versions to {file}, {file.stat().st_size / 1e6:,.1f} MB")


@click.command()
@click.argument("file", type=_FILE)
@project_option
@data_dir_option
@empty_option
@click.option("--force", is_flag=True, help="Replace the versions that are there.")
def restore(file: Path, project_dir: Path | None, data_dir: Path | None, empty: bool, force: bool) -> None:
    """Bring back the versions in FILE, which backup wrote: all of them, or nothing if the file is damaged.

    A server that runs follows at once. With --force, versions that are not in FILE are gone. Tokens stay as they are.

    Example: digitech-kg restore /var/backups/kg.tar.gz --data-dir /srv/kg
    """
    repository = SnapshotRepository(find_data_dir(project_dir, data_dir, empty))
    with progress("bytes read") as tell:
        count = restore_backup(repository, file, force=force, told=tell)
    click.echo(f"restored {count:,} versions; {repository.current_version()} is current")
