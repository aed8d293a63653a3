from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipeline.ledger import disown, is_held, record, redact, rename, reuploads
from pipeline.model import Access, Announcement, Ledger, Match, SeenVideo, Verdict, Video
from tests.builders import NOW, event, talk, video, watch

MINUTES = timedelta(minutes=1)


def ledger(*videos: Video) -> Ledger:
    """Return a ledger that saw `videos` one hour after the other."""
    return Ledger(
        videos={
            one.key: SeenVideo(video=one, first_seen=NOW + number * timedelta(hours=1))
            for number, one in enumerate(videos)
        }
    )


OLD = video("old00000001", channel="Tea", duration=20 * MINUTES)


def links_after(second: Video) -> list[tuple[str, str | None]]:
    _, found = reuploads(ledger(OLD, second), {OLD.key: "brewing-tea"})
    return [(one.video, one.talk) for one in found]


def test_reuploads_links_a_second_upload_and_notes_what_it_replaced() -> None:
    new = video("new00000001", channel="Tea", duration=20 * MINUTES + timedelta(seconds=20))
    rows, found = reuploads(ledger(OLD, new), {OLD.key: "brewing-tea"})
    assert rows.videos[OLD.key].replaced_by == new.key
    assert found == (
        Match(
            video=new.key,
            verdict=Verdict.AUTO,
            talk="brewing-tea",
            probability=1.0,
            reasons=(
                "uploaded again in place of youtube:old00000001: same channel, title and length",
            ),
        ),
    )


def test_reuploads_leaves_another_channel_title_or_length_alone() -> None:
    assert [
        links_after(video("new00000001", channel="Coffee", duration=20 * MINUTES)),
        links_after(video("new00000001", title="Other", channel="Tea", duration=20 * MINUTES)),
        links_after(video("new00000001", channel="Tea", duration=21 * MINUTES)),
        links_after(video("new00000001", duration=20 * MINUTES)),
    ] == [[], [], [], []]


def test_reuploads_leaves_alone_what_people_refused_or_ignored() -> None:
    new = video("new00000001", channel="Tea", duration=20 * MINUTES)
    rows, links = ledger(OLD, new), {OLD.key: "brewing-tea"}
    assert [
        reuploads(rows, links, settled={new.key})[1],
        reuploads(rows, links, refused={(new.key, "brewing-tea")})[1],
    ] == [(), ()]


def test_reuploads_replaces_the_latest_upload_not_the_first() -> None:
    second = video("sec00000001", channel="Tea", duration=20 * MINUTES)
    third = video("thi00000001", channel="Tea", duration=20 * MINUTES)
    rows, _ = reuploads(ledger(OLD, second), {OLD.key: "brewing-tea"})
    rows = Ledger(videos={**ledger(OLD, second, third).videos, OLD.key: rows.videos[OLD.key]})
    both = {OLD.key: "brewing-tea", second.key: "brewing-tea"}
    rows, found = reuploads(rows, both)
    assert [one.video for one in found] == [third.key]
    assert rows.videos[second.key].replaced_by == third.key


def test_reuploads_does_not_take_twins_of_one_look_for_a_re_upload() -> None:
    twin = video("new00000001", channel="Tea", duration=20 * MINUTES)
    rows = {one.key: SeenVideo(video=one, first_seen=NOW) for one in (OLD, twin)}
    assert reuploads(Ledger(videos=rows), {OLD.key: "brewing-tea"})[1] == ()


def test_record_stores_what_matching_said() -> None:
    match = Match(video=OLD.key, verdict=Verdict.NONE)
    assert record(ledger(OLD), (match,)).videos[OLD.key].match == match


def test_redact_leaves_key_verdict_and_talk_only() -> None:
    match = Match(video=OLD.key, verdict=Verdict.AUTO, talk="brewing-tea")
    told = replace(match, probability=0.9, reasons=("speaker named in full: Ada Example",))
    rows = redact(record(ledger(OLD), (told,)), {OLD.key, "youtube:never-seen1"})
    assert rows == Ledger(
        videos={OLD.key: SeenVideo(video=Video(key=OLD.key, url=""), match=match)}
    )


def test_rename_carries_rows_of_a_former_id_over() -> None:
    match = Match(video=OLD.key, verdict=Verdict.AUTO, talk="tea")
    old = record(ledger(OLD), (match,))
    announced = Announcement(id="a1", time=NOW, talks=("tea", "cups"))
    old = Ledger(videos=old.videos, announcements=(announced,))
    renamed = rename(old, event(talk("brewing-tea", was=("tea",))))
    assert renamed.videos[OLD.key].match == Match(
        video=OLD.key, verdict=Verdict.AUTO, talk="brewing-tea"
    )
    assert renamed.announcements[0].talks == ("brewing-tea", "cups")


def test_rename_returns_the_same_ledger_where_nothing_was_renamed() -> None:
    assert rename(ledger(OLD), event(talk())) == ledger(OLD)


CHANNEL = watch("channel", only_this_event=False)
BEFORE = video("old00000001", platform_date=NOW - timedelta(days=30))
STRANGE = SeenVideo(
    video=BEFORE,
    watches=("channel",),
    first_seen=NOW,
    match=Match(video=BEFORE.key, verdict=Verdict.NONE, reasons=("nobody named",)),
)


def disowned(row: SeenVideo, **more: object) -> SeenVideo:
    made = event(talk(), watches=(CHANNEL, watch("own")))
    links = {row.video.key} if more.get("linked") else ()
    return disown(Ledger(videos={row.video.key: row}), made, links).videos[row.video.key]


def test_disown_keeps_little_of_a_shared_list_s_video_from_before_the_event() -> None:
    assert disowned(STRANGE) == SeenVideo(
        video=Video(key=BEFORE.key, url=""),
        watches=("channel",),
        first_seen=NOW,
        match=Match(video=BEFORE.key, verdict=Verdict.NONE),
    )


def test_disown_leaves_a_video_alone_that_a_list_of_the_event_s_own_shows() -> None:
    row = replace(STRANGE, watches=("channel", "own"))
    assert disowned(row) == row


def test_disown_leaves_a_linked_video_alone() -> None:
    assert disowned(STRANGE, linked=True) == STRANGE


def test_disown_leaves_a_video_alone_whose_date_is_unknown_or_of_the_event_s_days() -> None:
    undated = replace(STRANGE, video=replace(BEFORE, platform_date=None))
    during = replace(STRANGE, video=replace(BEFORE, platform_date=NOW - timedelta(days=3)))
    assert (disowned(undated), disowned(during)) == (undated, during)


def test_held_is_a_row_without_title_or_list_and_not_a_disowned_one() -> None:
    held = SeenVideo(video=Video(key=BEFORE.key, url=""))
    assert (is_held(held), is_held(STRANGE), is_held(disowned(STRANGE))) == (True, False, False)


def test_reuploads_does_not_take_a_link_that_all_uploads_carry_for_a_talk_s_own() -> None:
    licence = "https://licences.example.org/by"
    first, second, third = (
        video(
            f"v000000000{number}",
            title=f"Lightning {number}",
            channel="Tea",
            duration=5 * MINUTES,
            anchors=(licence,),
        )
        for number in range(3)
    )
    _, found = reuploads(ledger(first, second, third), {first.key: "brewing-tea"})
    assert found == ()


def test_reuploads_replaces_the_first_one_where_matching_was_faster() -> None:
    new = video("new00000001", channel="Tea", duration=20 * MINUTES)
    links = {OLD.key: "brewing-tea", new.key: "brewing-tea"}
    rows, found = reuploads(ledger(OLD, new), links)
    assert (rows.videos[OLD.key].replaced_by, rows.videos[new.key].replaced_by) == (new.key, None)
    assert found == ()


def test_reuploads_leaves_an_upload_alone_that_is_another_talk_s() -> None:
    new = video("new00000001", channel="Tea", duration=20 * MINUTES)
    rows, _ = reuploads(ledger(OLD, new), {OLD.key: "brewing-tea", new.key: "porcelain"})
    assert rows.videos[OLD.key].replaced_by is None


def test_disown_remembers_that_a_video_is_private() -> None:
    row = replace(STRANGE, video=replace(BEFORE, access=Access.PRIVATE))
    assert disowned(row).video.access is Access.PRIVATE


def test_reuploads_takes_no_older_upload_for_a_second_one() -> None:
    first = replace(OLD, platform_date=NOW)
    older = video(
        "old00000002",
        channel="Tea",
        duration=20 * MINUTES,
        platform_date=NOW - timedelta(days=365),
    )
    rows, found = reuploads(ledger(first, older), {first.key: "brewing-tea"})
    assert (rows.videos[first.key].replaced_by, found) == (None, ())
