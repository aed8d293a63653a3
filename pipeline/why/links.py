"""Whose word ties a video to its talk or keeps it out, what that overruled, and the runner-up.

The order in which words weigh is merging's; here it is only asked again with fewer words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline import matching, merging, text
from pipeline.model import Barred, Decision, Match, Standing, Talk, Verb, Verdict
from pipeline.why.facts import Case, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Who says something, where, when and with what weight."""

    source: str
    rule: str
    time: datetime | None = None
    person: str | None = None
    notes: tuple[str, ...] = ()


def link_word(case: Case, key: str) -> Word:
    """Return who ties the video to its talk, or who or what keeps it without one."""
    rulings = case.passed.rulings
    if key in rulings.barred.videos:
        return bar_word(case, lambda one: key in one.barred.videos, video=key)
    match rulings.by.get(key):
        case "event.yaml":
            return _written(case, key, rulings.links[key])
        case "decision":
            return _decided(case, key)
        case "auto":
            return _matched(case, key, rulings.links[key])
        case None if _cues(case, key):
            return _held(case, key)
        case None:
            return _unlinked(case, key)


def bar_word(
    case: Case,
    barred: Callable[[merging.Rulings], bool],
    *,
    video: str | None = None,
    talk: Talk | None = None,
) -> Word:
    """Return who withdrew a video or a talk: no-publish.yaml or a decision."""
    place = _no_publish(case, video=video, talk=talk)
    if place:
        return Word(source=place, rule="no-publish.yaml wins over everything else")
    made = _maker(case, barred, verbs=(Verb.WITHDRAW, Verb.UNWITHDRAW, Verb.UNDO))
    if made is None:
        return Word(source="data/no-publish.yaml", rule="a withdrawal wins over everything else")
    rule = "a withdrawal wins over event.yaml, links and matching"
    return _of_decision(case, made, rule)


def judged_alone(case: Case, key: str) -> Match | None:
    """Return what matching says of the video if nothing tied it to a talk; None for a held one."""
    rulings = case.passed.rulings
    linked = {video: talk for video, talk in rulings.links.items() if video != key}
    found = matching.match(
        case.event,
        matching.sights(case.event, case.passed.ledger),
        linked=linked,
        settled=rulings.settled - {key},
        refused=frozenset(pair for pair in rulings.refused if pair[0] != key),
    )
    return next((one for one in found if one.video == key), None)


def candidates(found: Match | None) -> str:
    """Return the candidates of a video as a line, best first."""
    if found is None:
        return "not compared: the ledger keeps no more of it than its key and verdict"
    if not found.candidates:
        return "no talk resembles it"
    return ", ".join(f"{talk} ({probability:.2f})" for talk, probability in found.candidates)


def hidden(case: Case, key: str) -> str | None:
    """Return what keeps the video out of every output; None where it is shown."""
    rulings = case.passed.rulings
    if key in rulings.barred.videos:
        return "it is withdrawn"
    talk = rulings.links.get(key) or next((one for one, _ in _cues(case, key)), None)
    if talk is None:
        return _talkless(case, key)
    entry = case.entry(talk)
    if entry is None:
        return f"its talk, {talk}, is withdrawn"
    shown = {one.key: one for one in entry.recordings}
    if key in shown:
        return None if shown[key].available else "it is no longer public; shown as unavailable"
    if entry.standing not in (Standing.OUT, Standing.UNAVAILABLE, Standing.AWAITED):
        return f"its talk, {talk}, is {entry.standing.replace('_', ' ')}"
    return _access(case, key)


def _talkless(case: Case, key: str) -> str:
    if key in case.passed.rulings.ignored:
        return "a person said to ignore it"
    if key in case.passed.rulings.passed_over:
        return f"it is passed over: {case.passed.rulings.passed_over[key]}"
    row = case.passed.ledger.videos.get(key)
    doubtful = row and row.match and row.match.verdict is Verdict.REVIEW
    return "it waits for a person: `recap review`" if doubtful else "it is no talk's recording"


def _access(case: Case, key: str) -> str:
    row = case.passed.ledger.videos[key]
    if row.gone:
        return f"it is gone since {moment(row.gone)} and was never public"
    ahead = row.video.platform_date
    if row.video.access == "public" and ahead:
        return f"its date is still to come: {moment(ahead)}"
    return f"it is {row.video.access}, and was never public"


def _written(case: Case, key: str, talk_id: str) -> Word:
    decided = _without_event_yaml(case)
    overruled = decided.links.get(key)
    notes = []
    if key in decided.ignored:
        notes.append("overrules a decision to ignore it")
    if overruled and overruled != talk_id:
        who = "a decision" if decided.by[key] == "decision" else "an automatic match"
        notes.append(f"overrules {who}: {overruled}")
    return Word(
        source=_recordings_place(case, key, talk_id),
        rule="`recordings:` of a talk wins over decisions and matching",
        notes=(*notes, _runner_up(case, key, talk_id)),
    )


def _decided(case: Case, key: str) -> Word:
    talk_id = case.passed.rulings.links[key]
    made = _maker(case, lambda one: (one.links.get(key), one.by.get(key)), video=key)
    alone = merging.settle(case.event, case.start, (), barred=Barred()).links.get(key)
    overruled = (f"overrules an automatic match: {alone}",) if alone not in (None, talk_id) else ()
    rule = "the latest decision wins over matching"
    notes = (*overruled, _runner_up(case, key, talk_id))
    if made is None:
        return Word(source=f"data/{case.event.id}/decisions", rule=rule, notes=notes)
    word = _of_decision(case, made, rule)
    return replace(word, notes=(*word.notes, *notes))


def _matched(case: Case, key: str, talk_id: str) -> Word:
    row = case.passed.ledger.videos[key]
    match = row.match
    stored = case.start.videos.get(key)
    notes = list(_evidence(match))
    if stored is None or stored.match != match:
        notes.append("not stored yet: the next run links it")
    return Word(
        source=case.rows(("videos", key, "match")),
        rule="an automatic match: no person said otherwise, and it stays by itself",
        time=row.first_seen,
        notes=(*notes, _runner_up(case, key, talk_id)),
    )


def _held(case: Case, key: str) -> Word:
    """Return who says which talks the video holds."""
    cues = _cues(case, key)
    notes = tuple(f"{talk} begins at {text.length(one.start)}" for talk, one in cues)
    if any(one.by == "decision" for _, one in cues):
        made = _maker(case, lambda one: [one.cues.get((key, talk)) for talk, _ in cues], video=key)
        if made:
            word = _of_decision(case, made, "a decision says where a talk begins in it")
            return replace(word, notes=(*word.notes, *notes))
    row = case.passed.ledger.videos.get(key)
    return Word(
        source=case.rows(("videos", key, "match")),
        rule="an automatic match: its chapters name several talks",
        time=row.first_seen if row else None,
        notes=(*_evidence(row.match if row else None), *notes),
    )


def _cues(case: Case, key: str) -> list[tuple[str, merging.Cued]]:
    """Return the talks that the video holds, in its order."""
    found = [(pair[1], one) for pair, one in case.passed.rulings.cues.items() if pair[0] == key]
    return sorted(found, key=lambda each: (each[1].start, each[0]))


def _unlinked(case: Case, key: str) -> Word:
    rulings = case.passed.rulings
    row = case.passed.ledger.videos.get(key)
    if key in rulings.ignored:
        made = _maker(case, lambda one: key in one.ignored, video=key)
        if made:
            return _of_decision(case, made, "a decision to ignore it wins over matching")
    if key in rulings.passed_over:
        return Word(
            source=f"data/{case.event.id}/event.yaml",
            rule=f"passed over by the rules of its list: {rulings.passed_over[key]}; "
            "a person's link wins over that",
        )
    refused = sorted(talk for video, talk in rulings.refused if video == key)
    notes = [
        f"a person said that it is not {talk} ({_refusal(case, key, talk)})" for talk in refused
    ]
    match = row.match if row else None
    if match is None:
        return Word(source="nowhere", rule="it was not compared yet", notes=tuple(notes))
    return Word(
        source=case.rows(("videos", key, "match")),
        rule=_not_linked(match),
        notes=(*_evidence(match), *notes),
    )


def _not_linked(match: Match) -> str:
    doubtful = match.verdict is Verdict.REVIEW
    if match.contested:
        return (
            "another event has a stake in it: a person is asked"
            if doubtful
            else "a person's link in another event wins over matching"
        )
    return "too doubtful to link: a person is asked" if doubtful else "no talk is like it enough"


def _evidence(match: Match | None) -> Iterator[str]:
    """Yield what a verdict rests on."""
    if match:
        yield f"probability {match.probability:.2f}, by matcher version {match.version}"
        yield from match.reasons


def _runner_up(case: Case, key: str, talk_id: str) -> str:
    found = judged_alone(case, key)
    others = [pair for pair in found.candidates if pair[0] != talk_id] if found else []
    if found is None:
        return f"runner-up: {candidates(found)}"
    if not others:
        return "runner-up: none, no other talk resembles it"
    return f"runner-up: {others[0][0]} ({others[0][1]:.2f})"


def _without_event_yaml(case: Case) -> merging.Rulings:
    bare = tuple(replace(talk, recordings=(), not_videos=()) for talk in case.event.talks)
    return merging.settle(
        replace(case.event, talks=bare),
        case.start,
        case.opened.decisions,
        barred=Barred(),
        shared=case.around.shared,
    )


def _maker(
    case: Case,
    view: Callable[[merging.Rulings], object],
    *,
    video: str | None = None,
    verbs: tuple[Verb, ...] = (),
) -> Decision | None:
    """Return the decision that made `view` what it is: they are replayed one after another."""
    words = [
        word
        for word in (*case.opened.decisions, *case.around.shared)
        if word.verb is Verb.UNDO or word.verb in verbs or (video and word.video == video)
    ]
    words.sort(key=lambda word: (word.time, word.id))
    made = None
    before = view(merging.settle(case.event, case.start, (), barred=Barred()))
    for count, word in enumerate(words, start=1):
        after = view(merging.settle(case.event, case.start, words[:count], barred=Barred()))
        if after != before:
            made, before = word, after
    return made


def _of_decision(case: Case, made: Decision, rule: str) -> Word:
    shared = any(one.id == made.id for one in case.around.shared)
    folder = "data/decisions" if shared else f"data/{case.event.id}/decisions"
    return Word(
        source=f"{folder}/{made.id}.yaml",
        rule=f"{rule} ({made.verb})",
        time=made.time,
        person=made.by,
        notes=(f"reason given: {made.reason}",) if made.reason else (),
    )


def _refusal(case: Case, key: str, talk_id: str) -> str:
    """Return where a person said that the video is not the talk."""
    for name, index, row in case.talk_rows(talk_id):
        written = row.get("not")
        for number, url in enumerate(written if isinstance(written, list) else ()):
            if text.video_key(str(url)) == key:
                return case.place(name, ("talks", index, "not", number))
    made = _maker(case, lambda one: (key, talk_id) in one.refused, video=key)
    if made is None:
        return "a decision"
    return f"{_of_decision(case, made, '').source}, by {made.by}"


def _recordings_place(case: Case, key: str, talk_id: str) -> str:
    for name, index, row in case.talk_rows(talk_id):
        written = row.get("recordings")
        for number, url in enumerate(written if isinstance(written, list) else ()):
            if text.video_key(str(url)) == key:
                return case.place(name, ("talks", index, "recordings", number))
    return case.place("event.yaml", ("talks",))


def _no_publish(case: Case, *, video: str | None, talk: Talk | None) -> str | None:
    """Return where no-publish.yaml names the video, the talk or one of its speakers."""
    document = case.documents.get("no-publish.yaml")
    root = document.value if document else None
    if not isinstance(root, dict):
        return None
    names = {
        text.name_key(name)
        for one in (talk.speakers if talk else ())
        for name in (one.name, *one.also)
    }
    for part, names_it in (
        ("videos", lambda one: video is not None and text.video_key(one) == video),
        ("talks", lambda one: talk is not None and one == f"{case.event.id}/{talk.id}"),
        ("speakers", lambda one: text.name_key(one) in names),
    ):
        written = root.get(part)
        for number, one in enumerate(written if isinstance(written, list) else ()):
            if names_it(str(one)):
                return case.place("no-publish.yaml", (part, number))
    return None
