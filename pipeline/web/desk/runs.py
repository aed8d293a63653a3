"""/desk/runs: what the state keeps of past runs, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from pipeline import report
from pipeline.model import Outcome
from pipeline.state.database import PastRun
from pipeline.views.talk import Moment
from pipeline.web.desk.frame import Speech, config_of, now_of, router_of, show, speech, top_of
from pipeline.web.desk.opening import open_room
from pipeline.web.probes import open_state

SHOWN = 100

ENDED = {
    Outcome.FINE: "fine",
    Outcome.FAILED: "a stage failed",
    Outcome.INVALID: "files have to be mended",
    Outcome.PERSON_NEEDED: "a person is needed",
    Outcome.BUSY: "another run was at work",
}

router = router_of("/desk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One run: when it began, how it ended, and what it did, in a few words each."""

    number: int
    started: Moment
    ended: str
    ill: bool
    did: tuple[str, ...]
    news: tuple[str, ...]


@router.get("/runs")
def runs(
    request: Request,
    event: Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = None,
) -> Response:
    """Show the run log; `event` only keeps the bar of that event at the top."""
    config, now = config_of(request), now_of(request)
    say = speech(config.site, now)
    with open_state(config) as state:
        rows = tuple(_row(one, say) for one in state.runs(SHOWN))
    top = top_of(request, open_room(config, event, now=now)) if event else None
    return show(request, "runs.html", top=top, rows=rows)


def _row(run: PastRun, say: Speech) -> Row:
    told = run.report
    counts = told.get("counts")
    counted = counts if isinstance(counts, Mapping) else {}
    did = [
        f"{counted[name]} {words}"
        for name, words in (
            ("written", "files written"),
            ("removed", "files removed"),
            ("failures", "failures"),
            ("warnings", "warnings"),
        )
        if counted.get(name)
    ]
    watches = told.get("watches")
    troubled = [f"{name}: trouble" for name in watches] if isinstance(watches, list) else []
    ended = Outcome(run.exit_code) if run.exit_code in ENDED else None
    return Row(
        number=run.id,
        started=say(run.started),
        ended=ENDED[ended] if ended is not None else f"exit code {run.exit_code}",
        ill=ended not in (Outcome.FINE, Outcome.PERSON_NEEDED),
        did=tuple(did) or ("nothing changed",),
        news=(*_news(told.get("events")), *troubled),
    )


def _news(events: object) -> tuple[str, ...]:
    """Return what a run did with each event that it has something to tell of."""
    found = []
    for one in events if isinstance(events, list) else []:
        parts = [
            f"{mark}{one[name]} {report.plural(one[name], words)}"
            for name, mark, words in (
                ("new_videos", "", "new video"),
                ("released", "+ ", "recording"),
                ("removed", "- ", "recording"),
                ("questions", "", "question"),
                ("alerts", "", "alert"),
            )
            if one.get(name)
        ]
        said = ", ".join([*parts, f"{one.get('out')} of {one.get('total')} out"])
        found.append(f"{one.get('id')}: {said}")
    return tuple(found)
