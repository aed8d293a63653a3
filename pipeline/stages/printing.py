"""The pages and feeds of one pass: what is dirty is rendered and staged, the rest is kept.

Each event as it comes, at last what events share, from those events that it shows. Decides
nothing about when to publish: the caller finishes the press once the dataset is saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from pipeline import __version__, merging, plugins, publishing, selection
from pipeline.config import Config
from pipeline.errors import OutputError
from pipeline.model import Artifact, Barred, Collection, Decision, PublishedEvent
from pipeline.outputs.talks import parse_talks
from pipeline.publishing import Group
from pipeline.selection import Document, Index, Place
from pipeline.stages.memory import Memory
from pipeline.stages.spool import Spool
from pipeline.templating import Templates
from pipeline.views import notes

_LENT = 120
"""Events that are held for shared feeds: more than an archive page may need."""


@dataclass(slots=True)
class Printer:
    """Renders what is dirty. Without a `press` (in a dry run) nothing is staged.

    `failures` and `warnings` are sentences for the report.
    """

    config: Config
    memory: Memory
    press: publishing.Press | None
    spool: Spool
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    looks: str = field(init=False)
    _lent: dict[str, PublishedEvent] = field(default_factory=dict)
    _begun: set[tuple[int, str]] = field(default_factory=set)
    _failed: bool = False
    _templates: Templates = field(init=False)

    def __post_init__(self) -> None:
        """Take the templates' fingerprint, which everything rendered depends on."""
        self._templates = Templates(self.config.templates)
        self.looks = self._templates.fingerprint()

    @property
    def index(self) -> Index:
        """Return the places of all events."""
        if self.memory.index is None:
            self.memory.index = Index()
        return self.memory.index

    def load(self) -> None:
        """Make one output of each kind that is wanted, for this pass and later ones."""
        self.memory.renderers = tuple(
            plugins.load("outputs", kind)(self._templates)
            for kind in plugins.kinds("outputs")
            if kind not in self.config.site.without
        )

    def event(self, published: PublishedEvent) -> str:
        """Stage an event's files, if it is dirty; return the hash of its inputs, "" on failure."""
        place = selection.place(published, self.config.site)
        self.index.put(place)
        self._lent.pop(published.event.id, None)
        self.memory.show(published, self.config.site)
        collections = selection.event_collections(published, self.config.site)
        made = self._render(*collections, about=place.plain())
        if made:
            self._lend(published)
            self._print_ahead(place)
        elif publishing.read_row(self.config.feeds, published.event.id):
            self.keep(published.event.id)  # shared feeds show what its own files show
        return made

    def everything(self) -> None:
        """Stage what several events share, as far as it is dirty."""
        self._recall_shown()
        listing = self._shared()
        # Last, for an event that cannot be read is left out of everything.
        needed = self.index.shown(self.config.site) & self.memory.shown.keys()
        collection = selection.all_collection(
            self.index.current("", self.config.site),
            [self.memory.shown[event_id] for event_id in sorted(needed)],
            self.config.site,
            known=len(self.index),
        )
        self._render(collection)
        if listing:
            feeds = self.index.listed(self.config.site)
            self._render(selection.feeds_collection(feeds, self.config.site))

    def keep(self, event_id: str) -> bool:
        """Keep an event as it was last published; tell whether it ever was."""
        self.index.remove(event_id)
        self.memory.shown.pop(event_id, None)
        row = publishing.read_row(self.config.feeds, event_id)
        place = selection.parse_place(event_id, row.about, self.config.site) if row else None
        if place is None or not self._talks(event_id).is_file():
            published = self._published(event_id)
            place = selection.place(published, self.config.site) if published else None
        if place:
            self.index.put(place)
        return place is not None

    def purge(
        self,
        event_id: str,
        decisions: Iterable[Decision],
        *,
        barred: Barred,
        shared: Iterable[Decision],
        now: datetime,
    ) -> None:
        """Take what was withdrawn out of an event that is kept as it was last published."""
        published = self._published(event_id)
        if published is None:
            return
        left = merging.withdraw(published, decisions, barred=barred, shared=shared, now=now)
        if left is not published:
            self.event(left)

    def _print_ahead(self, place: Place) -> None:
        """Lay archive pages aside while their events are at hand: those that are behind `place`.

        Events come by day, and mostly their numbers do too. Where they do not, a page turns out to
        be made of something else when all events are done, and is printed then. So one that cannot
        be printed yet is no failure.
        """
        index, site = self.index, self.config.site
        pages = [share.page for share in place.shares]
        behind = [each for each in self._begun if pages and each[0] < min(pages)]
        self._begun.difference_update(behind)
        self._begun.update((page, path) for page in pages for path in place.paths)
        for page, path in sorted(behind) if self.press else ():
            if index.has(path) and page in index.pages(path, site):
                document = index.archive(path, page, site)
                inputs, at_hand = self._inputs(document), document.event_ids <= self._lent.keys()
                if at_hand and not self._is_current(document.id, inputs):
                    with suppress(OutputError):
                        self.spool.put(inputs, self._printed(document) or ())

    def _recall_shown(self) -> None:
        while lacking := self.index.shown(self.config.site) - self.memory.shown.keys():
            for event_id in sorted(lacking):
                self._recall(event_id)

    def _shared(self) -> bool:
        """Stage the documents of shared feeds that changed, and let go of those that are no more.

        Tells whether the list of all feeds may have changed. A dry run has nothing to compare with.
        """
        listing, in_doubt = False, self.index.in_doubt
        if not self.press:
            return listing
        while True:
            touched, more = self.index.take()
            listing |= more
            if not touched:
                break
            self._print(touched)
            self._recall_shown()
        if self._failed:
            self.index.doubt()  # the next pass tries again
        if in_doubt:
            for group_id in publishing.shared_ids(self.config.feeds) - self._expected():
                self.press.remove(group_id)
        return listing

    def _print(self, touched: Mapping[str, Set[int]]) -> None:
        """Stage the documents of these feeds, the oldest archive pages first: events that several
        of them show are then read once.
        """
        index, site = self.index, self.config.site
        jobs: list[tuple[int, str]] = []
        for path, changed in touched.items():
            pages = frozenset(index.pages(path, site))
            before = self.memory.archived.get(path, frozenset())
            linking = {index.after(path, page) for page in changed}
            jobs += [(page, path) for page in pages & {*changed, *linking, *(pages - before)}]
            self._drop(path, before - pages)
            self.memory.archived[path] = pages
        for page, path in sorted(jobs):
            if index.has(path) and page in index.pages(path, site):
                self._document(index.archive(path, page, site))
        for path in sorted(touched):
            if path and index.has(path):
                self._document(index.current(path, site))

    def _drop(self, path: str, pages: Iterable[int]) -> None:
        """Let go of archive pages, and of the feed where there is none any more."""
        if self.press:
            for page in pages:
                self.press.remove(selection.group_id(path, page))
            if not self.index.has(path):
                self.press.remove(selection.group_id(path, None))

    def _expected(self) -> set[str]:
        """Return the ids of all documents of shared feeds."""
        site = self.config.site
        paths = [path for path in self.memory.archived if self.index.has(path)]
        pages = {
            selection.group_id(path, one) for path in paths for one in self.index.pages(path, site)
        }
        return {*pages, *(selection.group_id(path, None) for path in paths), selection.FEEDS}

    def _document(self, document: Document) -> None:
        """Stage a document of a shared feed, if it is dirty."""
        inputs = self._inputs(document)
        if self._is_current(document.id, inputs):
            return
        try:
            artifacts = self.spool.get(inputs) or self._printed(document)
        except OutputError as error:
            self._fail(document.id, error)
            self._failed = True
            return
        if artifacts is not None:
            self._add(Group(id=document.id, inputs=inputs, artifacts=artifacts))

    def _printed(self, document: Document) -> tuple[Artifact, ...] | None:
        """Return the files of a document of a shared feed, None where an event cannot be read.

        Raises OutputError.
        """
        events = [self._held(event_id) for event_id in sorted(document.event_ids)]
        shown = [one for one in events if one]
        if len(shown) < len(events):
            return None
        return self._rendered(selection.shared_collection(document, shown, self.config.site))

    def _held(self, event_id: str) -> PublishedEvent | None:
        """Return an event as it is or will be published; None where it cannot be read."""
        lent = self._lent.pop(event_id, None)
        found = self.memory.shown.get(event_id) or lent or self._published(event_id)
        if found is None:
            self._recall(event_id)
            return None
        if lent is None:
            notes.recall_notes(self.spool.notes(event_id))
        self._lend(found)
        return found

    def _lend(self, published: PublishedEvent) -> None:
        """Hold an event a while longer."""
        self._lent[published.event.id] = published
        if len(self._lent) > _LENT:
            del self._lent[next(iter(self._lent))]

    def _inputs(self, made_of: Collection | Document) -> str:
        site, looks = self.config.site, self.looks
        return selection.inputs_hash(made_of, site, templates=looks, version=__version__)

    def _is_current(self, group_id: str, inputs: str) -> bool:
        feeds = self.config.feeds
        return publishing.is_current(publishing.read_row(feeds, group_id), inputs, feeds)

    def _render(self, *collections: Collection, about: Mapping[str, object] | None = None) -> str:
        """Stage a group's files, if it is dirty; return its inputs' hash, "" on failure.

        The first collection is what the others are made of. `about` is what its row remembers.
        """
        whole = collections[0]
        inputs, one = self._inputs(whole), whole.event
        if self._is_current(whole.id, inputs):
            return inputs
        try:
            artifacts = self._rendered(*collections)
        except OutputError as error:
            self._fail(whole.id, error)
            return ""
        images = _images(one) if one else ()
        self._add(
            Group(id=whole.id, inputs=inputs, artifacts=artifacts, about=about or {}, images=images)
        )
        if self.press and one:
            self._lay_aside(one)
        return inputs

    def _rendered(self, *collections: Collection) -> tuple[Artifact, ...]:
        """Return the files of collections; the first is whose they are. Raises OutputError."""
        site, whole = self.config.site, collections[0]
        renderings = [
            one.render(each, site) for each in collections for one in self.memory.renderers
        ]
        return self._also_under_former_ids(whole, tuple(chain(*renderings)))

    def _fail(self, group_id: str, error: OutputError) -> None:
        self.failures.append(f"{group_id}: {error.message}; its last files stay")

    def _add(self, group: Group) -> None:
        if self.press:
            self.press.add(group)

    def _lay_aside(self, published: PublishedEvent) -> None:
        """Keep the event's notes as they were rendered, for shared feeds long after this event."""
        known = notes.known_notes(entry.summary for entry in published.entries)
        self.spool.put_notes(published.event.id, known)

    def _also_under_former_ids(
        self, collection: Collection, artifacts: tuple[Artifact, ...]
    ) -> tuple[Artifact, ...]:
        """Return an event's files, under the paths of its former ids too: readers know those."""
        one = collection.event
        former = [
            old
            for old in (one.event.was if one else ())
            if not (self.config.data / old / "event.yaml").exists()
        ]
        return (
            *artifacts,
            *(
                replace(artifact, path=f"{old}/{artifact.path.removeprefix(collection.path)}")
                for old in former
                for artifact in artifacts
            ),
        )

    def _recall(self, event_id: str) -> None:
        """Read an event as it was last published, for the collection of all."""
        published = self._published(event_id)
        if published:
            self.memory.show(published, self.config.site)
            return
        self.index.remove(event_id)
        self.memory.note(event_id, None)
        self.memory.recheck()
        self.warnings.append(
            f"{self._talks(event_id)} cannot be read: the feeds of all events are without this "
            "one; run `recap publish`, and mend its files under data/ if it says so"
        )

    def _published(self, event_id: str) -> PublishedEvent | None:
        path = f"{event_id}/talks.json"
        try:
            body = self.press.read(path) if self.press else (self.config.feeds / path).read_bytes()
            return parse_talks(body)
        except (OSError, OutputError):
            return None

    def _talks(self, event_id: str) -> Path:
        return self.config.feeds / event_id / "talks.json"


def _images(published: PublishedEvent) -> tuple[str, ...]:
    """Return the paths of the stored pictures of an event's recordings."""
    named = (one.image for entry in published.entries for one in entry.recordings if one.image)
    return tuple(path for path in dict.fromkeys(named) if publishing.is_image(path))
