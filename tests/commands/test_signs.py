"""Signs of life of one-off runs: `recap publish` and `recap deliver` to a monitor on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from pipeline.commands import deliver, publish
from pipeline.files.lock import hold
from pipeline.model import Notice
from pipeline.sending.outbox import Outbox
from pipeline.state.database import State
from tests.commands.person import Person
from tests.fetch.server import Server, answer, serving
from tests.workspace import CONFIG

LOCAL = "fetch: {private_addresses: true, timeout: 1}\n"


@pytest.fixture
def monitor() -> Iterator[Server]:
    with serving() as running:
        running.routes = dict.fromkeys(("/tea/start", "/tea", "/tea/fail"), answer(b"OK"))
        yield running


@pytest.fixture
def watched(person: Person, monitor: Server, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Ada, whose runs a monitor waits for."""
    person.tea.write("config.yaml", CONFIG + LOCAL)
    monkeypatch.setenv("RECAP_HEARTBEAT", f"{monitor.url}/tea")
    for module in (publish, deliver):
        monkeypatch.setattr(module, "clock", lambda: person.tea.now)
    return person


def signs(monitor: Server) -> list[tuple[str, bytes]]:
    return [(path.removeprefix("/tea"), body) for path, _, body in monitor.posted]


def test_publish_says_that_it_begins_and_that_all_is_well(watched: Person, monitor: Server) -> None:
    watched.says("publish")
    assert signs(monitor) == [("/start", b""), ("", b"")]


def test_publish_says_how_much_is_wrong(watched: Person, monitor: Server) -> None:
    watched.tea.write("data/teaconf-2031/event.yaml", "id: teaconf-2031\nname: TeaConf 2031\n")
    assert watched.recap("publish")[0] == 2
    assert signs(monitor) == [
        ("/start", b""),
        ("/fail", b"1 to mend; `recap status` says what"),
    ]


def test_publish_that_cannot_begin_says_that_it_failed(watched: Person, monitor: Server) -> None:
    watched.tea.write("data/ledger.yaml", "newest: yesterday\n")
    assert watched.recap("publish")[0] == 2
    assert [sign for sign, _ in signs(monitor)] == ["/start", "/fail"]


def test_publish_that_finds_another_at_work_leaves_the_end_to_that(
    watched: Person, monitor: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "LOCK_WAIT_S", 0.0)
    config = watched.tea.config
    with hold(config.data, holder=config.state / "holder.json", now=watched.tea.now):
        code, _, _ = watched.recap("publish")
    assert (code, signs(monitor)) == (75, [("/start", b"")])


@pytest.mark.parametrize(
    "less", ["--dry-run", "--offline", "teaconf-2031", "--now=2031-05-20T12:30:00Z"]
)
def test_publish_that_looks_at_less_than_everything_gives_no_sign(
    watched: Person, monitor: Server, less: str
) -> None:
    watched.says("publish", less)
    assert signs(monitor) == []


def test_publish_that_leaves_sending_leaves_the_good_end_to_deliver(
    watched: Person, monitor: Server
) -> None:
    watched.says("publish", "--no-deliver")
    begun = signs(monitor)
    watched.says("deliver")
    watched.says("deliver")
    assert (begun, signs(monitor)) == ([("/start", b"")], [("/start", b""), ("", b"")])


def test_deliver_does_not_call_well_what_publish_found_wrong(
    watched: Person, monitor: Server
) -> None:
    watched.tea.write("data/teaconf-2031/event.yaml", "id: teaconf-2031\nname: TeaConf 2031\n")
    watched.recap("publish", "--no-deliver")
    watched.says("deliver")
    assert [sign for sign, _ in signs(monitor)] == ["/start", "/fail", "/fail"]


def test_deliver_says_what_could_not_be_sent(watched: Person, monitor: Server) -> None:
    watched.says("publish", "--no-deliver")
    team = "notify: [{kind: webhook, url: 'http://127.0.0.1:9/team'}]\n"
    watched.tea.write("config.yaml", CONFIG + LOCAL + team)
    since = watched.tea.now - timedelta(days=2)
    with State.open(watched.tea.config.state / "state.sqlite") as state:
        Outbox(state, "webhook").keep(
            [Notice(kind="list", place="teaconf-2031/list", since=since, words="no answer")]
        )
    code, _, _ = watched.recap("deliver")
    assert (code, signs(monitor)) == (
        1,
        [("/start", b""), ("/fail", b"1 to mend; `recap status` says what")],
    )


def test_deliver_by_hand_gives_no_sign(watched: Person, monitor: Server) -> None:
    watched.says("deliver")
    assert signs(monitor) == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/hush", "hush", "file:///hush"])
def test_a_monitor_that_is_not_there_fails_no_run(
    watched: Person, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("RECAP_HEARTBEAT", address)
    code, out, err = watched.recap("publish")
    assert (code, "hush" in out + err) == (0, False)
