"""The places of all events: which events a shared feed is made of, and which feeds have changed.

Putting a place costs the same for ten events and, but for moving pointers, for ten thousand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime

from pipeline.model import CollectionKind, FeedLink, Site
from pipeline.selection.history import floor, page_of
from pipeline.selection.places import TOMBSTONES, Place

INDEX_SIZE = 100
"""Events that the page of all events lists: the latest ones. One page of them is 60 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a document takes from one event: of one archive page, from number `low` on."""

    event_id: str
    page: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a shared feed, as far as it is known without opening an event.

    It holds the entries with numbers from `low` to `high` of its feed. `page` and `before` are
    those of `Collection`. `parts` are all that its entries depend on.
    """

    path: str
    kind: CollectionKind
    title: str
    page: int | None
    before: int | None
    low: int
    high: int
    parts: tuple[Part, ...]
    tombstones: tuple[tuple[str, datetime], ...] = ()

    @property
    def id(self) -> str:
        """Return the id of its group; no event id can contain an underscore."""
        return group_id(self.path, self.page)

    @property
    def event_ids(self) -> frozenset[str]:
        """Return the events that it takes entries from."""
        return frozenset(part.event_id for part in self.parts)


def group_id(path: str, page: int | None) -> str:
    """Return the id of the group that a document of a shared feed is published as."""
    name = f"_{path.rstrip('/').replace('/', '.') or 'all'}"
    return name if page is None else f"{name}.{page}"


@dataclass(slots=True)
class _Feed:
    """A shared feed: its events with the names they give it, its pages, and their parts."""

    kind: CollectionKind
    names: dict[str, str] = field(default_factory=dict)
    pages: list[int] = field(default_factory=list)
    parts: dict[int, dict[str, tuple[tuple[int, ...], str]]] = field(default_factory=dict)

    def put(self, page: int, event_id: str, part: tuple[tuple[int, ...], str]) -> None:
        if page not in self.parts:
            insort(self.pages, page)
            self.parts[page] = {}
        self.parts[page][event_id] = part

    def remove(self, page: int, event_id: str) -> None:
        del self.parts[page][event_id]
        if not self.parts[page]:
            del self.parts[page]
            del self.pages[bisect_left(self.pages, page)]

    def lowest(self, size: int) -> int:
        """Return the lowest number in the subscription document."""
        numbers: list[int] = []
        for page in reversed(self.pages):
            held = (each for each, _ in self.parts[page].values())
            numbers.extend(sorted((number for each in held for number in each), reverse=True))
            if len(numbers) >= size:
                break
        return floor(numbers, size)


class Index:
    """The places of all events, and the shared feeds that they make up.

    It notes what has changed since `take`: after a start, or in doubt, that is everything.
    """

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._days: list[tuple[date, str]] = []
        self._buried: list[tuple[datetime, str, str]] = []
        self._feeds: dict[str, _Feed] = {"": _Feed("all")}
        self._touched: dict[str, set[int]] = {}
        self._listing = True
        self.in_doubt = True
        self.talks = 0
        self.out = 0
        self.unsettled = 0

    def __len__(self) -> int:
        """Return how many events there are."""
        return len(self._places)

    def __contains__(self, event_id: object) -> bool:
        """Tell whether an event has a place."""
        return event_id in self._places

    def put(self, one: Place) -> None:
        """Give an event its place, in the place of an earlier one."""
        old = self._places.get(one.id)
        if old == one:
            return
        self._touch(old, one)
        self._forget(one.id)
        self._places[one.id] = one
        insort(self._days, (one.end, one.id))
        for feed_id, moment in one.tombstones:
            insort(self._buried, (moment, feed_id, one.id))
        for path, (kind, name) in _feeds_of(one).items():
            feed = self._feeds.setdefault(path, _Feed(kind))
            feed.names[one.id] = name
        for (path, page), part in _parts_of(one).items():
            self._feeds[path].put(page, one.id, part)
        self._count(one, 1)

    def remove(self, event_id: str) -> None:
        """Forget an event, if it is known."""
        self._touch(self._places.get(event_id), None)
        self._forget(event_id)

    def retain(self, event_ids: Set[str]) -> None:
        """Forget every event but these."""
        for event_id in [each for each in self._places if each not in event_ids]:
            self.remove(event_id)

    def doubt(self) -> None:
        """Count everything as changed: what lies on the disk may not be what was written."""
        self.in_doubt = True

    def take(self) -> tuple[Mapping[str, Set[int]], bool]:
        """Return the shared feeds that changed since, by path, each with the pages of it that did;
        and whether the list of all feeds may have changed. From now on these count as known.
        """
        if self.in_doubt:
            whole = {path: set(feed.pages) for path, feed in self._feeds.items()}
            touched, listing = {**self._touched, **whole}, True
        else:
            touched, listing = self._touched, self._listing
        self._touched, self._listing, self.in_doubt = {}, False, False
        return touched, listing

    def shown(self, site: Site) -> frozenset[str]:
        """Return the events that the collection of all shows anything of."""
        latest = [event_id for _, event_id in self._days[-INDEX_SIZE:]]
        return frozenset((*latest, *self.current("", site).event_ids))

    def has(self, path: str) -> bool:
        """Tell whether there is such a shared feed."""
        return path in self._feeds

    def pages(self, path: str, site: Site) -> tuple[int, ...]:
        """Return the archive pages of a shared feed, oldest first; none where there is no feed."""
        feed = self._feeds.get(path)
        if feed is None or not feed.pages:
            return ()
        lowest = feed.lowest(site.feed_size)
        last = page_of(lowest)
        whole = min(min(each) for each, _ in feed.parts[last].values()) >= lowest
        end = bisect_left(feed.pages, last) if whole else bisect_right(feed.pages, last)
        return tuple(feed.pages[:end])

    def after(self, path: str, page: int) -> int | None:
        """Return the next newer page of a shared feed: it links to this one, if there is any."""
        feed = self._feeds.get(path)
        at = bisect_right(feed.pages, page) if feed else 0
        return feed.pages[at] if feed and at < len(feed.pages) else None

    def current(self, path: str, site: Site) -> Document:
        """Return the subscription document of a shared feed."""
        feed, pages = self._feeds[path], self.pages(path, site)
        lowest = feed.lowest(site.feed_size)
        held = feed.pages[bisect_left(feed.pages, page_of(lowest)) :]
        return Document(
            path=path,
            kind=feed.kind,
            title=self._title(feed, site),
            page=None,
            before=pages[-1] if pages else None,
            low=lowest,
            high=max(
                (number for page in held[-1:] for number in self._numbers(feed, page)), default=0
            ),
            parts=tuple(part for page in held for part in self._parts(feed, page)),
            tombstones=self._tombstones(feed),
        )

    def archive(self, path: str, page: int, site: Site) -> Document:
        """Return an archive page of a shared feed."""
        feed = self._feeds[path]
        at = bisect_left(feed.pages, page)
        numbers = list(self._numbers(feed, page))
        return Document(
            path=path,
            kind=feed.kind,
            title=self._title(feed, site),
            page=page,
            before=feed.pages[at - 1] if at else None,
            low=min(numbers),
            high=max(numbers),
            parts=tuple(self._parts(feed, page)),
        )

    def listed(self, site: Site) -> tuple[FeedLink, ...]:
        """Return all feeds: that of all events, of series, of events with their tracks (the latest
        event first), of speakers and of tags.
        """
        return (
            FeedLink(kind="all", title=site.title, path=""),
            *self._links("series", site),
            *(link for _, each in reversed(self._days) for link in _links_of(self._places[each])),
            *self._links("speaker", site),
            *self._links("tag", site),
        )

    def _links(self, kind: CollectionKind, site: Site) -> list[FeedLink]:
        return [
            FeedLink(kind=kind, title=self._title(feed, site), path=path)
            for path, feed in sorted(self._feeds.items())
            if feed.kind == kind
        ]

    def _title(self, feed: _Feed, site: Site) -> str:
        return site.title if feed.kind == "all" else min(feed.names.values())

    def _tombstones(self, feed: _Feed) -> tuple[tuple[str, datetime], ...]:
        """Return the newest of the feed's events, oldest first."""
        newest: list[tuple[str, datetime]] = []
        for moment, feed_id, event_id in reversed(self._buried):
            if len(newest) == TOMBSTONES:
                break
            if event_id in feed.names:
                newest.append((feed_id, moment))
        return tuple(reversed(newest))

    def _numbers(self, feed: _Feed, page: int) -> Iterator[int]:
        for numbers, _ in feed.parts[page].values():
            yield from numbers

    def _parts(self, feed: _Feed, page: int) -> Iterator[Part]:
        for event_id, (_, digest) in sorted(feed.parts[page].items()):
            yield Part(event_id=event_id, page=page, digest=digest)

    def _touch(self, old: Place | None, new: Place | None) -> None:
        """Note what differs between two places of one event."""
        feeds = [_feeds_of(each) if each else {} for each in (old, new)]
        for path in (*feeds[0], *feeds[1]):
            self._touched.setdefault(path, set())
        before, after = (_parts_of(each) if each else {} for each in (old, new))
        for path, page in (key for key, _ in before.items() ^ after.items()):
            self._touched[path].add(page)
        links = [_links_of(each) if each else () for each in (old, new)]
        self._listing |= links[0] != links[1] or feeds[0] != feeds[1]

    def _forget(self, event_id: str) -> None:
        one = self._places.pop(event_id, None)
        if one is None:
            return
        del self._days[bisect_left(self._days, (one.end, one.id))]
        for feed_id, moment in one.tombstones:
            del self._buried[bisect_left(self._buried, (moment, feed_id, one.id))]
        for path, page in _parts_of(one):
            self._feeds[path].remove(page, one.id)
        for path in _feeds_of(one):
            del self._feeds[path].names[one.id]
            if path and not self._feeds[path].names:
                del self._feeds[path]
        self._count(one, -1)

    def _count(self, one: Place, times: int) -> None:
        self.talks += times * one.talks
        self.out += times * one.out
        self.unsettled += times * bool(one.to_come)


def _feeds_of(one: Place) -> dict[str, tuple[CollectionKind, str]]:
    """Return the shared feeds that an event is in, by path, with the name that it gives them."""
    found: dict[str, tuple[CollectionKind, str]] = {"": ("all", "")}
    if one.series:
        found[f"series/{one.series}/"] = ("series", one.series)
    found.update({topic.path: (topic.kind, topic.name) for topic in one.topics})
    return found


def _parts_of(one: Place) -> dict[tuple[str, int], tuple[tuple[int, ...], str]]:
    """Return what an event has in each page of each shared feed: numbers, and their digest."""
    found: dict[tuple[str, int], tuple[tuple[int, ...], str]] = {}
    digests = {share.page: share.digest for share in one.shares}
    for path in one.paths:
        found.update({(path, each.page): (each.numbers, each.digest) for each in one.shares})
    for topic in one.topics:
        pages: dict[int, list[int]] = {}
        for number in topic.numbers:
            pages.setdefault(page_of(number), []).append(number)
        found.update({(topic.path, at): (tuple(held), digests[at]) for at, held in pages.items()})
    return found


def _links_of(one: Place) -> tuple[FeedLink, ...]:
    home = f"{one.id}/"
    return (
        FeedLink(kind="event", title=one.name, path=home, home=home),
        *(
            FeedLink(
                kind="track",
                title=track_title(one.name, name),
                path=f"{home}tracks/{slug}/",
                home=home,
            )
            for slug, name in one.tracks
        ),
    )


def track_title(event: str, track: str) -> str:
    """Return the title of the feed of a track."""
    return f"{event}: {track}"
