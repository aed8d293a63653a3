"""What the deciding commands share: the dataset opened, words resolved, a decision written.

Holds the data directory only while it writes, never while a person thinks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from pipeline.commands.terminal import Terminal, clock

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.config import Config
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import Problem
    from pipeline.model import Barred, Decision, EventFiles, Installation, Ledger, Verb
    from pipeline.passage import Passed, Surroundings
    from pipeline.review import Preview

LOCK_WAIT_S = 10.0
"""How long a decision waits for a run that is under way."""

NEXT = "Next: run `recap publish --offline`"


def event_option(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command `--event`, for a video or a talk that several events know."""
    text = "The event that is meant, where several know it."
    return click.option("--event", "event_id", metavar="ID", help=text)(command)


def dry_run_option(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command `--dry-run`."""
    text = "Decide nothing; print what would change."
    return click.option("--dry-run", is_flag=True, help=text)(command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A talk (with the event that owns it), a video or a speaker, and the events it is known in."""

    talk: str | None = None
    owner: str | None = None
    video: str | None = None
    speaker: str | None = None
    events: tuple[str, ...] = ()

    def fields(self, *, everywhere: bool) -> dict[str, str | None]:
        """Return the keys of a decision about it; outside its event a talk is `event/talk`."""
        talk = f"{self.owner}/{self.talk}" if self.talk and everywhere else self.talk
        return {"talk": talk, "video": self.video, "speaker": self.speaker}


@dataclass(slots=True)
class Desk:
    """The dataset as a person sees it who decides; `broken` are problems of unreadable events."""

    terminal: Terminal
    config: Config
    store: FolderStore
    now: datetime
    ids: tuple[str, ...]
    installation: Installation
    barred: Barred
    shared: tuple[Decision, ...]
    events: dict[str, EventFiles] = field(default_factory=dict)
    broken: list[Problem] = field(default_factory=list)

    @property
    def around(self) -> Surroundings:
        """Return what an event's passage needs beside the event."""
        from pipeline.passage import Surroundings

        return Surroundings(
            installation=self.installation,
            tag=self.config.site.tag,
            barred=self.barred,
            shared=self.shared,
            plan=self.config.plan,
            targets=self.config.mail_ids,
        )

    def passed(self, event_id: str) -> Passed:
        """Return an event after its passage, without looking at any list."""
        from pipeline import passage

        return passage.take(self.events[event_id], {}, self.around, now=self.now)

    def video(self, words: str) -> tuple[str, str]:
        """Return the event that a decision about the video belongs to, and the video's key."""
        from pipeline.errors import ConfigError

        key = self.key(words)
        knowing = [one for one, files in self.events.items() if _knows(files, key)]
        chosen = [one for one in knowing if _is_claimed(self.events[one], key)] or knowing
        if len(chosen) != 1:
            which = (
                f"several events know it: {', '.join(chosen)}" if chosen else "no event knows it"
            )
            raise ConfigError(
                f"{key}: {which}; say which one is meant with `--event ID`, "
                "or let `recap publish` look at its list first"
            )
        return chosen[0], key

    def key(self, words: str) -> str:
        """Return the key of a video that no event need know."""
        from pipeline.naming import resolve_video

        return resolve_video(words, self._ledgers())[1]

    def talk(self, words: str, *, near: str | None = None) -> tuple[str, str]:
        """Return event and talk id; `near` is the event to prefer where several are meant."""
        from pipeline.errors import ConfigError
        from pipeline.naming import resolve_talk

        events = [files.event for files in self.events.values()]
        try:
            return resolve_talk(words, events)
        except ConfigError as error:
            first = error
        titles = self._upload_titles()
        for event in (near, None):
            try:
                return resolve_talk(words, events, event=event, titles=titles)
            except ConfigError:
                continue
        raise first

    def thing(self, words: str, *, everywhere: bool) -> Thing:
        """Return what `recap withdraw` is asked to take out: a speaker, a video or a talk.

        A speaker's whole name comes first, then a video that is known, then a talk. `everywhere`
        takes a video and a name that no event knows too, and a talk of an event that cannot be
        read.
        """
        from pipeline.errors import ConfigError
        from pipeline.naming import names_video

        speakers = self._speakers(words)
        if speakers:
            first, *others = speakers.values()
            if not everywhere and others:
                raise ConfigError(
                    f"{words!r} speaks at {', '.join(speakers)}; withdraw the name from one with "
                    "`--event ID`, or from all with `--everywhere`"
                )
            return Thing(speaker=first, events=tuple(speakers))
        if names_video(words, self._ledgers()):
            if not everywhere:
                event_id, key = self.video(words)
                return Thing(video=key, events=(event_id,))
            key = self.key(words)
            knowing = [one for one, files in self.events.items() if _knows(files, key)]
            return Thing(video=key, events=tuple(knowing))
        event_id, _, talk = words.partition("/")
        known = {*self.ids, *self.installation.events}
        if everywhere and talk and event_id in known and event_id not in self.events:
            return Thing(talk=talk, owner=event_id)
        try:
            event_id, talk = self.talk(words)
        except ConfigError as error:
            if everywhere and " " in words.strip():
                return Thing(speaker=words.strip())
            raise ConfigError(
                f"{words!r} is no speaker's whole name and no video that is known, and: "
                f"{error.message}. For a speaker whom no event names, add `--everywhere`, or the "
                "name under `speakers:` in data/no-publish.yaml"
            ) from error
        return Thing(talk=talk, owner=event_id, events=(event_id,))

    def concerned(self, word: Decision) -> tuple[str, ...]:
        """Return the events that a decision for several events changes anything in."""
        owner = (word.talk or "").rpartition("/")[0]
        return tuple(
            event_id
            for event_id, files in self.events.items()
            if event_id == owner
            or (word.video and _knows(files, word.video))
            or (word.speaker and event_id in self._speakers(word.speaker))
        )

    def word(self, verb: Verb, **fields: str | None) -> Decision:
        """Return a decision of this person, now; it gets its id when it is written."""
        from pipeline.dataset.decisions import decider
        from pipeline.model import Decision

        by = decider(self.terminal.root)
        return Decision(id="", time=self.now, verb=verb, by=by, start=None, mend=None, **fields)

    def previews(self, word: Decision, *, events: Iterable[str], everywhere: bool) -> list[Preview]:
        """Return what `word` changes in each of `events`."""
        from pipeline.review import preview

        return [
            preview(self.events[event_id], self.around, word, everywhere=everywhere, now=self.now)
            for event_id in events
        ]

    def write(self, word: Decision, *, event_id: str | None) -> tuple[Decision, Path]:
        """Write a decision, and see it from now on. Raises BusyError while a run goes on."""
        from pipeline.files.lock import hold

        note = self.config.state / "holder.json"
        with hold(
            self.config.data, holder=note, now=self.now, wait_s=LOCK_WAIT_S, what="a decision"
        ):
            made, path = self.store.decide(word, event_id=event_id)
        if event_id:
            files = self.events[event_id]
            self.events[event_id] = replace(files, decisions=(*files.decisions, made))
        else:
            self.shared = (*self.shared, made)
        return made, path

    def _speakers(self, words: str) -> dict[str, str]:
        """Return the events at which somebody of that name speaks, with the programme's name."""
        from pipeline import text

        wanted = text.name_key(words)
        return {
            event_id: speaker.name
            for event_id, files in self.events.items()
            for talk in files.event.talks
            for speaker in talk.speakers
            if wanted in {text.name_key(name) for name in (speaker.name, *speaker.also)}
        }

    def _ledgers(self) -> Mapping[str, Ledger]:
        return {event_id: files.ledger for event_id, files in self.events.items()}

    def _upload_titles(self) -> dict[str, str]:
        """Return the titles that talks without one take from their uploads."""
        return {
            entry.key: entry.title
            for event_id in self.events
            for entry in self.passed(event_id).published.entries
            if entry.title and entry.title_from == "upload"
        }


def open_desk(terminal: Terminal, *, event_id: str | None = None) -> Desk:
    """Open the dataset, or one event of it; an event that is broken is named and left out.

    Raises DatasetError where `event_id` does not exist or is broken.
    """
    from pipeline.config import load_config
    from pipeline.dataset.folder import FolderStore
    from pipeline.errors import DatasetError
    from pipeline.status import unknown_event

    config = load_config(terminal.root)
    store = FolderStore(config.data, zone=config.site.timezone, lists=config.lists)
    barred, shared = store.barred()
    desk = Desk(
        terminal=terminal,
        config=config,
        store=store,
        now=clock(),
        ids=store.event_ids(),
        installation=store.installation(),
        barred=barred,
        shared=shared,
    )
    if event_id and event_id not in desk.ids:
        raise DatasetError((unknown_event(event_id, desk.ids),))
    for one in terminal.track((event_id,) if event_id else desk.ids, "Reading"):
        try:
            desk.events[one] = store.open(one)
        except DatasetError as error:
            if event_id:
                raise
            desk.broken.extend(error.problems)
    for problem in desk.broken:
        terminal.warn(str(problem))
    return desk


def decide(
    desk: Desk,
    word: Decision,
    *,
    event_id: str | None,
    events: Iterable[str],
    dry_run: bool,
    notes: Iterable[str] = (),
) -> int:
    """Show what `word` changes in `events`, then write it; without `event_id` for all events."""
    from pipeline import report
    from pipeline.model import Outcome
    from pipeline.review import sentence

    terminal = desk.terminal
    made = desk.previews(word, events=events, everywhere=event_id is None)
    terminal.say(sentence(word))
    show(terminal, made)
    path = None
    if not dry_run:
        word, path = desk.write(word, event_id=event_id)
        terminal.say(f"Written to {path}.")
    for note in notes:
        terminal.say(note)
    terminal.say("Nothing was written (--dry-run)." if dry_run else NEXT)
    if terminal.as_json:
        terminal.data(
            {
                "decision": report.plain(word),
                "file": str(path) if path else None,
                "previews": report.plain(made),
            }
        )
    return Outcome.FINE


def show(terminal: Terminal, made: Iterable[Preview]) -> None:
    """Print what a decision changes, event by event."""
    for each in made:
        terminal.say(f"In {each.event}:")
        for line in each.lines():
            terminal.say(f"  {line}")


def _knows(files: EventFiles, key: str) -> bool:
    return key in files.ledger.videos or _is_named(files, key)


def _is_named(files: EventFiles, key: str) -> bool:
    """Tell whether a person spoke of the video in the event, whatever its lists showed."""
    return any(key in one.recordings for one in files.event.talks) or any(
        key == one.video for one in files.decisions
    )


def _is_claimed(files: EventFiles, key: str) -> bool:
    """Tell whether the event links the video, asks about it, or has a person's word on it."""
    from pipeline.model import Verdict

    row = files.ledger.videos.get(key)
    matched = row is not None and row.match is not None and row.match.verdict is not Verdict.NONE
    return matched or _is_named(files, key)
