"""Those who read what lies below feeds/ as it would be served: a document, or the history."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
SITE_URL = "https://recaps.example.org/"


@dataclass(frozen=True)
class Read:
    """What a reader knows of one document; `links` are by relation."""

    ids: list[str]
    links: Mapping[str, str]
    deleted: list[str] = field(default_factory=list)
    is_archive: bool = False


def read_atom(body: bytes) -> Read:
    root = ElementTree.fromstring(body)  # noqa: S314 - our own bytes
    return Read(
        ids=[str(entry.findtext(f"{ATOM}id")) for entry in root.iter(f"{ATOM}entry")],
        links={str(one.get("rel")): str(one.get("href")) for one in root.findall(f"{ATOM}link")},
        deleted=[str(one.get("ref")) for one in root.iter(f"{AT}deleted-entry")],
        is_archive=root.find(f"{HISTORY}archive") is not None,
    )


def read_rss(body: bytes) -> Read:
    channel = ElementTree.fromstring(body)[0]  # noqa: S314 - our own bytes
    return Read(
        ids=[str(item.findtext("guid")) for item in channel.iter("item")],
        links={str(one.get("rel")): str(one.get("href")) for one in channel.findall(f"{ATOM}link")},
        is_archive=channel.find(f"{HISTORY}archive") is not None,
    )


def read_json(body: bytes) -> Read:
    feed = json.loads(body)
    older = {"prev-archive": feed["next_url"]} if "next_url" in feed else {}
    return Read(ids=[item["id"] for item in feed["items"]], links=older)


READERS: Mapping[str, Callable[[bytes], Read]] = {
    "atom.xml": read_atom,
    "rss.xml": read_rss,
    "feed.json": read_json,
}


def walk(feeds: Path, path: str, *, url: str = SITE_URL) -> list[Read]:
    """Return the subscription document at `path`, then each older archive page."""
    read = READERS[path.rpartition("/")[2]]
    found = [read((feeds / path).read_bytes())]
    while older := found[-1].links.get("prev-archive"):
        assert older.startswith(url)
        found.append(read((feeds / older.removeprefix(url)).read_bytes()))
    return found


@dataclass
class Subscriber:
    """A reader that keeps the ids it has seen."""

    feeds: Path
    path: str = "atom.xml"
    seen: set[str] = field(default_factory=set)

    def poll(self) -> list[str]:
        """Return the ids that look new."""
        ids = READERS[self.path.rpartition("/")[2]]((self.feeds / self.path).read_bytes()).ids
        new = [each for each in ids if each not in self.seen]
        self.seen.update(new)
        return new
