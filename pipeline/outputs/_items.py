"""What a feed holds, before any format: one feed model for Atom, RSS and JSON Feed.

Must not know of XML or JSON. The wording of an item's content stands in templates/feed/.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.model import Collection, Entry, Link, Release, Site
from pipeline.outputs import _view
from pipeline.outputs._notes import notes_html
from pipeline.templating import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One talk in a feed. `title` is plain text, `html` a safe fragment; nothing is escaped yet.

    `link` leads to the recording, or to the talk's place on the recap page where there is none.
    """

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...]
    html: str
    categories: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A collection as a feed: `home` is its page, `base` the address of its folder."""

    id: str
    title: str
    description: str
    home: str
    base: str
    language: str
    updated: datetime
    items: tuple[Item, ...]


def feed(collection: Collection, site: Site, *, templates: Templates) -> Feed:
    """Return the newest `site.feed_size` entries of `collection` as a feed, in its order."""
    base = f"{site.url}{collection.path}"
    newest = [
        _item(
            entry,
            release=entry.release,
            released=entry.release.released,
            collection=collection,
            site=site,
            templates=templates,
        )
        for entry in collection.entries[: site.feed_size]
        if entry.release and entry.release.released
    ]
    return Feed(
        id=collection.feed_id,
        title=collection.title,
        description=f"Talk recordings of {collection.title}, as they are released",
        home=base,
        base=base,
        language=collection.language,
        updated=collection.updated,
        items=tuple(newest),
    )


def _item(
    entry: Entry,
    *,
    release: Release,
    released: datetime,
    collection: Collection,
    site: Site,
    templates: Templates,
) -> Item:
    page = f"{site.url}{entry.event_id}/#{entry.talk_id}"
    playable = _view.watchable(entry)
    named = () if collection.path else (entry.event_name,)
    track = (entry.track,) if entry.track else ()
    return Item(
        id=release.feed_id,
        title=_view.shown_title(entry),
        link=playable[0].url if playable else page,
        published=released,
        updated=release.updated,
        authors=tuple(speaker.name for speaker in entry.speakers) or (entry.event_name,),
        html=templates.render(
            "feed/item.html",
            event_name=None if collection.path else entry.event_name,
            status=None if playable else _view.status_words(entry),
            notes=notes_html(entry.summary),
            speakers=[_view.view_speaker(speaker) for speaker in entry.speakers],
            recordings=[
                Link(url=one.url, label=_view.recording_label(one, language=entry.language))
                for one in playable
            ],
            links=_view.more_links(entry),
            page=page,
        ).strip(),
        categories=tuple(dict.fromkeys((*named, *track, *entry.tags))),
        language=entry.language,
    )
