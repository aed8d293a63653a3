from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from pipeline.model import Collection
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import HOSTILE, files, only


def body(given: Collection) -> str:
    return files("fragments", given)["teaconf-2031/recap-body.html"].decode()


def post(given: Collection) -> tuple[object, str]:
    """Return the front matter as YAML readers see it, and what follows."""
    text = files("fragments", given)["teaconf-2031/recap-post.md"].decode()
    _, front, rest = text.split("---\n", 2)
    return yaml.safe_load(front), rest.lstrip("\n")


def test_fragment_is_an_article_without_head_and_styles() -> None:
    made = Markup(body(collection(samples.thirteen())))

    assert (made.elements[0], made.stray, made.open) == (
        ("article", {"lang": "en", "dir": "ltr"}),
        [],
        [],
    )
    assert made.names & {"html", "head", "body", "style", "script", "img"} == set()
    assert [one for _, one in made.elements if "style" in one or "class" in one] == []


def test_fragment_links_to_whole_addresses_only() -> None:
    addresses = Markup(body(collection(samples.thirteen()))).addresses

    assert [one for one in addresses if not one.startswith("https://")] == []


def test_fragment_shows_hostile_titles_as_they_are() -> None:
    text = Markup(body(collection(samples.hostile()))).text

    assert [title for title in HOSTILE if " ".join(title.split()) not in text] == []


def test_post_says_what_site_generators_ask_for() -> None:
    event = published(
        replace(samples.released(1, 19), tags=("tea", "no")),
        replace(samples.released(2, 20), tags=("tea",)),
        author="Ada Example",
        recap_title='TeaConf: "Wrap-Up"',
    )

    assert post(collection(event))[0] == {
        "title": 'TeaConf: "Wrap-Up"',
        "date": "2031-05-19T09:30:00Z",
        "lastmod": "2031-05-20T09:30:00Z",
        "lang": "en",
        "author": "Ada Example",
        "tags": ["tea", "no"],
    }


def test_post_goes_on_as_the_recap_to_paste_does() -> None:
    given = collection(samples.thirteen())
    whole = only("markdown", given)

    assert post(given)[1] == whole.partition("\n\n")[2]


@pytest.mark.parametrize("title", HOSTILE)
def test_post_keeps_hostile_titles_inside_the_front_matter(title: str) -> None:
    front, _ = post(collection(published(entry(1), recap_title=title)))

    assert isinstance(front, dict)
    assert front["title"] == title
