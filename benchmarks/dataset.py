"""Generated datasets of any size: invented conferences whose talks all have a recording listed.

Writes what people would write (config.yaml, event.yaml, the watched list) and nothing that the
machine writes. The same numbers give the same bytes.

What is in a talk follows the largest public archive, pyvideo.org, as counted in its data of 2026
(github.com/pyvideo/data; 21,715 talks in 540 events): 13,070 speakers; 19 % of the talks without
notes, the others with 800 characters of them on average in one to some paragraphs; 23 % with a
link, 8 % with a list, 5 % with emphasis; 0.7 tags a talk, 2,941 tags in all.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from textwrap import indent

CONFIG = "site:\n  tag: recaps.example.org,2031\n  url: https://recaps.example.org/\n"
FIRST_DAY = date(2004, 1, 5)
SUBJECTS = (
    *("Brewing", "Kettles", "Porcelain", "Steam", "Leaves", "Saucers", "Infusion", "Terraces"),
    *("Harvest", "Ceremony", "Oxidation", "Blending", "Packing", "Tasting", "Spouts", "Lids"),
    *("Strainers", "Caddies", "Trays", "Whisks"),
)
QUALITIES = ("Quiet", "Rapid", "Honest", "Distributed", "Patient", "Typed", "Careful", "Hidden")
PLACES = ("at Scale", "in Production", "for Beginners", "under Load", "by Hand", "in the Small")
FIRST = tuple(
    f"{one}{end}"
    for one in ("Ad", "Bel", "Cor", "Dag", "El", "Fen", "Gar", "Hal", "Ir", "Jor", "Kal", "Lun")
    for end in ("a", "in", "or", "eth", "is", "ica", "wyn", "ard", "o", "ette")
)
LAST = tuple(
    f"{one}{end}"
    for one in (
        *("Kettle", "Leaf", "Cup", "Steam", "Pot", "Spout", "Lid", "Tea"),
        *("Saucer", "Caddy", "Whisk", "Tray", "Brew", "Malt", "Mint", "Sugar"),
    )
    for end in ("worth", "wright", "smith", "son", "field", "man", "ley", "croft", "ton", "wood")
)
"""Drawn at random, their 19,200 pairs give 21,700 talks some 13,000 speakers."""

EAGER = ", every: 1 second"
WEEKLY = ", every: 1 week"
"""As often as a web list of an old event is looked at; a local file would be every minute."""

SENTENCES = (
    "What went into the pot, what came out of it, and what we would do otherwise today.",
    "Two years ago nobody in our tea house wrote down how long a leaf had been in the water.",
    "This talk shows the measurements, the two failures behind them, and how they were found.",
    "No knowledge of porcelain is needed; whoever has boiled water before can follow.",
    "We begin with a small kettle, and end with one that serves four hundred guests an hour.",
    "Along the way, a strainer is taken apart, and not everything goes back where it was.",
    "The numbers come from three winters, and from a summer in which the stove stood still.",
    "At the end there is time for questions, for a second cup, and for those who disagree.",
    "Most of what is said about saucers is older than the saucers that are sold now.",
    "You will leave with a list of things to try, in the order in which they cost least.",
)
LINK = "Everything that is shown can be found in [the notes](https://example.org/notes/{number})."
EMPHASIS = "It is about *patience* more than about tea."
LIST = "- a kettle, and how to choose it\n- leaves, and how to keep them dry\n- what to do next"


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
        speaker = f"{choose.choice(FIRST)} {choose.choice(LAST)}"
        found.append((f"{quality} {subject} {place}{turn}", speaker))
    return found


def notes(number: int, index: int) -> str:
    """Return the notes of a talk in Markdown, "" where it has none."""
    choose = random.Random(f"notes {number}-{index}")  # noqa: S311 - variety, not secrets
    if choose.random() < 0.19:
        return ""
    sentences = choose.choices(SENTENCES, k=choose.choice((2, 4, 5, 7, 8, 10, 13, 19)))
    paragraphs = min(choose.choice((1, 1, 1, 2, 2, 3, 4, 6)), len(sentences))
    parts = ["\n".join(sentences[start::paragraphs]) for start in range(paragraphs)]
    for share, part in ((0.28, LINK.format(number=f"{number}-{index}")), (0.06, EMPHASIS)):
        if choose.random() < share:
            parts[-1] += f"\n{part}"
    return "\n\n".join([*parts, *([LIST] if choose.random() < 0.1 else [])]) + "\n"


def tags(number: int, index: int) -> list[str]:
    """Return the tags of a talk: none for most, else a common one and some of its conference."""
    choose = random.Random(f"tags {number}-{index}")  # noqa: S311 - variety, not secrets
    if choose.random() < 0.75:
        return []
    own = [f"teaconf-{number}-{choose.randrange(5)}" for _ in range(2)]
    return list(dict.fromkeys([choose.choice(SUBJECTS).lower(), *own]))


def event(number: int, named: list[tuple[str, str]], *, eager: bool = False) -> str:
    """Return event.yaml of event `number`."""
    start = FIRST_DAY + timedelta(days=number % 9_000)
    rows = [
        f"  - id: talk-{index}\n"
        f"    title: '{title}'\n"
        f"    speakers: [{{name: {speaker}, role: Brewer, affiliation: Example Works}}]\n"
        f"{_optional(number, index)}"
        for index, (title, speaker) in enumerate(named)
    ]
    return (
        f"id: {event_id(number)}\nname: TeaConf {number}\nstart: {start}\n"
        f"end: {start + timedelta(days=1)}\ntimezone: Europe/Berlin\ncity: Berlin\n"
        f"watch:\n  - {{kind: file, path: videos.yaml{EAGER if eager else WEEKLY}}}\n"
        "talks:\n" + "".join(rows)
    )


def _optional(number: int, index: int) -> str:
    """Return what not every talk has, as it stands in event.yaml."""
    found, named = notes(number, index), tags(number, index)
    listed = f"    tags: [{', '.join(named)}]\n" if named else ""
    return listed + (f"    summary: |\n{indent(found, ' ' * 6)}" if found else "")
