"""What people type: video ids that look like options, and times."""

from __future__ import annotations

import re
from datetime import datetime

import click

_DASHED_ID = re.compile(r"-[A-Za-z0-9_-]{10}\Z")


def read_moment(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> datetime | None:
    """Read an option that is a time, as files of the dataset write it; None where it is absent."""
    from pipeline.written.filemodel import parse_moment

    try:
        return parse_moment(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


class VideoCommand(click.Command):
    """A command that takes videos, also by an id such as `-qRUsuevKj4`.

    Click would read that as -q, -R, … So an argument of that very shape that is no option of the
    command goes on as a video key. The price: `-C` and a folder of nine letters are written apart.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, with dashed video ids made keys."""
        options = {flag for one in self.params for flag in (*one.opts, *one.secondary_opts)}
        meant = [
            f"youtube:{one}" if _DASHED_ID.match(one) and one not in options else one
            for one in args
        ]
        return super().parse_args(ctx, meant)
