from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model import Collection, Link, Speaker
from pipeline.outputs._items import Author, feed
from pipeline.templating import Templates
from tests.builders import SITE, collection, entry, published
from tests.outputs import samples
from tests.outputs.feeds import read_json, read_xml
from tests.outputs.markup import Markup
from tests.outputs.samples import HOSTILE


def items(given: Collection) -> list[str]:
    made = feed(given, SITE, templates=Templates())
    return [item.id.rpartition("/")[2] for item in made.items]


def content(given: Collection) -> str:
    (item,) = feed(given, SITE, templates=Templates()).items
    return item.html


@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feeds_read_alike_in_every_format(kind: str, given: Collection) -> None:
    assert read_xml(kind, given) == read_json(given)


def test_feed_keeps_the_order_of_the_collection() -> None:
    given = collection(published(*(entry(n, sequence=n) for n in (2, 3, 1))))

    assert items(given) == ["talk-3", "talk-2", "talk-1"]


def test_feed_of_an_event_without_releases_is_dated_by_the_collection() -> None:
    given = collection(published(entry(1)))
    made = feed(given, SITE, templates=Templates())

    assert (made.items, made.updated) == ((), given.updated)


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feed_titles_survive_every_hostile_character_once(kind: str) -> None:
    given = collection(samples.hostile())

    assert [row.title for row in read_xml(kind, given)] == list(reversed(HOSTILE))


def test_feed_content_never_holds_markup_of_a_text() -> None:
    made = feed(collection(samples.hostile()), SITE, templates=Templates())
    names = set[str]().union(*(Markup(item.html).names for item in made.items))

    assert names <= {"p", "strong", "em", "code", "ul", "ol", "li", "a"}


def test_feed_content_links_to_web_addresses_only() -> None:
    made = feed(collection(samples.hostile()), SITE, templates=Templates())
    addresses = [one for item in made.items for one in Markup(item.html).addresses]

    assert {address.partition(":")[0] for address in addresses} == {"https"}


def test_feed_item_says_who_speaks_and_lists_recordings_and_slides() -> None:
    slides = Link(url="https://example.org/slides", label="Slides")
    given = collection(published(replace(samples.many_recordings(), slides=(slides,))))

    assert content(given) == (
        "<p>What talk 1 is about.</p>\n"
        "<p><strong>Speaker 1</strong>, Engineer, Example Works</p>\n"
        "<ul>\n"
        '<li><a href="https://www.youtube.com/watch?v=vid00000001">Recording, 21 min</a></li>\n'
        '<li><a href="https://vimeo.com/1">Alternative recording in de, 20 min</a></li>\n'
        '<li><a href="https://vimeo.com/2">Part of a longer video, from 1:00:05</a></li>\n'
        '<li><a href="https://example.org/slides">Slides</a></li>\n'
        "</ul>"
    )


def test_feed_item_without_an_available_recording_leads_to_the_recap_page() -> None:
    (row,) = read_json(collection(published(samples.unavailable())))

    assert row.link == "https://recaps.example.org/teaconf-2031/#talk-1"


def test_feed_item_without_an_available_recording_says_so() -> None:
    given = collection(published(samples.unavailable()))

    assert content(given).startswith("<p>The recording is currently unavailable. <a href=")


def test_feed_of_all_events_names_the_event_in_content_and_category() -> None:
    given = collection(published(entry(1, sequence=1, tags=("leaves",))), alone=False)
    made = feed(given, SITE, templates=Templates())
    (item,) = made.items

    assert (made.lead(item), made.event_category(item)) == ("<p>TeaConf 2031</p>\n", "TeaConf 2031")


def test_feed_of_all_events_names_an_event_once_that_is_called_like_a_tag() -> None:
    given = collection(published(entry(1, sequence=1, tags=("TeaConf 2031",))), alone=False)

    for rows in (read_xml("atom", given), read_xml("rss", given), read_json(given)):
        assert [row.tags for row in rows] == [("TeaConf 2031",)]


def test_feed_tells_the_same_talk_by_where_it_stands() -> None:
    """Items are kept between feeds: what one feed says must not turn up in another."""
    one = published(entry(1, sequence=1))
    given = (
        collection(one),
        collection(one, alone=False),
        collection(one, language="de"),
        collection(one),
    )
    made = [feed(each, SITE, templates=Templates()) for each in given]

    assert [(each.event_category(each.items[0]), each.items[0].foreign) for each in made] == [
        (None, False),
        ("TeaConf 2031", False),
        (None, True),
        (None, False),
    ]
    for kind in ("atom", "rss"):
        assert [row.tags for each in given for row in read_xml(kind, each)] == [
            (),
            ("TeaConf 2031",),
            (),
            (),
        ]


@pytest.mark.parametrize("alone", [True, False])
def test_names_of_events_take_room_only_where_they_are_told(*, alone: bool) -> None:
    long = {"event_name": "TeaConf " * 125, "summary": "Of tea. " * 125}
    one = published(*(entry(number, sequence=number, **long) for number in range(1, 101)))
    made = feed(collection(one, alone=alone), SITE, templates=Templates())

    assert all("Of tea." in item.html for item in made.items) == alone


def test_what_a_template_says_before_the_talk_is_in_the_language_of_the_feed(
    tmp_path: Path,
) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed/event.html").write_text("<p>{{ _('Watch') }}: {{ event_name }}</p>\n")
    one = published(entry(1, sequence=1))
    templates = Templates(tmp_path)
    made = [
        feed(collection(one, alone=False, language=language), SITE, templates=templates)
        for language in ("en", "de")
    ]

    assert [each.lead(each.items[0]) for each in made] == [
        "<p>Watch: TeaConf 2031</p>\n",
        "<p>Ansehen: TeaConf 2031</p>\n",
    ]


def test_feed_of_a_track_names_no_event() -> None:
    given = replace(collection(published(entry(1, sequence=1))), kind="track", events=())
    (item,) = feed(given, SITE, templates=Templates()).items

    assert (item.html.splitlines()[0], item.categories) == ("<p>What talk 1 is about.</p>", ())


def test_feed_categories_are_series_track_and_tags_each_once() -> None:
    made = entry(1, sequence=1, series="teaconf", track="Green", tags=("Green", "hot"))

    assert [row.tags for row in read_json(collection(published(made)))] == [
        ("teaconf", "Green", "hot")
    ]


def test_feed_item_shows_the_stored_picture_as_a_link_to_the_recording() -> None:
    made = entry(1, sequence=1)
    pictured = replace(made.recordings[0], image="img/tea.jpg", image_width=320, image_height=180)
    given = collection(published(replace(made, recordings=(pictured,))))

    assert content(given).splitlines()[0] == (
        '<p><a href="https://www.youtube.com/watch?v=vid00000001">'
        '<img src="https://recaps.example.org/img/tea.jpg" alt="Talk number 1"'
        ' width="320" height="180"></a></p>'
    )


def test_feed_item_shows_a_picture_whose_size_nobody_knows_without_one() -> None:
    made = entry(1, sequence=1, title="Tea & <Cups>")
    pictured = replace(made.recordings[0], image="img/tea.jpg")
    given = collection(published(replace(made, recordings=(pictured,))))

    assert content(given).splitlines()[0].partition("<img ")[2] == (
        'src="https://recaps.example.org/img/tea.jpg" alt="Tea &amp; &lt;Cups&gt;"></a></p>'
    )


def test_feed_item_shows_no_picture_of_another_host() -> None:
    made = entry(1, sequence=1)
    pictured = replace(made.recordings[0], image="https://i.example.org/tea.jpg")

    assert "<img" not in content(collection(published(replace(made, recordings=(pictured,)))))


def test_feed_item_sums_up_the_first_paragraph_of_its_notes() -> None:
    given = collection(published(entry(1, sequence=1, summary="Of *tea* & cups.\n\nMore.")))
    (item,) = feed(given, SITE, templates=Templates()).items

    assert item.summary == "Of tea & cups."


def test_feed_says_a_lost_character_as_a_question_mark_everywhere() -> None:
    lost = "Tea \ufffd"
    made = entry(
        1, sequence=1, title=lost, summary=lost, tags=(lost,), speakers=(Speaker(name=lost),)
    )
    whole = feed(collection(published(made), title=lost), SITE, templates=Templates())

    assert ("\ufffd" in repr(whole), whole.title, whole.items[0].title) == (
        False,
        "Tea ?",
        "Tea ?",
    )


def test_feed_item_names_an_author_with_a_web_address_only() -> None:
    speakers = (
        Speaker(name="Ada Example", url="https://ada.example.org/"),
        Speaker(name="Bo Sample", url="javascript:alert(1)"),
    )
    given = collection(published(entry(1, sequence=1, speakers=speakers)))
    (item,) = feed(given, SITE, templates=Templates()).items

    assert item.authors == (
        Author(name="Ada Example", url="https://ada.example.org/"),
        Author(name="Bo Sample"),
    )


def test_feed_item_without_a_title_is_named_after_its_speakers() -> None:
    speakers = (Speaker(name="Ada Example"), Speaker(name="Bo Sample"))
    given = collection(published(entry(1, sequence=1, title=None, speakers=speakers)))

    assert [row.title for row in read_json(given)] == ["Untitled talk by Ada Example and Bo Sample"]


def test_feed_item_without_speakers_is_by_the_event() -> None:
    given = collection(published(entry(1, sequence=1, speakers=())))

    assert [row.authors for row in read_json(given)] == [("TeaConf 2031",)]
