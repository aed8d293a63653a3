"""Everything shown of a talk: its texts, its standing, its recordings and its dates.

Each fact is explained by where the pipeline has it from; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.model import Entry, Expectation, Release, Standing, Talk, Verdict
from pipeline.why.facts import Answer, Case, Fact, moment
from pipeline.why.links import Word, bar_word, hidden, link_word
from pipeline.why.texts import position, texts

_STANDINGS = {
    Standing.OUT: "a public video is linked to it, and nothing keeps it back",
    Standing.UNAVAILABLE: "its recording was public and is no more; the entry stays",
    Standing.AWAITED: "its recording is expected, and no public video is linked to it",
}


def explain_talk(case: Case, talk_id: str) -> Answer:
    """Return the chain of every value that is shown of a talk."""
    talk = case.talk(talk_id)
    entry = case.entry(talk_id)
    return Answer(
        kind="talk",
        key=f"{case.event.id}/{talk_id}",
        title=entry.title if entry else talk.title,
        facts=(
            *texts(case, talk),
            _standing(case, talk, entry),
            *_recordings(case, talk),
            *_dates(case, talk),
            position(case, talk),
        ),
    )


def _standing(case: Case, talk: Talk, entry: Entry | None) -> Fact:
    if entry is None:
        word = bar_word(case, lambda one: one.bars(case.event, talk), talk=talk)
        return _fact("standing", "withdrawn", word)
    said = _expectation(case, talk)
    value = entry.standing.replace("_", " ")
    if entry.standing is Standing.EMBARGOED:
        rule = f"it may appear from {talk.embargo} on, a day in {case.event.timezone}"
    elif entry.standing in _STANDINGS:
        rule = _STANDINGS[entry.standing]
    else:
        rule = "`expectation:` keeps its recording out of every output"
    notes = tuple(line for line in case.passed.alerts if f" {case.event.id}/{talk.id} is " in line)
    if talk.expectation is Expectation.EMBARGOED and entry.standing is not Standing.EMBARGOED:
        notes = (f"its embargo ended on {talk.embargo}", *notes)
    return Fact(field="standing", value=value, source=said, rule=rule, notes=notes)


def _expectation(case: Case, talk: Talk) -> str:
    """Return where the talk's expectation is written."""
    for name, index, row in case.talk_rows(talk.id):
        if "expectation" in row:
            return case.place(name, ("talks", index, "expectation"))
    return "a default: every talk is expected unless a file says otherwise"


def _recordings(case: Case, talk: Talk) -> tuple[Fact, ...]:
    """Return who ties each video to the talk; where none is, what was seen instead."""
    entry = case.entry(talk.id)
    shown = {one.key: one for one in entry.recordings} if entry else {}
    rulings = case.passed.rulings
    linked = {key for key, owner in rulings.links.items() if owner == talk.id}
    linked |= {key for key, held in rulings.cues if held == talk.id}
    facts = []
    for key in (*shown, *sorted(linked - shown.keys())):
        why_not = hidden(case, key)
        role = f"{shown[key].role}, {shown[key].url}" if key in shown else "not shown"
        fact = _fact("recordings", f"{key} ({role})", link_word(case, key))
        facts.append(_noted(fact, f"kept out: {why_not}") if why_not else fact)
    return tuple(facts) or (_no_recording(case, talk),)


def _no_recording(case: Case, talk: Talk) -> Fact:
    rulings = case.passed.rulings
    asked = [
        f"{key} may be it ({row.match.probability:.2f}): answer with `recap review`"
        for key, row in sorted(case.passed.ledger.videos.items())
        if row.match
        and row.match.verdict is Verdict.REVIEW
        and row.match.talk == talk.id
        and key not in rulings.links
        and key not in rulings.settled
    ]
    return Fact(
        field="recordings",
        value=None,
        source="nowhere",
        rule="no file, no decision and no match ties a video to it",
        notes=tuple(asked),
    )


def _dates(case: Case, talk: Talk) -> tuple[Fact, ...]:
    """Return the facts of the talk's row in the ledger."""
    row = case.start.talks.get(talk.id)
    if row is None:
        return tuple(
            Fact(field=field, value=None, source="nowhere", rule=_not_yet(case, talk))
            for field in ("released", "updated", "feed-id", "sequence")
        )
    return (
        _released(case, talk, row),
        _updated(case, talk, row),
        _feed_id(case, talk, row),
        Fact(
            field="sequence",
            value=str(row.sequence) if row.sequence else None,
            source=case.rows(("talks", talk.id, "sequence")),
            rule="feeds are ordered by it: one counter for the installation, "
            "the next number at each release",
        ),
    )


def _not_yet(case: Case, talk: Talk) -> str:
    if talk.id in case.passed.released:
        return "given at its release, which the next run stamps: `recap publish`"
    return "given at its release, and it was not released yet"


def _released(case: Case, talk: Talk, row: Release) -> Fact:
    place = case.rows(("talks", talk.id, "released"))
    if row.released is None:
        left = f"it left the feeds at {moment(row.deleted)}; " if row.deleted else ""
        rule = f"{left}it is dated anew when it is released again"
        return Fact(field="released", value=None, source=place, rule=rule, time=row.deleted)
    platform = {
        seen.video.platform_date
        for key, seen in case.passed.ledger.videos.items()
        if case.passed.rulings.links.get(key) == talk.id
    }
    mended = [one for one in case.around.shared if one.mend and one.mend.at == row.released]
    if mended:
        rule = (
            f"stamped while the clock ran ahead; {mended[-1].by} said what it means in "
            f"data/decisions/{mended[-1].id}.yaml ({mended[-1].verb})"
        )
    elif row.assumed:
        rule = (
            "backlog of an event that ended more than 90 days before, no platform date known: "
            "00:00 UTC of its last day (assumed, and not shown to people)"
        )
    elif row.released in platform:
        rule = "backlog: what the first good look finds keeps its platform's date"
    else:
        rule = (
            f"stamped once, by the run of {moment(row.released)} in which the talk became "
            "publishable: linked, public, expected and not withdrawn"
        )
    removed = talk.id in case.passed.removed
    return Fact(
        field="released",
        value=moment(row.released),
        source=place,
        rule=rule,
        time=row.released,
        notes=("the next run takes it out of the feeds",) if removed else (),
    )


def _updated(case: Case, talk: Talk, row: Release) -> Fact:
    if row.updated == row.released:
        rule = "not changed since its release"
    else:
        rule = (
            f"the run of {moment(row.updated)} found its title, speakers, links or status changed"
        )
    entry = case.entry(talk.id)
    next_row = entry.release if entry else None
    moves = next_row is not None and next_row.digest != row.digest
    return Fact(
        field="updated",
        value=moment(row.updated),
        source=case.rows(("talks", talk.id, "updated")),
        rule=rule,
        time=row.updated,
        notes=("something changed since: the next run moves it",) if moves else (),
    )


def _feed_id(case: Case, talk: Talk, row: Release) -> Fact:
    place = case.rows(("talks", talk.id, "feed_id"))
    today = f"tag:{case.around.tag}:{case.event.id}/{talk.id}"
    rule = "made of `site.tag` and event/talk at the first release, and never changed"
    if row.feed_id != today:
        rule += "; kept through a rename"
    return Fact(field="feed-id", value=row.feed_id, source=place, rule=rule)


def _fact(field: str, value: str, word: Word) -> Fact:
    return Fact(
        field=field,
        value=value,
        source=word.source,
        rule=word.rule,
        time=word.time,
        person=word.person,
        notes=word.notes,
    )


def _noted(fact: Fact, note: str) -> Fact:
    return replace(fact, notes=(note, *fact.notes))
