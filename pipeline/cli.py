"""`recap`: the command line. The only place that prints errors and picks exit codes."""

from __future__ import annotations

import sys

import click

from pipeline import __version__
from pipeline.commands.check import check
from pipeline.commands.deliver import deliver
from pipeline.commands.init import init
from pipeline.commands.publish import publish
from pipeline.commands.schema import schema
from pipeline.commands.serve import serve
from pipeline.commands.status import status
from pipeline.errors import BusyError, ConfigError, DatasetError, PipelineError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recap")
def recap() -> None:
    """Publish a conference's recordings as they come out: feeds, a recap page and a mail."""


for _command in (publish, serve, status, check, init, schema, deliver):
    recap.add_command(_command)


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
