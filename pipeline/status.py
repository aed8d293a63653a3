"""status.json, and the sentences about what is missing or out of joint.

status.json stands outside the promise of equal bytes: it says when the lists were last looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from pipeline import files, report
from pipeline.errors import Problem
from pipeline.model import Decision, EventFiles, Installation, RunReport, Verb

NAME = "status.json"


def write(feeds: Path, made: RunReport) -> None:
    """Write status.json below `feeds`."""
    feeds.mkdir(parents=True, exist_ok=True)
    body = json.dumps(report.status_json(made), ensure_ascii=False, indent=2) + "\n"
    files.replace(feeds / NAME, body.encode())


def missing_events(
    installation: Installation,
    shared: Iterable[Decision],
    ids: Sequence[str],
    opened: Mapping[str, EventFiles],
) -> list[tuple[str, Problem | None]]:
    """Return events that were published but have no folder, with what is wrong, if anything.

    Retired events and former ids of renamed ones are fine: their pages stay as they are.
    """
    retired = {*installation.retired}
    retired |= {each.event for each in shared if each.verb is Verb.RETIRE and each.event}
    renamed = {old for each in opened.values() for old in each.event.was}
    found: list[tuple[str, Problem | None]] = []
    for event_id in sorted(installation.events.keys() - set(ids)):
        problem = Problem(
            file=f"data/{event_id}",
            message="is gone, but data/ledger.yaml knows this event as published; its pages and "
            f"feeds stay. Bring the folder back from git, retire the event with `recap retire "
            f"{event_id}`, or put its id under `was:` of the event it became",
        )
        fine = event_id in retired or event_id in renamed
        found.append((event_id, None if fine else problem))
    return found


def unknown_event(name: str, ids: Sequence[str]) -> Problem:
    """Return what to say of an event id that was asked for and does not exist."""
    close = get_close_matches(name, ids, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(ids) or 'none'}"
    return Problem(file="data", message=f"there is no event {name!r}; {hint}")


def clock_message(now: datetime, newest: datetime) -> str:
    """Return what to say when the clock stands before the newest stamp."""
    return (
        f"the clock says {report.plain(now)}, but the newest stamp in data/ledger.yaml is "
        f"{report.plain(newest)}; nothing was stamped or published. Set the clock right"
    )
