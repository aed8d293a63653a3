"""`recap talk add`: one more talk in event.yaml."""

from __future__ import annotations

import pytest

from pipeline.commands.talk import speaker_item
from pipeline.dataset.folder import FolderStore
from pipeline.errors import ConfigError
from pipeline.model import Installation, Ledger, Release
from pipeline.written.yamltext import Plain
from tests.test_cli import at, run
from tests.workspace import EVENT, START, Workspace, files_below

FILE = "data/teaconf-2031/event.yaml"


def added(workspace: Workspace) -> str:
    """Return what stands in event.yaml below what stood there before."""
    body = (workspace.root / FILE).read_text("utf-8")
    assert body.startswith(EVENT)
    return body.removeprefix(EVENT)


def test_talk_add_inserts_the_talk_with_an_id_from_its_title(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--title", "Whistling Kettles", "--speaker", "Alan Specimen, Smith, Works, Inc."]
    arguments += ["--speaker", "Grace Sample", "--day", "2031-05-18", "--length", "25:00"]
    arguments += ["--recording", "https://www.youtube.com/watch?v=whi00000001"]
    code, out, err = run(capsys, "talk", "add", *arguments, *at(tea))
    assert (code, err, out.splitlines()[-1]) == (
        0,
        "",
        f"{FILE} written; `recap publish` publishes it",
    )
    assert added(tea) == (
        "  - id: whistling-kettles\n"
        "    title: Whistling Kettles\n"
        "    speakers:\n"
        "      - name: Alan Specimen\n"
        "        role: Smith\n"
        "        affiliation: Works, Inc.\n"
        "      - Grace Sample\n"
        "    day: 2031-05-18\n"
        "    length: '25:00'\n"
        "    recordings:\n"
        "      - https://www.youtube.com/watch?v=whi00000001\n"
    )


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        (("--speaker", "Zoë Placeholder"), "zoe-placeholder"),
        (("--title", "Porcelain"), "porcelain-2"),
        (("--title", "Porcelain", "--id", "cups"), "cups"),
        (("--id", "lightning-talks"), "lightning-talks"),
        (("--title", "x" * 80), "x" * 63),
    ],
)
def test_talk_add_mints_an_id_that_is_free(
    tea: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], made: str
) -> None:
    run(capsys, "talk", "add", *arguments, *at(tea))
    assert added(tea).splitlines()[0] == f"  - id: {made}"


def test_talk_add_never_takes_the_id_of_an_imported_talk(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    tea.write("data/teaconf-2031/programme.yaml", "talks:\n  - {id: cups, was: [mugs]}\n")
    run(capsys, "talk", "add", "--title", "Cups", *at(tea))
    run(capsys, "talk", "add", "--title", "Mugs", *at(tea))
    ids = [line for line in added(tea).splitlines() if "id:" in line]
    assert ids == ["  - id: cups-2", "  - id: mugs-2"]


def test_talk_add_never_takes_an_id_that_was_published_once(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    former = Release(
        feed_id="tag:recaps.example.org,2031:teaconf-2031/steeping",
        released=None,
        updated=START,
        digest="0" * 16,
        sequence=None,
        deleted=START,
    )
    ledger = Ledger(talks={"steeping": former})
    FolderStore(tea.config.data).save({"teaconf-2031": ledger}, Installation())
    run(capsys, "talk", "add", "--title", "Steeping", *at(tea))
    assert added(tea).splitlines()[0] == "  - id: steeping-2"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "give --title, --speaker or --id"),
        (("--id", "porcelain"), "has a talk 'porcelain' already"),
        (("--id", "No Id"), "'No Id' is no id"),
        (("--speaker", ", Brewer"), "has no name"),
        (("--title", "Tea", "--day", "tomorrow"), "'tomorrow' is no date"),
        (("--title", "Tea", "--length", "long"), "'long' is no length"),
        (("--title", "Tea", "--recording", "the video"), "neither the address of a video"),
    ],
)
def test_talk_add_refuses_what_event_yaml_may_not_say(
    tea: Workspace, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], why: str
) -> None:
    code, _, err = run(capsys, "talk", "add", *arguments, *at(tea))
    assert (code, added(tea)) == (2, "")
    assert why in err


def test_talk_add_dry_run_writes_nothing(
    tea: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_below(tea.root)
    code, out, _ = run(capsys, "talk", "add", "--title", "Steeping", "--dry-run", *at(tea))
    assert (code, out.splitlines()[-2:]) == (0, ["+  - id: steeping", "+    title: Steeping"])
    assert files_below(tea.root) == before


@pytest.mark.parametrize(
    ("given", "item"),
    [
        ("Ada Example", "Ada Example"),
        ("Ada Example, Brewer", {"name": "Ada Example", "role": "Brewer"}),
        ("Ada Example,, Teapot", {"name": "Ada Example", "affiliation": "Teapot"}),
        (
            "Ada Example, Brewer, Tea, Inc.",
            {"name": "Ada Example", "role": "Brewer", "affiliation": "Tea, Inc."},
        ),
    ],
)
def test_a_speaker_is_read_from_one_line(given: str, item: Plain) -> None:
    assert speaker_item(given) == item


def test_a_speaker_without_a_name_is_refused() -> None:
    with pytest.raises(ConfigError, match='write "Name, Role, Affiliation"'):
        speaker_item(" , Brewer")
