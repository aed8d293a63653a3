"""One pass of the pipeline, in order; the only module that knows all stages.

    hold the data directory ▸ finish what a crash left
    ▸ open       what concerns every event
    ▸ choose     the events that may have changed; the others stay as they were published
    ▸ refresh    the programmes that are to be read again by now
    ▸ advance    event by event, by day, so that no more than one has to be held:
                 open ▸ look ▸ observe ▸ match ▸ merge ▸ stamp ▸ fetch pictures that lack
                 ▸ stage its ledger
                 ▸ select ▸ render ▸ stage its files; a broken event stops only itself
    ▸ gather     the collection of all events, from those that it shows
    ▸ save the dataset, then commit the state
    ▸ write feeds/ as one generation ▸ status, run log ▸ deliver what the team has to know

Order only, no logic: what each stage decides is written in its own module.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from pipeline import mailing, passage, publishing, report, selection, status
from pipeline.config import Config
from pipeline.dataset.folder import FolderStore, Mark
from pipeline.dataset.saving import Saving
from pipeline.errors import Problem
from pipeline.files import DOT
from pipeline.files.lock import hold
from pipeline.importing import Refresher
from pipeline.looking import FetchMaker, Lookout, limits
from pipeline.model import (
    EventFiles,
    EventReport,
    Installation,
    RunReport,
    Want,
)
from pipeline.sending import delivering
from pipeline.sending.provenance import Known, known
from pipeline.stages import garbage, ground
from pipeline.stages.memory import Memory, Note, Trouble, carried, wake
from pipeline.stages.neighbours import Neighbours
from pipeline.stages.opening import Opening
from pipeline.stages.printing import Printer
from pipeline.stages.roster import Roster, Track, check_chosen, newest_sequence, untracked
from pipeline.stages.spool import Spool
from pipeline.stages.telling import tell
from pipeline.state.database import State
from pipeline.stills import Stills


def publish(
    config: Config,
    *,
    now: datetime,
    state: State,
    open_fetch: FetchMaker,
    want: Want | None = None,
    wait_s: float = 0.0,
    track: Track = untracked,
    memory: Memory | None = None,
) -> RunReport:
    """Run one pass and return what it did; the same for one-off, scheduler, trigger and tests.

    `now` is aware UTC. A process that runs several passes hands the same `memory` to each: it
    arrives at the same bytes as without, but pays for what changed only. Raises BusyError when
    another run holds the data directory for longer than `wait_s` seconds, ClockError when a given
    clock stands before the newest stamp, DatasetError when a file that concerns every event is
    broken.
    """
    want = want or Want()
    now = now.replace(microsecond=0)
    if memory is None or want.dry_run:
        memory = Memory()  # what a dry run arrives at is true of no file
    alone, spooling = _alone(config, want, now, wait_s), Spool(config.feeds / DOT)
    with alone, spooling as spool, garbage.rarely_sought():
        run = _Pass(config, now, want, state, open_fetch, track, memory, spool)
        try:
            run.open()
            run.choose()
            run.refresh()
            run.advance()
            run.gather()
            run.save()
            run.write()
            made = run.finish()
        except Exception:
            run.drop()
            raise
    return run.deliver(made)


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
    memory: Memory
    spool: Spool
    store: FolderStore = field(init=False)
    lookout: Lookout = field(init=False)
    stills: Stills = field(init=False)
    refresher: Refresher = field(init=False)
    printer: Printer = field(init=False)
    roster: Roster = field(init=False)
    neighbours: Neighbours = field(init=False)
    saving: Saving | None = None
    press: publishing.Press | None = None
    installation: Installation = field(default_factory=Installation)
    frozen: bool = False
    taken: list[str] = field(default_factory=list)
    announced: list[Known] = field(default_factory=list)
    events: list[EventReport] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    written: publishing.Written = field(default_factory=publishing.Written)

    def open(self) -> None:
        """Finish what a crash left, then read what concerns every event."""
        config = self.config
        self.store = self.memory.store(config.data, zone=config.site.timezone, lists=config.lists)
        self._equip()
        self.warnings.extend(self.state.notes)
        if not self.want.dry_run:
            self.saving = self.store.saving()
            self.press = publishing.Press(self.config.feeds, self.spool.give_way)
        check_chosen(self.store, self.want.events)
        self.printer = Printer(self.config, self.memory, self.press, self.spool)
        grounds = ground.grounds(config, looks=self.printer.looks)
        if not self.memory.begin(grounds, ground.surroundings(self.store, config.feeds)):
            self.printer.load()
        self.installation = self.store.installation()
        if not self.installation.events:
            newest = max(self.installation.sequence, newest_sequence(self.store))
            self.installation = replace(self.installation, sequence=newest)
        barred, shared = self.store.barred()
        self.installation = ground.mend_clock(
            self.installation, shared, state=self.state, want=self.want, now=self.now
        )
        self.roster = Roster(
            self.store,
            self.memory,
            self.printer,
            config.feeds,
            self.want,
            self.now,
            known=frozenset(self.installation.events),
            barred=barred,
            shared=shared,
        )
        self.neighbours = Neighbours(
            self.store,
            self.memory.directory,
            lists=config.lists,
            around=self._around(),
            now=self.now,
        )
        self.warnings.extend(status.unknown_barred(barred, self.roster.knows))
        trouble = ground.clock_trouble(self.installation, want=self.want, now=self.now)
        self.frozen = trouble is not None
        self.failures.extend([trouble] if trouble else [])

    def choose(self) -> None:
        """Choose the events to take, and know the place of every other."""
        if self.frozen:
            self.roster.never_published(self.track)
        else:
            self.taken = self.roster.choose(self.track)

    def refresh(self) -> None:
        """Read the programmes again whose time has come, before anything of an event is staged."""
        for event_id in self.taken:
            self.refresher.refresh(event_id)
        self.problems.extend(self.refresher.problems)
        self.warnings.extend(self.refresher.warnings)

    def advance(self) -> None:
        """Take each event all the way, the earliest first; later ones get higher numbers."""
        self.neighbours.expect(self.taken)
        with self.lookout as lookout:
            opening = Opening(self.store, lookout, config=self.config, want=self.want)
            turns = opening.turns(self.taken)
            for _, turn in zip(self.track(self.taken, "Publishing"), turns, strict=True):
                if turn.opened is None:
                    self.problems.extend(turn.problems)
                    self.roster.keep(turn.event_id)
                    self.memory.note(turn.event_id, None)
                    self.memory.drafting.add(turn.event_id)  # a withdrawal cleans its drafts
                    self.memory.trouble(turn.event_id, Trouble(problems=turn.problems))
                else:
                    self._take(turn.opened, turn.mark)
        if not self.want.events and not self.frozen:
            self.problems.extend(self.roster.missing(self.installation))

    def gather(self) -> None:
        """Render the collection of all events from those that it shows."""
        if not self.frozen:
            self.printer.everything()
        self.spool.give_way()

    def save(self) -> None:
        """Put the dataset on disk, then what makes the next run cheaper."""
        if self.saving and not self.frozen:
            self.store.saved(self.saving, self.installation)
            for event_id in self.saving.events:
                self.memory.saved(event_id, self.store.mark(event_id))
            mailing.know(self.state, self.announced)
            mailing.clean(self.config, store=self.store, state=self.state, now=self.now)
            self.lookout.commit()
            self.refresher.commit()
            self.stills.commit()

    def write(self) -> None:
        """Publish the generation."""
        if self.press and not self.frozen:
            keep = self.roster.groups(self.installation)
            self.written = self.press.finish(keep=keep)

    def finish(self) -> RunReport:
        """Return the report; write it to status.json and the run log as well."""
        whole = not self.want.events
        watches = list(self.lookout.looks.reports)
        if whole:
            for trouble in carried(self.memory.troubles, self.taken):
                self.problems.extend(trouble.problems)
                watches.extend(trouble.watches)
        made = RunReport(
            started=self.now,
            dry_run=self.want.dry_run,
            events=tuple(self.events),
            watches=tuple(watches),
            problems=tuple(dict.fromkeys(self.problems)),
            failures=(*self.failures, *self.printer.failures),
            warnings=(*self.warnings, *self.lookout.looks.notes, *self.printer.warnings),
            written=self.written.written,
            removed=self.written.removed,
            unchanged=len(self.written.unchanged),
        )
        if not self.want.dry_run:
            unwritten = status.write(
                self.config.feeds,
                made,
                self.printer.index,
                taken=set(self.taken),
                whole=whole,
                around=self._standing(),
            )
            made = replace(made, failures=(*made.failures, *unwritten))
            self.state.add_run(
                started=self.now,
                finished=self.now,
                exit_code=int(made.outcome),
                report=status.run_log(made),
            )
        if not self.frozen:
            self.memory.end(ground.surroundings(self.store, self.config.feeds), whole=whole)
        return made

    def deliver(self, made: RunReport) -> RunReport:
        """Note what the team has to know, and send what is due; return the report with it."""
        opened = partial(self.open_fetch, {})
        made = delivering.close(self.config, made, self.want, state=self.state, connect=opened)
        return mailing.close(
            self.config,
            made,
            self.want,
            self.memory.drafting,
            store=self.store,
            state=self.state,
            connect=opened,
        )

    def drop(self) -> None:
        """Remove what was staged by a pass that cannot go on."""
        for staged in (self.saving, self.press):
            if staged:
                staged.drop()

    def _standing(self) -> status.Around:
        """Return what the status page tells beside the report."""
        return status.Around(
            site=self.config.site,
            templates=self.config.templates,
            looks=self.printer.looks,
            past=self.state.runs(status.CHECKS),
            wake=self.memory.next_wake(),
        )

    def _equip(self) -> None:
        """Prepare what fetches: lists, pictures, programmes."""
        config = self.config
        self.lookout = Lookout(
            state=self.state,
            open_fetch=self.open_fetch,
            secret=config.secret,
            now=self.now,
            lists=config.lists,
            limits=limits(config),
        )
        self.stills = Stills(
            lookout=self.lookout,
            state=self.state,
            feeds=config.feeds,
            cache=config.state / "images",
            want=self.want,
            now=self.now,
        )
        self.refresher = Refresher(
            self.store, config, self.want, state=self.state, fetch=self.open_fetch, now=self.now
        )

    def _take(self, opened: EventFiles, mark: Mark) -> None:
        """Take one event all the way, and stage what came of it."""
        event = opened.event
        listings = self.lookout.look(event, folder=self.store.folder(event.id))
        around, now = self._around(), self.now
        passed = self.neighbours.settle(
            opened,
            lambda stakes: passage.take(opened, listings, around, now=now, contested=stakes),
            listings,
        )
        passed = self.stills.fill(passed, before=opened.ledger)
        self.installation = passed.installation
        watches = self.lookout.learned(event, passed.ledger)
        if self.saving and passed.ledger != opened.ledger:
            self.saving.ledger(event.id, passed.ledger)
        self.announced += [known(event.id, one) for one in passed.announced]
        self.memory.drafts(event.id, passed.drafts)
        made = self.refresher.told(report.event_report(passed))
        self.events.append(made)
        tell(RunReport(started=self.now, events=(made,)), passed, before=opened.ledger)
        inputs = self.printer.event(passed.published)
        if inputs:
            self.stills.place(event.id, self.press)
        soon = passed.announces_next
        moment = wake(event, passed.ledger, watches, now=self.now, announces=soon)
        moment = moment if inputs else selection.EPOCH
        moment = self.stills.sooner(event.id, self.refresher.sooner(event.id, moment))
        failing = any(watch.error for watch in watches)
        beside = self.neighbours.beside(passed.ledger)
        note = Note(mark=mark, inputs=inputs, wake=moment, failing=failing, beside=beside)
        self.memory.note(event.id, note)
        troubled = tuple(watch for watch in watches if status.is_troubled(watch))
        self.memory.trouble(event.id, Trouble(watches=troubled))

    def _around(self) -> passage.Surroundings:
        """Return what an event is taken with."""
        return passage.Surroundings(
            installation=self.installation,
            tag=self.config.site.tag,
            barred=self.roster.barred,
            shared=self.roster.shared,
            plan=self.config.plan,
            targets=self.config.mail_ids,
        )
