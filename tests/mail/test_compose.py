from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Plan, PublishedEvent, Standing
from pipeline.text import clean
from tests.builders import entry, published
from tests.mail.cases import LEAVING, hostile_titles, ids, large, made, pictured, three, without
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import released

ARABIC = {"language": "ar", "name": "مؤتمر الشاي"}


def headings(html: str) -> list[str]:
    return re.findall(r"<h2 [^>]*>([^<]+)<", html)


def test_mail_tells_of_the_talks_it_is_given_whatever_came_last() -> None:
    mail = made(three(), "talk-1")

    assert (mail.subject, mail.preheader) == (
        "1 new recording: 2 of 3 out - TeaConf 2031",
        "Talk number 1",
    )


def test_mail_has_a_button_for_each_new_talk_and_none_for_others() -> None:
    html = made(samples.thirteen(), "talk-5", "talk-8").html

    buttons = [one["href"] for one in Markup(html).all("a") if one.get("class") == "button"]
    assert buttons == [
        "https://www.youtube.com/watch?v=vid00000005",
        "https://www.youtube.com/watch?v=vid00000008",
    ]


def test_mail_has_its_sections_in_order() -> None:
    html = made(samples.thirteen(), "talk-5").html

    assert headings(html) == [
        "New since Monday 19 May",
        "All talks so far: earlier recordings",
        "Still to come",
    ]


def test_mail_is_new_since_the_last_release_before_its_own_talks() -> None:
    event = published(released(1, 19), released(2, 20), released(3, 22), entry(4))

    assert headings(made(event, "talk-2").html)[0] == "New since Monday 19 May"


def test_mail_about_the_first_release_is_new_since_no_day() -> None:
    assert headings(made(three(), "talk-1").html)[0] == "New"


def test_mail_names_two_titles_and_how_many_more_before_it_is_opened() -> None:
    mail = made(samples.thirteen(), "talk-5", "talk-8", "talk-10")

    assert mail.preheader == "Talk number 5 · Talk number 8 · and one more"
    assert f">{mail.preheader}<" in mail.html


def test_mail_does_not_tell_of_a_talk_that_can_no_longer_be_watched() -> None:
    event = published(samples.unavailable(1), released(2, 19), released(3, 20))
    mail = made(event, "talk-1", "talk-3")

    assert mail.preheader == "Talk number 3"
    assert "The recording is currently unavailable" in mail.html


def test_mail_shows_stored_pictures_from_the_site() -> None:
    event = published(pictured(1), pictured(2), entry(3))
    html = made(event, "talk-2").html

    assert [(one["src"], one["alt"]) for one in Markup(html).all("img")] == [
        ("https://recaps.example.org/img/teaconf-2031/2.jpg", "Still from Talk number 2"),
        ("https://recaps.example.org/img/teaconf-2031/1.jpg", ""),
    ]


def test_mail_draws_a_card_where_no_picture_is_stored() -> None:
    assert "img" not in Markup(made(three(), "talk-2").html).names


def test_mail_styles_stand_in_every_element() -> None:
    html = made(samples.thirteen(), "talk-5").html

    bare = [
        (name, attributes["class"])
        for name, attributes in Markup(html).elements
        if attributes.get("class") and not attributes.get("style")
    ]
    assert bare == [("span", "legend")]


def test_mail_for_dark_schemes_and_small_screens_keeps_its_style_sheet() -> None:
    html = made(three(), "talk-2").html

    assert re.findall(r"@media \(([a-z-]+)", html) == ["max-width", "prefers-color-scheme"]


def test_mail_runs_from_right_to_left_where_the_event_does() -> None:
    html = made(published(released(1, 19), entry(2), **ARABIC), "talk-1").html

    turned = [name for name, one in Markup(html).elements if one.get("dir") == "rtl"]
    assert turned == ["html", "div"]


def test_mail_says_its_own_sentences_in_english_where_there_is_no_other() -> None:
    html = made(published(released(1, 19), entry(2), **ARABIC), "talk-1").html

    assert '<span lang="en" dir="ltr">One more recording is out</span>' in html


def test_mail_speaks_the_language_of_the_event() -> None:
    mail = made(published(released(1, 19), entry(2), language="de"), "talk-1")

    assert mail.subject == "1 neue Aufzeichnung: 1 von 2 erschienen - TeaConf 2031"
    assert '<html lang="de" dir="ltr">' in mail.html


def test_mail_ends_with_reason_and_the_way_out() -> None:
    mail = made(three(), "talk-2", settings=LEAVING)

    assert mail.text.endswith(
        "\nYou asked for it at TeaConf, 1 Example Street.\nUnsubscribe: https://example.org/bye\n"
    )
    assert Markup(mail.html).addresses[-1] == "https://example.org/bye"
    assert mail.markdown.endswith("[Unsubscribe](https://example.org/bye)\n")


def test_mail_without_settings_says_nothing_of_leaving() -> None:
    assert "nsubscribe" not in "".join((made(three()).html, made(three()).text))


def test_backlog_is_headed_already_out_and_calls_nothing_new() -> None:
    mail = made(three(), "talk-1", "talk-2", kind="backlog")

    assert (mail.subject, headings(mail.html)) == (
        "2 recordings are already out - TeaConf 2031",
        ["Already out", "Still to come"],
    )
    assert 'class="new-' not in mail.html


def closing() -> PublishedEvent:
    return published(
        released(1, 19),
        released(2, 22),
        without(3, Standing.LOST),
        without(4, Standing.WITHHELD),
        without(5, Standing.CANCELLED),
        without(6, Standing.AWAITED),
        introduction="Two days of *tea*.",
        conclusion="Thanks to all who *poured*.",
        author="Ada Example",
    )


def test_closing_recap_says_that_it_was_the_last_one() -> None:
    mail = made(closing(), "talk-2", kind="closing")

    assert mail.subject == "That was the last recording: 2 of 5 recordings out - TeaConf 2031"
    assert (
        "Two of the five talks can now be watched. "
        "Three recordings are missing; the reasons are below."
    ) in mail.html


def test_closing_recap_names_what_will_not_come_and_why() -> None:
    text = made(closing(), "talk-2", kind="closing").text

    assert text.partition("Without a recording\n")[2].partition("\n\n\n")[0] == (
        "-------------------\n"
        "\n"
        "3. Talk number 3\n"
        "   Speaker 3, Engineer, Example Works\n"
        "   The recording was lost.\n"
        "\n"
        "4. Talk number 4\n"
        "   Speaker 4, Engineer, Example Works\n"
        "   The recording will not be published.\n"
        "\n"
        "5. Talk number 5\n"
        "   Speaker 5, Engineer, Example Works\n"
        "   This talk was cancelled.\n"
        "\n"
        "6. Talk number 6\n"
        "   Speaker 6, Engineer, Example Works\n"
        "   No recording has come out."
    )


def test_closing_recap_is_the_whole_recap_and_thanks() -> None:
    shown = Markup(made(closing(), "talk-2", kind="closing").html).text

    said = (
        "Two days of tea.",
        "Thanks to all who poured.",
        "Ada Example",
        "Thank you for watching.",
    )
    assert [one for one in said if one not in shown] == []


def test_closing_recap_of_a_complete_event_says_so() -> None:
    mail = made(published(released(1, 19), released(2, 22)), "talk-2", kind="closing")

    assert mail.subject == "All 2 recordings are out - TeaConf 2031"
    assert "Should another recording appear" not in mail.text


def test_closing_recap_without_anything_new_is_still_a_mail() -> None:
    mail = made(closing(), kind="closing")

    assert mail.subject == "No more recordings are expected: 2 of 5 recordings out - TeaConf 2031"
    assert headings(mail.html) == ["All talks so far", "Without a recording"]


def test_corrected_talk_is_marked_where_others_are_new() -> None:
    mail = made(three(), "talk-1", "talk-2", corrected={"talk-1"})

    assert mail.subject == "2 new recordings: 2 of 3 out - TeaConf 2031"
    assert mail.html.count("Corrected: an earlier mail led to a wrong recording.") == 1


def test_mail_of_corrections_alone_is_headed_corrected() -> None:
    mail = made(three(), "talk-1", corrected={"talk-1"})

    assert mail.subject == ("Corrected: the right recording: 2 of 3 recordings out - TeaConf 2031")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(), "We write again when the next recordings are out."),
        (
            Plan(when="daily"),
            "We write again when the next recordings are out, at most once a day.",
        ),
        (
            Plan(when="weekly"),
            "We write again when the next recordings are out, at most once a week.",
        ),
        (
            Plan(when="complete"),
            "We write once more, when no further recording is expected.",
        ),
    ],
)
def test_mail_promises_what_the_plan_keeps(plan: Plan, said: str) -> None:
    assert said in made(three(), "talk-2", plan=plan).text


def test_mail_promises_by_the_events_own_plan_before_the_installations() -> None:
    event = three()
    own = replace(event, event=replace(event.event, plan=Plan(when="weekly")))

    assert "at most once a week" in made(own, "talk-2", plan=Plan(when="daily")).text


def test_mail_about_a_complete_event_promises_nothing() -> None:
    event = published(released(1, 19), released(2, 22))

    assert "We write" not in made(event, "talk-2").text


BULKY = {
    "usual": large(200, out=160),
    "long titles": large(200, out=160, title="&" * 300),
    "crowds": large(200, out=160, title="<" * 300, speakers=5),
    "long addresses": large(200, out=160, url="https://example.org/" + "x" * 1900),
    "long texts": large(200, out=160, introduction="tea " * 5000, conclusion="tea " * 5000),
}


@pytest.mark.parametrize("event", BULKY.values(), ids=BULKY)
def test_mail_about_200_talks_stays_below_90_kb_with_all_40_new(event: PublishedEvent) -> None:
    html = made(event, *ids(121, 160)).html
    named = {
        found
        for found in re.findall(r'href="([^"]+)"', html)
        if re.search(r"#talk-|vid0000|xxxx", found)
    }
    shown = len(re.findall(r'class="(?:button|bare)"', html))

    assert (shown, len(html.encode()) < 90_000, bool(named)) == (40, True, True)


def test_mail_folds_earlier_talks_and_says_how_many() -> None:
    html = made(large(200, out=160), *ids(121, 160)).html
    rows = html.count('class="row"')

    assert 0 < rows < 120
    assert f"and {120 - rows} more on the web:" in html
    assert "Still from" not in html


def test_mail_drops_drawings_of_earlier_talks_before_it_folds_them() -> None:
    html = made(large(95, out=90), *ids(85, 90)).html

    assert (html.count('class="row"'), html.count('class="number"')) == (84, 0)


def test_mail_of_a_large_backlog_names_every_talk() -> None:
    html = made(large(200, out=200), *ids(1, 200), kind="backlog").html

    assert html.count('class="bare"') == 200
    assert len(html.encode()) < 90_000


def test_mail_with_more_new_talks_than_can_be_named_folds_them_last() -> None:
    mail = made(large(300, out=300, title="<" * 300), *ids(1, 300))

    assert 85_000 < len(mail.html.encode()) < 90_000
    assert mail.text.count("Watch, ") == 300


def test_text_names_every_talk_however_many() -> None:
    text = made(large(200, out=160), *ids(121, 160)).text

    assert [n for n in range(1, 201) if f"\n{n}. Talk number {n}\n" not in text] == []


def test_mail_survives_every_hostile_title() -> None:
    titles = hostile_titles()
    failed = []
    for start in range(0, len(titles), 10):
        several = [clean(one) for one in titles[start : start + 10]]
        event = published(
            *(
                released(number, 19 + number % 3, title=title or None, summary=title)
                for number, title in enumerate(several, start=1)
            ),
            name=several[0] or "Tea",
            short_name=several[-1] or "Tea",
        )
        markup = Markup(made(event, "talk-1", "talk-2").html)
        lost = [one for one in several if one and one not in markup.text]
        if lost or markup.stray or markup.open or "script" in markup.names:
            failed.append((several, lost))

    assert (len(titles) >= 615, failed) == (True, [])


@given(title=st.text(max_size=60).map(clean), name=st.text(max_size=30).map(clean))
@settings(max_examples=60)
def test_mail_shows_any_title_and_name_as_it_is(title: str, name: str) -> None:
    event = published(released(1, 19, title=title or None), entry(2), name=name or "Tea")
    markup = Markup(made(event, "talk-1").html)

    assert (markup.stray, markup.open) == ([], [])
    assert " ".join(title.split()) in markup.text
