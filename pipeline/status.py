"""status.json, status.html and the run log: how things stand, as long as what is told and not as
what exists.

The first two stand outside the promise of equal bytes: they say when the lists were last looked at.
Also the sentences about what is missing or out of joint.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline import cadence, files, merging, report
from pipeline.errors import OutputError, Problem
from pipeline.model import (
    Barred,
    Decision,
    EventReport,
    Installation,
    RunReport,
    Site,
    Standing,
    Verb,
)
from pipeline.model import WatchReport as Watched
from pipeline.passage import PERSON
from pipeline.selection import Index
from pipeline.state.database import PastRun
from pipeline.templating import Templates
from pipeline.views.watching import view_watching
from pipeline.wording import wording

NAME = "status.json"
PAGE = "status.html"
CHECKS = 48
"""Passes that are told of: a day of one every half hour."""

VERSION = 1
LISTED = 100
"""Events with recordings to come that are listed one by one; those that need a person all are."""

_TO_COME = (Standing.AWAITED, Standing.EMBARGOED, Standing.UNAVAILABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is told beside a run's report.

    `templates` is the folder of the user's own ones, `looks` the fingerprint of all. `past` are
    earlier runs, newest first. `wake` is when a pass has something to do next, None for never.
    """

    site: Site
    templates: Path
    looks: str
    past: Sequence[PastRun] = ()
    wake: datetime | None = None


def write(
    feeds: Path,
    made: RunReport,
    index: Index,
    *,
    taken: Collection[str],
    whole: bool,
    around: Around,
) -> tuple[str, ...]:
    """Write status.json and, from the same facts, status.html below `feeds`.

    They list events that wait for a person or for recordings, and watch lists that fail, are late
    or have a gap; the rest is counted. Events that this run had no reason to take are listed as
    they were; `whole` says that its problems speak of all events. Returns sentences on what could
    not be written.
    """
    feeds.mkdir(parents=True, exist_ok=True)
    for name in os.listdir(feeds):  # noqa: PTH208 - one look at a folder of thousands
        if name.endswith(".tmp") and name.startswith((f".{NAME}.", f".{PAGE}.")):
            (feeds / name).unlink(missing_ok=True)  # of a run that was killed
    body = _body(_read(feeds / NAME), made, index, taken=taken, whole=whole, around=around)
    text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    files.replace(feeds / NAME, text.encode())
    spoken = wording(around.site.language)
    try:
        page = _templates(around.templates, around.looks).render(
            "page/status.html",
            language=spoken.language,
            site=around.site,
            watching=view_watching(body, around.site, wording=spoken),
        )
    except OutputError as error:
        return (f"{PAGE}: {error.message}; the last one stays",)
    files.replace(feeds / PAGE, page.encode())
    return ()


def _body(
    before: Mapping[str, Any],
    made: RunReport,
    index: Index,
    *,
    taken: Collection[str],
    whole: bool,
    around: Around,
) -> dict[str, Any]:
    """Return the facts; `before` are the last ones."""
    now = public(made)
    asked = {event.id for event in made.events if is_open(event)}
    troubled = {watch.key for watch in made.watches if is_troubled(watch)}
    stay = [one for one in before["events"] if one["id"] not in taken and one["id"] in index]
    events = [*(one for one in now["events"] if one["id"] in asked), *stay]
    events.sort(key=lambda one: not _urgent(one))
    kept = [one for one in before["watches"] if one["key"].partition("/")[0] not in taken]
    watches = {
        one["key"]: one for one in (*kept, *(w for w in now["watches"] if w["key"] in troubled))
    }
    others = [one for one in before["problems"] if _event_of(one) not in taken]
    urgent = sum(_urgent(one) for one in events)
    next_pass, stopped_after = _deadline(made.started, around.wake)
    return {
        **now,
        "version": VERSION,
        "next_pass": next_pass if whole else before["next_pass"],
        "stopped_after": stopped_after if whole else before["stopped_after"],
        "totals": {
            "events": len(index),
            "talks": index.talks,
            "out": index.out,
            "events_with_recordings_to_come": index.unsettled,
        },
        "events": events[: max(LISTED, urgent)],
        "watches": [watches[key] for key in sorted(watches)],
        "problems": now["problems"] if whole else [*now["problems"], *others],
        "checks": [*(_past(one) for one in reversed(around.past)), _check(made)][-CHECKS:],
    }


def _deadline(now: datetime, wake: datetime | None) -> tuple[str | None, str | None]:
    """Return when the next pass has something to do, and when it is so late that none will come."""
    if wake is None:
        return None, None
    due = max(wake, now)
    return report.plain(due), report.plain(due + cadence.freshness_budget(due - now))


def _check(made: RunReport) -> dict[str, Any]:
    troubled = [watch for watch in made.watches if is_troubled(watch)]
    return _told(report.plain(made.started), len(made.written), len(troubled))


def _past(run: PastRun) -> dict[str, Any]:
    """Return an earlier run as it is told of; `run_log` wrote its report."""
    counts, watches = run.report.get("counts"), run.report.get("watches")
    written = counts.get("written", 0) if isinstance(counts, dict) else 0
    troubled = len(watches) if isinstance(watches, list) else 0
    return _told(report.plain(run.started), written, troubled)


def _told(started: str, written: int, troubled: int) -> dict[str, Any]:
    return {"started": started, "written": written, "troubled_lists": troubled}


# A process that makes many passes compiles the page once.
@lru_cache(maxsize=2)
def _templates(own: Path, looks: str) -> Templates:  # noqa: ARG001 - other looks, other templates
    return Templates(own)


def public(made: RunReport) -> dict[str, Any]:
    """Return how things stand, in words that anybody may read.

    What waits for a person is counted here and named on the terminal: a doubtful match, a
    withheld recording or a path of this machine is nobody else's business.
    """
    return {
        "version": VERSION,
        "looked_at": report.plain(made.started),
        "events": [
            {
                "id": event.id,
                "name": event.name,
                "out": event.out,
                "total": event.total,
                "standings": dict(event.standings),
                "waiting_for_a_person": len(event.questions),
                "alerts": len(event.alerts),
                "open_drafts": _goes_out(event),
            }
            for event in made.events
        ],
        "watches": [
            {
                "key": watch.key,
                "shown": watch.shown,
                "skipped": len(watch.skipped),
                "failing": watch.error is not None,
                "late": watch.late,
                "gap": report.plain(watch.gap),
                "last_good": report.plain(watch.last_good),
                "next_look": report.plain(watch.next_look),
            }
            for watch in made.watches
        ],
        "problems": [_place(problem) for problem in made.problems],
        "failures": len(made.failures),
        "warnings": len(made.warnings),
    }


def run_log(made: RunReport) -> dict[str, Any]:
    """Return what the state keeps of a run: ids and counts.

    No title and no name, which a later withdrawal would have to find again.
    """
    return {
        "exit_code": int(made.outcome),
        "events": [
            {
                "id": event.id,
                "out": event.out,
                "total": event.total,
                "new_videos": event.new_videos,
                "passed_over": sum(event.passed_over.values()),
                "released": len(event.released),
                "removed": len(event.removed),
                "questions": len(event.questions),
                "alerts": len(event.alerts),
            }
            for event in made.events
            if _is_news(event)
        ],
        "watches": [watch.key for watch in made.watches if is_troubled(watch)],
        "problems": [_place(problem) for problem in made.problems],
        "counts": {
            "events": len(made.events),
            "watches": len(made.watches),
            "written": len(made.written),
            "removed": len(made.removed),
            "failures": len(made.failures),
            "warnings": len(made.warnings),
        },
    }


def is_open(event: EventReport) -> bool:
    """Tell whether an event waits for a person or for recordings."""
    waits = event.questions or event.alerts or _goes_out(event)
    return bool(waits or any(event.standings.get(standing) for standing in _TO_COME))


def _goes_out(event: EventReport) -> int:
    """Return how many drafts wait that go somewhere; one to paste is no reason to tell anybody."""
    return sum(draft.target != PERSON for draft in event.drafts)


def is_troubled(watch: Watched) -> bool:
    """Tell whether a watch list fails, is late or may have missed videos."""
    return bool(watch.error or watch.late or watch.gap or watch.skipped)


def missing_events(
    installation: Installation,
    shared: Iterable[Decision],
    ids: Sequence[str],
    *,
    lost: Iterable[str] = (),
) -> list[tuple[str, Problem | None]]:
    """Return events that were published but have no folder, with what is wrong, if anything.

    Retired events are fine: their pages stay as they are. Former ids of renamed events are not
    known to the installation any more. `lost` have pages, but nothing under data/ knows them.
    """
    retired = {*installation.retired}
    words = merging.standing(shared)
    retired |= {each.event for each in words if each.verb is Verb.RETIRE and each.event}
    found: list[tuple[str, Problem | None]] = []
    for event_id in sorted(lost):
        problem = Problem(
            file=f"data/{event_id}",
            message="is unknown, but feeds/ holds its pages, which stay. Is data/ where it should "
            "be? Bring it back; or, if the event was never meant to stay, delete feeds/ and "
            "publish again",
        )
        found.append((event_id, None if event_id in retired else problem))
    for event_id in sorted(installation.events.keys() - set(ids)):
        problem = Problem(
            file=f"data/{event_id}",
            message="is gone, but data/ledger.yaml knows this event as published; its pages and "
            f"feeds stay. Bring the folder back from git, retire the event with `recap retire "
            f"{event_id}`, or put its id under `was:` of the event it became",
        )
        found.append((event_id, None if event_id in retired else problem))
    return found


def unknown_barred(barred: Barred, has: Callable[[str], bool]) -> list[str]:
    """Return sentences on events that no-publish.yaml names and that do not exist."""
    return [
        f"no-publish.yaml names {key}, but there is no event of that id; "
        "mend its spelling, or use the id it has now"
        for key in sorted(barred.talks)
        if not has(key.partition("/")[0])
    ]


def unknown_event(name: str, ids: Sequence[str], known: Container[str] = ()) -> Problem:
    """Return what to say of an event id that was asked for and has no folder."""
    if name in known:
        message = f"the event {name!r} was published, but its folder is gone; bring it back"
        return Problem(file=f"data/{name}", message=message)
    close = get_close_matches(name, ids, n=1)
    some = f"{', '.join(ids[:10])}{', …' if len(ids) > 10 else ''}"
    hint = f"did you mean {close[0]!r}?" if close else f"known: {some or 'none'}"
    return Problem(file="data", message=f"there is no event {name!r}; {hint}")


def clock_message(now: datetime, newest: datetime) -> str:
    """Return what to say when the clock stands before the newest stamp."""
    return (
        f"the clock says {report.plain(now)}, but the newest stamp in data/ledger.yaml is "
        f"{report.plain(newest)}; nothing was stamped or published. Set the clock right, or give "
        "a later --now; if the clock was ahead when that was stamped, run `recap clock mend`"
    )


def _is_news(event: EventReport) -> bool:
    changed = event.released or event.removed or event.new_videos
    return bool(changed or event.questions or event.alerts or event.notes)


def _place(problem: Problem) -> str:
    """Return where a problem is, without quoting the file."""
    return f"{problem.file}:{problem.line}" if problem.line else problem.file


def _event_of(problem: str) -> str:
    """Return the event that a problem's file belongs to: `data/<event>/event.yaml:3:1: …`."""
    return problem.partition(":")[0].removeprefix("data/").partition("/")[0]


def _urgent(event: Mapping[str, Any]) -> bool:
    return bool(event.get("waiting_for_a_person") or event.get("alerts"))


def _read(path: Path) -> dict[str, Any]:
    """Return what is carried over of the last status.json; nothing of what cannot be read."""
    try:
        found = json.loads(path.read_bytes())
        return {
            "events": [one for one in found["events"] if isinstance(one["id"], str)],
            "watches": [one for one in found["watches"] if isinstance(one["key"], str)],
            "problems": [one for one in found["problems"] if isinstance(one, str)],
            "next_pass": found.get("next_pass"),
            "stopped_after": found.get("stopped_after"),
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        empty: dict[str, Any] = {"events": [], "watches": [], "problems": []}
        return {**empty, "next_pass": None, "stopped_after": None}
