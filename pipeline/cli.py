"""`recap`: the command line. The only place that prints errors and picks exit codes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module

import click

from pipeline import __version__
from pipeline.errors import BusyError, ConfigError, DatasetError, PipelineError

COMMANDS: Mapping[str, Mapping[str, str]] = {
    "Publish": {
        "publish": "Look at the lists, merge what is new, publish; once.",
        "serve": "The same by schedule, until it is stopped.",
        "deliver": "Send what `publish --no-deliver` left.",
        "status": "What is out, what is awaited, what waits for a person.",
        "why": "Where a shown value comes from.",
        "doctor": "Is everything in order that a run stands on?",
    },
    "Decide": {
        "review": "Answer for the videos that the program is not sure of.",
        "link": "A video is the recording of a talk.",
        "unlink": "A video is not the talk it is linked to.",
        "ignore": "A video is no recording of any talk.",
        "gap": "A list that may have missed videos has not.",
        "clock": "What was stamped by a clock that ran ahead.",
        "mail": "Announcements: look at drafts, approve, send.",
        "withdraw": "Take a talk, a video or a speaker out of everything.",
        "unwithdraw": "Let what was withdrawn appear again.",
        "retire": "Let an event's folder go; its pages stay.",
        "undo": "Take a decision back.",
    },
    "Edit": {
        "init": "Start a repository.",
        "import": "Take the talks over from a programme.",
        "watch": "Add a list to watch.",
        "talk": "Add a talk.",
        "edit": "Open event.yaml at a talk.",
        "check": "Is every file that people write in order?",
        "schema": "Write the schemas that editors complete from.",
    },
}
"""Every command by what it is for, in one line; `pipeline/commands/<name>.py` holds it."""

MODULES = {"import": "importing"}
"""The module of a command whose name no module can have."""


class Commands(click.Group):
    """Imports a command when it is called, so that help and start-up stay quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        del ctx
        return [name for group in COMMANDS.values() for name in group]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = MODULES.get(cmd_name, cmd_name)
        command: click.Command = getattr(import_module(f"pipeline.commands.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by what they are for, without importing any."""
        del ctx
        for purpose, group in COMMANDS.items():
            with formatter.section(purpose):
                formatter.write_dl(list(group.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recap")
def recap() -> None:
    """Publish a conference's recordings as they come out: feeds, a recap page and a mail."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end the process with its exit code.

    0 fine, 1 a stage failed, 2 usage or people's files, 3 a person is needed, 75 busy,
    130 interrupted.
    """
    try:
        code = recap.main(args=arguments, prog_name="recap", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        code = 130
    except PipelineError as error:
        click.echo(f"recap: {error.message}", err=True)
        code = _exit_code(error)
    sys.exit(int(code or 0))


def _exit_code(error: PipelineError) -> int:
    if isinstance(error, BusyError):
        return 75
    return 2 if isinstance(error, ConfigError | DatasetError) else 1
