from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.model import Collection, Recording
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import HOSTILE, only


def page(given: Collection) -> Markup:
    return Markup(only("page", given))


@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_page_is_well_formed(given: Collection) -> None:
    made = page(given)

    assert (made.stray, made.open) == ([], [])


@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_page_loads_nothing_and_runs_nothing(given: Collection) -> None:
    made = page(given)

    assert made.names & {"script", "iframe", "img", "object", "form"} == set()
    assert "url(" not in made.html
    assert "@import" not in made.html


def test_page_shows_every_hostile_title_as_it_is() -> None:
    text = page(collection(samples.hostile())).text

    assert [title for title in HOSTILE if " ".join(title.split()) not in text] == []


def test_page_links_to_web_addresses_and_its_own_files_only() -> None:
    made = page(collection(samples.hostile()))

    assert [one for one in made.addresses if re.match(r"(?!https:)[a-z]+:", one)] == []


def test_page_has_an_anchor_for_every_talk_in_programme_order() -> None:
    made = page(collection(samples.thirteen()))

    assert [one["id"] for one in made.all("li") if one.get("class") == "talk"] == [
        f"talk-{number}" for number in range(1, 14)
    ]


def test_page_offers_its_feeds_to_feed_readers() -> None:
    links = page(collection(samples.thirteen())).all("link")

    assert [(one["rel"], one["type"], one["href"]) for one in links] == [
        ("alternate", "application/atom+xml", "atom.xml"),
        ("alternate", "application/rss+xml", "rss.xml"),
        ("alternate", "application/feed+json", "feed.json"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        "9 of 13 recordings out",
        "new since Monday 19 May",
        "New, released 22 May, 25 min. Watch",
        "Released 19 May, 21 min. Watch",
        "Recording to come",
        "Title to be confirmed",
        "Days of release are those of Europe/Berlin.",
    ],
)
def test_page_says_where_the_talks_stand(said: str) -> None:
    assert said in page(collection(samples.thirteen())).text


def test_page_leaves_out_an_assumed_day() -> None:
    one = samples.released(1, 19)
    assert one.release is not None
    one = replace(one, release=replace(one.release, assumed=True))
    made = page(collection(published(one)))

    assert ("Out, 21 min. Watch" in made.text, made.all("time")) == (True, [])


def test_page_tells_machines_the_instant_of_a_release() -> None:
    times = page(collection(published(samples.released(1, 19)))).all("time")

    assert times == [{"datetime": "2031-05-19T09:30:00Z"}]


def test_page_shows_the_stored_image_of_a_recording() -> None:
    recording = Recording(
        key="vimeo:1", url="https://vimeo.com/1", image="img/teaconf-2031/vimeo-1.jpg"
    )
    made = page(collection(published(entry(1, sequence=1, recordings=(recording,)))))

    assert [(one["src"], one["alt"]) for one in made.all("img")] == [
        ("../img/teaconf-2031/vimeo-1.jpg", "")
    ]


def test_page_never_loads_an_image_from_elsewhere() -> None:
    recording = Recording(
        key="vimeo:1", url="https://vimeo.com/1", image="https://example.org/x.jpg"
    )
    made = page(collection(published(entry(1, sequence=1, recordings=(recording,)))))

    assert made.all("img") == []


def test_page_lets_each_title_and_name_find_its_own_direction() -> None:
    made = page(collection(published(entry(1, sequence=1, language="ar"))))

    assert [one.get("dir") for one in made.all("h3")] == ["auto"]
    assert [one["lang"] for one in made.all("div") if one.get("class") == "about"] == ["ar"]


def test_page_of_all_events_lists_them_with_progress_and_feeds() -> None:
    other = published(id="cupconf-2032", name="CupConf 2032")
    made = page(collection(samples.thirteen(), other, alone=False))

    assert [one for one in made.addresses if one.startswith(("teaconf", "cupconf"))] == [
        "teaconf-2031/",
        "teaconf-2031/atom.xml",
        "teaconf-2031/rss.xml",
        "teaconf-2031/feed.json",
        "cupconf-2032/",
        "cupconf-2032/atom.xml",
        "cupconf-2032/rss.xml",
        "cupconf-2032/feed.json",
    ]
    assert "9 of 13 recordings out" in made.text
