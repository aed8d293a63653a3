from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.errors import DatasetError
from pipeline.model import (
    Barred,
    Decision,
    Expectation,
    Installation,
    Ledger,
    Link,
    Release,
    Speaker,
    Talk,
    Verb,
    Watch,
)
from tests.builders import NOW
from tests.workspace import EVENT, Workspace


def opened(tea: Workspace) -> FolderStore:
    return FolderStore(tea.root / "data")


def test_open_reads_an_event_with_everything_in_it(tea: Workspace) -> None:
    tea.write(
        "data/teaconf-2031/event.yaml",
        """\
id: teaconf-2031
name: TeaConf 2031
start: 2031-05-17
watch:
  - {kind: youtube, url: "https://www.youtube.com/playlist?list=PLTea", every: 6 hours}
  - {kind: youtube, url: "https://www.youtube.com/@teaconf"}
talks:
  - id: brewing
    title: Brewing
    also: [Keynote]
    kind: keynote
    speakers: [{name: Ada Example, role: Brewer, affiliation: Teapot, also: [A. Example]}]
    summary: |
      Two
      lines.
    day: 2031-05-18
    length: "25:00"
    language: de
    slides: ["https://example.org/slides"]
    links: [{url: "https://example.org/more", label: More}]
    expectation: {embargoed: 2031-06-01}
    recordings: ["https://youtu.be/tea00000001"]
    not: [tea00000002]
    was: [tea]
""",
    )
    event = opened(tea).open("teaconf-2031").event
    assert event.watches == (
        Watch(
            id="youtube-pltea",
            kind="youtube",
            only_this_event=True,
            every=timedelta(hours=6),
            options={"url": "https://www.youtube.com/playlist?list=PLTea"},
        ),
        Watch(
            id="youtube-teaconf",
            kind="youtube",
            only_this_event=False,
            options={"url": "https://www.youtube.com/@teaconf"},
        ),
    )
    assert event.talks == (
        Talk(
            id="brewing",
            title="Brewing",
            also=("Keynote",),
            kind="keynote",
            speakers=(
                Speaker(
                    name="Ada Example", role="Brewer", affiliation="Teapot", also=("A. Example",)
                ),
            ),
            summary="Two\nlines.",
            day=event.end.replace(day=18),
            length=timedelta(minutes=25),
            language="de",
            slides=(Link(url="https://example.org/slides", label="Slides"),),
            links=(Link(url="https://example.org/more", label="More"),),
            expectation=Expectation.EMBARGOED,
            embargo=event.end.replace(month=6, day=1),
            recordings=("youtube:tea00000001",),
            not_videos=("youtube:tea00000002",),
            was=("tea",),
        ),
    )
    assert (event.end, event.timezone) == (event.start, "UTC")


def test_open_lets_event_yaml_correct_an_imported_talk_key_by_key(tea: Workspace) -> None:
    tea.write(
        "data/teaconf-2031/programme.yaml",
        "talks:\n"
        "  - {id: brewing-tea, title: Old title, summary: Imported, track: Hall}\n"
        "  - {id: imported-only, title: Only in the import}\n",
    )
    talks = opened(tea).open("teaconf-2031").event.talks
    assert [talk.id for talk in talks] == ["brewing-tea", "imported-only", "porcelain", "untitled"]
    assert (talks[0].title, talks[0].summary, talks[0].track) == (
        "Brewing Tea at Scale",
        "Imported",
        "Hall",
    )


def test_open_reads_decisions_oldest_first(tea: Workspace) -> None:
    for name, time, video in (("b", "13:00", "tea00000001"), ("a", "12:00", "tea00000002")):
        tea.write(
            f"data/teaconf-2031/decisions/{name}.yaml",
            f"time: 2031-05-20T{time}:00Z\nverb: ignore\nvideo: {video}\nby: Ada\n",
        )
    assert opened(tea).open("teaconf-2031").decisions == (
        Decision(id="a", time=NOW, verb=Verb.IGNORE, by="Ada", video="youtube:tea00000002"),
        Decision(
            id="b",
            time=NOW + timedelta(hours=1),
            verb=Verb.IGNORE,
            by="Ada",
            video="youtube:tea00000001",
        ),
    )


def test_open_names_problems_of_every_file_at_once(tea: Workspace) -> None:
    tea.write("data/teaconf-2031/event.yaml", EVENT.replace("name: Tea", "nam: Tea"))
    tea.write("data/teaconf-2031/programme.yaml", "talk: []\n")
    tea.write("data/teaconf-2031/recordings.yaml", "video: {}\n")
    tea.write("data/teaconf-2031/decisions/x.yaml", "verb: shrug\n")
    with pytest.raises(DatasetError) as caught:
        opened(tea).open("teaconf-2031")
    assert [problem.file.rpartition("/")[2] for problem in caught.value.problems] == [
        "programme.yaml",
        "recordings.yaml",
        "x.yaml",
        "x.yaml",
        "x.yaml",
        "event.yaml",
        "event.yaml",
    ]


def test_open_says_when_event_yaml_has_another_ending(tea: Workspace) -> None:
    (tea.event_folder / "event.yaml").rename(tea.event_folder / "event.yml")
    with pytest.raises(DatasetError, match=r"is called event.yml; rename it to event.yaml"):
        opened(tea).open("teaconf-2031")


@pytest.mark.parametrize("name", ["status", "img", "archive"])
def test_open_refuses_ids_that_are_paths_of_the_site(tea: Workspace, name: str) -> None:
    tea.write(f"data/{name}/event.yaml", EVENT.replace("id: teaconf-2031", f"id: {name}"))
    with pytest.raises(DatasetError, match=r"is reserved for paths of the site"):
        opened(tea).open(name)


def test_open_refuses_one_recording_at_two_talks(tea: Workspace) -> None:
    link = '    recordings: ["https://youtu.be/tea00000001"]\n  - id'
    tea.write(
        "data/teaconf-2031/event.yaml", EVENT.replace("  - id", link).replace(link, "  - id", 1)
    )
    with pytest.raises(DatasetError, match=r"is already a recording of 'brewing-tea'"):
        opened(tea).open("teaconf-2031")


def test_open_wants_an_id_for_a_second_list_of_the_same_name(tea: Workspace) -> None:
    twice = "  - {kind: file, path: videos.yaml}\n"
    tea.write("data/teaconf-2031/event.yaml", EVENT.replace(twice, twice * 2))
    with pytest.raises(DatasetError, match=r"a second watch list is called 'file-videos'"):
        opened(tea).open("teaconf-2031")


def test_barred_reads_what_must_never_appear(tea: Workspace) -> None:
    tea.write(
        "data/no-publish.yaml",
        "videos: [tea00000001]\ntalks: [teaconf-2031/porcelain]\nspeakers: [ADA  Exámple]\n",
    )
    assert opened(tea).barred() == (
        Barred(
            videos=frozenset({"youtube:tea00000001"}),
            talks=frozenset({"teaconf-2031/porcelain"}),
            speakers=frozenset({"ada example"}),
        ),
        (),
    )


def test_save_writes_what_open_reads_back(tea: Workspace) -> None:
    row = Release(feed_id="tag:x", released=NOW, updated=NOW, digest="0", sequence=1)
    ledger = Ledger(talks={"porcelain": row})
    installation = Installation(events={"teaconf-2031": NOW}, sequence=1, newest=NOW)
    store = opened(tea)
    assert store.save({"teaconf-2031": ledger}, installation) is True
    assert store.save({"teaconf-2031": ledger}, installation) is False
    assert store.open("teaconf-2031").ledger == ledger
    assert store.installation() == installation


def test_event_ids_are_folders_but_not_decisions_or_dot_folders(tmp_path: Path) -> None:
    for name in ("b-conf", "a-conf", "decisions", ".recap"):
        (tmp_path / name).mkdir()
    (tmp_path / "ledger.yaml").touch()
    assert FolderStore(tmp_path).event_ids() == ("a-conf", "b-conf")
