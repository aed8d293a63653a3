from __future__ import annotations

import re

import pytest

from pipeline.errors import ConfigError
from pipeline.model import Ledger, Match, SeenVideo, Speaker, Verdict, Video
from pipeline.naming import names_video, resolve_talk, resolve_video
from tests.builders import event, talk, video

TEA = event(
    talk("brewing-tea", was=("making-tea",)),
    talk("cups", "Cups and Bowls", speakers=(Speaker(name="Grace Sample"),)),
    talk("untitled", None, speakers=(Speaker(name="Alan Specimen", also=("Al Specimen",)),)),
)
CUP = event(
    talk("cups", "Cups, Again", speakers=()),
    talk("ci", "CI/CD for Kettles", speakers=()),
    id="cupconf-2031",
    was=("mugconf-2031",),
)
EVENTS = (TEA, CUP)


def ledger(*names: str, verdict: Verdict | None = None) -> Ledger:
    rows = {}
    for name in names:
        shown = video(name)
        match = Match(video=shown.key, verdict=verdict) if verdict else None
        rows[shown.key] = SeenVideo(video=shown, match=match)
    return Ledger(videos=rows)


def other(key: str) -> Ledger:
    return Ledger(videos={key: SeenVideo(video=Video(key=key, url="https://example.org/"))})


@pytest.mark.parametrize(
    "words",
    [
        "-qRUsuevKj4",
        " youtube:-qRUsuevKj4 ",
        "https://youtu.be/-qRUsuevKj4?si=x",
        "https://www.youtube.com/watch?v=-qRUsuevKj4&list=PL1",
    ],
)
def test_resolve_video_takes_ids_keys_and_pasted_addresses(words: str) -> None:
    found = resolve_video(words, {"teaconf-2031": ledger("-qRUsuevKj4")})
    assert found == ("teaconf-2031", "youtube:-qRUsuevKj4")


def test_resolve_video_takes_the_id_of_a_platform_whose_ids_alone_tell_nothing() -> None:
    assert resolve_video("76979871", {"a": other("vimeo:76979871")}) == ("a", "vimeo:76979871")


def test_resolve_video_refuses_an_id_that_two_platforms_know() -> None:
    ledgers = {"a": other("vimeo:76979871"), "b": other("ccc:76979871")}
    with pytest.raises(ConfigError, match="names 2 videos: ccc:76979871, vimeo:76979871"):
        resolve_video("76979871", ledgers)


def test_resolve_video_knows_no_event_for_a_video_that_no_ledger_has() -> None:
    assert resolve_video("tea00000001", {"a": Ledger()}) == (None, "youtube:tea00000001")


def test_resolve_video_prefers_the_event_that_linked_it() -> None:
    ledgers = {
        "a": ledger("tea00000001", verdict=Verdict.NONE),
        "b": ledger("tea00000001", verdict=Verdict.REVIEW),
        "c": ledger("tea00000001", verdict=Verdict.AUTO),
        "d": ledger("tea00000001"),
    }
    order = []
    while ledgers:
        found, _ = resolve_video("tea00000001", ledgers)
        order.append(found)
        del ledgers[str(found)]
    assert order == ["c", "b", "a", "d"]


def test_resolve_video_says_how_a_video_is_named() -> None:
    with pytest.raises(ConfigError, match="'my video' names no video; paste its address"):
        resolve_video("my video", {})


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("brewing-tea", ("teaconf-2031", "brewing-tea")),
        ("teaconf-2031/cups", ("teaconf-2031", "cups")),
        ("cupconf-2031/cups", ("cupconf-2031", "cups")),
        ("making-tea", ("teaconf-2031", "brewing-tea")),
        ("mugconf-2031/cups", ("cupconf-2031", "cups")),
        ("Scale brewing", ("teaconf-2031", "brewing-tea")),
        ("bowls", ("teaconf-2031", "cups")),
        ("CI/CD", ("cupconf-2031", "ci")),
        ("al specimen", ("teaconf-2031", "untitled")),
    ],
)
def test_resolve_talk_takes_ids_former_ids_and_words(words: str, found: tuple[str, str]) -> None:
    assert resolve_talk(words, EVENTS) == found


def test_resolve_talk_names_the_talks_that_several_events_have() -> None:
    message = "'cups' names 2 talks: teaconf-2031/cups, cupconf-2031/cups; write one of them"
    with pytest.raises(ConfigError, match=re.escape(message)):
        resolve_talk("cups", EVENTS)


def test_resolve_talk_takes_the_event_that_is_meant() -> None:
    assert resolve_talk("cups", EVENTS, event="cupconf-2031") == ("cupconf-2031", "cups")


def test_resolve_talk_prefers_a_title_that_is_the_words_to_one_that_has_them() -> None:
    both = event(talk("long", "Tea at Scale"), talk("short", "Tea"))
    assert resolve_talk("tea", (both,)) == ("teaconf-2031", "short")


def test_resolve_talk_takes_titles_that_stand_in_no_file() -> None:
    titles = {"teaconf-2031/untitled": "Whistling Kettles"}
    assert resolve_talk("whistling", EVENTS, titles=titles) == ("teaconf-2031", "untitled")


def test_resolve_talk_shows_five_of_many() -> None:
    many = event(*(talk(f"tea-{number}", f"Tea {number}") for number in range(7)))
    with pytest.raises(ConfigError, match=r"names 7 talks: .*tea-4, 2 more; write"):
        resolve_talk("tea", (many,))


@pytest.mark.parametrize(
    ("words", "event_id", "message"),
    [
        ("brewing-coffee", None, "did you mean 'teaconf-2031/brewing-tea'?"),
        ("???", None, "write its id, event/talk, or words of its title"),
        ("cups", "potconf", "there is no event 'potconf'"),
    ],
)
def test_resolve_talk_says_what_may_have_been_meant(
    words: str, event_id: str | None, message: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        resolve_talk(words, EVENTS, event=event_id)


@pytest.mark.parametrize(
    ("words", "is_video"),
    [
        ("tea00000001", True),
        ("brewing-tea", False),
        ("dQw4w9WgXcQ", True),
        ("vimeo:1", True),
        ("https://example.org/x", True),
        ("https://www.youtube.com/playlist", True),
        ("words of a title", False),
    ],
)
def test_names_video_tells_videos_from_talks(words: str, is_video: bool) -> None:
    assert names_video(words, {"a": ledger("tea00000001")}) is is_video
