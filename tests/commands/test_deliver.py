from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from pipeline.commands import deliver as module
from pipeline.files.lock import hold
from pipeline.model import Notice
from pipeline.sending.outbox import Outbox
from pipeline.state.database import State
from tests.commands.person import DASHED, Person
from tests.fetch.server import Server, answer, serving
from tests.workspace import CONFIG, PORCELAIN, TEA, UNTITLED

FAILING = "Conference recaps: 1 list is failing"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        running.routes["/team"] = answer()
        yield running


@pytest.fixture
def due(person: Person, server: Server, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Ada, after a run that left something to be sent."""
    person.tea.write(
        "config.yaml",
        f"{CONFIG}fetch: {{private_addresses: true, timeout: 1}}\n"
        f"notify:\n  - {{kind: webhook, url: '{server.url}/team'}}\n",
    )
    with State.open(person.tea.root / ".recap" / "state.sqlite") as state:
        since = person.tea.now - timedelta(days=2)
        Outbox(state, "webhook").keep(
            [Notice(kind="list", place="teaconf-2031/list", since=since, words="no answer")]
        )
    monkeypatch.setattr(module, "clock", lambda: person.tea.now)
    return person


def test_deliver_sends_what_is_due_once(due: Person, server: Server) -> None:
    assert due.says("deliver") == [f"Told webhook: {FAILING}"]
    assert due.says("deliver") == ["Nothing to deliver."]
    assert [json.loads(body)["subject"] for _, _, body in server.posted] == [FAILING]


def test_deliver_gives_data(due: Person) -> None:
    code, out, err = due.recap("deliver", "--json")
    assert (code, json.loads(out), err) == (
        0,
        {"delivered": [f"webhook: {FAILING}"], "warnings": [], "problems": []},
        f"Told webhook: {FAILING}\n",
    )


def test_deliver_fails_while_a_delivery_is_down_and_tries_at_once(
    due: Person, server: Server
) -> None:
    server.routes["/team"] = answer(status=500)
    code, _, err = due.recap("deliver")
    assert code == 1
    assert err == (
        "notify webhook: what the team has to know was not sent: "
        f"{server.url}/team could not be posted to: the server answers 500; the server has "
        "trouble; the next try may succeed. It stays due, and every run tries again; "
        "`recap deliver` does so at once\n"
    )
    server.routes["/team"] = answer()
    assert due.says("deliver") == [f"Told webhook: {FAILING}"]


def test_publish_says_what_was_sent(due: Person) -> None:
    _, out, _ = due.recap("publish", "--offline")
    assert f"  told webhook: {FAILING}" in out.splitlines()


def test_deliver_names_an_entry_that_is_wrong(due: Person) -> None:
    due.tea.write("config.yaml", f"{CONFIG}notify:\n  - {{kind: webhook}}\n")
    code, _, err = due.recap("deliver")
    assert (code, err.partition(" needs")[0]) == (2, "config.yaml:5:5: notify[0]: a webhook")


def test_check_names_an_entry_that_is_wrong(due: Person) -> None:
    due.tea.write("config.yaml", f"{CONFIG}notify:\n  - {{kind: webhook}}\n")
    code, _, err = due.recap("check")
    assert (code, err.partition(" needs")[0]) == (2, "config.yaml:5:5: notify[0]: a webhook")


def test_deliver_is_busy_while_another_sends(due: Person) -> None:
    folder = due.tea.root / ".recap"
    with hold(folder, holder=folder / "deliverer.json", now=due.tea.now, what="a delivery"):
        code, _, err = due.recap("deliver")
    assert (code, "a delivery is at work on it" in err) == (75, True)


def test_deliver_tells_the_hub_of_the_feeds_that_a_run_changed(
    person: Person, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "clock", lambda: person.tea.now)
    server.routes["/hub"] = answer(status=204)
    hub = f"{server.url}/hub"
    at = ("publish", "--no-deliver", "--now", person.tea.now.isoformat())
    person.says(*at)
    person.tea.write(
        "config.yaml", f"{CONFIG}fetch: {{private_addresses: true}}\nfeeds: {{hub: '{hub}'}}\n"
    )
    person.says(*at)
    assert person.says("deliver") == ["Nothing to deliver."]
    person.tea.list_videos(TEA, UNTITLED, DASHED, PORCELAIN)
    person.says(*at)
    assert person.says("deliver") == [f"Told {hub}: 6 changed feeds"]
    assert person.says("deliver") == ["Nothing to deliver."]
    assert [path for path, _, _ in server.posted] == ["/hub"]
