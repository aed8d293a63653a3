"""Looking at lists over HTTP: shared ones once, unchanged ones cheaply, failing ones politely."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from pipeline.errors import DatasetError, FetchError
from pipeline.fetch import HttpFetch, Validators
from pipeline.ledger import observe
from pipeline.looking import Lookout, check_watches
from pipeline.model import Event, Ledger, Response
from pipeline.state import State
from tests.builders import NOW, event, no_secret, watch

URL = "https://example.org/list.json"
BODY = b'[{"id": "tea00000001", "title": "Brewing Tea"}]'
FOLDER = Path("/nowhere")


@dataclass(slots=True)
class FakeServer:
    """A list server with an ETag; counts what it is asked."""

    body: bytes = BODY
    failure: FetchError | None = None
    asked: list[bool] = field(default_factory=list)

    def open(self, validators: Mapping[str, Validators]) -> AbstractContextManager[HttpFetch]:
        return nullcontext(cast("HttpFetch", FakeFetch(self, dict(validators))))


@dataclass(slots=True)
class FakeFetch:
    server: FakeServer
    validators: dict[str, Validators]
    learned: dict[str, Validators] = field(default_factory=dict)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        del headers
        if self.server.failure:
            raise self.server.failure
        unchanged = self.validators.get(url) == Validators(etag=str(hash(self.server.body)))
        self.server.asked.append(unchanged)
        if unchanged:
            return Response(url=url, status=304, body=b"", headers={}, unchanged=True)
        self.learned[url] = Validators(etag=str(hash(self.server.body)))
        return Response(url=url, status=200, body=self.server.body, headers={})


def listed(event_id: str = "teaconf-2031") -> Event:
    return event(id=event_id, watches=(watch(options={"url": URL}),))


def look(
    state: State, server: FakeServer, *events: Event, ledger: Ledger | None = None, hours: int = 0
) -> Lookout:
    lookout = Lookout(
        state=state, open_fetch=server.open, secret=no_secret, now=NOW + timedelta(hours=hours)
    )
    for one in events:
        lookout.look(one, ledger or Ledger(), folder=FOLDER, due=False)
    return lookout


def saved(lookout: Lookout, one: Event) -> Ledger:
    """Return the ledger after the look, as the run would save it, with the state committed."""
    ledger = observe(Ledger(), lookout.looks.listings[one.id], NOW).ledger
    lookout.learned(one, ledger)
    lookout.commit()
    return ledger


def test_look_fetches_a_list_that_two_events_share_once() -> None:
    server = FakeServer()
    with State.in_memory() as state:
        lookout = look(state, server, listed(), listed("cupconf-2031"))
    assert len(server.asked) == 1
    assert lookout.looks.listings["teaconf-2031"] == lookout.looks.listings["cupconf-2031"]


def test_look_asks_only_for_changes_once_the_sightings_are_saved() -> None:
    server = FakeServer()
    with State.in_memory() as state:
        ledger = saved(look(state, server, listed()), listed())
        lookout = look(state, server, listed(), ledger=ledger)
    assert server.asked == [False, True]
    assert lookout.looks.listings["teaconf-2031"]["list"].unchanged


def test_look_asks_for_everything_when_the_ledger_does_not_know_what_was_seen() -> None:
    server = FakeServer()
    with State.in_memory() as state:
        saved(look(state, server, listed()), listed())
        look(state, server, listed(), ledger=Ledger())
    assert server.asked == [False, False]


def test_look_asks_again_for_an_event_that_knows_less_than_the_one_told_unchanged() -> None:
    server = FakeServer()
    with State.in_memory() as state:
        ledger = saved(look(state, server, listed()), listed())
        lookout = Lookout(state=state, open_fetch=server.open, secret=no_secret, now=NOW)
        lookout.look(listed(), ledger, folder=FOLDER, due=False)
        lookout.look(listed("cupconf-2031"), Ledger(), folder=FOLDER, due=False)
    assert server.asked == [False, True, False]
    assert len(lookout.looks.listings["cupconf-2031"]["list"].videos) == 1


def test_look_takes_a_saved_file_for_due_whatever_the_interval(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(BODY)
    one = event(watches=(watch(options={"path": "list.json"}, every=timedelta(days=9)),))
    looks = []
    with State.in_memory() as state:
        for saved, hours in ((0, 1), (0, 2), (3, 4)):
            stamp = (NOW + timedelta(hours=saved)).timestamp()
            os.utime(path, (stamp, stamp))
            now = NOW + timedelta(hours=hours)
            lookout = Lookout(state=state, open_fetch=FakeServer().open, secret=no_secret, now=now)
            lookout.look(one, Ledger(), folder=tmp_path, due=True)
            looks.append(bool(lookout.looks.listings))
            lookout.commit()
    assert looks == [True, False, True]


def test_look_counts_failures_and_honours_retry_after() -> None:
    busy = FetchError("busy", status=503, retry_after=NOW + timedelta(hours=2))
    server = FakeServer(failure=busy)
    with State.in_memory() as state:
        look(state, server, listed()).commit()
        first = state.look("teaconf-2031/list")
        server.failure = None
        look(state, server, listed(), hours=1).commit()
        early = len(server.asked)
        look(state, server, listed(), hours=2).commit()
        healed = state.look("teaconf-2031/list")
    assert (first.failures, first.failing_since, first.last_error) == (1, NOW, "busy")
    assert (early, len(server.asked)) == (0, 1)
    assert (healed.failures, healed.failing_since, healed.last_good) == (
        0,
        None,
        NOW + timedelta(hours=2),
    )


def test_check_watches_names_every_list_that_cannot_be_looked_at() -> None:
    one = event(watches=(watch("a", options={}), watch("b", kind="teapot")))
    with pytest.raises(DatasetError) as caught:
        check_watches(one, folder=FOLDER, file="event.yaml")
    assert [problem.path for problem in caught.value.problems] == ["watch[0]", "watch[1]"]
