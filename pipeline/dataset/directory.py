"""Which events may know a video or watch a list: told by a glance at their files, and too many
rather than too few.

Holds hashes and numbers only, some tens of bytes an entry; nothing is parsed, and whoever asks
opens the events that are named and reads what is true.
"""

from __future__ import annotations

import os
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from pipeline import text

_BITS = 24
"""Bits of an event's number: 16 million events."""
_FEW = 4_096
"""Words that are held beside the sorted ones, which take an eighth of the memory, at least."""
_LINKED = re.compile(rb"^  (\S.*)$|^      (verdict: auto|contested:)$", re.MULTILINE)
_ADDRESS = re.compile(
    rb"https?://[^\s\"',\]}]+|\b(?:youtube|vimeo|ccc|peertube|archive):[^\s\"',\]}]+"
)
_NAMED = re.compile(rb"\b(?:recordings|video)[\"']?[ \t]*:.*(?:\n[ \t]*-.*)*")
_WATCHES = re.compile(rb"^[\"']?watch[\"']?[ \t]*:.*(?:\n(?:[ \t#-].*)?)*", re.MULTILINE)
_BETWEEN = re.compile(r"[\s,\"'\[\]{}]+")


def video_word(key: str) -> str:
    """Return the word under which a video is looked up."""
    return f"video {key}"


def address_word(address: str) -> str:
    """Return the word under which a list is looked up by the address of its options."""
    pieces = _BETWEEN.split(address)
    return f"list {max(pieces, key=len)}"


def path_word(path: Path) -> str:
    """Return the word under which a list that is a file is looked up."""
    return f"list {os.path.normpath(path)}"


def series_word(series: str) -> str:
    """Return the word under which the events of a series are looked up."""
    return f"series {series}"


def glance(folder: Path) -> set[str]:
    """Return the words of an event by its files, as they stand; none of what cannot be read."""
    found = {video_word(key) for key in _linked(_body(folder / "recordings.yaml"))}
    event = _body(folder / "event.yaml")
    written = [event, _body(folder / "programme.yaml")]
    written += [_body(path) for path in sorted((folder / "decisions").glob("*.yaml"))]
    for body in written:
        found |= {video_word(key) for key in _named(body)}
    for block in _WATCHES.findall(event):
        for piece in _pieces(block):
            found.add(address_word(piece))
            if "://" not in piece:
                found.add(path_word(folder / piece))
    if series := re.search(rb"^[\"']?series[\"']?[ \t]*:[ \t]*[\"']?([a-z0-9-]+)", event, re.M):
        found.add(series_word(series[1].decode()))
    return found


class Directory:
    """Words, each with the events that may be meant. `filled` says that it knows every event."""

    def __init__(self) -> None:
        self.filled = False
        self._ids: list[str] = []
        self._numbers: dict[str, int] = {}
        self._told: array[int] = array("Q")
        self._later: dict[int, tuple[int, ...]] = {}

    def fill(self, words: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Learn every event: its id, and its words (see `glance`)."""
        rows = array("Q")
        for event_id, own in words:
            number = self._number(event_id)
            rows.extend(_hash(word) << _BITS | number for word in own)
        self._told = array("Q", sorted(rows))
        self.filled = True

    def note(self, event_id: str, words: Iterable[str]) -> None:
        """Learn more words of an event."""
        alone = (self._number(event_id),)
        for word in words:
            hashed = _hash(word)
            self._later[hashed] = (*self._later[hashed], *alone) if hashed in self._later else alone
        if len(self._later) > max(_FEW, len(self._told) // 8):
            rows = [word << _BITS | one for word, ones in self._later.items() for one in ones]
            self._told = array("Q", sorted((*self._told, *rows)))
            self._later.clear()

    def named(self, word: str, *, but: str) -> tuple[str, ...]:
        """Return the events that may be meant, sorted, `but` one."""
        hashed, told = _hash(word), self._told
        numbers = set(self._later.get(hashed, ()))
        at = bisect_left(told, hashed << _BITS)
        while at < len(told) and told[at] >> _BITS == hashed:
            numbers.add(told[at] & ((1 << _BITS) - 1))
            at += 1
        return tuple(sorted(self._ids[number] for number in numbers if self._ids[number] != but))

    def _number(self, event_id: str) -> int:
        number = self._numbers.setdefault(event_id, len(self._ids))
        if number == len(self._ids):
            self._ids.append(event_id)
        return number


def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=5).digest())


def _body(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # absent, or said when the event is opened


def _linked(body: bytes) -> Iterator[str]:
    """Yield the keys of the rows of a recordings.yaml that matching linked, or that it asks about
    because another event may have the video.
    """
    key = ""
    for name, has in _LINKED.findall(body):
        if name:
            key = name.decode(errors="replace").removeprefix("? ").strip("'\": ")
        elif has:
            yield key


def _named(body: bytes) -> Iterator[str]:
    """Yield the keys of the videos that a person's file names."""
    pieces = {one.decode(errors="replace") for one in _ADDRESS.findall(body)}
    for block in _NAMED.findall(body):
        pieces.update(_pieces(block))
    for piece in pieces:
        try:
            yield text.video_key(piece)
        except ValueError:
            continue


def _pieces(block: bytes) -> list[str]:
    return [one for one in _BETWEEN.split(block.decode(errors="replace")) if len(one) > 3]
