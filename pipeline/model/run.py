"""What a run was asked for, and what it did: the report that terminal, JSON and status share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from pipeline.errors import Problem
from pipeline.model.record import Gap, OpenDraft


class Outcome(IntEnum):
    """How a run ended, as the process's exit code."""

    FINE = 0
    FAILED = 1
    INVALID = 2
    PERSON_NEEDED = 3
    BUSY = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What a run is asked to do.

    `events` are the ids to look at and process, empty for all. `offline` looks at no list, `due`
    only at those whose time has come. `dry_run` writes nothing. `deliver` sends what is due.
    `clock_given` says that the run's clock was given by hand, so that one that stands before the
    newest stamp is a mistake rather than a broken machine.
    """

    events: tuple[str, ...] = ()
    offline: bool = False
    due: bool = False
    dry_run: bool = False
    deliver: bool = True
    clock_given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchReport:
    """One look at one watch list, or why there was none.

    `key` is `event/watch`. `error` is None after a good look. `late` says that the list has
    failed, since `failing_since`, for longer than its freshness budget. `series` is set for a
    list that several events share.
    """

    key: str
    shown: int = 0
    skipped: tuple[str, ...] = ()
    error: str | None = None
    late: bool = False
    last_good: datetime | None = None
    next_look: datetime | None = None
    gap: Gap | None = None
    failing_since: datetime | None = None
    series: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A doubtful match that waits for a person."""

    video: str
    url: str
    title: str | None
    talk: str | None
    probability: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReport:
    """What a run did with one event.

    `standings` counts talks by Standing, `passed_over` counts videos that a rule keeps out by its
    reason. `released` and `removed` are talk labels in programme
    order; `titled` are (talk id, title) of newly released talks that took their upload's title.
    `announced` are the labels of talks that an announcement of this run tells of; `drafts` are the
    open drafts of mails, at every target. `closing` says that this run made the closing recap.
    """

    id: str
    name: str
    total: int
    out: int
    standings: Mapping[str, int] = field(default_factory=dict)
    new_videos: int = 0
    passed_over: Mapping[str, int] = field(default_factory=dict)
    released: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    titled: tuple[tuple[str, str], ...] = ()
    announced: tuple[str, ...] = ()
    closing: bool = False
    drafts: tuple[OpenDraft, ...] = ()
    questions: tuple[Question, ...] = ()
    alerts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What one run did. `written` and `removed` are paths below feeds/.

    `problems` are what is wrong in people's files, `failures` what went wrong in a stage,
    `warnings` what a person should know. `delivered` says what was sent, a line a message.
    """

    started: datetime
    dry_run: bool = False
    events: tuple[EventReport, ...] = ()
    watches: tuple[WatchReport, ...] = ()
    problems: tuple[Problem, ...] = ()
    failures: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    delivered: tuple[str, ...] = ()

    @property
    def person_needed(self) -> bool:
        """Tell whether a match, an alert or a gap waits for a person."""
        asked = any(event.questions or event.alerts for event in self.events)
        return asked or any(watch.gap for watch in self.watches)

    @property
    def outcome(self) -> Outcome:
        """Return how the run ended; where several hold, the one that matters most."""
        if self.problems:
            return Outcome.INVALID
        if self.failures or any(watch.late for watch in self.watches):
            return Outcome.FAILED
        return Outcome.PERSON_NEEDED if self.person_needed else Outcome.FINE
