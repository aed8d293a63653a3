from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from pipeline.model import Collection, PublishedEvent, Recording
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import HOSTILE, only


def page(given: Collection) -> Markup:
    return Markup(only("page", given))


def replace_language(given: PublishedEvent, language: str) -> PublishedEvent:
    entries = tuple(replace(one, language=language) for one in given.entries)
    return replace(given, event=replace(given.event, language=language), entries=entries)


@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_page_is_well_formed(given: Collection) -> None:
    made = page(given)

    assert (made.stray, made.open) == ([], [])


@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_page_loads_nothing_and_runs_nothing(given: Collection) -> None:
    made = page(given)

    assert made.names & {"iframe", "img", "object", "form"} == set()
    assert {one.get("type") for one in made.all("script")} <= {"application/ld+json"}
    assert "url(" not in made.html
    assert "@import" not in made.html


def test_page_shows_every_hostile_title_as_it_is() -> None:
    text = page(collection(samples.hostile())).text

    assert [title for title in HOSTILE if " ".join(title.split()) not in text] == []


def test_page_links_to_web_addresses_and_its_own_files_only() -> None:
    made = page(collection(samples.hostile()))
    others = [one for one in made.addresses if re.match(r"(?!https:)[a-z]+:", one)]

    assert others == ["data:,"]  # no icon, so that no browser asks for one


def test_page_has_an_anchor_for_every_talk_in_programme_order() -> None:
    made = page(collection(samples.thirteen()))

    assert [one["id"] for one in made.all("li") if one.get("class") == "talk"] == [
        f"talk-{number}" for number in range(1, 14)
    ]


def test_page_offers_its_feeds_to_feed_readers() -> None:
    made = page(collection(samples.thirteen()))
    links = [one for one in made.all("link") if one["rel"] == "alternate"]

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


def test_page_speaks_the_language_of_the_event() -> None:
    made = page(collection(replace_language(samples.thirteen(), "de")))

    assert made.all("html") == [{"lang": "de", "dir": "ltr"}]
    assert "9 von 13 Aufzeichnungen erschienen neu seit Montag, 19. Mai" in made.text
    assert "Neu, erschienen am 22. Mai, 25 Min. Ansehen" in made.text


def test_page_of_an_unknown_language_marks_its_sentences_as_english() -> None:
    made = page(collection(replace_language(samples.thirteen(), "ar")))

    assert made.all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert [one for one in made.all("b") if one.get("lang")] == [{"lang": "en", "dir": "ltr"}]


def test_page_tells_machines_of_the_event_and_what_can_be_watched() -> None:
    one = samples.released(1, 19)
    made = only("page", collection(published(one, entry(2), city="Berlin")))
    told = json.loads(made.partition('<script type="application/ld+json">')[2].partition("<")[0])

    assert told == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "TeaConf 2031",
        "startDate": "2031-05-17",
        "endDate": "2031-05-18",
        "inLanguage": "en",
        "location": {
            "@type": "Place",
            "address": {"@type": "PostalAddress", "addressLocality": "Berlin"},
        },
        "recordedIn": [
            {
                "@type": "VideoObject",
                "@id": "https://recaps.example.org/teaconf-2031/#talk-1",
                "name": "Talk number 1",
                "description": "What talk 1 is about.",
                "url": "https://www.youtube.com/watch?v=vid00000001",
                "duration": "PT21M7S",
                "inLanguage": "en",
                "creator": [
                    {
                        "@type": "Person",
                        "name": "Speaker 1",
                        "affiliation": {"@type": "Organization", "name": "Example Works"},
                    }
                ],
            }
        ],
    }


def test_page_keeps_data_for_machines_inside_its_element() -> None:
    made = only("page", collection(published(samples.released(1, 19, title="</script>&\u2028"))))
    script = made.partition('<script type="application/ld+json">')[2].partition("</script>")[0]

    assert re.findall("[<>&\u2028]", script) == []
    assert json.loads(script)["recordedIn"][0]["name"] == "</script>&\u2028"


def test_page_tells_messengers_what_it_is() -> None:
    metas = page(collection(samples.thirteen())).all("meta")

    assert {one["property"]: one["content"] for one in metas if one.get("property")} == {
        "og:type": "website",
        "og:title": "TeaConf 2031",
        "og:description": "Nine of the thirteen talks can now be watched.",
        "og:url": "https://recaps.example.org/teaconf-2031/",
        "og:site_name": "Recaps",
    }


def test_page_of_all_events_lists_them_with_progress() -> None:
    other = published(id="cupconf-2032", name="CupConf 2032")
    made = page(collection(samples.thirteen(), other, alone=False))

    assert [one for one in made.addresses if one.startswith(("teaconf", "cupconf"))] == [
        "teaconf-2031/",
        "teaconf-2031/subscribe.html",
        "cupconf-2032/",
        "cupconf-2032/subscribe.html",
    ]
    assert "9 of 13 recordings out" in made.text
