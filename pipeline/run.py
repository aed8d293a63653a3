"""One pass of the pipeline, in order; the only module that knows all stages.

    hold the data directory ▸ finish what a crash left
    ▸ open the dataset      event by event; a broken event stops only itself
    ▸ look                  at watch lists that are wanted or due; a failing one is a result
    ▸ observe ▸ match ▸ merge ▸ stamp      each event's passage, pure
    ▸ save the dataset, then commit the state
    ▸ select ▸ render ▸ write feeds/ as one generation ▸ status, run log

Order only, no logic: what each stage decides is written in its own module.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import (
    __version__,
    files,
    passage,
    plugins,
    publishing,
    report,
    selection,
    status,
)
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore
from pipeline.errors import ClockError, DatasetError, OutputError, Problem
from pipeline.lock import hold
from pipeline.looking import FetchMaker, Lookout, check_watches
from pipeline.model import (
    Barred,
    Collection,
    Decision,
    EventFiles,
    EventReport,
    Installation,
    Ledger,
    PublishedEvent,
    RunReport,
    Want,
)
from pipeline.outputs.talks import parse_talks
from pipeline.state import State
from pipeline.templating import Templates

LOG = logging.getLogger("recap")

Track = Callable[[Sequence[str], str], Iterable[str]]
"""Goes through event ids, showing progress under a label."""


def untracked(items: Sequence[str], label: str) -> Iterable[str]:  # noqa: ARG001 - a Track
    """Show no progress."""
    return items


def publish(
    config: Config,
    *,
    now: datetime,
    state: State,
    open_fetch: FetchMaker,
    want: Want | None = None,
    wait_s: float = 0.0,
    track: Track = untracked,
) -> RunReport:
    """Run one pass and return what it did; the same for one-off, scheduler, trigger and tests.

    `now` is aware UTC. Raises BusyError when another run holds the data directory for longer
    than `wait_s` seconds, ClockError when a given clock stands before the newest stamp,
    DatasetError when a file that concerns every event is broken.
    """
    want = want or Want()
    now = now.replace(microsecond=0)
    with _alone(config, want, now, wait_s):
        run = _Pass(config, now, want, state, open_fetch, track)
        run.open()
        run.look()
        run.advance()
        run.save()
        run.render()
        run.write()
        return run.finish()


def _alone(
    config: Config, want: Want, now: datetime, wait_s: float
) -> AbstractContextManager[None]:
    """Hold the data directory; a dry run writes nothing, not even a note of who holds it."""
    if want.dry_run:
        return nullcontext()
    config.data.mkdir(parents=True, exist_ok=True)
    return hold(config.data, holder=config.state / "holder.json", now=now, wait_s=wait_s)


@dataclass(slots=True)
class _Pass:
    """What one pass knows at each stage; one method a stage, in the order of the module's text."""

    config: Config
    now: datetime
    want: Want
    state: State
    open_fetch: FetchMaker
    track: Track
    store: FolderStore = field(init=False)
    lookout: Lookout = field(init=False)
    installation: Installation = field(default_factory=Installation)
    barred: Barred = field(default_factory=Barred)
    shared: tuple[Decision, ...] = ()
    opened: dict[str, EventFiles] = field(default_factory=dict)
    kept: dict[str, PublishedEvent] = field(default_factory=dict)
    kept_groups: set[str] = field(default_factory=set)
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    published: dict[str, PublishedEvent] = field(default_factory=dict)
    groups: list[publishing.Group] = field(default_factory=list)
    events: list[EventReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    written: publishing.Written = field(default_factory=publishing.Written)

    def open(self) -> None:
        """Finish what a crash left, then read what concerns every event, then each event."""
        self.store = FolderStore(self.config.data, zone=self.config.site.timezone)
        self.lookout = Lookout(state=self.state, open_fetch=self.open_fetch, now=self.now)
        self.warnings.extend(self.state.notes)
        if not self.want.dry_run:
            self.store.roll_forward()
            files.roll_forward(self.config.feeds)
        self.installation = self.store.installation()
        self.barred, self.shared = self.store.barred()
        ids = self.store.event_ids()
        frozen = self._clock_is_back()
        unknown = [name for name in self.want.events if name not in ids]
        if unknown:
            raise DatasetError(tuple(status.unknown_event(name, ids) for name in unknown))
        for event_id in self.track(ids, "Reading"):
            wanted = self._wants(event_id) and not frozen
            if wanted or (not self._keep(event_id) and not frozen):
                self._open_event(event_id)
        gone = status.missing_events(self.installation, self.shared, ids, self.opened)
        for event_id, problem in gone:
            self._keep(event_id)
            if problem:
                self.problems.append(problem)

    def look(self) -> None:
        """Look at the watch lists of the chosen events."""
        for event_id in self.track(tuple(self.opened), "Looking"):
            each = self.opened[event_id]
            if self.want.offline or not self._wants(event_id):
                self.lookout.report(each.event, each.ledger)
            else:
                folder = self.store.folder(event_id)
                self.lookout.look(each.event, each.ledger, folder=folder, due=self.want.due)

    def advance(self) -> None:
        """Observe, match, merge and stamp each event, the earliest first."""
        by_day = sorted(self.opened, key=lambda one: (self.opened[one].event.start, one))
        for event_id in self.track(by_day, "Matching"):
            around = passage.Surroundings(
                installation=self.installation,
                tag=self.config.site.tag,
                barred=self.barred,
                shared=self.shared,
            )
            listings = self.lookout.looks.listings.get(event_id, {})
            passed = passage.take(self.opened[event_id], listings, around, now=self.now)
            self._take_over(event_id, passed)

    def save(self) -> None:
        """Put the dataset on disk, then what makes the next run cheaper."""
        if self.want.dry_run:
            return
        self.store.save(self.ledgers, self.installation)
        for event_id, rows in self.ledgers.items():
            self.lookout.learned(self.opened[event_id].event, rows)
        self.lookout.commit()

    def render(self) -> None:
        """Render the collections whose inputs changed since the last complete generation."""
        templates = Templates(self.config.templates)
        manifest = publishing.read_manifest(self.config.feeds)
        everything = [*self.published.values(), *self.kept.values()]
        collections = [
            *(selection.event_collection(one, self.config.site) for one in self.published.values()),
            selection.all_collection(everything, self.config.site),
        ]
        looks = templates.fingerprint()
        for each in collections:
            inputs = selection.inputs_hash(
                each, self.config.site, templates=looks, version=__version__
            )
            if publishing.is_current(manifest, each.id, inputs, self.config.feeds):
                self.kept_groups.add(each.id)
            else:
                self._render_one(each, inputs, templates)

    def write(self) -> None:
        """Publish the generation."""
        if not self.want.dry_run and (self.groups or not self.config.feeds.is_dir()):
            self.written = publishing.write(self.config.feeds, self.groups, keep=self.kept_groups)

    def finish(self) -> RunReport:
        """Return the report; write it to status.json and the run log as well."""
        made = RunReport(
            started=self.now,
            dry_run=self.want.dry_run,
            events=tuple(self.events),
            watches=tuple(self.lookout.looks.reports),
            problems=tuple(self.problems),
            failures=tuple(self.failures),
            warnings=tuple(self.warnings),
            written=self.written.written,
            removed=self.written.removed,
            unchanged=len(self.written.unchanged),
        )
        if not self.want.dry_run:
            status.write(self.config.feeds, made)
            self.state.add_run(
                started=self.now,
                finished=self.now,
                exit_code=int(made.outcome),
                report=report.run_json(made),
            )
        return made

    def _clock_is_back(self) -> bool:
        """Tell whether nothing may be stamped, because the clock stands before the newest stamp."""
        newest = self.installation.newest
        if newest is None or self.now >= newest:
            return False
        message = status.clock_message(self.now, newest)
        if self.want.clock_given:
            raise ClockError(message)
        self.failures.append(message)
        return True

    def _wants(self, event_id: str) -> bool:
        return not self.want.events or event_id in self.want.events

    def _open_event(self, event_id: str) -> None:
        try:
            opened = self.store.open(event_id)
            file = f"{self.config.data.name}/{event_id}/event.yaml"
            check_watches(opened.event, folder=self.store.folder(event_id), file=file)
            self.opened[event_id] = opened
        except DatasetError as error:
            self.problems.extend(error.problems)
            self._keep(event_id)

    def _keep(self, event_id: str) -> bool:
        """Keep an event as it was last published; tell whether it ever was."""
        self.kept_groups.add(event_id)
        try:
            body = (self.config.feeds / event_id / "talks.json").read_bytes()
            self.kept[event_id] = parse_talks(body)
        except (OSError, OutputError):
            return False
        return True

    def _take_over(self, event_id: str, passed: passage.Passed) -> None:
        """Keep what an event's passage gave, and report it."""
        self.installation = passed.installation
        self.ledgers[event_id] = passed.ledger
        self.published[event_id] = passed.published
        made = report.event_report(passed)
        self.events.append(made)
        for line in report.changes(RunReport(started=self.now, events=(made,))):
            LOG.info("%s", line)

    def _render_one(self, collection: Collection, inputs: str, templates: Templates) -> None:
        try:
            artifacts = [
                artifact
                for kind in plugins.kinds("outputs")
                for artifact in plugins.load("outputs", kind)(templates).render(
                    collection, self.config.site
                )
            ]
        except OutputError as error:
            self.failures.append(f"{collection.id}: {error.message}; its last files stay")
            self.kept_groups.add(collection.id)
            return
        self.groups.append(
            publishing.Group(id=collection.id, inputs=inputs, artifacts=tuple(artifacts))
        )
