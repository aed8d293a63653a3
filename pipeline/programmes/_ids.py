"""Proposals for talk ids, unique within one event. Pure; which ids last is decided by binding."""

from __future__ import annotations

from pipeline.text import slug


class Ids:
    """Hands out talk ids for one event: each once, numbered where two would be the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def propose(self, *names: str | None) -> str:
        """Return an id made of the first of `names` that is not empty: title, speaker, code."""
        base = slug(next((name for name in names if name), ""), fallback="talk")
        made, number = base, 2
        while made in self._taken:
            tail = f"-{number}"
            made, number = base[: 63 - len(tail)].rstrip("-") + tail, number + 1
        self._taken.add(made)
        return made
