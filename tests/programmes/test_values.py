from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.programmes import _values as values


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Hot & a < b, **kept** as it is", "Hot & a < b, **kept** as it is"),
        ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>One</li>\n<li>Two</li></ul>", "- One\n- Two"),
        ("<b>Hot</b> and <i>cold</i>", "**Hot** and *cold*"),
        ("<p><b></b>Tea &amp; cake &lt;b&gt;</p>", "Tea & cake <b>"),
        ("<a href='https://a.example.org/'>here</a>", "[here](https://a.example.org/)"),
        ("<a href='javascript:x()'>here</a>", "here"),
        ("<a href='https://a.example.org/'></a>.", "."),
        ("<script>steal()</script><p>Tea</p><style>p{}</style>", "Tea"),
        ("<p>Tea</script></p></a>", "Tea"),
    ],
)
def test_markdown_keeps_paragraphs_bullets_and_links(html: str, text: str) -> None:
    assert values.markdown(html) == text


@given(st.text(alphabet="<>/abpuli \"'=&;!-[]?#x0\n"))
def test_markdown_survives_everything(text: str) -> None:
    assert isinstance(values.markdown(f"<p>{text}"), str)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  Brewing\nTea ", "Brewing Tea"),
        ({"de": "Tee", "en": "Tea"}, "Tea"),
        ({"de": "Tee"}, "Tee"),
        ({"en": ["Tea"]}, None),
        (7, "7"),
        (10**20, None),
        (True, None),
        (None, None),
        ("", None),
    ],
)
def test_line_reads_text_numbers_and_languages(value: object, text: str | None) -> None:
    assert values.line(value) == text


def test_block_joins_texts_that_differ() -> None:
    assert values.block("Hot.", None, "<p>Hot.</p>", "Cold.") == "Hot.\n\nCold."


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("https://a.example.org/x", "https://a.example.org/x"),
        ("/x", "https://teaconf.example.org/x"),
        ("javascript:x()", None),
        ("mailto:ada@example.org", None),
        ("https://a.example.org/a b", None),
        ("http://[", None),
        ("https://a.example.org/" + "x" * 2000, None),
        ("", None),
        (None, None),
    ],
)
def test_web_reads_addresses_only(value: object, address: str | None) -> None:
    assert values.web(value, base="https://teaconf.example.org/2031/") == address


@pytest.mark.parametrize("value", ["Nowhere/Land", "../etc/passwd", "Europe", "", None, 7, "a\0b"])
def test_zone_knows_no_zone_in_anything_else(value: object) -> None:
    assert values.zone(value) is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2031-05-17", date(2031, 5, 17)),
        ("2031-05-17T22:30:00Z", date(2031, 5, 18)),
        ("2031-05-17T22:30:00", date(2031, 5, 17)),
        ("2031-13-17", None),
        ("2031-05-17 noon", None),
        ("9999-12-31T23:59:59Z", None),
        ("17.5.2031", None),
        (None, None),
    ],
)
def test_day_is_that_of_the_zone(value: object, day: date | None) -> None:
    assert values.day(value, timezone="Europe/Berlin") == day


@pytest.mark.parametrize(
    ("value", "language"),
    [
        ("en", "en"),
        ("pt_BR", "pt-BR"),
        ("de-formal", "de"),
        ("German", None),
        ("", None),
        (None, None),
    ],
)
def test_language_is_a_tag(value: object, language: str | None) -> None:
    assert values.language(value) == language


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["Keynote (60 min)"], "keynote"),
        (["lightning_talk"], "lightning"),
        (["lecture", None, "Security Track Keynote"], "keynote"),
        (["Podiumsdiskussion"], "panel"),
        (["Tutorial"], "workshop"),
        (["BoF (45 minutes)"], "meeting"),
        (["Showcase"], "talk"),
        (["Vortrag"], "talk"),
        ([], "talk"),
    ],
)
def test_kind_is_told_from_the_systems_words(words: list[object], kind: str) -> None:
    assert values.kind(*words) == kind


@pytest.mark.parametrize(
    "label",
    ["Recording", "Video recording", "YouTube Video", "Recording of the talk:", "Mitschnitt"],
)
def test_means_recording_knows_what_the_recording_is_called(label: str) -> None:
    assert values.means_recording(label)


@pytest.mark.parametrize(
    "label", ["Video", "Video of the robot", "Recording of an earlier talk", "YouTube", ""]
)
def test_means_recording_takes_no_other_video(label: str) -> None:
    assert not values.means_recording(label)


@pytest.mark.parametrize("label", ["Slides", "Presentation slides", "Folien (PDF)", "Präsentation"])
def test_means_slides_knows_what_slides_are_called(label: str) -> None:
    assert values.means_slides(label)


@pytest.mark.parametrize("label", ["Website", "Slideshare profile", ""])
def test_means_slides_takes_no_other_link(label: str) -> None:
    assert not values.means_slides(label)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://youtu.be/tea00000001", "youtube:tea00000001"),
        ("https://www.youtube.com/@teaconf", None),
        ("https://a.example.org/video", None),
        ("http://[", None),
    ],
)
def test_known_video_knows_the_videos_of_platforms(url: str, key: str | None) -> None:
    assert values.known_video(url) == key


@pytest.mark.parametrize("length", [timedelta(0), timedelta(minutes=-5), timedelta(days=2)])
def test_sensible_takes_no_length_that_a_slot_cannot_have(length: timedelta) -> None:
    assert values.sensible(length) is None
