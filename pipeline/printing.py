"""The pages and feeds of one pass: what is dirty is rendered and staged, the rest is kept.

Each event as it comes, at last the collection of all, from those events that it shows. Decides
nothing about when to publish: the caller finishes the press once the dataset is saved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from pipeline import __version__, merging, plugins, publishing, selection
from pipeline.config import Config
from pipeline.errors import OutputError
from pipeline.memory import Memory
from pipeline.model import Artifact, Barred, Collection, Decision, PublishedEvent
from pipeline.outputs.talks import parse_talks
from pipeline.selection import Index
from pipeline.templating import Templates


@dataclass(slots=True)
class Printer:
    """Renders what is dirty. Without a `press` (in a dry run) nothing is staged.

    `failures` and `warnings` are sentences for the report.
    """

    config: Config
    memory: Memory
    press: publishing.Press | None
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    looks: str = field(init=False)
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
        """Make one output of each kind over these templates, for this pass and later ones."""
        self.memory.renderers = tuple(
            plugins.load("outputs", kind)(self._templates) for kind in plugins.kinds("outputs")
        )

    def event(self, published: PublishedEvent) -> str:
        """Stage an event's files, if it is dirty; return the hash of its inputs, "" on failure."""
        self.index.put(selection.place(published))
        self.memory.show(published, self.config.site)
        return self._render(selection.event_collection(published, self.config.site))

    def everything(self) -> None:
        """Stage the collection of all events, if it is dirty."""
        while lacking := self.index.shown(self.config.site) - self.memory.shown.keys():
            for event_id in sorted(lacking):
                self._recall(event_id)
        needed = self.index.shown(self.config.site) & self.memory.shown.keys()
        collection = selection.all_collection(
            [self.memory.shown[event_id] for event_id in sorted(needed)],
            self.config.site,
            known=len(self.index),
            updated=self.index.updated,
        )
        self._render(collection)

    def keep(self, event_id: str) -> bool:
        """Keep an event as it was last published; tell whether it ever was."""
        self.index.remove(event_id)
        self.memory.shown.pop(event_id, None)
        row = publishing.read_row(self.config.feeds, event_id)
        place = selection.parse_place(event_id, row.about) if row else None
        if place is None or not self._talks(event_id).is_file():
            published = self._published(event_id)
            place = selection.place(published) if published else None
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

    def _render(self, collection: Collection) -> str:
        """Stage a collection's files, if it is dirty; return its inputs' hash, "" on failure."""
        site, feeds = self.config.site, self.config.feeds
        inputs = selection.inputs_hash(collection, site, templates=self.looks, version=__version__)
        if publishing.is_current(publishing.read_row(feeds, collection.id), inputs, feeds):
            return inputs
        try:
            renderings = [one.render(collection, site) for one in self.memory.renderers]
            artifacts = self._also_under_former_ids(collection, tuple(chain(*renderings)))
        except OutputError as error:
            self.failures.append(f"{collection.id}: {error.message}; its last files stay")
            return ""
        if self.press:
            one = collection.event
            about = selection.place(one).plain() if one else {}
            self.press.add(
                publishing.Group(id=collection.id, inputs=inputs, artifacts=artifacts, about=about)
            )
        return inputs

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
        try:
            return parse_talks(self._talks(event_id).read_bytes())
        except (OSError, OutputError):
            return None

    def _talks(self, event_id: str) -> Path:
        return self.config.feeds / event_id / "talks.json"
