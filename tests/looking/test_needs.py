from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.fetch import Validators
from pipeline.looking.needs import (
    LEDGER,
    Need,
    fingerprint,
    host_for,
    identity,
    known_keys,
    need,
    together,
)
from pipeline.model import Event, Gap, Ledger, Misses, SeenVideo, Video, WatchRow
from tests.builders import NOW, event, talk, video, watch
from tests.looking.servers import FOLDER, URL

LIST = watch(options={"url": URL})
BEGAN = datetime(2031, 5, 17, tzinfo=UTC)
TEA = video()
SEEN = SeenVideo(video=TEA, watches=("list",), first_seen=NOW - timedelta(days=1))
WELL = Ledger(
    videos={TEA.key: SEEN},
    watches={"list": WatchRow(first_good=BEGAN, first_complete=BEGAN)},
)
TAG = Validators(etag="a")


Stored = Mapping[str, tuple[str | None, str | None]]


def needed(ledger: Ledger, *, one: Event | None = None, stored: Stored | None = None) -> Need:
    return need(one or event(talk()), watch=LIST, ledger=ledger, now=NOW, stored=stored or {})


def test_a_need_names_the_keys_of_its_list_alone() -> None:
    other = SeenVideo(video=video("por00000001"), watches=("other",))
    ledger = replace(WELL, videos={**WELL.videos, other.video.key: other})
    assert known_keys(ledger, LIST) == frozenset([TEA.key])


def test_a_list_that_was_seen_whole_is_asked_for_what_is_new() -> None:
    assert needed(WELL) == Need(
        key="teaconf-2031/list", since=BEGAN, keys=frozenset([TEA.key]), whole=False
    )


HELD = SeenVideo(video=Video(key=TEA.key, url=""))
MISSED = replace(SEEN, misses=Misses(first=NOW, count=1, latest=NOW))


@pytest.mark.parametrize(
    "ledger",
    [
        Ledger(),
        replace(WELL, watches={"list": WatchRow(first_good=BEGAN)}),
        replace(
            WELL, watches={"list": WatchRow(first_complete=BEGAN, gap=Gap(after=None, before=NOW))}
        ),
        replace(WELL, videos={TEA.key: MISSED}),
        replace(WELL, videos={TEA.key: HELD}),
    ],
    ids=["never seen", "never seen whole", "gap", "misses", "held back"],
)
def test_a_list_is_asked_for_whole(ledger: Ledger) -> None:
    assert needed(ledger).whole


def test_a_video_that_is_gone_is_no_reason_to_ask_for_the_whole_list() -> None:
    assert not needed(replace(WELL, videos={TEA.key: replace(MISSED, gone=NOW)})).whole


def test_a_list_that_is_looked_at_daily_is_asked_for_whole() -> None:
    old = event(
        talk(), start=NOW.date() - timedelta(days=200), end=NOW.date() - timedelta(days=200)
    )
    assert needed(WELL, one=old).whole


def test_stored_validators_count_while_the_ledger_knows_what_they_speak_of() -> None:
    mark = (fingerprint([TEA.key]), None)
    found = [
        needed(WELL, stored={URL: ("a", None), LEDGER: mark}).stored,
        needed(Ledger(), stored={URL: ("a", None), LEDGER: mark}).stored,
        needed(WELL, stored={URL: ("a", None)}).stored,
    ]
    assert found == [{URL: TAG}, {}, {}]


def test_a_row_without_its_title_asks_for_an_answer_anew() -> None:
    held = replace(WELL, videos={TEA.key: HELD})
    mark = (fingerprint([]), None)
    found = needed(held, stored={URL: ("a", None), LEDGER: mark})
    assert (found.anew, found.stored) == (True, {})


def each(key: str, *keys: str, **more: object) -> Need:
    values = {"whole": False, "stored": {URL: TAG}, **more}
    return Need(key=key, since=BEGAN, keys=frozenset(keys), **values)  # type: ignore[arg-type]


def test_together_a_source_may_stop_where_every_event_knows_all() -> None:
    question = together(LIST, folder=FOLDER, needs=[each("a", "1", "2"), each("b", "2", "3")])
    assert (question.keys, question.whole, question.sent) == (frozenset(["2"]), False, {URL: TAG})


def test_together_one_need_of_the_whole_list_is_enough() -> None:
    assert together(LIST, folder=FOLDER, needs=[each("a"), each("b", whole=True)]).whole


@pytest.mark.parametrize("other", [{"stored": {}}, {"anew": True}])
def test_together_unchanged_is_asked_for_only_where_it_says_the_same_to_all(
    other: dict[str, object],
) -> None:
    question = together(LIST, folder=FOLDER, needs=[each("a"), each("b", **other)])
    assert question.sent == {}


def test_two_lists_are_the_same_by_kind_options_and_fallback() -> None:
    fuller = watch(kind="youtube", options={"url": URL})
    same = identity(LIST, folder=FOLDER)
    others = [
        watch("other-id", options={"url": URL}),
        replace(LIST, fallback=fuller),
        replace(LIST, kind="feed"),
        watch(options={"url": URL, "format": "csv"}),
    ]
    assert [identity(one, folder=FOLDER) == same for one in others] == [True, False, False, False]


def test_a_path_is_another_list_in_another_folder() -> None:
    one = watch(options={"path": "videos.yaml"})
    assert identity(one, folder=FOLDER) != identity(one, folder=FOLDER / "other")


@pytest.mark.parametrize(
    ("options", "host"),
    [
        ({"url": "https://www.youtube.com/@teaconf"}, "youtube.com"),
        ({"url": "youtube.com/@teaconf"}, "youtube.com"),
        ({"url": URL, "base": "http://127.0.0.1:8080"}, "127.0.0.1:8080"),
        ({"collection": "teaconf"}, "file"),
    ],
)
def test_a_list_waits_in_line_for_its_host(options: dict[str, str], host: str) -> None:
    assert host_for(watch(options=options)) == host
