"""The event.yaml of a new event."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.errors import ConfigError
from pipeline.importing import starter
from pipeline.model import Imported, Talk

CUPS = Talk(id="cups", title="Cups", day=date(2031, 6, 2))


def test_starter_takes_its_days_from_the_talks_where_nothing_else_tells() -> None:
    made = starter(Imported(name="CupConf", talks=(CUPS,))).written.event
    assert (made.id, made.start, made.end) == ("cupconf", date(2031, 6, 2), date(2031, 6, 2))


def test_starter_names_the_programme_to_read_again_behind_marks() -> None:
    origin = {"kind": "pretalx", "url": "https://pretalx.example.org/cupconf/"}
    made = starter(Imported(key="CupConf 2031", talks=(CUPS,)), origin=origin)
    assert made.body.decode().endswith(
        "# Take the marks away to have the programme read again by itself, once a day:\n"
        "# programme:\n"
        "#   kind: pretalx\n"
        "#   url: https://pretalx.example.org/cupconf/\n"
    )
    assert made.written.event.origin is None


def test_starter_keeps_off_ids_that_are_paths_of_the_site() -> None:
    assert starter(Imported(name="Archive", talks=(CUPS,))).written.event.id == "archive-event"


def test_starter_keeps_texts_as_they_are() -> None:
    words = Imported(
        name="#1: 'CupConf'",
        talks=(CUPS,),
        recap_title="Cups: a recap",
        introduction="# Hello\n\n    code\n\n- *item*: yes",
        conclusion="Bye.",
        author="Ada Example",
    )
    made = starter(words).written.event
    assert (
        made.name,
        made.recap_title,
        made.introduction,
        made.conclusion,
        made.author,
    ) == (words.name, words.recap_title, words.introduction, words.conclusion, words.author)


def test_starter_asks_for_what_nothing_tells() -> None:
    with pytest.raises(ConfigError, match=r"does not tell its first day \(--start\)"):
        starter(Imported(name="CupConf", talks=(Talk(id="cups"),)))
