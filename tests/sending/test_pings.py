"""The hub is told of each feed that changed, once, and of no other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pipeline import publishing
from pipeline.model import Outcome, RunReport
from pipeline.sending import pings
from pipeline.sending.pings import Book
from pipeline.state.database import Look, State
from tests.fetch.server import Server, answer, serving
from tests.workspace import CONFIG, EVENT, PORCELAIN, TEA, UNTITLED, Workspace

SITE = "https://recaps.example.org/"
NAMES = ("atom.xml", "feed.json", "rss.xml")
ALL = [f"{SITE}{name}" for name in NAMES]
TEACONF = [f"{SITE}teaconf-2031/{name}" for name in NAMES]
CUPCONF = [f"{SITE}cupconf-2031/{name}" for name in NAMES]
OTHER = EVENT.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")


@dataclass(slots=True)
class Publisher:
    """A workspace with a hub on this machine."""

    tea: Workspace
    server: Server

    def configure(self, hub: str | None = None, *, site: str = "", more: str = "") -> None:
        feeds = f"feeds: {{hub: '{hub or self.server.url + '/'}'}}\n"
        body = f"{CONFIG}{site}fetch: {{private_addresses: true, gap: 0, timeout: 2}}\n"
        self.tea.write("config.yaml", f"{body}{feeds}{more}")

    def pass_(self, *rows: str, minutes: float = 10, **want: Any) -> RunReport:
        """Run a pass, some time later, over a list that shows `rows`."""
        self.tea.later(minutes=minutes)
        self.tea.list_videos(*rows)
        return self.tea.pass_(**want)

    def heard(self) -> list[str]:
        """Return what the hub was told of since it was asked last."""
        forms = [parse_qsl(body.decode()) for _, _, body in self.server.posted]
        self.server.posted.clear()
        assert all(form[0] == ("hub.mode", "publish") for form in forms)
        return [value for form in forms for name, value in form if name == "hub.url"]


@pytest.fixture
def publisher(tea: Workspace) -> Iterator[Publisher]:
    """Two events, published once; nobody was told of anything."""
    with serving() as server:
        server.routes["/"] = answer(status=204)
        made = Publisher(tea, server)
        made.configure()
        tea.write("data/cupconf-2031/event.yaml", OTHER)
        tea.write("data/cupconf-2031/videos.yaml", "videos: []\n")
        made.pass_()
        yield made


def test_the_first_publication_tells_of_nothing(publisher: Publisher) -> None:
    assert publisher.heard() == []
    assert publisher.pass_().delivered == ()
    assert publisher.heard() == []


def test_a_release_tells_of_the_feeds_that_it_changed(publisher: Publisher) -> None:
    made = publisher.pass_(TEA)
    assert publisher.heard() == [*ALL, *TEACONF]
    assert made.delivered == (f"{publisher.server.url}/: 6 changed feeds",)


def test_a_ping_is_a_form(publisher: Publisher) -> None:
    publisher.pass_(TEA)
    [(path, headers, body)] = publisher.server.posted
    kind = headers["content-type"]
    assert (path, kind) == ("/", "application/x-www-form-urlencoded")
    assert body.startswith(
        b"hub.mode=publish&hub.url=https%3A%2F%2Frecaps.example.org%2Fatom.xml&hub.url="
    )


def test_a_feed_is_told_of_once(publisher: Publisher) -> None:
    publisher.pass_(TEA)
    publisher.heard()
    assert publisher.pass_(TEA).delivered == ()
    assert publisher.heard() == []


def test_archive_pages_and_copies_are_no_topics() -> None:
    paths = ("atom.xml", "feed.xml", "index.xml", "archive/atom-1.xml", "a/rss.xml", "a/index.html")
    assert [path for path in paths if pings.is_topic(path)] == ["atom.xml", "a/rss.xml"]


def test_a_site_without_a_hub_stores_nothing(publisher: Publisher) -> None:
    publisher.tea.write("config.yaml", CONFIG)
    publisher.tea.forget()
    assert publisher.pass_(TEA).delivered == ()
    assert (publisher.heard(), Book(publisher.tea.state, "").is_empty()) == ([], True)


def test_a_dry_run_tells_nothing_and_stores_nothing(publisher: Publisher) -> None:
    publisher.pass_(TEA, dry_run=True)
    book = Book(publisher.tea.state, f"{publisher.server.url}/")
    assert (publisher.heard(), book.due()) == ([], {})


def test_what_was_left_to_be_sent_is_sent_by_the_next_run(publisher: Publisher) -> None:
    publisher.pass_(TEA, deliver=False)
    assert publisher.heard() == []
    publisher.pass_(TEA)
    assert publisher.heard() == [*ALL, *TEACONF]


def test_feeds_that_a_killed_run_put_in_place_are_told_of_by_the_next(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(pings, "note", killed)
        with pytest.raises(KeyboardInterrupt):
            publisher.pass_(TEA)
    assert publisher.pass_(TEA).written == ()
    assert publisher.heard() == [*ALL, *TEACONF]


def test_a_feed_that_is_as_the_hub_knows_it_again_is_not_told_of(publisher: Publisher) -> None:
    publisher.pass_(TEA)
    publisher.heard()
    event = publisher.tea.root / "data/teaconf-2031/event.yaml"
    kept = event.read_text("utf-8")
    for body in (kept.replace("at Scale", "at Home"), kept):
        event.write_text(body, "utf-8")
        publisher.pass_(TEA, minutes=0, deliver=False)
    feed = (publisher.tea.root / "feeds/teaconf-2031/atom.xml").read_bytes()
    due = Book(publisher.tea.state, f"{publisher.server.url}/").due()
    assert (b"at Scale" in feed, due) == (True, {})


def test_deleted_feeds_that_come_back_the_same_are_not_told_of(publisher: Publisher) -> None:
    publisher.pass_(TEA)
    publisher.heard()
    publisher.tea.drop("feeds")
    made = publisher.pass_(TEA)
    assert ("teaconf-2031/atom.xml" in made.written, publisher.heard()) == (True, [])


def test_a_lost_state_tells_of_what_the_run_wrote(publisher: Publisher) -> None:
    publisher.pass_(TEA)
    publisher.heard()
    publisher.tea.forget()
    publisher.pass_(TEA, PORCELAIN)
    assert publisher.heard() == [*ALL, *TEACONF]
    publisher.pass_(TEA, PORCELAIN)
    assert publisher.heard() == []


def test_a_checkout_with_neither_state_nor_feeds_tells_of_nothing(publisher: Publisher) -> None:
    publisher.pass_(TEA)
    publisher.heard()
    publisher.tea.forget()
    publisher.tea.drop("feeds")
    publisher.pass_(TEA, PORCELAIN)
    assert publisher.heard() == []


def test_a_hub_that_is_new_to_a_site_is_told_of_nothing_old(publisher: Publisher) -> None:
    publisher.pass_(TEA)
    publisher.heard()
    publisher.server.routes["/new"] = answer(status=204)
    publisher.configure(f"{publisher.server.url}/new")
    made = publisher.pass_(TEA)
    assert ("atom.xml" in made.written, publisher.heard()) == (True, [])
    publisher.pass_(TEA, PORCELAIN)
    assert publisher.heard() == [*ALL, *TEACONF]


def test_the_feeds_of_a_new_event_are_told_of(publisher: Publisher) -> None:
    publisher.tea.write(
        "data/mugconf-2031/event.yaml", EVENT.replace("teaconf", "mugconf").replace("Tea", "Mug")
    )
    publisher.tea.write("data/mugconf-2031/videos.yaml", "videos: []\n")
    publisher.pass_()
    assert publisher.heard() == [f"{SITE}mugconf-2031/{name}" for name in NAMES]


def test_feeds_that_went_are_forgotten(publisher: Publisher) -> None:
    publisher.server.routes["/"] = answer(status=500)
    publisher.pass_(TEA)
    book = Book(publisher.tea.state, f"{publisher.server.url}/")
    book.see(
        {},
        told={},
        gone=("teaconf-2031/atom.xml",),
        folder=str(publisher.tea.config.feeds),
        mark=1,
    )
    assert sorted(book.due()) == [*NAMES, "teaconf-2031/feed.json", "teaconf-2031/rss.xml"]


def test_a_hub_that_is_down_is_a_warning_and_is_told_later(publisher: Publisher) -> None:
    publisher.server.routes["/"] = answer(status=500)
    made = publisher.pass_(TEA)
    assert (made.outcome, made.delivered) == (Outcome.FINE, ())
    hub = f"{publisher.server.url}/"
    assert "".join(made.warnings) == (
        f"feeds.hub: {hub} was not told of 6 changed feeds: {hub} could not be posted to: the "
        "server answers 500; the server has trouble; the next try may succeed. It stays due, and "
        "every run tries again; `recap deliver` does so at once"
    )
    publisher.server.routes["/"] = answer(status=202)
    publisher.heard()
    publisher.pass_(TEA, minutes=1)
    assert publisher.heard() == [*ALL, *TEACONF]


def test_a_hub_that_cannot_be_reached_is_a_warning(publisher: Publisher) -> None:
    publisher.configure("http://127.0.0.1:1/")
    publisher.pass_()
    made = publisher.pass_(TEA)
    assert made.outcome is Outcome.FINE
    assert [warning.partition(": h")[0] for warning in made.warnings] == ["feeds.hub"]


def test_a_failing_hub_is_left_alone_for_a_while_by_the_schedule(publisher: Publisher) -> None:
    publisher.server.routes["/"] = answer(status=500)
    publisher.pass_(TEA)
    publisher.heard()
    made = publisher.pass_(TEA, minutes=1, due=True)
    assert (publisher.heard(), len(made.warnings)) == ([], 1)
    publisher.pass_(TEA, minutes=20, due=True)
    assert publisher.heard() == [*ALL, *TEACONF]


def test_a_hub_that_asks_for_patience_is_given_it(publisher: Publisher) -> None:
    publisher.server.routes["/"] = answer(status=429, Retry_After="3600")
    publisher.pass_(TEA)
    publisher.heard()
    publisher.pass_(TEA, minutes=50)
    assert publisher.heard() == []
    publisher.server.routes["/"] = answer(status=204)
    publisher.pass_(TEA, minutes=20)
    assert publisher.heard() == [*ALL, *TEACONF]


def test_many_feeds_are_told_of_in_batches_and_a_failure_keeps_the_rest(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pings, "BATCH", 4)
    taken = answer(status=204)

    def once(handler: Any) -> None:
        publisher.server.routes["/"] = answer(status=503)
        taken(handler)

    publisher.server.routes["/"] = once
    made = publisher.pass_(TEA)
    assert made.delivered == (f"{publisher.server.url}/: 4 changed feeds",)
    assert len(made.warnings) == 1
    publisher.heard()
    publisher.server.routes["/"] = taken
    publisher.pass_(TEA)
    assert publisher.heard() == TEACONF[1:]


def test_one_run_tells_of_some_feeds_and_the_next_of_the_others(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pings, "MOST", 4)
    made = publisher.pass_(TEA)
    assert made.delivered == (
        f"{publisher.server.url}/: 4 changed feeds; the other 2 with the next run",
    )
    publisher.heard()
    assert publisher.pass_(TEA).delivered == (f"{publisher.server.url}/: 2 changed feeds",)
    assert publisher.heard() == TEACONF[1:]


def test_a_feed_that_changed_while_the_hub_was_told_stays_due(publisher: Publisher) -> None:
    book = Book(publisher.tea.state, "https://hub.example.org/")
    book.see({"atom.xml": "new"}, told={"atom.xml": ""}, gone=(), folder="feeds", mark=1)
    book.tell({"atom.xml": "old"})
    assert book.due() == {"atom.xml": "new"}


def test_what_is_due_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    with State.open(path) as state:
        book = Book(state, "https://hub.example.org/")
        book.see({"atom.xml": "new"}, told={"atom.xml": ""}, gone=(), folder="feeds", mark=7)
    with State.open(path) as state:
        book = Book(state, "https://hub.example.org/")
        assert (book.due(), book.mark("feeds"), book.mark("other")) == (
            {"atom.xml": "new"},
            7,
            None,
        )


def test_only_rows_written_since_are_read(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publisher.tea.config.feeds / ".recap" / "groups"
    for path in folder.iterdir():
        then = path.stat().st_mtime - timedelta(days=1).total_seconds()
        os.utime(path, (then, then))
    read: list[str] = []
    whole = publishing.read_row

    def reading(feeds: Path, group_id: str) -> publishing.Row | None:
        read.append(group_id)
        return whole(feeds, group_id)

    made = publisher.pass_(TEA, deliver=False)
    monkeypatch.setattr(publishing, "read_row", reading)
    os.utime(folder)
    pings.note(publisher.tea.config, made, state=publisher.tea.state)
    assert sorted(read) == ["_all", "teaconf-2031"]


def test_how_telling_has_gone_is_kept_and_cleared(publisher: Publisher) -> None:
    publisher.server.routes["/"] = answer(status=500)
    publisher.pass_(TEA)
    failed = publisher.tea.now
    look = publisher.tea.state.look(pings.LOOK)
    assert (look.failures, look.failing_since) == (1, failed)
    publisher.server.routes["/"] = answer(status=204)
    publisher.pass_(TEA, UNTITLED)
    now = publisher.tea.now
    assert publisher.tea.state.look(pings.LOOK) == Look(last_try=now, last_good=now)
