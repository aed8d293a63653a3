"""`recap unlink` as a person types it."""

from __future__ import annotations

from tests.commands.person import Person


def test_unlink_takes_a_talk_out_for_good_though_the_list_still_shows_the_video(
    person: Person,
) -> None:
    lines = person.says("unlink", "tea00000001")
    assert lines[2:5] == [
        "  feed: - Brewing Tea at Scale (Ada Example)",
        "  page: 1 → 0 of 3 recordings out",
        "  mail: no longer in the next recap: Brewing Tea at Scale (Ada Example)",
    ]
    feeds = [person.publish()]
    person.tea.pass_()
    feeds.append(person.publish())
    assert feeds == [[], []]


def test_unlink_keeps_the_name_of_the_talk_that_was_wrong(person: Person) -> None:
    person.says("unlink", "tea00000001")
    assert person.decisions() == [
        (
            "time: '2031-05-20T12:05:00Z'\nverb: unlink\nby: Ada\n"
            "video: youtube:tea00000001\ntalk: brewing-tea\n"
        )
    ]


def test_unlink_refuses_a_video_that_is_linked_to_nothing(person: Person) -> None:
    code, _, err = person.recap("unlink", "-qRUsuevKj4")
    assert (code, err, person.decisions()) == (
        2,
        (
            "recap: youtube:-qRUsuevKj4 is linked to no talk of teaconf-2031; "
            "`recap ignore youtube:-qRUsuevKj4` leaves it alone for good\n"
        ),
        [],
    )


def test_unlink_refuses_a_video_that_no_event_knows(person: Person) -> None:
    code, _, err = person.recap("unlink", "abcdefghijk")
    assert code == 2
    assert "youtube:abcdefghijk: no event knows it" in err
