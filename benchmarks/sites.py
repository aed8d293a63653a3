"""The product beside Pelican: the same talks of the same conferences, built into pages and feeds.

Both are given 21,700 talks in 540 conferences, with title, speaker, tags, notes in Markdown, and
the recording. Pelican builds what its settings say where nothing is said (theme `notmyidea`): a
page for each talk, for each conference as a category, for each speaker and for each tag, and Atom
and RSS feeds of each speaker. Beside those of all and of each category as Atom, which are its
defaults too, it is asked for the same as RSS, for the product writes both. The product builds a
page and Atom, RSS and JSON feeds for each conference, the same for all with every archive page, and
its dataset; with all outputs, mails and Markdown too. Pelican reads and writes one file a talk, the
product several a conference: the same items, but not the same files. Both are one process, start
included.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import dataset
from benchmarks.peers import timed

EVENTS = 540
TALKS = 21_700
TAUGHT = "2032-01-01T12:00:00Z"
LATER = "2032-01-01T13:00:00Z"
LAST = "2032-01-01T14:00:00Z"

PAGES_AND_FEEDS = "outputs: {mail: false, markdown: false, fragments: false}\n"

SETTINGS = """\
SITENAME = "Conference recaps"
SITEURL = "https://recaps.example.org"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
CATEGORY_FEED_ATOM = "feeds/{slug}.atom.xml"
CATEGORY_FEED_RSS = "feeds/{slug}.rss.xml"
FEED_ALL_RSS = "feeds/all.rss.xml"
"""

ARTICLE = """\
Title: {title}
Date: 2031-05-{day:02d} 12:00
Slug: {event}-talk-{index}
Category: TeaConf {number}
Authors: {speaker}
Tags: {tags}

{notes}
[Recording](https://www.youtube.com/watch?v=v{number:05d}{index:05d})
"""


def compare(work: Path, environment: Path, *, events: int, talks: int) -> dict[str, float]:
    """Return the seconds of CPU of each build, by what was built.

    `environment` is the folder of the virtual environment that holds Pelican.
    """
    counts = dict(_spread(events, talks))
    _articles(work / "pelican", counts)
    pelican = [str(environment / "bin" / "pelican"), str(work / "pelican" / "content")]
    settings, output = work / "pelican" / "settings.py", work / "pelican" / "output"
    found = {"pelican": timed([*pelican, "-s", str(settings), "-o", str(output), "-q"])[1]}
    shutil.rmtree(work / "pelican")
    root = work / "recap"
    for number, count in counts.items():
        dataset.write_event(root, number, talks=count)
    recap = [sys.executable, "-m", "pipeline", "publish", "-q", "-C", str(root), "--now"]
    config = root / "config.yaml"
    config.write_text(dataset.CONFIG, encoding="utf-8")
    found["first"] = timed([*recap, TAUGHT])[1]
    for name, more in (("build", PAGES_AND_FEEDS), ("whole", "")):
        shutil.rmtree(root / "feeds")
        config.write_text(dataset.CONFIG + more, encoding="utf-8")
        found[name] = timed([*recap, LATER, "--offline"])[1]
    last = events - 1
    dataset.open_event(root, last, talks=counts[last], extra=1)
    dataset.add_recording(root, last, talks=counts[last], extra=1)
    found["release"] = timed([*recap, LAST, dataset.event_id(last)])[1]
    return found


def _spread(events: int, talks: int) -> Iterator[tuple[int, int]]:
    """Spread the talks over the events, as evenly as can be."""
    for number in range(events):
        yield number, talks // events + (number < talks % events)


def _articles(root: Path, counts: dict[int, int]) -> None:
    """Write the talks as Pelican's articles."""
    root.mkdir(parents=True)
    (root / "settings.py").write_text(SETTINGS, encoding="utf-8")
    for number, count in counts.items():
        folder = root / "content" / dataset.event_id(number)
        folder.mkdir(parents=True)
        for index, (title, speaker) in enumerate(dataset.titles(number, count)):
            body = ARTICLE.format(
                title=title,
                day=1 + number % 28,
                event=dataset.event_id(number),
                index=index,
                number=number,
                speaker=speaker,
                tags=", ".join(dataset.tags(number, index)),
                notes=dataset.notes(number, index),
            )
            (folder / f"talk-{index}.md").write_text(body, encoding="utf-8")
