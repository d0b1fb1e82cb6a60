"""The command group, and the one place where errors become messages and exit codes."""

import sys
from itertools import pairwise
from pathlib import Path
from typing import Final

import click

from digitech_kg.errors import CallError, DigitechError, InvalidData, NotAcceptable, SourceError
from digitech_kg.formats import FORMATS
from digitech_kg.hooks import known_parts, load, part_commands
from digitech_kg.sources.project import parts_off

#: Where each command is in this package. Only the module of the one that is called is imported: importing is slow.
_COMMANDS: Final = {
    "build": "writing:build",
    "compare": "asking:compare",
    "coverage": "checking:coverage",
    "export": "published:export",
    "format": "checking:format_files",
    "history": "published:history",
    "import": "writing:import_files",
    "issue": "asking:issue",
    "query": "asking:query",
    "revert": "writing:revert",
    "serve": "serving:serve",
    "token": "serving:token",
    "validate": "checking:validate",
}
_OF_THE_SYSTEM: Final = "Free some space, get the permission for this, or name another file or folder."


class _Commands(click.Group):
    """Finds the commands of the core and of the parts that are on; imports the one that is called."""

    def _command_references(self, context: click.Context) -> dict[str, str]:
        """Return where each command is, as `module:name`."""
        core = {name: f"digitech_kg.cli.{place}" for name, place in _COMMANDS.items()}
        return core | part_commands(parts_off(context.obj))

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._command_references(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        ctx.obj = _project_named(args)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = self._command_references(ctx).get(cmd_name)
        for owner in (part.name for part in known_parts().values() if not found and cmd_name in part.commands):
            told = f"the command {cmd_name} belongs to the part {owner}, which is switched off"
            raise click.UsageError(f"{told}: remove it from [parts] in project.toml to use it", ctx)
        command: click.Command | None = load(found) if found else None
        return command


def _project_named(arguments: list[str]) -> Path | None:
    """Return the project that the options of a command name: it may switch the command off."""
    words = [word for argument in arguments for word in argument.split("=", 1)]
    return next((Path(value) for option, value in pairwise(words) if option == "--project"), None)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="digitech-kg")
def group() -> None:
    """What policy documents say, as a knowledge graph.

    Exit status: 0 if everything was done, 1 if the data is at fault, 2 if the call is.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; never shows a traceback for an error that the caller can correct."""
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
    faults = error.faults if isinstance(error, SourceError) else ()
    report = error.report if isinstance(error, InvalidData) else None
    hint = error.hint
    if isinstance(error, NotAcceptable):
        hint = (
            f"Give one of these with --format: {', '.join(f.name for f in FORMATS if f.media_type in error.available)}"
        )
    told = [*map(str, faults), report.to_text().rstrip("\n") if report else "", f"Error: {error.message}", hint]
    click.echo("\n".join(filter(None, told)), err=True)
