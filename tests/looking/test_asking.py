"""The fallback of a list, and what an answer is worth to an event that did not ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import FetchError
from pipeline.fetch import Traffic
from pipeline.looking.asking import Answer, Asker
from pipeline.looking.needs import Need, together
from pipeline.model import Completeness, Fetch, Known, Listing, Source
from pipeline.written.watches import Lists
from tests.builders import NOW, no_secret, video, watch
from tests.looking.servers import FOLDER, FakeServer

FEED = "https://example.org/feed"
WHOLE = "https://example.org/whole"
LIST = watch(options={"url": FEED}, fallback=watch(kind="whole", options={"url": WHOLE}))
TEA, CUP, POT = (video(f"{name}00000001") for name in ("tea", "cup", "pot"))
WINDOW = Listing(videos=(TEA,), completeness=Completeness.WINDOW, window=1)
ALL = Listing(videos=(TEA, CUP, POT))


class Scripted:
    """A Source that fetches its address, and then shows what the test says it shows."""

    shows: dict[str, Listing]

    def __init__(self, url: str) -> None:
        self._url = url

    def videos(self, fetch: Fetch, known: Known) -> Listing:
        del known
        fetch.get(self._url)
        return self.shows[self._url]


@pytest.fixture
def shows(monkeypatch: pytest.MonkeyPatch) -> dict[str, Listing]:
    """What each address shows; a test may change it."""
    Scripted.shows = {FEED: WINDOW, WHOLE: ALL}

    def made(one: object, **_: object) -> Source:
        return Scripted(one.options["url"])  # type: ignore[attr-defined]  # a Watch

    monkeypatch.setattr("pipeline.looking.asking.make_source", made)
    return Scripted.shows


def need(*keys: str, **more: object) -> Need:
    return Need(key="teaconf-2031/list", since=NOW, keys=frozenset(keys), **more)  # type: ignore[arg-type]


def ask(server: FakeServer, *needs: Need) -> Answer:
    asker = Asker(open_fetch=server.open, secret=no_secret, lists=Lists(), traffic=Traffic())
    return asker.ask(together(LIST, folder=FOLDER, needs=needs))


@pytest.mark.usefixtures("shows")
def test_the_fallback_is_left_alone_while_the_list_overlaps_with_what_is_known() -> None:
    server = FakeServer()
    answer = ask(server, need(TEA.key))
    assert (answer.shown, answer.retried) == (WINDOW, False)
    assert [url for url, _ in server.asked] == [FEED]


@pytest.mark.usefixtures("shows")
@pytest.mark.parametrize("known", [need(CUP.key), need(TEA.key, gap=True)])
def test_the_fuller_listing_replaces_one_that_may_miss_videos(known: Need) -> None:
    answer = ask(FakeServer(), known)
    assert (answer.shown, dict(answer.learned), answer.note) == (ALL, {}, None)


@pytest.mark.usefixtures("shows")
def test_one_event_that_may_miss_videos_is_enough() -> None:
    assert ask(FakeServer(), need(TEA.key), need(CUP.key)).shown == ALL


def test_a_fallback_that_shows_less_replaces_nothing(shows: dict[str, Listing]) -> None:
    shows[FEED] = replace(WINDOW, videos=(CUP, POT), window=2)
    shows[WHOLE] = WINDOW
    answer = ask(FakeServer(), need("other"))
    assert (answer.shown, answer.retried) == (shows[FEED], True)


@pytest.mark.usefixtures("shows")
def test_a_list_that_fails_is_read_by_its_fallback_and_that_is_said() -> None:
    server = FakeServer(failures={FEED: FetchError("no answer")})
    answer = ask(server, need(TEA.key))
    assert (answer.shown, answer.error, answer.note) == (
        ALL,
        None,
        "read by the fallback 'whole' only, for the list itself failed: no answer",
    )


@pytest.mark.usefixtures("shows")
def test_both_errors_are_named_where_both_ways_fail() -> None:
    busy = FetchError("no answer", status=503, retry_after=NOW)
    server = FakeServer(failures={FEED: busy, WHOLE: FetchError("not installed")})
    error = ask(server, need(TEA.key)).error
    assert isinstance(error, FetchError)
    assert (error.message, error.retry_after) == (
        "no answer. The fallback 'whole' failed as well: not installed",
        NOW,
    )


@pytest.mark.usefixtures("shows")
def test_the_first_listing_stands_where_only_the_fallback_fails() -> None:
    answer = ask(FakeServer(failures={WHOLE: FetchError("not installed")}), need(CUP.key))
    assert (answer.shown, answer.note) == (
        WINDOW,
        "videos may have been missed, and the fallback 'whole' failed: not installed",
    )


def given(shown: Listing | None, *needs: Need, retried: bool = False) -> Answer:
    """Return the answer to a question of other events."""
    asked = [replace(each, key=f"cupconf-2031/{number}") for number, each in enumerate(needs)]
    question = together(LIST, folder=FOLDER, needs=asked)
    error = None if shown else FetchError("no answer")
    return Answer(question=question, shown=shown, error=error, retried=retried)


def test_an_answer_serves_those_that_asked_and_a_failure_serves_all() -> None:
    asked = together(LIST, folder=FOLDER, needs=[need("1", whole=False)])
    found = [
        Answer(question=asked, shown=WINDOW).serves(need("2", gap=True)),
        given(None, need()).serves(need()),
    ]
    assert found == [True, True]


def test_a_listing_serves_an_event_that_knows_what_the_source_might_stop_at() -> None:
    part, whole = need("1", whole=False), need("1", whole=True)
    found = [
        given(ALL, part).serves(need("1", "2", whole=False)),
        given(ALL, part).serves(need("2", whole=False)),
        given(ALL, part).serves(need("1", "2", whole=True)),
        given(ALL, whole).serves(need("2", whole=True)),
    ]
    assert found == [True, False, False, True]


def test_unchanged_serves_an_event_that_saw_the_same_answer() -> None:
    unchanged = Listing(unchanged=True)
    server = FakeServer()
    ask_first = need(stored={FEED: server})
    found = [
        given(unchanged, ask_first).serves(ask_first),
        given(unchanged, ask_first).serves(need()),
        given(unchanged, ask_first).serves(replace(ask_first, anew=True)),
    ]
    assert found == [True, False, False]


def test_a_window_serves_no_event_that_would_have_asked_the_fallback() -> None:
    found = [
        given(WINDOW, need(TEA.key)).serves(need(CUP.key)),
        given(WINDOW, need(TEA.key), retried=True).serves(need(CUP.key)),
    ]
    assert found == [False, True]
