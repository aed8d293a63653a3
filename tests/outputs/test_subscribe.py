from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import Collection
from tests.builders import SITE, collection, entry, published
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import only

LISTS = replace(SITE, subscribe_url="https://lists.example.org/form?l=1&x=a%26b#top")


def page(given: Collection) -> Markup:
    return Markup(only("subscribe", given))


@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_subscribe_page_is_well_formed_and_runs_nothing(given: Collection) -> None:
    made = page(given)

    assert (made.stray, made.open, made.names & {"script", "iframe"}) == ([], [], set())


def test_subscribe_page_shows_the_address_to_copy() -> None:
    (field,) = page(collection(samples.thirteen())).all("input")

    assert (field["value"], "readonly" in field) == (
        "https://recaps.example.org/teaconf-2031/atom.xml",
        True,
    )


def test_subscribe_page_offers_readers_the_address_escaped() -> None:
    made = page(collection(samples.thirteen()))

    assert [one for one in made.addresses if "feedly" in one] == [
        (
            "https://feedly.com/i/subscription/feed/"
            "https%3A%2F%2Frecaps.example.org%2Fteaconf-2031%2Fatom.xml"
        )
    ]


def test_subscribe_page_says_how_much_is_out_and_promises_nothing() -> None:
    assert (
        "Nine of the thirteen talks can now be watched. "
        "Pick one way below, and what comes out next will find you. 9 of 13 recordings out"
    ) in page(collection(samples.thirteen())).text


def test_subscribe_page_names_the_zone_beside_every_time() -> None:
    made = page(collection(published(samples.released(1, 19), entry(2))))

    assert "19 May, 11:30 CEST" in made.text
    assert made.all("time") == [{"datetime": "2031-05-19T09:30:00Z"}]


def test_subscribe_page_has_no_mail_field_by_itself() -> None:
    assert "form" not in page(collection(samples.thirteen())).names


def test_subscribe_page_posts_a_mail_address_with_what_the_form_needs() -> None:
    made = Markup(only("subscribe", collection(samples.thirteen()), LISTS))

    assert made.all("form") == [
        {"class": "field", "action": "https://lists.example.org/form", "method": "post"}
    ]
    assert [(one["name"], one.get("value")) for one in made.all("input") if one.get("name")] == [
        ("l", "1"),
        ("x", "a&b"),
        ("email", None),
    ]


def test_subscribe_page_lists_the_feeds_of_tracks() -> None:
    event = published(entry(1, track="Green"), entry(2, track="Black"))

    assert [one for one in page(collection(event)).addresses if one.startswith("tracks")] == [
        "tracks/black/atom.xml",
        "tracks/green/atom.xml",
    ]


def test_subscribe_page_of_all_events_shows_the_latest_of_any() -> None:
    other = published(
        samples.released(3, 21, event_id="cupconf-2032", event_name="CupConf 2032"),
        id="cupconf-2032",
    )
    made = page(collection(samples.thirteen(), other, alone=False))

    assert len(made.all("time")) == 5
    assert "22 May 2031, 09:30 UTC" in made.text


def test_subscribe_page_leaves_out_an_assumed_time() -> None:
    one = samples.released(1, 19)
    assert one.release is not None
    one = replace(one, release=replace(one.release, assumed=True))

    assert page(collection(published(one))).all("time") == []
