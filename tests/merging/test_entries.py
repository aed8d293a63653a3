from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.merging import Merged, Rulings, merge
from pipeline.merging.rulings import By
from pipeline.model import (
    Access,
    Barred,
    Expectation,
    Ledger,
    Match,
    Recording,
    SeenVideo,
    Standing,
    Talk,
    Verdict,
    Video,
)
from tests.builders import NOW, event, talk, video

V1, V2 = "youtube:v0000000001", "youtube:v0000000002"


def row(
    name: str,
    *,
    seen_h: int = 0,
    gone: bool = False,
    replaced_by: str | None = None,
    **more: Any,
) -> SeenVideo:
    made = video(name, **more)
    return SeenVideo(
        video=made,
        first_seen=NOW + timedelta(hours=seen_h),
        first_public=NOW if made.is_public(NOW) else None,
        gone=NOW if gone else None,
        replaced_by=replaced_by,
    )


def merged(*talks: Talk, rows: tuple[SeenVideo, ...] = (), by: By = "auto", **links: str) -> Merged:
    named = {f"youtube:{name}": talk_id for name, talk_id in links.items()}
    rulings = Rulings(links=named, by=dict.fromkeys(named, by))
    ledger = Ledger(videos={one.video.key: one for one in rows})
    return merge(event(*talks), ledger, rulings, NOW)


def test_merge_puts_a_public_recording_beside_its_talk() -> None:
    result = merged(talk("tea"), rows=(row("v0000000001"),), v0000000001="tea")
    entry = result.published.entries[0]
    assert (entry.standing, entry.recordings) == (
        Standing.OUT,
        (
            Recording(
                key=V1,
                url="https://www.youtube.com/watch?v=v0000000001",
                title="Brewing Tea at Scale - Ada Example",
            ),
        ),
    )


def test_merge_numbers_talks_in_programme_order_and_awaits_the_rest() -> None:
    entries = merged(talk("tea"), talk("cups")).published.entries
    assert [(one.talk_id, one.position, one.standing) for one in entries] == [
        ("tea", 1, Standing.AWAITED),
        ("cups", 2, Standing.AWAITED),
    ]


def test_merge_gives_an_untitled_talk_its_uploads_title_and_says_so() -> None:
    result = merged(talk("tea", None), rows=(row("v0000000001"),), v0000000001="tea")
    entry = result.published.entries[0]
    assert (entry.title, entry.title_from) == ("Brewing Tea at Scale", "upload")


def test_merge_leaves_an_untitled_talk_untitled_while_nothing_is_out() -> None:
    assert merged(talk("tea", None)).published.entries[0].title is None


@pytest.mark.parametrize(
    "hidden",
    [
        row("v0000000001", access=Access.PRIVATE),
        row("v0000000001", access=Access.UNLISTED),
        row("v0000000001", access=Access.MEMBERS),
        row("v0000000001", access=Access.LIVE),
        row("v0000000001", platform_date=NOW + timedelta(hours=1)),
    ],
)
def test_merge_awaits_a_talk_whose_video_was_never_public(hidden: SeenVideo) -> None:
    entry = merged(talk("tea"), rows=(hidden,), v0000000001="tea").published.entries[0]
    assert (entry.standing, entry.recordings) == (Standing.AWAITED, ())


def test_merge_takes_a_persons_word_for_an_unlisted_video() -> None:
    unlisted = row("v0000000001", access=Access.UNLISTED)
    result = merged(talk("tea"), rows=(unlisted,), by="decision", v0000000001="tea")
    assert result.published.entries[0].standing is Standing.OUT


def test_merge_takes_a_persons_word_for_a_video_no_list_shows() -> None:
    result = merged(talk("tea"), by="event.yaml", v0000000001="tea")
    assert result.published.entries[0].recordings == (
        Recording(key=V1, url="https://www.youtube.com/watch?v=v0000000001"),
    )


def test_merge_keeps_a_gone_recording_as_unavailable() -> None:
    entry = merged(
        talk("tea"), rows=(row("v0000000001", gone=True),), v0000000001="tea"
    ).published.entries[0]
    assert (entry.standing, entry.recordings[0].available) == (Standing.UNAVAILABLE, False)


def test_merge_leads_with_what_can_be_watched() -> None:
    rows = (row("v0000000001", gone=True), row("v0000000002", seen_h=1))
    entry = merged(talk("tea"), rows=rows, v0000000001="tea", v0000000002="tea").published.entries[
        0
    ]
    assert [(one.key, one.role, one.available) for one in entry.recordings] == [
        (V2, "primary", True),
        (V1, "alternative", False),
    ]


def test_merge_leads_with_the_first_seen_and_a_re_upload_before_what_it_replaced() -> None:
    plain = (row("v0000000001"), row("v0000000002", seen_h=1))
    replaced = (row("v0000000001", replaced_by=V2), row("v0000000002", seen_h=1))
    leads = [
        merged(talk("tea"), rows=rows, v0000000001="tea", v0000000002="tea")
        .published.entries[0]
        .recordings[0]
        .key
        for rows in (plain, replaced)
    ]
    assert leads == [V1, V2]


def test_merge_follows_the_order_of_event_yaml() -> None:
    one = talk("tea", recordings=(V2, V1))
    rows = (row("v0000000001"), row("v0000000002", seen_h=1))
    entry = merged(
        one, rows=rows, by="event.yaml", v0000000001="tea", v0000000002="tea"
    ).published.entries[0]
    assert [recording.key for recording in entry.recordings] == [V2, V1]


@pytest.mark.parametrize(
    "expectation",
    [
        Expectation.NOT_RECORDED,
        Expectation.WITHHELD,
        Expectation.CANCELLED,
        Expectation.LOST,
    ],
)
def test_merge_keeps_a_gated_talks_recording_out_and_alerts(expectation: Expectation) -> None:
    gated = talk("tea", expectation=expectation)
    result = merged(gated, rows=(row("v0000000001"),), v0000000001="tea")
    entry = result.published.entries[0]
    assert (str(entry.standing), entry.recordings) == (str(expectation), ())
    assert len(result.alerts) == 1
    assert result.alerts[0].startswith(f"{V1} is public, but teaconf-2031/tea is ")


def test_merge_holds_the_videos_of_a_withheld_talk_back_from_the_public_ledger() -> None:
    doubtful = SeenVideo(
        video=video("v0000000002"), match=Match(video=V2, verdict=Verdict.REVIEW, talk="tea")
    )
    result = merged(
        talk("tea", expectation=Expectation.WITHHELD),
        rows=(row("v0000000001"), doubtful),
        v0000000001="tea",
    )
    assert result.held == {V1, V2}


def test_merge_ends_an_embargo_on_its_day_in_the_events_zone() -> None:
    embargoed = talk("tea", expectation=Expectation.EMBARGOED, embargo=date(2031, 5, 21))
    rulings = Rulings(links={V1: "tea"}, by={V1: "auto"})
    ledger = Ledger(videos={V1: row("v0000000001")})
    standings = [
        merge(event(embargoed), ledger, rulings, now).published.entries[0].standing
        # 21 May begins in Berlin at 22:00 UTC on 20 May.
        for now in (NOW + timedelta(hours=9, minutes=59), NOW + timedelta(hours=10))
    ]
    assert standings == [Standing.EMBARGOED, Standing.OUT]


def test_merge_releases_an_embargoed_talk_though_its_row_was_held_back() -> None:
    bare = SeenVideo(
        video=Video(key=V1, url=""), match=Match(video=V1, verdict=Verdict.AUTO, talk="tea")
    )
    entry = merged(talk("tea"), rows=(bare,), v0000000001="tea").published.entries[0]
    assert (entry.standing, entry.recordings[0].url) == (
        Standing.OUT,
        "https://www.youtube.com/watch?v=v0000000001",
    )


def test_merge_leaves_a_withdrawn_talk_out_altogether() -> None:
    rulings = Rulings(
        links={V1: "tea"}, by={V1: "auto"}, barred=Barred(talks=frozenset({"teaconf-2031/tea"}))
    )
    ledger = Ledger(videos={V1: row("v0000000001")})
    result = merge(event(talk("tea"), talk("cups")), ledger, rulings, NOW)
    assert [one.talk_id for one in result.published.entries] == ["cups"]
    assert (result.held, result.alerts) == (frozenset({V1}), ())
