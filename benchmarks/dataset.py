"""Generated datasets of any size: invented conferences whose talks all have a recording listed.

Writes what people would write (config.yaml, event.yaml, the watched list) and nothing that the
machine writes. The same numbers give the same bytes.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

CONFIG = "site:\n  tag: recaps.example.org,2031\n  url: https://recaps.example.org/\n"
FIRST_DAY = date(2004, 1, 5)
SUBJECTS = (
    *("Brewing", "Kettles", "Porcelain", "Steam", "Leaves", "Saucers", "Infusion", "Terraces"),
    *("Harvest", "Ceremony", "Oxidation", "Blending", "Packing", "Tasting", "Spouts", "Lids"),
    *("Strainers", "Caddies", "Trays", "Whisks"),
)
QUALITIES = ("Quiet", "Rapid", "Honest", "Distributed", "Patient", "Typed", "Careful", "Hidden")
PLACES = ("at Scale", "in Production", "for Beginners", "under Load", "by Hand", "in the Small")
FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Radia", "Tony", "Frances", "Leslie")
LAST = ("Example", "Sample", "Specimen", "Pattern", "Instance", "Template", "Token", "Cipher")

EAGER = ", every: 1 second"
WEEKLY = ", every: 1 week"
"""As often as a web list of an old event is looked at; a local file would be every minute."""

PASSAGE = """\
What went into pot {number}, what came out of it, and what we would do otherwise.
With *measurements*, two failures and a list of further reading.

- [the notes](https://example.org/notes/{number})
- the numbers, with their errors
"""


def event_id(number: int) -> str:
    """Return the id of the event with this number, from 0."""
    return f"teaconf-{number:05d}"


def make(root: Path, *, events: int, talks: int, eager: int | None = None) -> None:
    """Write a dataset of `events` conferences of `talks` talks each below `root`.

    The list of the event `eager` is looked at every second, all others every week.
    """
    root.mkdir(parents=True, exist_ok=True)
    (root / "config.yaml").write_text(CONFIG, encoding="utf-8")
    for number in range(events):
        write_event(root, number, talks=talks, eager=number == eager)


def write_event(root: Path, number: int, *, talks: int, eager: bool = False) -> None:
    """Write event `number` and the list that shows its recordings below `root`."""
    folder = root / "data" / event_id(number)
    folder.mkdir(parents=True)
    named = titles(number, talks)
    body = event(number, named, eager=eager)
    (folder / "event.yaml").write_text(body, encoding="utf-8")
    (folder / "videos.yaml").write_text(videos(number, named), encoding="utf-8")


def add_recording(root: Path, number: int, *, talks: int, extra: int) -> None:
    """Let the list of event `number` show the recordings of `extra` later talks as well."""
    named = titles(number, talks + extra)
    folder = root / "data" / event_id(number)
    (folder / "videos.yaml").write_text(videos(number, named), encoding="utf-8")


def open_event(root: Path, number: int, *, talks: int, extra: int) -> None:
    """Give event `number` `extra` further talks that no list shows yet."""
    path = root / "data" / event_id(number) / "event.yaml"
    eager = EAGER in path.read_text(encoding="utf-8")
    body = event(number, titles(number, talks + extra), eager=eager)
    path.write_text(body, encoding="utf-8")


def videos(number: int, named: list[tuple[str, str]]) -> str:
    """Return the watched list of event `number`, as the kind `file` reads it."""
    rows = [
        f"- id: v{number:05d}{index:05d}\n"
        f"  title: '{title} - {speaker} - TeaConf {number}'\n"
        f"  length: '{20 + index % 20}:{index % 60:02d}'\n"
        for index, (title, speaker) in enumerate(named)
    ]
    return "videos:\n" + "".join(rows)


def titles(number: int, talks: int) -> list[tuple[str, str]]:
    """Return (title, speaker) of each talk of event `number`; within it all differ."""
    choose = random.Random(number)  # noqa: S311 - variety, not secrets
    found = []
    for index in range(talks):
        subject = SUBJECTS[index % len(SUBJECTS)]
        quality, place = choose.choice(QUALITIES), choose.choice(PLACES)
        turn = f" {index // len(SUBJECTS) + 1}" if index >= len(SUBJECTS) else ""
        speaker = f"{FIRST[index % len(FIRST)]} {choose.choice(LAST)}"
        found.append((f"{quality} {subject} {place}{turn}", speaker))
    return found


def event(number: int, named: list[tuple[str, str]], *, eager: bool = False) -> str:
    """Return event.yaml of event `number`."""
    start = FIRST_DAY + timedelta(days=number % 9_000)
    rows = [
        f"  - id: talk-{index}\n"
        f"    title: '{title}'\n"
        f"    speakers: [{{name: {speaker}, role: Brewer, affiliation: Example Works}}]\n"
        f"    summary: |\n"
        + "".join(
            f"      {line}\n" if line else "\n"
            for line in PASSAGE.format(number=f"{number}-{index}").splitlines()
        )
        for index, (title, speaker) in enumerate(named)
    ]
    return (
        f"id: {event_id(number)}\nname: TeaConf {number}\nstart: {start}\n"
        f"end: {start + timedelta(days=1)}\ntimezone: Europe/Berlin\ncity: Berlin\n"
        f"watch:\n  - {{kind: file, path: videos.yaml{EAGER if eager else WEEKLY}}}\n"
        "talks:\n" + "".join(rows)
    )
