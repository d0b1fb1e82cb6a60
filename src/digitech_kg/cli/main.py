"""The command group, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import sys
from typing import Final

import click

from digitech_kg.build import EditsCollide
from digitech_kg.cli.backups import backup, restore
from digitech_kg.cli.data import build, coverage, format_files, sync, validate
from digitech_kg.cli.differences import describe_collisions
from digitech_kg.cli.enriching import enrich
from digitech_kg.cli.exporting import export
from digitech_kg.cli.history import history, revert
from digitech_kg.cli.importing import import_files
from digitech_kg.cli.linking import link
from digitech_kg.cli.query import query
from digitech_kg.cli.reason import reason
from digitech_kg.cli.serving import serve
from digitech_kg.cli.tokens import token
from digitech_kg.errors import CallError, DigitechError, InvalidData, SourceError
from digitech_kg.validation import Report

_OF_THE_SYSTEM: Final = "Make room, give yourself the right to do this, or name another file or folder."


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="digitech-kg")
def group() -> None:
    """What policy documents say, as a knowledge graph.

    Exit status: 0 when all that was asked for was done, 1 if the data is at fault, 2 if the call is.
    """


for command in (
    backup,
    build,
    coverage,
    enrich,
    export,
    format_files,
    history,
    import_files,
    link,
    query,
    reason,
    restore,
    revert,
    serve,
    sync,
    token,
    validate,
):
    group.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; never shows a traceback for an error that the caller can mend."""
    try:
        status = group.main(args=arguments, prog_name="digitech-kg", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except DigitechError as error:
        _show(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _show(CallError(f"{place}{error.strerror or error}", hint=_OF_THE_SYSTEM))
        sys.exit(CallError.exit_code)
    sys.exit(status if isinstance(status, int) else 0)


def _show(error: DigitechError) -> None:
    if isinstance(error, SourceError):
        for fault in error.faults:
            click.echo(str(fault), err=True)
    if isinstance(error, InvalidData) and isinstance(error.report, Report):
        click.echo(error.report.to_text().rstrip("\n"), err=True)
    if isinstance(error, EditsCollide):
        click.echo("\n".join(describe_collisions(error.collisions)), err=True)
    click.echo(f"Error: {error.message}", err=True)
    if error.hint:
        click.echo(f"{error.hint}", err=True)
