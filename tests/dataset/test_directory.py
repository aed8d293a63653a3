from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.dataset.directory import (
    Directory,
    address_word,
    glance,
    path_word,
    series_word,
    video_word,
)
from pipeline.dataset.records import render_ledger
from pipeline.model import Ledger, Match, SeenVideo, Stake, Verdict
from tests.builders import video


def write(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")


def seen(key: str, verdict: Verdict) -> SeenVideo:
    match = Match(video=key, verdict=verdict, talk="brewing-tea", reasons=("verdict: auto",))
    return SeenVideo(video=video(title="verdict: auto"), match=match)


def test_a_glance_finds_the_videos_that_matching_linked(tmp_path: Path) -> None:
    rows = {
        "youtube:tea00000001": Verdict.AUTO,
        "youtube:tea00000002": Verdict.REVIEW,
        "youtube:-ea00000003": Verdict.AUTO,
        "youtube:tea00000004": Verdict.NONE,
    }
    ledger = Ledger(videos={key: seen(key, verdict) for key, verdict in rows.items()})
    (tmp_path / "recordings.yaml").write_bytes(render_ledger(ledger))

    assert glance(tmp_path) == {
        video_word("youtube:tea00000001"),
        video_word("youtube:-ea00000003"),
    }


def test_a_glance_finds_the_videos_that_another_event_has_a_stake_in(tmp_path: Path) -> None:
    match = Match(
        video="youtube:tea00000001",
        verdict=Verdict.REVIEW,
        talk="brewing-tea",
        contested=(("cupconf-2031", Stake.CLAIMED),),
    )
    ledger = Ledger(videos={match.video: SeenVideo(video=video(), match=match)})
    (tmp_path / "recordings.yaml").write_bytes(render_ledger(ledger))

    assert glance(tmp_path) == {video_word("youtube:tea00000001")}


def test_a_glance_finds_keys_that_yaml_has_to_quote(tmp_path: Path) -> None:
    key = "url:https://video.example.org/watch?id=tea"
    quoted = f"{key}: 1"
    ledger = Ledger(videos={one: seen(one, Verdict.AUTO) for one in (key, quoted)})
    (tmp_path / "recordings.yaml").write_bytes(render_ledger(ledger))

    assert {video_word(one) for one in (key, quoted)} <= glance(tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        "    recordings: [tea00000001]",
        "    recordings:\n      - https://youtu.be/tea00000001  # the first",
        "    recordings:\n    - tea00000001\n    - tea00000002",
        '    recordings: ["https://www.youtube.com/watch?v=tea00000002",\n "youtube:tea00000001"]',
        "    {title: Tea, recordings: ['tea00000001']}",
    ],
)
@pytest.mark.parametrize("name", ["event.yaml", "programme.yaml"])
def test_a_glance_finds_the_videos_that_people_named(
    tmp_path: Path, name: str, written: str
) -> None:
    write(tmp_path, name, f"talks:\n  - id: tea\n{written}\n")

    assert video_word("youtube:tea00000001") in glance(tmp_path)


def test_a_glance_finds_the_videos_of_decisions(tmp_path: Path) -> None:
    write(tmp_path, "decisions/1.yaml", "verb: link\nvideo: youtube:tea00000001\ntalk: tea\n")

    assert glance(tmp_path) == {video_word("youtube:tea00000001")}


@pytest.mark.parametrize(
    "written",
    [
        "watch:\n  - kind: youtube\n    url: https://www.youtube.com/@teaconf\n    id: all\n",
        "watch: [{kind: youtube, url: 'https://www.youtube.com/@teaconf'}]\n",
        "watch:\n- {kind: youtube, url: https://www.youtube.com/@teaconf}\n\n# tea\ntalks: []\n",
    ],
)
def test_a_glance_finds_the_addresses_of_lists(tmp_path: Path, written: str) -> None:
    write(tmp_path, "event.yaml", f"id: tea\n{written}")

    assert address_word("https://www.youtube.com/@teaconf") in glance(tmp_path)


def test_a_glance_finds_the_files_of_lists_from_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "tea", "event.yaml", "watch:\n  - {kind: file, path: ../all.yaml}\n")

    assert path_word(tmp_path / "all.yaml") in glance(tmp_path / "tea")


def test_a_glance_finds_the_series(tmp_path: Path) -> None:
    write(tmp_path, "event.yaml", "id: tea\nseries: teaconf\n")

    assert glance(tmp_path) == {series_word("teaconf")}


def test_a_glance_at_an_event_without_files_finds_nothing(tmp_path: Path) -> None:
    assert glance(tmp_path) == set()


def test_a_directory_names_all_events_of_a_word_but_the_one_who_asks() -> None:
    made = Directory()
    made.fill([("tea", ["a", "b"]), ("cup", ["a"]), ("cake", ["b"])])

    assert [made.named(word, but="tea") for word in ("a", "b", "c")] == [("cup",), ("cake",), ()]


def test_a_directory_learns_more() -> None:
    made = Directory()
    made.fill([("tea", ["a"])])
    made.note("cup", ["a", "b"])
    made.note("cake", ["a"])

    assert [made.named(word, but="") for word in ("a", "b")] == [("cake", "cup", "tea"), ("cup",)]


def test_a_directory_is_not_filled_by_notes() -> None:
    made = Directory()
    made.note("tea", ["a"])
    noted = made.filled
    made.fill([])

    assert (noted, made.filled, made.named("a", but="")) == (False, True, ("tea",))


def test_a_directory_knows_all_that_it_was_told_however_much() -> None:
    told = Directory()
    for number in range(6_000):
        told.note(f"event-{number % 7}", [f"video x:{number}", "series tea"])

    assert told.named("video x:0", but="") == ("event-0",)
    assert told.named("video x:5999", but="") == ("event-0",)
    assert told.named("series tea", but="event-3") == tuple(
        f"event-{number}" for number in (0, 1, 2, 4, 5, 6)
    )
