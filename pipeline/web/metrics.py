"""/metrics: how things stand, for Prometheus, read when it is asked for.

Names and meanings are public. Must not count anything twice: what is stored is read from where it
is stored, and only runs of this process are counted here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as generate
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector
from starlette.responses import Response

from pipeline import alerting
from pipeline.dataset.folder import FolderStore
from pipeline.errors import BusyError, PublishError
from pipeline.sending.letters import Letters
from pipeline.sending.outbox import Outbox
from pipeline.service.runner import Ended, Stopped
from pipeline.state.database import Look, State
from pipeline.web.guard import bearer
from pipeline.web.probes import Standing, open_state

LOG = logging.getLogger("recap.web")

BATCH = 200
"""Events whose looks are read by one query."""

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)


class Metrics:
    """The metrics of one process, in a registry of their own."""

    def __init__(self, standing: Standing) -> None:
        self.registry = CollectorRegistry()
        self._runs = Counter(
            "recap_runs", "Runs of this process by outcome.", ["outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "recap_run_duration_seconds",
            "How long runs of this process took.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.registry.register(_Readings(standing))
        standing.runner.listen(self.ended)

    def ended(self, ended: Ended) -> None:
        """Count a run that is over."""
        self._runs.labels(outcome_of(ended)).inc()
        self._seconds.observe(ended.took_s)


def outcome_of(ended: Ended) -> str:
    """Return how a run ended, in one word."""
    if ended.report:
        return ended.report.outcome.name.lower()
    if isinstance(ended.error, BusyError):
        return "busy"
    return "stopped" if isinstance(ended.error, Stopped) else "failed"


router = APIRouter(include_in_schema=False)


@router.get("/metrics", dependencies=[Depends(bearer)])
def metrics(request: Request) -> Response:
    """Return every metric in Prometheus's text format."""
    found: Metrics = request.app.state.metrics
    return Response(generate(found.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Readings(Collector):
    """Reads what is stored, at each scrape."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def describe(self) -> Iterable[Gauge]:
        """Return no names: the registry would read everything to learn them."""
        return ()

    def collect(self) -> Iterator[Gauge]:
        standing = self._standing
        status = standing.status()
        latest = standing.runner.latest
        events, watches = status.get("events", []), status.get("watches", [])
        totals = status.get("totals", {})
        green = 0.0 if standing.health().red else 1.0
        yield _one("recap_healthy", "1 where all is well, 0 where a person has to mend.", green)
        yield _moment(
            "recap_last_pass", "Start of the latest pass.", latest.started if latest else None
        )
        yield _moment("recap_next_tick", "Next tick of the scheduler.", standing.next_tick())
        yield _one("recap_talks", "Talks of all events.", totals.get("talks", 0))
        yield _one("recap_talks_out", "Talks whose recording is out.", totals.get("out", 0))
        gaps = sum(1 for watch in watches if watch.get("gap"))
        yield _one("recap_gaps", "Lists that may have missed videos.", gaps)
        backlog = sum(event.get("waiting_for_a_person", 0) for event in events)
        yield _one("recap_review_backlog", "Videos that wait for a person.", backlog)
        drafts = sum(event.get("open_drafts", 0) for event in events)
        yield _one("recap_drafts_open", "Drafts of mails that are not sent.", drafts)
        try:
            yield from self._stored()
        except PublishError as error:
            # What is above is told all the same, and most of all that not all is well.
            LOG.debug("metrics without what is stored: %s", error.message)

    def _stored(self) -> Iterator[Gauge]:
        config = self._standing.config()
        good = Gauge(
            "recap_watch_last_good_timestamp_seconds", "Last good look at a list.", labels=["watch"]
        )
        failures = Gauge(
            "recap_watch_failures", "Failed looks at a list since the last good.", labels=["watch"]
        )
        unsent = Gauge(
            "recap_messages_unsent", "Messages to the team that wait.", labels=["delivery"]
        )
        store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
        names = [*store.event_ids(), *config.lists.series]
        letters = Gauge("recap_letters", "Mails, one a recipient, by stage.", labels=["stage"])
        with open_state(config) as state:
            for watch, look in looks(state, names).items():
                if look.last_good:
                    good.add_metric([watch], look.last_good.timestamp())
                failures.add_metric([watch], look.failures)
            for target in config.notify:
                due = alerting.due(Outbox(state, target.id).notices())
                unsent.add_metric([target.id], len(due))
            for stage, count in sorted(Letters(state).counts().items()):
                letters.add_metric([stage], count)
        yield from (good, failures, unsent, letters)


def looks(state: State, events: Sequence[str]) -> dict[str, Look]:
    """Return how looking at each list of `events` has gone, by its key."""
    found: dict[str, Look] = {}
    for start in range(0, len(events), BATCH):
        recalled = state.recall(events[start : start + BATCH])
        found |= {key: one.look for key, one in recalled.items() if "/:" not in key}
    return dict(sorted(found.items()))


def _one(name: str, text: str, value: float) -> Gauge:
    return Gauge(name, text, value=value)


def _moment(name: str, text: str, value: datetime | None) -> Gauge:
    made = Gauge(f"{name}_timestamp_seconds", text)
    if value:
        made.add_metric([], value.timestamp())
    return made
