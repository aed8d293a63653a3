"""What a feed holds, before any format: one feed model for Atom, RSS and JSON Feed.

Must not know of XML or JSON. The wording of an item's content stands in templates/feed/. An item
is the same in every feed of one language; that feeds of several events name each talk's event is
said by the feed. The mark of a lost character (U+FFFD), of which validators warn, becomes a
question mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from html import escape

from pipeline.model import Collection, Entry, Link, Recording, Site
from pipeline.model.same import Same
from pipeline.outputs import _media
from pipeline.outputs._media import Image, Rendition
from pipeline.templating import Templates
from pipeline.views import talk as views
from pipeline.views.notes import notes_html, notes_line
from pipeline.wording import Wording, wording

SIZE_LIMIT = 512_000
"""Bytes of a document that people subscribe to; some readers and mail tools refuse longer ones."""

KEPT = 512
"""Items that are kept between feeds, with what is written of them: some 5 MB."""

_BYTES_AROUND = 2_000
_LONGER = {sign: len(escape(sign)) - 1 for sign in "&<>\"'"}
"""How many characters escaping adds to a sign of HTML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A speaker, or the event where a talk has none; `url` is a web address."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One talk in a feed. `title` is plain text, `html` a safe fragment; nothing is escaped yet.

    `event_name` and the fragment `event_line` are said by feeds of several events beside the rest.
    `link` leads to the recording, or to the talk's place on the recap page where there is none.
    `summary` is one line of plain text, "" where there are no notes. `image` is the stored picture.
    `foreign` says that the talk's language is not the feed's.
    """

    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    authors: tuple[Author, ...]
    event_name: str
    event_line: str
    summary: str
    html: str
    categories: tuple[str, ...]
    language: str
    foreign: bool
    media: tuple[Rendition, ...]
    image: Image | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A collection as a feed: `home` is its page, `base` the address of its folder.

    `named` says that items name their events. `tombstones` are the ids of items that left, with the
    moment they did. `page` says which archive page it is, None for the document that people
    subscribe to; `before` is the next older page.
    """

    id: str
    title: str
    description: str
    home: str
    base: str
    language: str
    updated: datetime
    items: tuple[Item, ...]
    named: bool = False
    tombstones: tuple[tuple[str, datetime], ...] = ()
    page: int | None = None
    before: int | None = None
    hub: str | None = None

    def lead(self, item: Item) -> str:
        """Return what is said before an item's own content, with the line's end."""
        return f"{item.event_line}\n" if self.named and item.event_line else ""

    def event_category(self, item: Item) -> str | None:
        """Return the category beside an item's own that names its event, None where it has none."""
        name = item.event_name
        return name if self.named and name and name not in item.categories else None

    def address(self, file: str) -> str:
        """Return the address of this document as the kind of file that `file` names."""
        return f"{self.base}{file_path(file, self.page)}"

    def links(self, file: str) -> tuple[tuple[str, str], ...]:
        """Return relation and address of what a reader may follow from it (RFC 5005, WebSub)."""
        older = self.before and f"{self.base}{file_path(file, self.before)}"
        found = (
            ("current", self.page and f"{self.base}{file}"),
            ("prev-archive", older),
            ("hub", self.hub if self.page is None else None),
        )
        return tuple((relation, address) for relation, address in found if address)


def file_path(file: str, page: int | None) -> str:
    """Return where a document lies in its feed's folder: `atom.xml`, `archive/atom-3.xml`."""
    if page is None:
        return file
    stem, _, suffix = file.partition(".")
    return f"archive/{stem}-{page}.{suffix}"


def feed(collection: Collection, site: Site, *, templates: Templates) -> Feed:
    """Return the entries of `collection` as a feed, in its order.

    A document that people subscribe to is kept under `SIZE_LIMIT`: the oldest go without notes.
    """
    return _feed(Same(collection), site, templates)


# Three formats ask for the same.
@lru_cache(maxsize=1)
def _feed(made_of: Same[Collection], site: Site, templates: Templates) -> Feed:
    collection = made_of.value
    named, language = collection.kind not in ("event", "track"), collection.language

    def made(entry: Entry) -> Item | None:
        return _item(Same(entry), language=language, url=site.url, templates=templates)

    shown = [(entry, item) for entry in collection.entries if (item := made(entry))]
    items = [item for _, item in shown]
    whole = sum(_weight(item, named=named) for item in items)
    excess = whole - SIZE_LIMIT if collection.page is None else 0
    for number in reversed(range(len(items))):
        brief = made(replace(shown[number][0], summary=None)) if excess > 0 else None
        if brief is None:
            break
        excess -= _weight(items[number], named=named) - _weight(brief, named=named)
        items[number] = brief
    return Feed(
        id=collection.feed_id,
        title=_known(collection.title),
        description=_known(_description(collection)),
        home=f"{site.url}{collection.home}",
        base=f"{site.url}{collection.path}",
        language=language,
        updated=collection.updated,
        items=tuple(items),
        named=named,
        tombstones=collection.tombstones,
        page=collection.page,
        before=collection.before,
        hub=site.hub,
    )


def _description(collection: Collection) -> str:
    """Return what a feed is of, in its language."""
    form = wording(collection.language).gettext(
        "Talk recordings of %(title)s, as they are released"
    )
    return form % {"title": collection.title}


def _weight(item: Item, *, named: bool) -> int:
    """Return about how many bytes an item takes, in the format in which it takes most."""
    whole = item.event_line + item.html if named else item.html
    longer = sum([whole.count(sign) * more for sign, more in _LONGER.items()])
    return _BYTES_AROUND + len(whole.encode()) + longer + len(item.summary.encode())


@lru_cache(maxsize=128)
def _event_line(event_name: str, *, language: str, templates: Templates) -> str:
    made = templates.render("feed/event.html", language=language, event_name=event_name)
    return _known(made.strip())


# The feeds of event and track ask for the same talk, and those of series and all.
@lru_cache(maxsize=KEPT)
def _item(given: Same[Entry], *, language: str, url: str, templates: Templates) -> Item | None:
    """Return a talk as an item, None where it is not released.

    `language` is the feed's, in which what is said around the talk is written; `url` is the site's.
    """
    entry = given.value
    release = entry.release
    if release is None or release.released is None:
        return None
    playable = views.watchable(entry)
    media = _media.renditions(playable)
    page = f"{url}{entry.event_id}/#{entry.talk_id}"
    link = media[0].url if media else page
    image = _media.image(playable, url)
    spoken = wording(language)
    return Item(
        id=release.feed_id,
        title=_known(views.shown_title(entry, wording=spoken)),
        link=link,
        published=release.released,
        updated=release.updated,
        authors=_authors(entry),
        event_name=_known(entry.event_name),
        event_line=_event_line(entry.event_name, language=spoken.language, templates=templates),
        summary=_known(notes_line(entry.summary)),
        html=_content(
            entry,
            playable,
            link=link,
            image=image,
            page=page,
            templates=templates,
            spoken=spoken,
        ),
        categories=_categories(entry.series, entry.track, *entry.tags),
        language=entry.language,
        foreign=entry.language != language,
        media=media,
        image=image,
    )


def _content(
    entry: Entry,
    playable: Sequence[Recording],
    *,
    link: str,
    image: Image | None,
    page: str,
    templates: Templates,
    spoken: Wording,
) -> str:
    made = templates.render(
        "feed/item.html",
        language=spoken.language,
        status=None if playable else views.status_words(entry, wording=spoken),
        link=link,
        image=image,
        title=views.shown_title(entry, wording=spoken),
        notes=notes_html(entry.summary),
        speakers=[views.view_speaker(speaker) for speaker in entry.speakers],
        recordings=[
            Link(
                url=one.url,
                label=views.recording_label(one, language=entry.language, wording=spoken),
            )
            for one in playable
        ],
        links=views.more_links(entry),
        page=page,
    )
    return _known(made.strip())


def _authors(entry: Entry) -> tuple[Author, ...]:
    speakers = tuple(
        Author(name=_known(speaker.name), url=views.web_address(speaker.url))
        for speaker in entry.speakers
    )
    return speakers or (Author(name=_known(entry.event_name)),)


def _categories(*names: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_known(name) for name in names if name))


def _known(text: str) -> str:
    return text.replace("\ufffd", "?")
