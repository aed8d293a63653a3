"""Collections that the tests of all kinds share, hostile ones among them."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipeline import plugins, text
from pipeline.model import (
    Collection,
    Entry,
    Link,
    Output,
    PublishedEvent,
    Recording,
    Site,
    Speaker,
    Standing,
)
from pipeline.templating import Templates
from tests.builders import SITE, collection, entry, published

HOSTILE = (
    "]]> <script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} *|MERGE|* %%X%%",
    "Fish & Chips &amp; <b>bold</b> 'quoted' \"twice\"",
    "شاي بالنعناع",
    "Tea \N{TEACUP WITHOUT HANDLE} for everybody",
    "[link](javascript:alert(1)) `code` *stars* _lines_ # heading",
    "x" * 300,
    "=?utf-8?Q?x=0D=0ABcc:_evil@example.org?=",
    "- https://evil.example.org www.example.org a@example.org",
    "1. <!-- --> | ~~gone~~ $x$ \\",
)
"""Titles that would be markup, a header or code somewhere."""

DIRTY = (
    "Tea\x00 with\x07 control\x1b characters\x0b",
    "Half \ud83c a character \udfff",
    "*|FNAME|* and \N{RIGHT-TO-LEFT OVERRIDE}reversed",
    "]]> <script> & <!--",
    "{{ 7 * 7 }} {% raw %} %%X%% ${x}",
    "شاي بالنعناع",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{TEACUP WITHOUT HANDLE} for everybody",
    "tea " * 75,
)
"""Titles as they may arrive, before they were cleaned; none closes an element of HTML."""


def output(kind: str) -> Output:
    """Return the output of `kind` with the packaged templates."""
    made: Output = plugins.load("outputs", kind)(Templates())
    return made


def files(kind: str, given: Collection, site: Site = SITE) -> dict[str, bytes]:
    """Return what `kind` renders, path to bytes."""
    return {one.path: one.body for one in output(kind).render(given, site)}


def only(kind: str, given: Collection, site: Site = SITE) -> str:
    """Return the text that `kind` renders, under one name or several."""
    (body,) = set(files(kind, given, site).values())
    return body.decode()


def released(number: int, day: int, **more: Any) -> Entry:
    """Return an entry that is out since `day` of May 2031, 09:30 UTC."""
    made = entry(number, **{"sequence": number, **more})
    assert made.release is not None
    moment = datetime(2031, 5, day, 9, 30, tzinfo=UTC)
    return replace(made, release=replace(made.release, released=moment, updated=moment))


def thirteen() -> PublishedEvent:
    """Return an event with 13 talks: 9 out, 3 of them since the latest release."""
    entries = [
        released(number, 22 if number in (5, 8, 10) else 19)
        if number in (1, 2, 3, 5, 6, 7, 8, 9, 10)
        else entry(number)
        for number in range(1, 14)
    ]
    entries[3] = replace(entries[3], title=None)
    return published(*entries)


def hostile() -> PublishedEvent:
    """Return an event whose every text is hostile."""
    entries = [
        entry(
            number,
            sequence=number,
            title=text,
            summary=text,
            track=text,
            tags=(text,),
            # feedparser takes a name with an address in it apart, so names have none.
            speakers=(Speaker(name=text.replace("@", " at "), role=text, affiliation=text),),
            slides=(Link(url="javascript:alert(1)", label=text),),
            links=(Link(url='https://example.org/?q="><i>&r=(1)', label=text),),
        )
        for number, text in enumerate(HOSTILE, start=1)
    ]
    waiting = entry(len(entries) + 1, title=HOSTILE[0])
    return published(
        *entries,
        waiting,
        name=HOSTILE[7],
        short_name=HOSTILE[7],
        venue=HOSTILE[0],
        recap_title=HOSTILE[1],
        introduction=HOSTILE[0],
        conclusion=HOSTILE[1],
        author=HOSTILE[2],
        website="javascript:alert(1)",
    )


def unavailable(number: int = 1) -> Entry:
    """Return an entry whose only recording is gone."""
    made = entry(number, sequence=number, standing=Standing.UNAVAILABLE)
    return replace(made, recordings=tuple(replace(one, available=False) for one in made.recordings))


def many_recordings() -> Entry:
    """Return an entry with a second recording in another language and a cue in a longer video."""
    made = entry(1, sequence=1)
    other = Recording(
        key="vimeo:1",
        url="https://vimeo.com/1",
        role="alternative",
        language="de",
        duration=timedelta(minutes=19, seconds=40),
    )
    cue = Recording(
        key="vimeo:2", url="https://vimeo.com/2", role="cue", start=timedelta(hours=1, seconds=5)
    )
    return replace(made, recordings=(*made.recordings, other, cue))


def sized(count: int) -> PublishedEvent:
    """Return an event of `count` released talks with every sort of text, recording and speaker.

    Texts have passed the door (`text.clean`), as all texts of a dataset have.
    """
    return published(*(_various(number) for number in range(1, count + 1)), series="teaconf")


def _various(number: int) -> Entry:
    title = text.clean(DIRTY[number % len(DIRTY)])
    if number % 13 == 12:
        return replace(unavailable(number), title=title, series="teaconf")
    made = entry(number, sequence=number, title=title, summary=title, series="teaconf")
    others = {
        3: replace(made.recordings[0], url=f"https://files.example.org/{number}.mp4"),
        5: replace(made.recordings[0], image=f"img/{number}.jpg", language="de"),
    }
    mirror = Recording(
        key=f"vimeo:{number}", url=f"https://vimeo.com/{number}", role="alternative", language="fr"
    )
    return replace(
        made,
        language="de" if number % 4 == 0 else "en",
        track=title if number % 2 else "Green",
        tags=(title, "leaves") if number % 3 else (),
        speakers=(
            Speaker(name=title.replace("@", " at "), role=title, url="https://example.org/ada"),
            Speaker(name="Bo Sample", affiliation=title, url="javascript:alert(1)"),
        ),
        slides=(Link(url='https://example.org/?q="><i>&r=(1)', label=title),),
        recordings=(others.get(number % 7, made.recordings[0]), *([mirror] * (number % 6 == 0))),
    )


def everything() -> tuple[Collection, ...]:
    """Return one collection of each sort: full, empty, hostile, all events, no events."""
    several = (thirteen(), hostile(), published(many_recordings(), unavailable(2)))
    return (
        *(collection(one) for one in several),
        collection(published()),
        collection(*several, alone=False),
        collection(alone=False),
    )


def module(kind: str) -> str:
    """Return the docstring of the module of `kind`."""
    return importlib.import_module(f"pipeline.outputs.{kind}").__doc__ or ""
