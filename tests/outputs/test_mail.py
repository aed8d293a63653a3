from __future__ import annotations

import email
import email.policy
import re

import pytest

from pipeline.model import Collection, Standing
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.markup import Markup
from tests.outputs.samples import HOSTILE, files, released

LOST = Standing.LOST
EVENTS = [one for one in samples.everything() if one.path]
WHOLE = {"introduction": "Two days of *tea*.", "conclusion": "Thank you.", "author": "Ada Example"}


def mail(given: Collection, name: str = "email.html") -> str:
    return files("mail", given)[f"{given.path}{name}"].decode()


@pytest.mark.parametrize("given", EVENTS, ids=lambda one: one.id)
def test_mail_is_well_formed_without_scripts_and_images(given: Collection) -> None:
    made = Markup(mail(given))

    assert (made.stray, made.open) == ([], [])
    assert made.names & {"script", "img", "form", "iframe", "link"} == set()


@pytest.mark.parametrize("given", EVENTS, ids=lambda one: one.id)
def test_mail_links_are_absolute(given: Collection) -> None:
    assert [one for one in Markup(mail(given)).addresses if not one.startswith("https://")] == []


def test_mail_has_the_same_links_in_text_and_html() -> None:
    given = collection(samples.thirteen())
    links = set(re.findall(r"https://\S+", mail(given, "email.txt")))

    assert links == set(Markup(mail(given)).addresses)


def test_mail_has_its_sections_in_order() -> None:
    text = mail(collection(published(*samples.thirteen().entries[:8], entry(9, standing=LOST))))

    assert re.findall(r"<h2 [^>]*>([^<]+)<", text) == [
        "New since Monday 19 May",
        "All talks so far: earlier recordings",
        "Still to come",
        "Without a recording",
    ]


def test_mail_text_is_complete() -> None:
    event = published(released(1, 19), released(2, 20), entry(3, title=None))

    assert mail(collection(event), "email.txt") == (
        "TeaConf 2031\n"
        "\n"
        "One more recording is out\n"
        "Speaker 2 is new since Monday 19 May. Two of the three talks can now be watched.\n"
        "\n"
        "2 of 3 recordings out.\n"
        "\n"
        "\n"
        "New since Monday 19 May\n"
        "-----------------------\n"
        "\n"
        "2. Talk number 2\n"
        "   Speaker 2, Engineer, Example Works\n"
        "   What talk 2 is about.\n"
        "   Watch, 22 min: https://www.youtube.com/watch?v=vid00000002\n"
        "\n"
        "\n"
        "All talks so far: earlier recordings\n"
        "------------------------------------\n"
        "\n"
        "1. Talk number 1\n"
        "   Speaker 1, Engineer, Example Works\n"
        "   Watch, 21 min: https://www.youtube.com/watch?v=vid00000001\n"
        "\n"
        "\n"
        "Still to come\n"
        "-------------\n"
        "\n"
        "3. (title to be confirmed)\n"
        "   Speaker 3, Engineer, Example Works\n"
        "\n"
        "\n"
        "We write again when the next recordings are out.\n"
        "\n"
        "\n"
        "On the web: https://recaps.example.org/teaconf-2031/\n"
        "Feeds:\n"
        "https://recaps.example.org/teaconf-2031/atom.xml\n"
        "https://recaps.example.org/teaconf-2031/rss.xml\n"
        "https://recaps.example.org/teaconf-2031/feed.json\n"
        "Days are those of Europe/Berlin.\n"
    )


@pytest.mark.parametrize("name", ["email.html", "email.txt"])
def test_mail_about_a_complete_event_is_the_whole_recap(name: str) -> None:
    text = Markup(mail(collection(published(released(1, 19), released(2, 20), **WHOLE)), name)).text

    assert [
        said
        for said in ("All two recordings", "Two days of", "Thank you.", "Ada Example")
        if said not in text
    ] == []


@pytest.mark.parametrize("name", ["email.html", "email.txt"])
def test_mail_about_a_batch_leaves_the_introduction_to_the_page(name: str) -> None:
    event = published(released(1, 19), released(2, 20), entry(3), **WHOLE)

    assert "Two days of" not in mail(collection(event), name)


def test_mail_in_which_nothing_is_new_is_the_whole_recap() -> None:
    event = published(released(1, 19), released(2, 19), entry(3), **WHOLE)

    assert "Two days of" in mail(collection(event))


def test_mail_shows_every_hostile_title_as_it_is() -> None:
    text = Markup(mail(collection(samples.hostile()))).text

    assert [title for title in HOSTILE if " ".join(title.split()) not in text] == []


def test_mail_gives_newsletter_tools_nothing_to_expand() -> None:
    html = mail(collection(samples.hostile()))

    assert [tag for tag in ("*|", "{{", "{%") if tag in html] == []


def test_mail_fits_below_the_size_at_which_mail_programs_clip() -> None:
    # Gmail shows the first 102 kB of a mail; the design asks for about 27 kB at 13 talks.
    assert len(mail(collection(samples.thirteen()))) < 30_000


@pytest.mark.parametrize("given", EVENTS, ids=lambda one: one.id)
def test_mail_message_carries_the_same_text_and_html(given: Collection) -> None:
    body = files("mail", given)[f"{given.path}recap.eml"]
    message = email.message_from_bytes(body, policy=email.policy.default)
    parts = [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]

    assert parts == [mail(given, "email.txt"), mail(given)]
    assert message["To"] is message["From"] is None


def test_mail_message_is_headed_and_dated_by_the_newest_release() -> None:
    given = collection(samples.thirteen())
    body = files("mail", given)["teaconf-2031/recap.eml"]
    message = email.message_from_bytes(body, policy=email.policy.default)

    assert (message["Subject"], message["Date"]) == (
        "3 new recordings: 9 of 13 out - TeaConf 2031",
        "Thu, 22 May 2031 09:30:00 +0000",
    )
