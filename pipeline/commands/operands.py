"""Operands that look like options: YouTube ids may start with a dash."""

from __future__ import annotations

import re

import click

_DASHED_ID = re.compile(r"-[A-Za-z0-9_-]{10}\Z")


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
