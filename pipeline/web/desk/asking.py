"""A video as a question: talks as cards, and what each answer would write and change.

Pure reading of a Room. Look and labels stand in templates/web/desk/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import text
from pipeline.errors import ConfigError
from pipeline.model import Entry, Verb
from pipeline.review import (
    Board,
    Candidate,
    Offer,
    Sign,
    Subject,
    entry_of,
    likelihood,
    marked_words,
    sign,
    subject,
)
from pipeline.views import words
from pipeline.views.talk import web_address
from pipeline.web.desk.opening import Room
from pipeline.wording import Wording

UNLIKELY_AT = 0.5
"""Probability below which a talk is folded to one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a question: what it would write, or why it would have no effect.

    `name` is that of the form's field that carries the seal.
    """

    name: str
    verb: Verb
    offer: Offer | None = None
    refused: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A talk that a video may be. `likely` is in words, `number` the probability as two digits.

    `people` are its speakers, each with role and affiliation; `place` is its number in the
    programme. `taken` says that it has a recording.
    """

    talk: str
    title: str | None
    people: tuple[str, ...]
    place: int
    taken: bool
    likely: str
    number: str
    reasons: tuple[tuple[Sign, str], ...]
    folded: bool
    yes: Answer
    no: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A video with the talks that it may be, the one that is chosen first."""

    video: str
    title: tuple[tuple[str, bool], ...]
    plain: str
    url: str
    facts: tuple[str, ...]
    image: str | None
    said: str
    linked: str | None
    cards: tuple[Card, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    ignore: Answer | None = None
    later: str | None = None
    when: str = ""


@dataclass(slots=True)
class _Offers:
    """Makes answers of one room, at one moment."""

    room: Room
    when: datetime
    made: list[Answer] = field(default_factory=list)

    def answer(self, verb: Verb, label: str, *, tried: bool, **fields: str | None) -> Answer:
        name = seal_name(verb, fields.get("talk"))
        make = self.room.offer if tried else self.room.untried
        try:
            offer = make(verb, when=self.when, **fields)
        except ConfigError as error:
            return Answer(name=name, verb=verb, refused=error.message, label=label)
        return Answer(name=name, verb=verb, offer=offer, label=label)


def seal_name(verb: Verb, talk: str | None = None) -> str:
    """Return the name of the form's field that carries the seal of an answer."""
    return f"seal.{verb}.{talk}" if talk else f"seal.{verb}"


def ask(
    room: Room,
    listed: Board,
    video: str,
    *,
    wanted: str | None,
    tried: str,
    when: datetime,
    say: Callable[[datetime], str],
    wording: Wording,
) -> Asked | None:
    """Return a video as a question; None where the event does not know it.

    `wanted` is a talk that a person chose, `when` the moment of the decisions that are shown. What
    accepting the first card changes is tried out, and so is the answer `tried` (`no` to that card,
    `ignore`): each takes a whole passage of the event.
    """
    found = subject(room.files, room.passed, video, wanted=wanted)
    if found is None:
        return None
    offers = _Offers(room, when)
    shown = found.row.video
    entries = room.passed.published.entries
    first = found.candidates[0].talk if found.candidates else None
    return Asked(
        video=video,
        title=marked_words(shown.title or video, entry_of(room.passed, first), room.files.event),
        plain=shown.title or video,
        url=web_address(shown.url) or "",
        facts=tuple(_facts(found, say=say, wording=wording)),
        image=found.row.image,
        said=found.said,
        linked=found.linked,
        cards=tuple(_cards(room, offers, found, video, no=tried == "no")),
        others=tuple((one.talk_id, _name(one)) for one in entries),
        ignore=offers.answer(Verb.IGNORE, "Ignore", tried=tried == "ignore", video=video),
        later=listed.after(video),
        when=when.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def undo(room: Room, *, when: datetime, tried: bool) -> Answer | None:
    """Return what takes the event's latest decision back; None where there is none.

    What that changes is worked out where it is to be `tried`.
    """
    latest = room.latest
    if latest is None:
        return None
    return _Offers(room, when).answer(Verb.UNDO, "Undo", tried=tried, undoes=latest.id)


def _cards(room: Room, offers: _Offers, found: Subject, video: str, *, no: bool) -> Iterable[Card]:
    for number, one in enumerate(found.candidates):
        entry = entry_of(room.passed, one.talk)
        if entry is None:
            continue
        # On a link that holds, "no" is what `recap unlink` writes.
        refusal = Verb.UNLINK if found.linked == one.talk else Verb.NOT_THIS
        about = {"video": video, "talk": one.talk}
        yield Card(
            talk=one.talk,
            title=entry.title,
            people=tuple(_person(entry)),
            place=entry.position,
            taken=bool(entry.recordings),
            likely=_likely(one, found),
            number=f"{one.probability:.2f}" if one.reasons else "",
            reasons=tuple((sign(reason), _sentence(reason)) for reason in one.reasons),
            folded=number > 0 and one.probability < UNLIKELY_AT,
            yes=offers.answer(Verb.LINK, "Accept", tried=number == 0, **about),
            no=offers.answer(refusal, "Not this talk", tried=no and number == 0, **about),
        )


def _likely(one: Candidate, found: Subject) -> str:
    if found.linked == one.talk:
        return "Linked"
    return "Your choice" if found.wanted == one.talk else likelihood(one.probability)


def _facts(found: Subject, *, say: Callable[[datetime], str], wording: Wording) -> Iterable[str]:
    video = found.row.video
    if video.channel:
        yield f"Channel {video.channel}"
    if video.platform_date:
        yield f"dated {say(video.platform_date)}"
    if found.row.first_seen:
        yield f"first seen {say(found.row.first_seen)}"
    if video.duration:
        yield words.minutes(video.duration, wording=wording)
    if found.row.gone:
        yield f"gone since {say(found.row.gone)}"


def _person(entry: Entry) -> Iterable[str]:
    for one in entry.speakers:
        yield ", ".join(part for part in (one.name, one.role, one.affiliation) if part)


def _name(entry: Entry) -> str:
    who = ", ".join(one.name for one in entry.speakers)
    named = entry.title or "No title yet"
    return text.clean(f"{entry.position}. {named}{f', {who}' if who else ''}", limit=90)


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]
