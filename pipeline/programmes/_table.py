"""Rows of a table as an event's talks, by a mapping of columns; shared by csv, yaml and json.

Pure. A value that cannot be read is left out and named, a row that is no talk is skipped and
named; what touches consent (do_not_record, expectation) keeps the talk back instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from pipeline.model import Expectation, Imported, Link, Speaker, Talk
from pipeline.programmes import _cells as cells
from pipeline.programmes._cells import CellError, find, read_line
from pipeline.programmes._claims import settle
from pipeline.programmes._columns import BESIDE, NOTHING, SPEAKER, TALK, Layout, choose, no_column
from pipeline.programmes._ids import Ids
from pipeline.programmes._people import (
    Paths,
    People,
    beside,
    column_names,
    read_speaker,
    split,
)
from pipeline.programmes._reading import unreadable
from pipeline.programmes._rows import Rows
from pipeline.programmes._talks import is_service
from pipeline.programmes._values import kind, web
from pipeline.text import clean, mask, name_key, video_key

T = TypeVar("T")


def parse_rows(rows: Rows, layout: Layout, *, where: str, people: People | None = None) -> Imported:
    """Return the event that `rows` tell. Raises SourceError where they tell no talk at all."""
    names = column_names(row for _, row in rows)
    paths = choose(layout.columns, TALK, names, where=where)
    if rows and "title" not in paths and "speakers" not in paths:
        raise no_column("title", layout.columns.get("title", "title"), names, where=where)
    nested, near = _speaker_paths(rows, layout, paths, names, where=where)
    table = _Table(layout=layout, paths=paths, nested=nested, beside=near, people=people)
    table.by_id = people is not None and people.joins_by_id(
        key for _, row in rows for key in table.keys(row)
    )
    skipped = list(people.skipped) if people else []
    talks: list[Talk] = []
    for place, row in rows:
        reading = _Row(table, row, place, skipped)
        talk = reading.talk()
        if talk:
            talks.append(talk)
    if not talks:
        why = f"none of its {len(rows)} rows is a talk ({skipped[0]})" if skipped else "it is empty"
        raise unreadable(where, f"{why}; is it the right file?")
    days = [talk.day for talk in talks if talk.day]
    return Imported(
        start=min(days, default=None),
        end=max(days, default=None),
        timezone=str(layout.zone) if layout.zone else None,
        talks=settle(talks, skipped),
        skipped=tuple(skipped),
    )


def _speaker_paths(
    rows: Rows, layout: Layout, paths: Paths, names: tuple[str, ...], *, where: str
) -> tuple[Paths, Paths]:
    """Return where a speaker's fields stand: in a mapping of its own, and in the talk's row.

    With a file of speakers, the options speak of that file.
    """
    inner = [
        one for _, row in rows for path in paths.get("speakers", ()) for one in find(row, path)
    ]
    keys = column_names(inner)
    if layout.speakers_file:
        return choose({}, SPEAKER, keys, where=where), {}
    chosen = {each: path for each, path in layout.columns.items() if each in SPEAKER}
    own = {
        each: path
        for each, path in chosen.items()
        if each not in BESIDE or path == NOTHING or _head(path) in keys
    }
    rest = {each: path for each, path in chosen.items() if each not in own or path == NOTHING}
    return (
        choose(own, SPEAKER, keys, where=where),
        choose(rest, BESIDE, names, where=where) if rest or not keys else {},
    )


def _head(path: str) -> str:
    return path.partition(".")[0].removesuffix("[]")


@dataclass(slots=True, kw_only=True)
class _Table:
    """What reading one row needs to know of the whole."""

    layout: Layout
    paths: Paths
    nested: Paths
    beside: Paths
    people: People | None
    by_id: bool = False
    ids: Ids = field(default_factory=Ids)

    def values(self, row: object, name: str) -> list[object]:
        return [one for path in self.paths.get(name, ()) for one in find(row, path)]

    def keys(self, row: object) -> list[str]:
        """Return what a row calls its speakers, where that is text."""
        values = self.values(row, "speakers")
        texts = [str(one) for one in values if isinstance(one, (str, int))]
        if len(values) > 1:
            return [one for one in map(clean, texts) if one]
        return [part for one in texts for part in split(one, self.layout.separator)]


class _Row:
    """One row on its way to a talk; what cannot be read of it is named in `skipped`."""

    def __init__(self, table: _Table, row: object, place: str, skipped: list[str]) -> None:
        self._table = table
        self._row = row
        self._place = place
        self._skipped = skipped

    def talk(self) -> Talk | None:
        """Return the talk, or None where the row is none."""
        if not isinstance(self._row, Mapping):
            self._skip(
                str(self._row)
                if isinstance(self._row, CellError)
                else "it is no mapping of columns to values"
            )
            return None
        title, speakers = self._one("title", read_line), tuple(self._speakers())
        state = self._one("state", cells.read_state) if self._has("state") else None
        if not title and not speakers:
            self._skip("it has neither a title nor a speaker")
            return None
        if not speakers and is_service(title or ""):
            self._skip(f"{title!r} looks like a break or a service, not like a talk")
            return None
        if state is None and self._has("state"):
            self._skip(f"{title or speakers[0].name!r} is left out, because of its state")
            return None
        expectation, embargo = self._expectation(state or Expectation.EXPECTED)
        day, length = self._times()
        codes = self._many("code")
        return Talk(
            id=self._table.ids.propose(title, speakers[0].name if speakers else None),
            title=title or None,
            speakers=speakers,
            summary=self._one("summary", cells.read_block) or None,
            kind=kind(*self._table.values(self._row, "kind")),
            day=day,
            length=length,
            language=self._one("language", cells.read_language),
            track=self._one("track", read_line) or None,
            tags=tuple(self._many("tags", parted=True)),
            slides=tuple(Link(url=url, label="Slides") for url in self._addresses("slides")),
            codes=tuple(codes),
            url=next(iter(self._addresses("url")), None),
            expectation=expectation,
            embargo=embargo,
            recordings=tuple(self._recordings()),
        )

    def _skip(self, why: str) -> None:
        self._skipped.append(f"{self._place}: {why}")

    def _has(self, name: str) -> bool:
        return any(one not in (None, "") for one in self._table.values(self._row, name))

    def _one(self, name: str, read: Callable[[object], T]) -> T | None:
        """Return the first value of a field, read; None, and named, where it cannot be read."""
        for value in self._table.values(self._row, name):
            try:
                return read(value)
            except CellError as error:
                self._skip(f"{name}: {error}")
        return None

    def _many(self, name: str, *, parted: bool = False) -> list[str]:
        found: dict[str, None] = {}
        for value in self._table.values(self._row, name):
            try:
                text = cells.read_text(value)
            except CellError as error:
                self._skip(f"{name}: {error}")
                continue
            parts = split(text, self._table.layout.separator) if parted else [clean(text)]
            found.update((part, None) for part in parts if part)
        return list(found)

    def _addresses(self, name: str) -> list[str]:
        found = []
        for text in self._many(name):
            for part in text.replace(";", " ").split():
                if web(part):
                    found.append(part)
                else:
                    self._skip(f"{name}: {mask(part)!r} is no web address; write it with https://")
        return found

    def _recordings(self) -> list[str]:
        found: dict[str, None] = {}
        for address in self._addresses("recording"):
            try:
                found[video_key(address)] = None
            except ValueError:
                self._skip(f"recording: {mask(address)!r} does not name one video")
        return list(found)

    def _times(self) -> tuple[date | None, timedelta | None]:
        layout = self._table.layout
        moment = partial(cells.read_moment, zone=layout.zone)
        start, end = self._one("start", moment), self._one("end", moment)
        day = self._one("day", partial(cells.read_day, form=layout.day_format))
        if day is None and isinstance(start, datetime):
            day = start.date()
        length = self._one("length", partial(cells.read_length, unit=layout.unit))
        return day, length or cells.between(start, end)

    def _expectation(self, state: Expectation) -> tuple[Expectation, date | None]:
        """Return what is said of the recording; what cannot be read keeps the talk back."""
        said, embargo, barred = state, None, False
        try:
            for value in self._table.values(self._row, "expectation"):
                word, embargo = cells.read_expectation(value)
                said = word if word is not Expectation.EXPECTED else said
            for value in self._table.values(self._row, "do_not_record"):
                barred = barred or cells.read_flag(value)
        except CellError as error:
            self._skip(f"{error}; the talk is imported as withheld until this can be read")
            return Expectation.WITHHELD, None
        if barred and said is Expectation.EXPECTED:
            return Expectation.NOT_RECORDED, None
        return said, embargo

    def _speakers(self) -> list[Speaker]:
        """Return the speakers, each once; who cannot be read is named."""
        found: list[Speaker] = []
        for value in self._table.values(self._row, "speakers"):
            if isinstance(value, Mapping):
                try:
                    found.append(read_speaker(value, self._table.nested))
                except CellError as error:
                    self._skip(str(error))
        found += [one for key in self._table.keys(self._row) if (one := self._named(key))]
        try:
            found = beside(found, self._beside(len(found)))
        except CellError as error:
            self._skip(f"{error}, so they are left out")
        return list({name_key(one.name) or one.name: one for one in reversed(found)}.values())[::-1]

    def _named(self, key: str) -> Speaker | None:
        people = self._table.people
        if people is None or not self._table.by_id:
            return (people and people.by_name.get(name_key(key))) or Speaker(name=key)
        if key not in people.by_id:
            self._skip(f"speaker {key!r} is not in the file of speakers, and is left out")
        return people.by_id.get(key)

    def _beside(self, number: int) -> dict[str, list[str]]:
        """Return what stands in the row beside `number` speakers, by the field it fills."""
        found: dict[str, list[str]] = {}
        for name, paths in self._table.beside.items():
            texts = [read_line(one) for path in paths for one in find(self._row, path)]
            if len(texts) == 1 < number:
                texts = split(texts[0], self._table.layout.separator)
            if any(texts) and number:
                found[name] = texts
        return found
