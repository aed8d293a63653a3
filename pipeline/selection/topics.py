"""What feeds that cross events are about, and the path of each: speakers, tags, tracks.

A path depends on the name alone, never on which other names there are or which came first.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from pipeline import text
from pipeline.model import CollectionKind, Entry, PublishedEvent

FOLDERS: Mapping[CollectionKind, str] = {
    "series": "series",
    "track": "tracks",
    "speaker": "speakers",
    "tag": "tags",
}
"""Under which folder the feeds of a kind lie."""

_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_HASHED = re.compile(r"(.*-)?[0-9a-f]{8}\Z")


def topic_slug(name: str) -> str:
    """Return the last part of the path of a speaker's, tag's or track's feeds.

    Names with the same words, whatever their case and accents, are one topic. A name whose words
    are plain letters and digits is spelled out; every other (`C++`, a Japanese name, a very long
    one) ends with a hash of its words, and so does a name that looks like that. So two topics never
    share a path.
    """
    words = text.words(name) or (name,)
    plain = "-".join(words)
    if len(plain) <= 63 and _PLAIN.match(plain) and not _HASHED.match(plain):
        return plain
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()[:8]
    start = "-".join(re.findall(r"[a-z0-9]+", plain))[:54].strip("-")
    return f"{start or 'untitled'}-{digest}"


def topic_names(entry: Entry, kind: CollectionKind) -> Iterable[str]:
    """Return the names under which an entry stands in feeds of a kind."""
    match kind:
        case "speaker":
            return (speaker.name for speaker in entry.speakers)
        case "tag":
            return entry.tags
        case "track":
            return (entry.track,) if entry.track else ()
        case _:
            return ()


def is_about(entry: Entry, kind: CollectionKind, slug: str) -> bool:
    """Tell whether an entry stands in the feed of a topic."""
    return any(topic_slug(name) == slug for name in topic_names(entry, kind))


def tracks(published: PublishedEvent) -> Mapping[str, str]:
    """Return slug to name of an event's tracks, sorted; none where all talks are of one track."""
    found: dict[str, str] = {}
    for entry in published.entries:
        for name in topic_names(entry, "track"):
            slug = topic_slug(name)
            found[slug] = min(name, found.get(slug, name))
    return dict(sorted(found.items())) if len(found) > 1 else {}
