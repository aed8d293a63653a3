"""The videos of one event by what became of them: asked, matched, ignored; and one of them whole.

What a page lists beside the question that it asks. Pure; decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import merging, report
from pipeline.model import Entry, EventFiles, Question, SeenVideo, Verb, Verdict
from pipeline.passage import Passed
from pipeline.review.questions import Candidate, Doubt, doubts, likelihood
from pipeline.review.reasons import sign

LATELY = timedelta(days=7)
"""For how long a link that was made by itself is listed apart from earlier ones."""

CERTAIN_AT = 0.99
"""Probability from which a link that was made by itself is called certain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One video in a list; `note` says in a few words what is with it."""

    video: str
    title: str
    note: str
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The videos of an event: those that wait for a person, the most probable first; those that
    were matched by themselves lately, and earlier or by people; those that are left alone.

    `others` counts the videos that resemble no talk: a shared list may show any number of them.
    """

    asked: tuple[Line, ...] = ()
    matched: tuple[Line, ...] = ()
    earlier: tuple[Line, ...] = ()
    ignored: tuple[Line, ...] = ()
    others: int = 0

    def after(self, video: str) -> str | None:
        """Return the question to show after this one; None where there is no other."""
        keys = [line.video for line in self.asked]
        rest = keys[keys.index(video) + 1 :] + keys if video in keys else keys
        return next((key for key in rest if key != video), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One video of an event, whatever became of it, with the talks that it may be.

    `said` tells in a sentence what is with it; "" where it waits for a person. `linked` is the talk
    whose recording it is, `wanted` one that nothing speaks for but a person's choice.
    """

    row: SeenVideo
    candidates: tuple[Candidate, ...] = ()
    said: str = ""
    linked: str | None = None
    wanted: str | None = None


def board(opened: EventFiles, passed: Passed, *, now: datetime) -> Board:
    """Return the videos of an event after its passage."""
    rulings, rows = passed.rulings, passed.ledger.videos
    asked = report.questions(passed.ledger, rulings)
    open_keys = {one.video for one in asked}
    by_person = _ignored_by(opened)
    matched: list[Line] = []
    earlier: list[Line] = []
    ignored: list[Line] = []
    others = 0
    for key, row in rows.items():
        if key in rulings.links:
            line = _line(row, _sureness(row) if rulings.by.get(key) == "auto" else _by(key, passed))
            lately = row.first_seen is not None and now - row.first_seen < LATELY
            (matched if lately and rulings.by.get(key) == "auto" else earlier).append(line)
        elif any(video == key for video, _ in rulings.cues):
            earlier.append(_line(row, "several talks"))
        elif key in rulings.ignored:
            ignored.append(_line(row, f"by {by_person[key]}" if key in by_person else "withdrawn"))
        elif key in rulings.passed_over:
            ignored.append(_line(row, rulings.passed_over[key]))
        elif key not in open_keys:
            others += 1
    return Board(
        asked=tuple(_line(rows[one.video], why_asked(one)) for one in asked),
        matched=tuple(matched),
        earlier=tuple(earlier),
        ignored=tuple(ignored),
        others=others,
    )


def why_asked(question: Question) -> str:
    """Return in a few words why a person has to look: what is open or speaks against it."""
    reasons = [one for one in question.reasons if not one.startswith("next best")]
    weighty = [one for one in reasons if not one.startswith(("title: ", "no speaker"))]
    against = [one for one in weighty if sign(one) == "against"]
    doubts = [one for one in weighty if sign(one) == "open"]
    weak = [one for one in reasons if sign(one) != "for"]
    found = next(iter([*against, *reversed(doubts), *weak]), "not sure")
    return found[:1].upper() + found[1:]


def subject(
    opened: EventFiles, passed: Passed, video: str, *, wanted: str | None = None
) -> Subject | None:
    """Return a video with the talks that it may be; None where the event does not know it.

    `wanted` is a talk that a person wants to see beside the others; it comes first.
    """
    row = passed.ledger.videos.get(video)
    if row is None or not row.video.url:
        return None
    asked = next((one for one in doubts(opened, passed) if one.question.video == video), None)
    linked = passed.rulings.links.get(video)
    found = list(asked.candidates if asked else _linked(passed, row, linked))
    offered = {one.talk for one in found}
    for talk in (wanted,) if wanted else ():
        known = next((one for one in found if one.talk == talk), None)
        chosen = known or _candidate(passed, row, talk)
        if chosen:
            found = [chosen, *(one for one in found if one.talk != talk)]
    return Subject(
        row=row,
        candidates=tuple(found),
        said=_said(opened, passed, row, asked=asked),
        linked=linked,
        wanted=wanted if wanted not in offered else None,
    )


def entry_of(passed: Passed, talk: str | None) -> Entry | None:
    """Return a talk as published; None for one that is not."""
    return next((one for one in passed.published.entries if one.talk_id == talk), None)


def _linked(passed: Passed, row: SeenVideo, linked: str | None) -> Iterable[Candidate]:
    made = _candidate(passed, row, linked) if linked else None
    return (made,) if made else ()


def _candidate(passed: Passed, row: SeenVideo, talk: str) -> Candidate | None:
    """Return a talk that is shown because somebody asked for it, or because it is linked."""
    entry = entry_of(passed, talk)
    if entry is None:
        return None
    match = row.match if row.match and row.match.talk == talk else None
    return Candidate(
        talk=talk,
        label=report.label(entry),
        probability=match.probability if match else 0.0,
        reasons=match.reasons if match else (),
    )


def _said(opened: EventFiles, passed: Passed, row: SeenVideo, *, asked: Doubt | None) -> str:
    key, rulings = row.video.key, passed.rulings
    if asked:
        return ""
    if key in rulings.links:
        by = rulings.by.get(key)
        who = {"auto": "by itself", "event.yaml": "by event.yaml"}.get(str(by), _by(key, passed))
        return f"Linked {who}. It is out with this talk until you say otherwise."
    if key in rulings.ignored:
        name = _ignored_by(opened).get(key)
        return f"Ignored by {name}." if name else "Withdrawn; it stays out."
    if key in rulings.passed_over:
        return f"Passed over: {rulings.passed_over[key]}."
    if any(video == key for video, _ in rulings.cues):
        return "Holds several talks; `recap link VIDEO TALK --start TIME` changes which."
    return "Resembles no talk."


def _line(row: SeenVideo, note: str) -> Line:
    video = row.video
    return Line(video=video.key, title=video.title or video.key, note=note, image=row.image)


def _sureness(row: SeenVideo) -> str:
    match = row.match
    if match is None or match.verdict is not Verdict.AUTO or not match.probability:
        return "by itself"
    return "certain" if match.probability >= CERTAIN_AT else likelihood(match.probability).lower()


def _by(key: str, passed: Passed) -> str:
    return "event.yaml" if passed.rulings.by.get(key) == "event.yaml" else "by a person"


def _ignored_by(opened: EventFiles) -> dict[str, str]:
    """Return who ignored a video last, as far as the event's own decisions tell."""
    words = merging.standing(opened.decisions)
    return {one.video: one.by for one in words if one.verb is Verb.IGNORE and one.video}
