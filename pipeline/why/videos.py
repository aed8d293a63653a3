"""Everything known of a video: where it was seen, which talk it is and why, what keeps it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline import text
from pipeline.model import Access, Barred, Decision, SeenVideo, Verb
from pipeline.why.facts import Answer, Case, Fact, moment
from pipeline.why.links import candidates, hidden, judged_alone, link_word


def explain_video(case: Case, key: str, *, elsewhere: Iterable[str] = ()) -> Answer:
    """Return the chain of everything that is known of a video that the event knows.

    `elsewhere` are the ids of other events that know it too.
    """
    row = case.passed.ledger.videos.get(key)
    known = _sightings(case, key, row) if row and row.video.url else (_bare(case, key, row),)
    others = tuple(f"{event_id} knows it too" for event_id in elsewhere)
    known = tuple(
        replace(fact, notes=(*fact.notes, *others)) if fact.field == "seen" else fact
        for fact in known
    )
    return Answer(
        kind="video",
        key=key,
        title=row.video.title if row else None,
        facts=(*known, _talk(case, key), _candidates(case, key), _shown(case, key)),
    )


def explain_stranger(key: str, *, barred: Barred, shared: Iterable[Decision]) -> Answer:
    """Return what there is to say of a video that no event knows."""
    asked = [word for word in shared if word.video == key and word.verb is Verb.WITHDRAW]
    fact = Fact(
        field="seen",
        value=None,
        source="nowhere",
        rule="no watch list has shown it and no file names it; add its list with "
        "`recap watch add`, or its address under `recordings:` of its talk",
    )
    if key in barred.videos:
        note = "data/no-publish.yaml keeps it out, should it be shown"
    elif asked:
        note = f"data/decisions/{asked[-1].id}.yaml withdrew it"
    else:
        note = ""
    noted = Fact(field="shown", value=None, source=note or "nowhere", rule="no event knows it")
    return Answer(kind="video", key=key, title=None, facts=(fact, noted))


def _bare(case: Case, key: str, row: SeenVideo | None) -> Fact:
    """Say why nothing is known of the video but its key."""
    if row is not None:
        rule = "held back: the ledger is public, and keeps no more of it than its key and verdict"
        return Fact(field="seen", value=None, source=case.rows(("videos", key)), rule=rule)
    rule = "no watch list has shown it: all that is known of it is what a person wrote"
    return Fact(field="seen", value=None, source="nowhere", rule=rule)


def _sightings(case: Case, key: str, row: SeenVideo) -> tuple[Fact, ...]:
    video = row.video
    lists = case.lists(key)
    values = (
        ("title", video.title),
        ("url", video.url),
        ("length", text.length(video.duration) if video.duration else None),
        ("channel", video.channel),
        ("language", video.language),
        ("platform-date", moment(video.platform_date) if video.platform_date else None),
    )
    told = (
        Fact(
            field=field,
            value=value,
            source=lists,
            rule="as the list shows it" if value else "the list does not say it",
            time=row.first_seen,
        )
        for field, value in values
    )
    return (*told, _seen(case, key, row), _public(case, key, row), _gone(case, key, row))


def _seen(case: Case, key: str, row: SeenVideo) -> Fact:
    again = (f"uploaded again as {row.replaced_by}",) if row.replaced_by else ()
    return Fact(
        field="seen",
        value=moment(row.first_seen) if row.first_seen else None,
        source=case.lists(key),
        rule="the first look in which a list showed it",
        time=row.first_seen,
        notes=again,
    )


def _public(case: Case, key: str, row: SeenVideo) -> Fact:
    ahead = row.video.access is Access.PUBLIC and not row.video.is_public(case.now)
    access = "public, but dated ahead" if ahead else str(row.video.access)
    return Fact(
        field="public",
        value=moment(row.first_public) if row.first_public else None,
        source=case.lists(key),
        rule=f"the first look in which it was public; its list now says: {access}",
        time=row.first_public,
    )


def _gone(case: Case, key: str, row: SeenVideo) -> Fact:
    missed = row.misses
    if row.gone:
        rule = "three good and complete looks over 48 hours or more did not show it"
    elif missed:
        rule = (
            f"not certain yet: {missed.count} of 3 good and complete looks did not show it, "
            f"the first at {moment(missed.first)}, the latest at {moment(missed.latest)}"
        )
    else:
        rule = "its lists did show it when they were last looked at"
    return Fact(
        field="gone",
        value=moment(row.gone) if row.gone else None,
        source=case.lists(key),
        rule=rule,
        time=row.gone,
    )


def _talk(case: Case, key: str) -> Fact:
    word = link_word(case, key)
    talks = _talks(case, key)
    return Fact(
        field="talk",
        value=", ".join(f"{case.event.id}/{talk}" for talk in talks) or None,
        source=word.source,
        rule=word.rule,
        time=word.time,
        person=word.person,
        notes=word.notes,
    )


def _talks(case: Case, key: str) -> list[str]:
    """Return the talks that the video is a recording of: its own, then those that it holds."""
    rulings = case.passed.rulings
    own = rulings.links.get(key)
    return [*([own] if own else []), *(talk for video, talk in rulings.cues if video == key)]


def _candidates(case: Case, key: str) -> Fact:
    found = judged_alone(case, key)
    return Fact(
        field="candidates",
        value=candidates(found) if found and found.candidates else None,
        source=f"matching version {found.version}" if found else "nowhere",
        rule="what matching says if nothing tied it to a talk"
        if found and found.candidates
        else candidates(found),
        notes=(f"{found.verdict}: {'; '.join(found.reasons)}",) if found else (),
    )


def _shown(case: Case, key: str) -> Fact:
    """Return whether readers see the video, or what keeps it out."""
    reason = hidden(case, key)
    talk = next(iter(_talks(case, key)), None)
    entry = case.entry(talk) if talk else None
    roles = {one.key: one.role for one in entry.recordings} if entry else {}
    if key in roles:
        return Fact(
            field="shown",
            value=f"{roles[key]} recording of {case.event.id}/{talk}",
            source=text.video_url(key) or key,
            rule=reason or "linked, public, and nothing keeps it back",
        )
    return Fact(field="shown", value=None, source="nowhere", rule=f"kept out: {reason}")
