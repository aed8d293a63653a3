"""The real event beside the repository, as its programme knew it, and 21 uploads that are not its.

The uploads come in every way they may come; a wrong automatic link is never allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from pipeline.matching import Sight, match
from pipeline.model import Event, Match, Speaker, Talk, Verdict, Video

DATA = Path(__file__).parents[1] / ".." / "shared" / "data"
UNTITLED = "container-standards-and-interfaces"
RIGHT_FOR_UNTITLED = "youtube:08JtddVhrAc"
ELSEWHERE = "youtube:F8qBqcF94Zg"

if not DATA.is_dir():
    pytest.skip("the lists of real uploads are not beside this checkout", allow_module_level=True)

DISTRACTORS = {
    "VOLf6zvJLu8": "none",
    "g7dJCMh20iE": "none",
    "Utf-A4rODH8": "none",
    "C4gH7e3mvFM": "none",
    "qy4D9t3cAzs": "none",
    "-qRUsuevKj4": "none",
    "X0Qtj0ipmOM": "none",
    "qp9h18L45qY": "none",  # 3 min 23 s, no talk
    "SLHMkVQnJOs": "none",
    "RZzLMSVwaFY": "none",
    "TPdRbD1kSUU": "none",
    "aFtpIShV60I": "none",
    "0z3yusiCOCk": "none",
    "GsLZz8cZCzc": "none",  # a speaker's talk of the year before
    "BaHp8YXIsD0": "none",  # the same, and on the same subject
    "TXMQ09r3t4I": "none",  # names 2015
    "F8qBqcF94Zg": "none",  # names 2015
    "17a05e61mHs": "none",  # a speaker's other talk, on Node.js too
    "Tto26Fogvv0": "none",  # names 2015
    "H_iK7jww_j8": "review",  # nearly the same title, no speaker
    "HPuvDm8IC-4": "none",  # no title
}


def load(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def duration(text: str | None) -> timedelta | None:
    if not text:
        return None
    minutes, seconds = text.removeprefix("PT").removesuffix("S").replace("M", ":").split(":")
    return timedelta(minutes=int(minutes), seconds=int(seconds))


def upload(row: Mapping[str, Any], length: str | None) -> Video:
    return Video(
        key=f"youtube:{row['id']}",
        url=f"https://www.youtube.com/watch?v={row['id']}",
        title=row["title"],
        duration=duration(length),
    )


def speaker(person: str, names: Mapping[str, Any], *, aliases: bool) -> Speaker:
    if person == "jessie-frazelle":
        return Speaker(name="Jessica Frazelle", also=("Jessie Frazelle",) if aliases else ())
    return Speaker(name=names[person]["name"])


def programme(*, aliases: bool = True) -> Event:
    facts = load("container-camp-sf-2016.yaml")
    about = facts["event"]
    return Event(
        id=about["id"],
        name=about["name"],
        short_name=about["short_name"],
        series=about["series"],
        also=tuple(about["aliases"]),
        start=date(2016, 4, 15),
        end=date(2016, 4, 15),
        timezone=about["timezone"],
        talks=tuple(
            Talk(
                id=row["id"],
                title=None if row["id"] == UNTITLED else row["title"],
                speakers=tuple(
                    speaker(one["person"], facts["people"], aliases=aliases)
                    for one in row["speakers"]
                ),
            )
            for row in facts["talks"]
        ),
    )


def uploads() -> dict[str, tuple[Video, str]]:
    """Return the event's own uploads by key, each with its talk."""
    found = {}
    for row in load("container-camp-sf-2016.yaml")["talks"]:
        for recording in row["recordings"]:
            video = upload(recording, recording["duration"])
            found[video.key] = (video, row["id"])
    return found


def distractors() -> list[Video]:
    rows = load("container-camp-distractors.yaml")
    return [upload(row, row.get("length")) for group in rows.values() for row in group]


EVENT = programme() if DATA.is_dir() else None
OWN = uploads() if DATA.is_dir() else {}
TRUTH = {key: talk for key, (_, talk) in OWN.items()}
OTHERS = distractors() if DATA.is_dir() else []


def judge(
    videos: Iterable[Video],
    *,
    only_this_event: bool,
    linked: Mapping[str, str] | None = None,
    event: Event | None = EVENT,
) -> dict[str, Match]:
    assert event is not None
    sights = {one.key: Sight(video=one, only_this_event=only_this_event) for one in videos}
    matches = match(event, sights, linked=linked or {}, settled=frozenset(), refused=frozenset())
    return {one.video: one for one in matches}


def autos(matches: Mapping[str, Match]) -> dict[str, str]:
    return {
        key: one.talk for key, one in matches.items() if one.verdict is Verdict.AUTO and one.talk
    }


def arrive(videos: list[Video], random: Random, *, only_this_event: bool) -> dict[str, str]:
    """Let `videos` come in batches, in random order; return the links as they stand in the end."""
    waiting = random.sample(videos, len(videos))
    here: list[Video] = []
    linked: dict[str, str] = {}
    while waiting:
        size = random.randint(1, 5)
        here, waiting = here + waiting[:size], waiting[size:]
        linked |= autos(judge(here, only_this_event=only_this_event, linked=linked))
    return linked


def own() -> list[Video]:
    return [video for video, _ in OWN.values()]


def wrong(linked: Mapping[str, str]) -> dict[str, str]:
    return {key: talk for key, talk in linked.items() if TRUTH.get(key) != talk}


@pytest.mark.parametrize("aliases", [True, False])
def test_the_playlist_of_the_event_gives_every_talk_its_recording(aliases: bool) -> None:
    matches = judge(own(), only_this_event=True, event=programme(aliases=aliases))

    assert autos(matches) == TRUTH


@pytest.mark.parametrize("aliases", [True, False])
def test_the_channel_of_the_series_gives_every_titled_talk_its_recording(aliases: bool) -> None:
    event = programme(aliases=aliases)
    matches = judge([*own(), *OTHERS], only_this_event=False, event=event)

    assert autos(matches) == {key: talk for key, talk in TRUTH.items() if talk != UNTITLED}


def test_the_channel_asks_a_person_for_the_talk_without_title() -> None:
    matches = judge([*own(), *OTHERS], only_this_event=False)
    right = matches[RIGHT_FOR_UNTITLED]

    assert (right.verdict, right.talk) == (Verdict.REVIEW, UNTITLED)
    assert [key for key, one in matches.items() if one.talk == UNTITLED] == [right.video]
    assert matches[ELSEWHERE].probability < right.probability


@pytest.mark.parametrize(("video", "expected"), DISTRACTORS.items())
def test_an_upload_of_another_event_is_never_linked(video: str, expected: str) -> None:
    matches = judge([*own(), *OTHERS], only_this_event=False)

    assert matches[f"youtube:{video}"].verdict.value == expected


def test_every_distractor_has_an_expectation() -> None:
    assert {one.key for one in OTHERS} == {f"youtube:{name}" for name in DISTRACTORS}


def test_a_second_upload_is_told_that_the_talk_has_a_recording() -> None:
    near = judge([*own(), *OTHERS], only_this_event=False)["youtube:H_iK7jww_j8"]

    assert near.reasons[-1] == "the talk already has a recording"


@pytest.mark.parametrize("only_this_event", [True, False])
@pytest.mark.parametrize("missing", [*OWN] or ["seed data"])
def test_a_missing_upload_leads_to_no_wrong_link(missing: str, only_this_event: bool) -> None:
    rest = [video for video in own() if video.key != missing]
    others = [] if only_this_event else OTHERS

    assert wrong(autos(judge([*rest, *others], only_this_event=only_this_event))) == {}


@pytest.mark.parametrize("missing", [*OWN] or ["seed data"])
def test_distractors_alone_take_no_talk(missing: str) -> None:
    talk = TRUTH[missing]
    taken = {key: one for key, one in TRUTH.items() if one != talk}

    assert autos(judge(OTHERS, only_this_event=False, linked=taken)) == {}


@pytest.mark.parametrize("seed", range(200))
def test_a_random_half_arriving_in_any_order_leads_to_no_wrong_link(seed: int) -> None:
    random = Random(seed)  # noqa: S311  reproducible choice of a test, no secret
    half = random.sample(own(), len(OWN) // 2)

    assert wrong(arrive(half, random, only_this_event=True)) == {}
    assert wrong(arrive([*half, *OTHERS], random, only_this_event=False)) == {}


@pytest.mark.parametrize("seed", range(20))
def test_once_all_have_arrived_all_are_found_whatever_the_order(seed: int) -> None:
    random = Random(seed)  # noqa: S311  reproducible choice of a test, no secret
    titled = {key: talk for key, talk in TRUTH.items() if talk != UNTITLED}

    assert arrive(own(), random, only_this_event=True) == TRUTH
    assert arrive([*own(), *OTHERS], random, only_this_event=False) == titled


def test_a_second_pass_over_the_event_changes_nothing() -> None:
    videos = [*own(), *OTHERS]
    first = judge(videos, only_this_event=False)
    again = judge(videos, only_this_event=False, linked=autos(first))

    assert again == {key: one for key, one in first.items() if one.verdict is not Verdict.AUTO}


def find(part: str) -> Match:
    """Return what the channel says of the one own upload whose title has `part`."""
    (key,) = [video.key for video in own() if part in (video.title or "")]
    return judge([*own(), *OTHERS], only_this_event=False)[key]


def test_a_nickname_is_found_without_being_told() -> None:
    event = programme(aliases=False)
    (jessie,) = [video for video in own() if "Frazelle" in (video.title or "")]
    one = judge([jessie], only_this_event=False, event=event)[jessie.key]

    assert (one.verdict, one.talk) == (Verdict.AUTO, TRUTH[jessie.key])


def test_a_reworded_title_is_found_by_its_speaker_and_its_words() -> None:
    one = find("Reproducible Data Science")

    assert (one.verdict, one.talk) == (Verdict.AUTO, TRUTH[one.video])


@pytest.mark.parametrize("name", ["Thomas Cameron", "Cynthia Thomas"])
def test_crossing_names_stay_apart(name: str) -> None:
    one = find(name)

    assert (one.verdict, one.talk) == (Verdict.AUTO, TRUTH[one.video])


@pytest.mark.parametrize("subject", ["Docker", "Kubernetes"])
def test_sister_titles_go_to_the_right_talk(subject: str) -> None:
    one = find(f"new in {subject}")

    assert (one.verdict, one.talk) == (Verdict.AUTO, TRUTH[one.video])
