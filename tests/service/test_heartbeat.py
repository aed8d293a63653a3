from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from pipeline.errors import FetchError
from pipeline.model import Post, Response
from pipeline.model.seam import Method
from pipeline.service.heartbeat import Heartbeat, send
from tests.builders import NOW

URL = "https://ping.example.org/0f3c"
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Monitor:
    """Takes signs of life, or does not answer."""

    down: bool = False
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    @contextmanager
    def connect(self) -> Iterator[Post]:
        yield self

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> Response:
        del headers
        if self.down:
            raise FetchError(f"{name}: nobody answers")
        self.heard.append((url, body))
        return Response(url=url, status=200, body=b"", headers={})

    def call(self, method: Method, url: str, **_: object) -> Response:
        raise AssertionError(f"a sign of life is a POST, not {method} of {url}")

    @property
    def signs(self) -> list[str]:
        return [url.removeprefix(URL) for url, _ in self.heard]


def beat(
    heart: Heartbeat, monitor: Monitor, at: timedelta, *, wrong: int = 0, url: str | None = URL
) -> None:
    heart.begin(url, connect=monitor.connect, now=NOW + at)
    heart.end(url, connect=monitor.connect, now=NOW + at, wrong=wrong)


def test_heartbeat_says_that_a_pass_begins_and_how_it_ends() -> None:
    monitor = Monitor()
    beat(Heartbeat(), monitor, 0 * MINUTE)
    assert monitor.heard == [(f"{URL}/start", b""), (URL, b"")]


def test_heartbeat_says_how_much_is_wrong_and_not_what() -> None:
    monitor = Monitor()
    beat(Heartbeat(), monitor, 0 * MINUTE, wrong=2)
    assert monitor.heard[1] == (f"{URL}/fail", b"2 to mend; `recap status` says what")


def test_heartbeat_is_rare_while_all_is_as_it_was() -> None:
    heart, monitor = Heartbeat(), Monitor()
    for minutes in range(11):
        beat(heart, monitor, minutes * MINUTE)
    assert monitor.signs == ["/start", ""] * 3


def test_heartbeat_comes_at_once_when_things_go_wrong_and_when_they_are_well_again() -> None:
    heart, monitor = Heartbeat(), Monitor()
    for minutes, wrong in enumerate((0, 1, 1, 0, 0)):
        beat(heart, monitor, minutes * MINUTE, wrong=wrong)
    assert monitor.signs == ["/start", "", "/fail", ""]


def test_heartbeat_goes_on_when_the_clock_was_set_back() -> None:
    heart, monitor = Heartbeat(), Monitor()
    beat(heart, monitor, 60 * MINUTE)
    beat(heart, monitor, 0 * MINUTE)
    assert monitor.signs == ["/start", ""] * 2


def test_heartbeat_is_silent_without_an_address() -> None:
    monitor = Monitor()
    beat(Heartbeat(), monitor, 0 * MINUTE, url=None)
    assert monitor.heard == []


def test_a_monitor_that_is_down_stops_nothing_and_its_address_stays_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    send(URL, "success", connect=Monitor(down=True).connect)
    assert [record.getMessage() for record in caplog.records] == [
        "no sign of life was given: the heartbeat: nobody answers"
    ]
