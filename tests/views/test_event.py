from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.model import Entry, PublishedEvent, Standing
from pipeline.views import event as views
from pipeline.views import talk as talk_views
from pipeline.views.event import view_event
from tests.builders import entry, published
from tests.outputs import samples
from tests.outputs.samples import released

ALL_OUT = published(released(1, 19), released(2, 20))
FIRST = published(released(1, 19), released(2, 19), entry(3))
NONE = published(entry(1), entry(2))
ONE = published(released(1, 19))


def test_view_counts_what_is_out_of_all_that_were_given() -> None:
    cancelled = entry(3, standing=Standing.CANCELLED)
    view = view_event(published(released(1, 19), samples.unavailable(2), cancelled))

    assert (view.progress, view.slots) == ("1 of 2 recordings out", ("out", "to-come"))


def test_view_new_are_the_talks_of_the_latest_release() -> None:
    view = view_event(samples.thirteen())

    assert ([talk.number for talk in view.new], view.since) == ([5, 8, 10], "Monday 19 May")


def test_view_has_nothing_new_where_all_came_at_once() -> None:
    view = view_event(FIRST)

    assert (view.new, view.since, len(view.earlier)) == ((), None, 2)


def test_view_new_are_the_talks_of_the_latest_announcement_where_there_was_one() -> None:
    view = view_event(replace(samples.thirteen(), fresh=("talk-1", "talk-5", "talk-11")))

    assert [talk.number for talk in view.new] == [1, 5]


def test_view_speaks_german() -> None:
    given = samples.thirteen()
    view = view_event(replace(given, event=replace(given.event, language="de-CH")))

    assert (view.progress, views.headline(view), views.summary(view)) == (
        "9 von 13 Aufzeichnungen erschienen",
        "Drei weitere Aufzeichnungen sind erschienen",
        (
            "Neu seit Montag, 19. Mai: Speaker 5, Speaker 8 und Speaker 10. "
            "Neun der dreizehn Vorträge sind jetzt zu sehen."
        ),
    )


def test_view_of_another_language_speaks_english_and_keeps_the_direction() -> None:
    given = samples.thirteen()
    view = view_event(replace(given, event=replace(given.event, language="fa")))

    assert (view.wording.language, view.direction, view.progress) == (
        "en",
        "rtl",
        "9 of 13 recordings out",
    )


def test_view_ignores_what_is_gone_when_it_says_what_is_new() -> None:
    gone = replace(released(2, 20), standing=Standing.UNAVAILABLE)

    assert view_event(published(released(1, 19), gone)).new == ()


@pytest.mark.parametrize(
    ("given", "subject", "headline"),
    [
        (
            samples.thirteen(),
            "3 new recordings: 9 of 13 out - TeaConf 2031",
            "Three more recordings are out",
        ),
        (
            published(released(1, 19), released(2, 20), entry(3)),
            "1 new recording: 2 of 3 out - TeaConf 2031",
            "One more recording is out",
        ),
        (FIRST, "2 of 3 recordings out - TeaConf 2031", "Two of three recordings are out"),
        (ALL_OUT, "All 2 recordings are out - TeaConf 2031", "All two recordings are out"),
        (ONE, "The recording is out - TeaConf 2031", "The recording is out"),
        (NONE, "No recordings yet - TeaConf 2031", "No recordings are out yet"),
        (published(), "No recordings yet - TeaConf 2031", "No recordings are out yet"),
    ],
)
def test_view_heads_a_mail(given: PublishedEvent, subject: str, headline: str) -> None:
    view = view_event(given)

    assert (views.subject(view), views.headline(view)) == (subject, headline)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            samples.thirteen(),
            (
                "Speaker 5, Speaker 8 and Speaker 10 are new since Monday 19 May. "
                "Nine of the thirteen talks can now be watched."
            ),
        ),
        (FIRST, "Two of the three talks can now be watched."),
        (
            ALL_OUT,
            "Speaker 2 is new since Monday 19 May. Every talk of TeaConf 2031 can now be watched.",
        ),
        (NONE, "None of the two talks of TeaConf 2031 can be watched yet."),
        (published(), "The talks of TeaConf 2031 are not known yet."),
    ],
)
def test_view_sums_up_in_a_sentence(given: PublishedEvent, said: str) -> None:
    assert views.summary(view_event(given)) == said


def test_view_says_days_in_the_zone_of_the_event() -> None:
    late = datetime(2031, 5, 19, 23, 30, tzinfo=UTC)
    one = released(1, 19)
    assert one.release is not None
    one = replace(one, release=replace(one.release, released=late))
    (talk,) = view_event(published(one)).talks

    assert talk.released == talk_views.Moment(day="20 May", instant="2031-05-19T23:30:00Z")


def test_view_names_the_year_of_a_late_release() -> None:
    event = published(released(1, 19), start=datetime(2030, 5, 1), end=datetime(2030, 5, 1))  # noqa: DTZ001 - a day
    (talk,) = view_event(event).talks

    assert talk.released is not None
    assert talk.released.day == "19 May 2031"


def assumed(number: int, day: int) -> Entry:
    one = released(number, day)
    assert one.release is not None
    return replace(one, release=replace(one.release, assumed=True))


def test_view_tells_nobody_an_assumed_day() -> None:
    view = view_event(published(assumed(1, 18), released(2, 20), entry(3)))

    assert (view.talks[0].released, view.since, views.summary(view)) == (
        None,
        None,
        "Speaker 2 is new. Two of the three talks can now be watched.",
    )


@pytest.mark.parametrize(
    ("standing", "state", "said"),
    [
        (Standing.UNAVAILABLE, "to-come", "The recording is currently unavailable"),
        (Standing.AWAITED, "to-come", "Recording to come"),
        (Standing.EMBARGOED, "to-come", "The recording is held back until a later date"),
        (Standing.NOT_RECORDED, "none", "This talk was not recorded"),
        (Standing.WITHHELD, "none", "The recording will not be published"),
        (Standing.CANCELLED, "none", "This talk was cancelled"),
        (Standing.LOST, "none", "The recording was lost"),
    ],
)
def test_view_says_in_plain_words_where_a_talk_stands(
    standing: Standing, state: str, said: str
) -> None:
    (talk,) = view_event(published(entry(1, sequence=1, standing=standing))).talks

    assert (talk.state, talk.status, talk.watch) == (state, said, None)


@pytest.mark.parametrize(
    ("one", "title"),
    [
        (entry(3, title=None), "Untitled talk by Speaker 3"),
        (entry(3, title=None, speakers=()), "Untitled talk 3"),
    ],
)
def test_view_gives_a_talk_without_title_a_name(one: Entry, title: str) -> None:
    (talk,) = view_event(published(one)).talks

    assert (talk.title, talk.titled) == (title, False)


def test_view_watches_the_first_recording_that_is_available() -> None:
    one = samples.many_recordings()
    first, *others = one.recordings
    one = replace(one, recordings=(replace(first, available=False), *others))
    (talk,) = view_event(published(one)).talks

    assert (talk.watch, talk.minutes, [link.url for link in talk.more]) == (
        "https://vimeo.com/1",
        "20 min",
        ["https://vimeo.com/2"],
    )


def test_view_bar_of_a_long_event_is_continuous() -> None:
    entries = [released(n, 19) for n in range(1, 31)] + [released(31, 20)]
    entries += [entry(n) for n in range(32, 61)]

    assert view_event(published(*entries)).bar == (("out", 30), ("new", 1), ("to-come", 29))


def test_view_newest_release_of_an_event_without_any_is_its_last_day() -> None:
    assert views.newest_release(NONE) == datetime(2031, 5, 18, tzinfo=UTC)
