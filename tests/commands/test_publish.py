"""`recap publish --format markdown`: what a pull request would change."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.commands.person import Person
from tests.workspace import files_below

NOW = ("--now", "2031-05-20T12:30:00Z")


def test_publish_dry_run_as_markdown_prints_that_and_nothing_else(person: Person) -> None:
    person.says("link", "-qRUsuevKj4", "porcelain")
    before = files_below(person.tea.root)
    plainly = "\n".join(person.says("publish", "--offline", "--dry-run", *NOW))
    chance = re.search(r"perhaps untitled \((0\.\d\d)\)", plainly)
    assert chance is not None
    lines = person.says(
        "publish",
        "--offline",
        "--dry-run",
        "--format",
        "markdown",
        *NOW,
    )
    assert lines == [
        "# What would change",
        "",
        "| event | feed | recap page | to review |",
        "|---|---|---|---|",
        "| TeaConf 2031 | + 1, - 0 | 2 of 3 out | 1 |",
        "",
        "## TeaConf 2031",
        "",
        "- in the feed: Porcelain in Production (Grace Sample)",
        (
            "- to review: Whistling Kettles - Alan Specimen, perhaps `untitled` "
            f"({chance[1]}): "
            "https://www.youtube.com/watch?v=unt00000001"
        ),
    ]
    assert files_below(person.tea.root) == before


def test_publish_as_markdown_names_the_place_of_a_problem(person: Person) -> None:
    person.tea.write("data/teaconf-2031/event.yaml", "id: teaconf-2031\n")
    code, out, _ = person.recap("publish", "--offline", "--dry-run", "--format", "markdown", *NOW)
    assert code == 2
    assert "- data/teaconf-2031/event.yaml:1:1: name is required" in out


def test_publish_refuses_json_and_markdown_at_once(person: Person) -> None:
    assert person.recap("publish", "--json", "--format", "markdown")[0] == 2


def test_publish_takes_another_folder_to_publish_to(person: Person, tmp_path: Path) -> None:
    out = tmp_path / "site/recaps"
    lines = person.says("publish", "--offline", "--out", str(out), *NOW)
    feed = json.loads((out / "feed.json").read_text("utf-8"))
    assert [one["title"] for one in feed["items"]] == ["Brewing Tea at Scale"]
    assert lines[-2].endswith(f" files written in {out}.")
    assert lines[-1] == f"  see {out / 'teaconf-2031' / 'index.html'}"


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("data/teaconf-2031", "lies in data/; name a folder of its own"),
        (".recap", "lies in .recap/; name a folder of its own"),
        ("site", "has an index.html that no run wrote"),
    ],
)
def test_publish_leaves_alone_what_it_did_not_write(person: Person, folder: str, why: str) -> None:
    home = person.tea.root / "site" / "index.html"
    home.parent.mkdir()
    home.write_text("Home", encoding="utf-8")
    code, _, err = person.recap(
        "publish", "--offline", "--out", str(person.tea.root / folder), *NOW
    )
    assert (code, home.read_text("utf-8")) == (2, "Home")
    assert why in err


def test_publish_goes_on_in_a_folder_whose_notes_were_lost(person: Person, tmp_path: Path) -> None:
    for _ in range(2):
        person.says("publish", "--offline", "--out", str(tmp_path), *NOW)
        shutil.rmtree(tmp_path / ".recap")
