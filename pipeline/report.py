"""Read models for terminal, JSON and the status file: what a run did and how things stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from pipeline import cadence
from pipeline.ledger import is_silent
from pipeline.merging import Rulings
from pipeline.model import (
    Entry,
    Event,
    EventReport,
    Gap,
    Ledger,
    Question,
    RunReport,
    Standing,
    Verdict,
    WatchReport,
)
from pipeline.passage import Passed


def event_report(passed: Passed) -> EventReport:
    """Return what a run did with one event."""
    entries = passed.published.entries
    by_id = {entry.talk_id: entry for entry in entries}
    fresh = [by_id[talk] for talk in passed.released]
    told = [one for one in passed.announced if not is_silent(one)]
    # One text for each talk: after an import of an archive there are hundreds of thousands.
    labels = {entry.talk_id: label(entry) for entry in fresh}
    standings = Counter(str(entry.standing) for entry in entries)
    return EventReport(
        id=passed.published.event.id,
        name=passed.published.event.name,
        total=len(entries) - standings[Standing.CANCELLED],
        out=standings[Standing.OUT],
        standings={name: standings[name] for name in Standing if standings[name]},
        new_videos=len(passed.new),
        released=tuple(labels.values()),
        removed=tuple(label(by_id[talk]) if talk in by_id else talk for talk in passed.removed),
        passed_over=Counter(passed.rulings.passed_over.values()),
        titled=tuple(
            (entry.talk_id, entry.title or "") for entry in fresh if entry.title_from == "upload"
        ),
        announced=tuple(
            labels.get(talk) or label(by_id[talk]) for one in told for talk in one.talks
        ),
        closing=any(one.kind == "closing" for one in passed.announced),
        drafts=passed.drafts,
        questions=questions(passed.ledger, passed.rulings),
        alerts=passed.alerts,
        notes=passed.notes,
    )


def questions(ledger: Ledger, rulings: Rulings) -> tuple[Question, ...]:
    """Return the doubtful matches that wait for a person, the most probable first."""
    found = [
        Question(
            video=key,
            url=row.video.url,
            title=row.video.title,
            talk=row.match.talk,
            probability=row.match.probability,
            reasons=row.match.reasons,
        )
        for key, row in ledger.videos.items()
        if row.match
        and row.match.verdict is Verdict.REVIEW
        and key not in rulings.links
        and key not in rulings.settled
        and row.video.url
    ]
    return tuple(sorted(found, key=lambda each: (-each.probability, each.video)))


def label(entry: Entry) -> str:
    """Return a talk's name for a line of text: its title, else its speakers, else its id."""
    who = ", ".join(speaker.name for speaker in entry.speakers)
    if entry.title:
        return f"{entry.title} ({who})" if who else entry.title
    return f"untitled talk by {who}" if who else entry.talk_id


def plain(value: object) -> Any:
    """Return a report as plain JSON values; times as ISO 8601 in UTC."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def run_json(report: RunReport) -> dict[str, Any]:
    """Return a run report as JSON values, with its outcome as `exit_code`."""
    return {**plain(report), "exit_code": int(report.outcome)}


def status_json(report: RunReport) -> dict[str, Any]:
    """Return how things stand after a run: what status.json and `recap status --json` show."""
    return {
        "version": 1,
        "looked_at": plain(report.started),
        "events": [
            {
                "id": event.id,
                "name": event.name,
                "out": event.out,
                "total": event.total,
                "standings": dict(event.standings),
                "waiting_for_a_person": [plain(question) for question in event.questions],
                "alerts": list(event.alerts),
                "open_drafts": len(event.drafts),
            }
            for event in report.events
        ],
        "watches": [plain(watch) for watch in report.watches],
        "problems": [str(problem) for problem in report.problems],
        "failures": list(report.failures),
        "warnings": list(report.warnings),
    }


def changes(report: RunReport) -> list[str]:
    """Return a run's semantic diff, one line an event that changed: what a dry run prints."""
    lines = []
    for event in report.events:
        parts = []
        if event.released:
            count = len(event.released)
            parts.append(f"+ {count} {plural(count, 'recording')}, feed + {count}")
        if event.removed:
            parts.append(f"- {len(event.removed)} from the feed")
        if event.questions:
            parts.append(f"? {len(event.questions)} to review")
        if event.announced:
            parts.append(f"mail draft + {len(event.announced)}")
        if event.closing:
            parts.append("closing recap")
        if parts:
            parts.append(f"recap {event.out} of {event.total}")
            lines.append(f"{event.id}: {', '.join(parts)}")
    return lines


def plural(count: int, word: str) -> str:
    """Return `word` for `count` things: recording, recordings."""
    return word if count == 1 else f"{word}s"


def progress(event: EventReport) -> str:
    """Return how far an event is: `9 of 13 recordings out, 1 not recorded, 3 awaited`."""
    others = [
        f"{count} {name.replace('_', ' ')}"
        for name, count in event.standings.items()
        if name != Standing.OUT
    ]
    return ", ".join([f"{event.out} of {event.total} recordings out", *others])


def announced_line(event: EventReport) -> str:
    """Return what a run announced: `announced: 3 talks (draft 2031-05-12 is open)`, or nothing."""
    count = len(event.announced)
    talks = f"{count} {plural(count, 'talk')}" if count else ""
    said = " in ".join(part for part in (talks, "the closing recap" * event.closing) if part)
    return f"announced: {said} ({drafts_line(event)})" if said else ""


def drafts_line(event: EventReport) -> str:
    """Return which drafts of mails are open: `draft 2031-05-12 is open`, or `no draft is open`."""
    names = list(dict.fromkeys(draft.id for draft in event.drafts))
    if not names:
        return "no draft is open"
    verb = "is" if len(names) == 1 else "are"
    return f"{plural(len(names), 'draft')} {', '.join(names)} {verb} open"


def passed_over_line(event: EventReport) -> str:
    """Return how many videos the lists' rules keep out, and why; empty where none."""
    reasons = [f"{count} {why}" for why, count in sorted(event.passed_over.items())]
    total = sum(event.passed_over.values())
    return f"{total} {plural(total, 'video')} passed over: {'; '.join(reasons)}" if total else ""


def watch_line(watch: WatchReport) -> str:
    """Return how one watch list stands, as a sentence."""
    if watch.error:
        since = f"last good {plain(watch.last_good)}" if watch.last_good else "never read yet"
        return f"{watch.key}: not answering ({since}): {watch.error}"
    if watch.last_good is None:
        return f"{watch.key}: not looked at by this machine yet"
    gap = f"; {missed(watch.gap)}" if watch.gap else ""
    return f"{watch.key}: last good {plain(watch.last_good)}, next {plain(watch.next_look)}{gap}"


def missed(gap: Gap) -> str:
    """Return what an open gap of a list means, and from when to when."""
    if gap.after is None:
        return f"may have missed videos before {plain(gap.before)}: it shows its newest few only"
    return f"may have missed videos between {plain(gap.after)} and {plain(gap.before)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkLine:
    """A talk that is not out. `until` is the first day on which an embargoed one may appear.

    `recorded` says that a video is linked to it, though none is shown. Days are ISO 8601.
    """

    event: str
    talk: str
    title: str | None
    speakers: tuple[str, ...]
    day: str | None
    track: str | None
    standing: Standing
    until: str | None = None
    recorded: bool = False

    @property
    def label(self) -> str:
        """Return its name for a line of text: title and speakers, else the id."""
        who = ", ".join(self.speakers)
        if self.title:
            return f"{self.title} ({who})" if who else self.title
        return f"untitled talk by {who}" if who else self.talk

    @property
    def words(self) -> str:
        """Return its standing in words: `embargoed until 2031-06-01`."""
        until = f" until {self.until}" if self.until else ""
        return f"{self.standing.replace('_', ' ')}{until}"


def not_out(event: Event, passed: Passed) -> tuple[TalkLine, ...]:
    """Return the talks of `event` that are awaited, gated or no longer to be seen, in order."""
    embargoes = {talk.id: talk.embargo for talk in event.talks}
    linked = set(passed.rulings.links.values())
    return tuple(
        TalkLine(
            event=entry.event_id,
            talk=entry.talk_id,
            title=entry.title,
            speakers=tuple(speaker.name for speaker in entry.speakers),
            day=entry.day.isoformat() if entry.day else None,
            track=entry.track,
            standing=entry.standing,
            until=str(embargoes[entry.talk_id]) if entry.standing is Standing.EMBARGOED else None,
            recorded=entry.talk_id in linked,
        )
        for entry in passed.published.entries
        if entry.standing is not Standing.OUT
    )


def is_missing(line: TalkLine) -> bool:
    """Tell whether the video crew still owes a recording: awaited, lost to view, or embargoed."""
    if line.standing is Standing.EMBARGOED:
        return not line.recorded
    return line.standing in (Standing.AWAITED, Standing.UNAVAILABLE)


def coverage(event: EventReport) -> str:
    """Return how far an event is, in counts that add up: cancelled talks stand apart."""
    cancelled = event.standings.get(Standing.CANCELLED, 0)
    if not cancelled:
        return progress(event)
    counted = {name: n for name, n in event.standings.items() if name != Standing.CANCELLED}
    return f"{progress(replace(event, standings=counted))}; {cancelled} cancelled, not counted"


def ailments(report: RunReport) -> tuple[str, ...]:
    """Return what is wrong with the watching itself; empty where all is well.

    Broken files, a failed stage, a clock that went back, a list that may have missed videos, and
    one that was last read longer ago than its freshness budget. That nothing new came is no
    ailment, and neither is a question for a person.
    """
    return (
        *(str(problem) for problem in report.problems),
        *report.failures,
        *(watch_line(watch) for watch in report.watches if watch.late),
        *(
            f"{watch.key}: not looked at since {plain(watch.last_good)}; is `recap serve` running?"
            for watch in report.watches
            if is_stale(watch, report.started)
        ),
        *(f"{watch.key}: {missed(watch.gap)}" for watch in report.watches if watch.gap),
    )


def is_stale(watch: WatchReport, now: datetime) -> bool:
    """Tell whether nobody looked at a list for longer than its freshness budget.

    A list that fails is late instead; one that this machine never looked at is neither.
    """
    if watch.error or watch.last_good is None or watch.next_look is None:
        return False
    return now - watch.last_good > cadence.freshness_budget(watch.next_look - watch.last_good)
