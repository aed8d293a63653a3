from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from pipeline.model import Collection, Speaker
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.samples import only

SCHEMA = Path(__file__).parents[3] / "shared" / "schemas" / "jsonfeed-1.1.schemastore.json"


def test_jsonfeed_says_what_it_is() -> None:
    feed = json.loads(only("jsonfeed", collection(published())))

    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "TeaConf 2031",
        "home_page_url": "https://recaps.example.org/teaconf-2031/",
        "feed_url": "https://recaps.example.org/teaconf-2031/feed.json",
        "description": "Talk recordings of TeaConf 2031, as they are released",
        "language": "en",
        "items": [],
    }


def test_jsonfeed_tells_release_and_change_in_utc() -> None:
    (item,) = json.loads(only("jsonfeed", collection(published(samples.released(1, 19)))))["items"]

    assert (item["date_published"], item["date_modified"]) == (
        "2031-05-19T09:30:00Z",
        "2031-05-19T09:30:00Z",
    )


def test_jsonfeed_item_has_no_empty_tags() -> None:
    (item,) = json.loads(only("jsonfeed", collection(published(entry(1, sequence=1)))))["items"]

    assert "tags" not in item


def test_jsonfeed_item_has_summary_authors_and_picture() -> None:
    made = entry(
        1, sequence=1, speakers=(Speaker(name="Ada Example", url="https://ada.example.org/"),)
    )
    pictured = replace(made, recordings=(replace(made.recordings[0], image="img/tea.jpg"),))
    (item,) = json.loads(only("jsonfeed", collection(published(pictured))))["items"]

    assert {name: item[name] for name in ("summary", "authors", "image")} == {
        "summary": "What talk 1 is about.",
        "authors": [{"name": "Ada Example", "url": "https://ada.example.org/"}],
        "image": "https://recaps.example.org/img/tea.jpg",
    }


def test_jsonfeed_item_has_no_empty_summary_and_no_attachment() -> None:
    given = collection(published(entry(1, sequence=1, summary=None)))
    (item,) = json.loads(only("jsonfeed", given))["items"]

    assert {"summary", "image", "attachments"} & item.keys() == set()


@pytest.mark.skipif(not SCHEMA.exists(), reason="the JSON Feed schema is not on this machine")
@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_jsonfeed_is_valid_by_its_schema(given: Collection) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    jsonschema.validate(json.loads(only("jsonfeed", given)), schema)
