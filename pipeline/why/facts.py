"""One shown value with its chain, and what an explanation looks at.

Knows how places, times and lengths are written; explains no value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Literal

from pipeline import ledger, passage
from pipeline.errors import ConfigError
from pipeline.model import Entry, Event, EventFiles, Ledger, Talk
from pipeline.written.yamltext import Document, Path_, Plain

ALIASES = {"expectation": "standing", "verdict": "talk"}
"""Other names of a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value and its chain; `value` is None where there is none, and the rest says why.

    `source` is a place in a file, a list or a default. `time` and `person` are None where nobody
    wrote them down: of a line in event.yaml, git knows them. `notes` are what it overruled, the
    evidence, and what to do.
    """

    field: str
    value: str | None
    source: str
    rule: str
    time: datetime | None = None
    person: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said of one talk or video; a field that holds several values has several facts."""

    kind: Literal["talk", "video"]
    key: str
    title: str | None
    facts: tuple[Fact, ...]

    def only(self, field: str) -> Answer:
        """Return the answer with the facts of `field` alone. Raises ConfigError for another."""
        known = list(dict.fromkeys(fact.field for fact in self.facts))
        wanted = ALIASES.get(field, field)
        if wanted not in known:
            close = get_close_matches(field, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
            raise ConfigError(f"a {self.kind} has no field {field!r}; {hint}")
        facts = tuple(fact for fact in self.facts if fact.field == wanted)
        return Answer(kind=self.kind, key=self.key, title=self.title, facts=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An event with everything that speaks of it.

    `start` is the stored ledger with today's talk ids, `passed` what a run without looks would
    make of it now. `documents` are the parsed files by name: event.yaml, programme.yaml,
    recordings.yaml, no-publish.yaml; those that exist.
    """

    opened: EventFiles
    start: Ledger
    passed: passage.Passed
    around: passage.Surroundings
    documents: Mapping[str, Document]
    now: datetime

    @property
    def event(self) -> Event:
        """Return the event as its files describe it."""
        return self.opened.event

    def talk(self, talk_id: str) -> Talk:
        """Return a talk of the event."""
        return next(talk for talk in self.event.talks if talk.id == talk_id)

    def entry(self, talk_id: str) -> Entry | None:
        """Return a talk as published, None where it is withdrawn."""
        entries = self.passed.published.entries
        return next((entry for entry in entries if entry.talk_id == talk_id), None)

    def place(self, name: str, path: Path_) -> str:
        """Return where `path` stands in the file `name`, as file:line:column."""
        document = self.documents[name]
        found = document.problem(path, "")
        return f"{found.file}:{found.line}:{found.column}"

    def rows(self, path: Path_) -> str:
        """Return where `path` stands in recordings.yaml, which a first run has yet to write."""
        if "recordings.yaml" in self.documents:
            return self.place("recordings.yaml", path)
        return f"data/{self.event.id}/recordings.yaml, which the next run writes"

    def lists(self, key: str) -> str:
        """Return the watch lists that showed a video."""
        row = self.passed.ledger.videos.get(key)
        if row is None or not row.watches:
            return "no watch list is known to show it"
        return ", ".join(f"{self.event.id}/{watch}" for watch in row.watches)

    def talk_rows(self, talk_id: str) -> Iterator[tuple[str, int, Mapping[str, Plain]]]:
        """Yield file, index and mapping of what is written of a talk, the strongest word first."""
        for name in ("event.yaml", "programme.yaml"):
            document = self.documents.get(name)
            whole = document.value if document else None
            talks = whole.get("talks") if isinstance(whole, dict) else None
            for index, row in enumerate(talks if isinstance(talks, list) else ()):
                if isinstance(row, dict) and row.get("id") == talk_id:
                    yield name, index, row


def open_case(
    opened: EventFiles,
    around: passage.Surroundings,
    *,
    documents: Mapping[str, Document],
    now: datetime,
) -> Case:
    """Return the case of an event: what stands, and what a run would make of it at `now`."""
    return Case(
        opened=opened,
        start=ledger.rename(opened.ledger, opened.event),
        passed=passage.take(opened, {}, around, now=now),
        around=around,
        documents=documents,
        now=now,
    )


def moment(when: datetime) -> str:
    """Return a time as people and programs read it: ISO 8601 in UTC."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
