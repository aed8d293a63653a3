from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline.model import Collection, Speaker
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.samples import only

SCHEMA = Path(__file__).parents[3] / "shared" / "schemas" / "atom.rnc"
NS = "{http://www.w3.org/2005/Atom}"


def root(given: Collection) -> ElementTree.Element:
    return ElementTree.fromstring(only("atom", given))  # noqa: S314 - our own bytes


def test_atom_says_what_it_is_and_when_it_changed() -> None:
    feed = root(collection(samples.thirteen()))

    assert {name: feed.findtext(NS + name) for name in ("id", "title", "updated", "generator")} == {
        "id": "tag:recaps.example.org,2031:teaconf-2031",
        "title": "TeaConf 2031",
        "updated": "2031-05-22T09:30:00+00:00",
        "generator": "recap-pipeline",
    }


def test_atom_links_to_itself_and_to_the_page() -> None:
    feed = root(collection(samples.thirteen()))

    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{NS}link")} == {
        "self": "https://recaps.example.org/teaconf-2031/atom.xml",
        "alternate": "https://recaps.example.org/teaconf-2031/",
    }


def test_atom_titles_are_plain_text() -> None:
    feed = root(collection(samples.hostile()))

    assert {title.get("type") for title in feed.iter(f"{NS}title")} == {None}


def test_atom_entry_names_every_speaker_as_author() -> None:
    speakers = (
        Speaker(name="Ada Example", url="https://ada.example.org/"),
        Speaker(name="Bo Sample"),
    )
    feed = root(collection(published(entry(1, sequence=1, speakers=speakers))))

    assert [
        (one.findtext(f"{NS}name"), one.findtext(f"{NS}uri")) for one in feed.iter(f"{NS}author")
    ] == [("Ada Example", "https://ada.example.org/"), ("Bo Sample", None)]


def test_atom_entry_tells_release_and_change() -> None:
    made = samples.released(1, 19)
    assert made.release is not None
    changed = replace(made.release, updated=made.release.updated + timedelta(days=1))
    entry_ = root(collection(published(replace(made, release=changed)))).find(f"{NS}entry")

    assert entry_ is not None
    assert {name: entry_.findtext(NS + name) for name in ("published", "updated", "summary")} == {
        "published": "2031-05-19T09:30:00+00:00",
        "updated": "2031-05-20T09:30:00+00:00",
        "summary": "What talk 1 is about.",
    }


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema atom.rnc is not on this machine")
@pytest.mark.skipif(not shutil.which("jing"), reason="jing is not installed")
def test_atom_is_valid_by_the_schema_of_rfc_4287(tmp_path: Path) -> None:
    paths = []
    for number, given in enumerate(samples.everything()):
        path = tmp_path / f"{number}.xml"
        path.write_text(only("atom", given), encoding="utf-8")
        paths.append(str(path))

    ran = subprocess.run(
        ["jing", "-c", str(SCHEMA), *paths],  # noqa: S607 - found by which above
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.stdout, ran.returncode) == ("", 0)
