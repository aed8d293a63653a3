"""A made-up site with every page in every state that people may see, written below one folder."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pipeline import plugins, status
from pipeline.model import (
    Collection,
    Entry,
    EventReport,
    PublishedEvent,
    Question,
    RunReport,
    Site,
    Speaker,
    Standing,
    WatchReport,
)
from pipeline.selection import Index, place
from pipeline.state.database import PastRun
from pipeline.templating import Templates
from tests.builders import NOW, SITE, collection, entry, published
from tests.outputs import samples

KINDS = ("page", "subscribe", "mail", "fragments")

TALKS = (
    ("Opening: Why We Steep", "Ada Example", "Founder", "Teapot Works"),
    ("Brewing Tea at Scale", "Grace Sample", "Head of Kettles", "Samovar"),
    ("What’s New in Porcelain", "Alan Specimen", "Potter", "Kiln & Sons"),
    (None, "Iris Invented", "Taster", "Leaf Lab"),
    ("Second Infusions Are Underrated", "Hugo van Muster", "Tea Master", "Muster"),
    ("Kettles + Cups: Bringing Water to the Table", "Lin Placeholder", "Engineer", "Spout"),
    ("An Introduction to Spout Safety", "Theo Dummy", "Architect", "Drip"),
    ("Steep is good. Slow is good. But never let it get cold", "Mira Made-Up", "Brewer", "Warm"),
    ("Storing Leaves", "Jon Fictitious", "Founder", "Caddy"),
    ("Teabags vs. Loose Leaves", "Jess Nobody", "Engineer", "Strainer"),
    ("Samovars: Practical Advice for Juggling Hot Water", "Sam Figure", "Advisor", "Boil"),
    ("Tea and Reproducible Mornings", "Ben Blank", "Co-Founder", "Dawn"),
    ("Slaying Coffee Machines", "Yun Anyone", "Engineer", "Matcha"),
)
OUT = {1: 19, 2: 19, 3: 19, 5: 22, 6: 20, 7: 20, 8: 22, 9: 20, 10: 22}
"""The talks that are out, and the day of May 2031 on which they came."""

NOTES = {
    1: "How a kettle became a conference, and what comes next.",
    5: "A tour of the *second* cup with demonstrations: leaves, temperatures, and a peek at what "
    "comes after the third.",
    8: "A call to patience.\n\nAmong other things:\n\n- warm the pot\n- wait",
}

PICTURE = "img/0a1b2c.png"
PLACE = replace(SITE, subscribe_url="https://lists.example.org/subscription/form?l=1")


def tea(**more: object) -> PublishedEvent:
    """Return the invented event of the design: 9 of 13 recordings out, three of them new."""
    entries = tuple(_talk(number) for number in range(1, len(TALKS) + 1))
    values: dict[str, object] = {
        "venue": "Kettle Hall",
        "city": "Berlin",
        "country": "DE",
        "website": "https://teaconf.example.org/",
        "recap_title": "TeaConf 2031: Wrap-Up",
        "introduction": "The fourth TeaConf, the second in Berlin: two days, one room and thirteen "
        "talks about leaves and water.",
        "conclusion": "Thank you to everybody who poured, and see you next year in the same hall.",
        "author": "Ada Example",
    }
    return published(*entries, **{**values, **more})


def german() -> PublishedEvent:
    """Return the same in German, with a stored picture."""
    event = tea(
        id="teetage-2031",
        name="Teetage 2031",
        recap_title="Teetage 2031: Rückblick",
        introduction="Die vierten Teetage: zwei Tage, ein Saal und dreizehn Vorträge über Blätter "
        "und Wasser.",
        conclusion="Danke an alle, die eingeschenkt haben.",
        language="de",
    )
    entries = tuple(_pictured(one) if one.position == 5 else one for one in event.entries)
    return replace(event, entries=entries)


def _pictured(one: Entry) -> Entry:
    first = replace(one.recordings[0], image=PICTURE, image_width=320, image_height=180)
    return replace(one, recordings=(first,))


def arabic() -> PublishedEvent:
    """Return an event that is written from right to left, with talks in both directions."""
    event = tea(
        id="chai-2031",
        name="مؤتمر الشاي ٢٠٣١",
        recap_title="مؤتمر الشاي ٢٠٣١",
        introduction="يومان وقاعة واحدة وثلاثة عشر حديثًا عن الشاي.",
        conclusion="شكرًا لكل من حضر.",
        author="ليلى مثال",
        venue="قاعة الإبريق",
        city="عمّان",
        language="ar",
        timezone="Asia/Amman",
    )
    own = {1: "شاي بالنعناع للجميع", 2: "الماء الساخن: نصائح عملية", 11: "أوراق لم تُقطف بعد"}
    entries = tuple(
        replace(
            one,
            event_id=event.event.id,
            title=own.get(one.position, one.title),
            language="ar" if one.position in own else "en",
        )
        for one in event.entries
    )
    return replace(event, entries=entries)


def long() -> PublishedEvent:
    """Return an event of 60 talks, with a continuous bar, and some that will never come."""
    entries = [samples.released(n, 22 if n > 30 else 19) for n in range(1, 36)]
    entries += [entry(n) for n in range(36, 57)]
    entries += [entry(n, standing=Standing.NOT_RECORDED) for n in range(57, 61)]
    return published(*entries, id="longconf-2031", name="LongConf 2031")


def write(folder: Path) -> list[str]:
    """Write the site below `folder`; return the paths of its pages and mails."""
    looks, site = Templates(), PLACE
    events = (
        tea(),
        german(),
        arabic(),
        long(),
        _hostile(),
        published(id="soon-2032", name="SoonConf 2032"),
    )
    given: list[Collection] = [collection(one) for one in events]
    given.append(collection(*events, alone=False, older=3))
    made = []
    for kind in KINDS:
        output = plugins.load("outputs", kind)(looks)
        for each in given:
            for artifact in output.render(each, site):
                path = folder / artifact.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(artifact.body)
                made.append(artifact.path)
    picture = folder / PICTURE
    picture.parent.mkdir(parents=True)
    picture.write_bytes(_png(320, 180))
    _write_status(folder, events, site)
    return [
        path
        for path in (*made, "status.html")
        if path.endswith(".html") and not path.endswith("recap-body.html")
    ]


def _write_status(folder: Path, events: tuple[PublishedEvent, ...], site: Site) -> None:
    """Write the status page of a day on which one list does not answer."""
    index = Index()
    for one in events:
        index.put(place(one, site))
    asked = Question(
        video="youtube:a", url="https://example.org/a", title=None, talk=None, probability=0.5
    )
    standings = {"out": 9, "awaited": 4}
    made = RunReport(
        started=NOW,
        events=(
            EventReport(
                id="teaconf-2031",
                name="TeaConf 2031",
                total=13,
                out=9,
                standings=standings,
                questions=(asked, asked),
            ),
            EventReport(
                id="chai-2031", name="مؤتمر الشاي ٢٠٣١", total=13, out=9, standings=standings
            ),
        ),
        watches=(
            WatchReport(
                key="teaconf-2031/media-archive",
                error="no answer",
                last_good=NOW - timedelta(hours=1),
                next_look=NOW + timedelta(minutes=30),
            ),
        ),
        written=("teaconf-2031/atom.xml",),
    )
    past = [
        PastRun(
            id=number,
            started=NOW - timedelta(minutes=30 * number),
            finished=NOW,
            exit_code=0,
            report={
                "counts": {"written": 12 if number in (9, 27, 40) else 0},
                "watches": ["teaconf-2031/media-archive"] if number < 3 else [],
            },
        )
        for number in range(1, 48)
    ]
    around = status.Around(
        site=site,
        templates=folder / "no-templates",
        looks="",
        past=past,
        wake=NOW + timedelta(minutes=30),
    )
    status.write(folder, made, index, taken=(), whole=True, around=around)


def _hostile() -> PublishedEvent:
    made = samples.hostile()
    return replace(made, event=replace(made.event, id="hostile-2031"))


def _talk(number: int) -> Entry:
    title, name, role, where = TALKS[number - 1]
    speakers = (Speaker(name=name, role=role, affiliation=where),)
    if number not in OUT:
        return entry(number, title=title, speakers=speakers, summary=NOTES.get(number))
    order = sorted(OUT, key=lambda one: (OUT[one], one))
    made = samples.released(
        number,
        OUT[number],
        sequence=order.index(number) + 1,
        title=title,
        speakers=speakers,
        summary=NOTES.get(number),
    )
    first = replace(made.recordings[0], duration=timedelta(minutes=18 + number * 2))
    return replace(made, recordings=(first,))


def _png(width: int, height: int) -> bytes:
    """Return a picture of two colours."""
    row = b"\0" + b"\x20\x34\x3f" * (width // 2) + b"\xc2\x50\x0f" * (width - width // 2)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * height, 9)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
