"""Which talks a feed's subscription document holds, and which its archive pages (RFC 5005).

Numbers only: sequence numbers in, sequence numbers out. The rules stand in docs/design/feeds.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

PAGE = 100
"""Sequence numbers of an archive page: page n holds (n - 1) * 100 + 1 to n * 100."""


def page_of(sequence: int) -> int:
    """Return the archive page that a sequence number belongs to, for ever; the first is 1."""
    return (sequence + PAGE - 1) // PAGE


def floor(newest_first: Sequence[int], size: int) -> int:
    """Return the lowest number in the subscription document of a feed with these numbers.

    The document holds the newest `size`, and never fewer than all of the newest page: pages can be
    complete only when a later one was begun. 0 for an empty feed.
    """
    if not newest_first:
        return 0
    newest = page_of(newest_first[0])
    still_open = sum(page_of(number) == newest for number in newest_first[: max(PAGE, size)])
    return newest_first[min(max(size, still_open), len(newest_first)) - 1]


def archived(numbers: Iterable[int], lowest: int) -> tuple[int, ...]:
    """Return the archive pages of a feed, oldest first: those that the subscription document,
    which begins at `lowest`, does not hold whole.
    """
    return tuple(sorted({page_of(number) for number in numbers if number < lowest}))
