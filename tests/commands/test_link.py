"""`recap link` as a person types it."""

from __future__ import annotations

import pytest

from pipeline.commands import deciding
from pipeline.files.lock import hold
from tests.commands.person import OPEN_EVENT, OTHER, Person


def test_link_takes_an_id_that_starts_with_a_dash_and_shows_what_it_changes(
    person: Person,
) -> None:
    lines = person.says("link", "-qRUsuevKj4", "porcelain")
    file = next((person.tea.event_folder / "decisions").iterdir())
    assert lines == [
        "link youtube:-qRUsuevKj4 → porcelain, by Ada",
        "In teaconf-2031:",
        "  feed: + Porcelain in Production (Grace Sample)",
        "  page: 1 → 2 of 3 recordings out",
        "  mail: the next recap names Porcelain in Production (Grace Sample)",
        f"Written to {file}.",
        "Next: run `recap publish --offline`",
    ]
    assert person.publish() == ["Porcelain in Production", "Brewing Tea at Scale"]


@pytest.mark.parametrize(
    ("video", "talk"),
    [
        ("youtube:-qRUsuevKj4", "teaconf-2031/porcelain"),
        ("https://youtu.be/-qRUsuevKj4?t=3", "porcelain production"),
        ("https://www.youtube.com/watch?v=-qRUsuevKj4", "Grace Sample"),
    ],
)
def test_link_takes_keys_pasted_addresses_and_words(person: Person, video: str, talk: str) -> None:
    person.says("link", video, talk)
    assert person.decisions() == [
        (
            "time: '2031-05-20T12:05:00Z'\nverb: link\nby: Ada\n"
            "video: youtube:-qRUsuevKj4\ntalk: porcelain\n"
        )
    ]


def test_link_finds_a_talk_by_the_title_of_its_upload(person: Person) -> None:
    person.says("link", "unt00000001", "untitled")
    lines = person.says("link", "-qRUsuevKj4", "Whistling Kettles")
    assert lines[0] == "link youtube:-qRUsuevKj4 → untitled, by Ada"


def test_link_dry_run_writes_nothing(person: Person) -> None:
    lines = person.says("link", "-qRUsuevKj4", "porcelain", "--dry-run")
    assert (lines[-1], person.decisions()) == ("Nothing was written (--dry-run).", [])


def test_link_prefers_the_event_that_knows_the_video(person: Person) -> None:
    person.tea.write("data/cupconf-2031/event.yaml", OTHER)
    person.says("link", "-qRUsuevKj4", "porcelain")
    assert (len(person.decisions()), person.decisions("cupconf-2031/decisions")) == (1, [])


def test_link_takes_the_event_that_is_named(person: Person) -> None:
    person.tea.write("data/cupconf-2031/event.yaml", OTHER)
    person.says("link", "-qRUsuevKj4", "porcelain", "--event", "cupconf-2031")
    assert (person.decisions(), len(person.decisions("cupconf-2031/decisions"))) == ([], 1)


def test_link_refuses_what_event_yaml_overrules(person: Person) -> None:
    written = OPEN_EVENT.replace(
        "speakers: [Grace Sample]", "speakers: [Grace Sample]\n    recordings: [tea00000001]"
    )
    person.tea.write("data/teaconf-2031/event.yaml", written)
    code, _, err = person.recap("link", "tea00000001", "untitled")
    assert (code, err, person.decisions()) == (
        2,
        (
            "recap: data/teaconf-2031/event.yaml: `recordings:` of the talk 'porcelain' names "
            "youtube:tea00000001, and event.yaml wins; change the line there\n"
        ),
        [],
    )


def test_link_names_the_talks_that_may_be_meant(person: Person) -> None:
    person.tea.write("data/cupconf-2031/event.yaml", OTHER)
    code, _, err = person.recap("link", "abcdefghijk", "porcelain")
    assert (code, person.decisions()) == (2, [])
    assert "cupconf-2031/porcelain, teaconf-2031/porcelain" in err


def test_link_refuses_an_event_that_does_not_exist(person: Person) -> None:
    code, _, err = person.recap("link", "-qRUsuevKj4", "porcelain", "--event", "teaconf-2013")
    assert (code, err) == (
        2,
        "recap: data: there is no event 'teaconf-2013'; did you mean 'teaconf-2031'?\n",
    )


def test_link_exits_75_while_a_run_goes_on(person: Person) -> None:
    person.monkeypatch.setattr(deciding, "LOCK_WAIT_S", 0.0)
    config = person.tea.config
    with hold(config.data, holder=config.state / "holder.json", now=person.tea.now):
        code, _, err = person.recap("link", "-qRUsuevKj4", "porcelain")
    assert (code, person.decisions()) == (75, [])
    assert "run again when it has finished" in err


def test_link_warns_of_an_event_that_cannot_be_read_and_goes_on(person: Person) -> None:
    person.tea.write("data/broken-2031/event.yaml", "id: broken-2031\n")
    code, _, err = person.recap("link", "-qRUsuevKj4", "porcelain")
    assert (code, len(person.decisions())) == (0, 1)
    assert "data/broken-2031/event.yaml:1:1: name is required" in err


def test_link_says_where_a_talk_begins_in_a_longer_video(person: Person) -> None:
    lines = person.says("link", "-qRUsuevKj4", "porcelain", "--start", "12:30")
    assert lines[0] == "link youtube:-qRUsuevKj4 → porcelain from 12:30, by Ada"
    person.says("link", "-qRUsuevKj4", "untitled", "--start", "0:00")
    assert [body.splitlines()[3:] for body in person.decisions()] == [
        ["video: youtube:-qRUsuevKj4", "talk: porcelain", "start: '12:30'"],
        ["video: youtube:-qRUsuevKj4", "talk: untitled", "start: 0:00"],
    ]
    assert "Porcelain in Production" in person.publish()


def test_link_refuses_a_start_that_is_no_time(person: Person) -> None:
    code, _, err = person.recap("link", "-qRUsuevKj4", "porcelain", "--start", "noon")
    assert (code, "--start: 'noon' is no length" in err, person.decisions()) == (2, True, [])


def test_link_refuses_a_start_that_event_yaml_overrules(person: Person) -> None:
    person.tea.write(
        "data/teaconf-2031/event.yaml",
        OPEN_EVENT.replace(
            "    speakers: [Grace Sample]", "    speakers: [Grace Sample]\n    not: [-qRUsuevKj4]"
        ),
    )
    code, _, err = person.recap("link", "-qRUsuevKj4", "porcelain", "--start", "1:00")
    assert (code, "event.yaml wins" in err, person.decisions()) == (2, True, [])


def test_link_names_another_event_that_has_the_video(person: Person) -> None:
    person.tea.write("data/cupconf-2031/event.yaml", OTHER)
    lines = person.says("link", "tea00000001", "cupconf-2031/porcelain")
    assert lines[-2] == (
        "teaconf-2031 has youtube:tea00000001 too; if it is not its own: "
        "`recap unlink youtube:tea00000001 --event teaconf-2031`"
    )
