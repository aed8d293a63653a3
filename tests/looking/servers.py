"""A list server without a network, and events that watch its lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch, Traffic, Validators
from pipeline.ledger import observe
from pipeline.looking import Limits, Lookout
from pipeline.model import Event, Ledger, Listing, Response, WatchReport
from pipeline.state.database import State
from pipeline.written.watches import Lists
from tests.builders import NOW, event, no_secret, watch

URL = "https://example.org/list.json"
BODY = b'[{"id": "tea00000001", "title": "Brewing Tea"}]'
FOLDER = Path("/nowhere")


@dataclass(slots=True)
class FakeServer:
    """A list server with an ETag; `asked` tells for each request whether it was conditional.

    `bodies` and `failures` are by address; every other address answers BODY.
    """

    bodies: dict[str, bytes] = field(default_factory=dict)
    failures: dict[str, FetchError] = field(default_factory=dict)
    fresh_until: datetime | None = None
    asked: list[tuple[str, bool]] = field(default_factory=list)

    @contextmanager
    def open(
        self, validators: Mapping[str, Validators], traffic: Traffic | None = None
    ) -> Iterator[HttpFetch]:
        del traffic
        yield cast("HttpFetch", FakeFetch(self, dict(validators)))

    @property
    def conditional(self) -> list[bool]:
        """Tell of each request whether the answer was "unchanged"."""
        return [unchanged for _, unchanged in self.asked]


@dataclass(slots=True)
class FakeFetch:
    server: FakeServer
    validators: dict[str, Validators]
    learned: dict[str, Validators] = field(default_factory=dict)

    @property
    def fresh_until(self) -> datetime | None:
        return self.server.fresh_until

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        del headers
        if url in self.server.failures:
            raise self.server.failures[url]
        body = self.server.bodies.get(url, BODY)
        tag = Validators(etag=str(hash(body)))
        unchanged = self.validators.get(url) == tag
        self.server.asked.append((url, unchanged))
        if unchanged:
            return Response(url=url, status=304, body=b"", headers={}, unchanged=True)
        self.learned[url] = tag
        return Response(url=url, status=200, body=body, headers={})


def listed(event_id: str = "teaconf-2031", **options: str) -> Event:
    """Return an event that watches the list at URL."""
    return event(id=event_id, watches=(watch(options={"url": URL, **options}),))


@dataclass(slots=True)
class Watching:
    """Runs over events, as the pipeline makes them: look, observe, save, commit."""

    state: State
    server: FakeServer = field(default_factory=FakeServer)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    lists: Lists = field(default_factory=Lists)
    folder: Path = FOLDER
    now: datetime = NOW
    notes: list[str] = field(default_factory=list)

    def later(self, **more: float) -> None:
        """Let time pass."""
        self.now += timedelta(**more)

    def opened(self) -> Lookout:
        """Return a lookout for one run."""
        return Lookout(
            state=self.state,
            open_fetch=self.server.open,
            secret=no_secret,
            now=self.now,
            lists=self.lists,
            limits=Limits(workers=2),
        )

    def run(self, *events: Event, due: bool = False, survey: bool = False) -> list[Listing | None]:
        """Look at the list of each event; return what each showed, None for no look."""
        found = []
        with self.opened() as lookout:
            if survey:
                for one in events:
                    lookout.survey(one, self.known(one), folder=self.folder, due=due)
            for one in events:
                lookout.plan(one, self.known(one), folder=self.folder, due=due)
            for one in events:
                found.append(self._take(lookout, one))
            lookout.commit()
            self.notes.extend(lookout.looks.notes)
        return found

    def report(self, one: Event, *, due: bool = False) -> WatchReport:
        """Look at the list of one event; return how it stands then."""
        with self.opened() as lookout:
            lookout.plan(one, self.known(one), folder=self.folder, due=due)
            self._take(lookout, one)
            lookout.commit()
            return lookout.looks.reports[0]

    def known(self, one: Event) -> Ledger:
        """Return what the ledger of an event knows."""
        return self.ledgers.get(one.id, Ledger())

    def _take(self, lookout: Lookout, one: Event) -> Listing | None:
        shown = lookout.look(one, folder=self.folder)
        self.ledgers[one.id] = observe(self.known(one), shown, self.now).ledger
        lookout.learned(one, self.ledgers[one.id])
        return next(iter(shown.values()), None)
