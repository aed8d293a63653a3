"""What files and uploads say of a talk: title, speakers, summary and the other words.

Links, dates and standing are explained elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline import text
from pipeline.model import Link, Speaker, Talk
from pipeline.why.facts import Case, Fact
from pipeline.written.yamltext import Plain

_NOBODY = "no file says, and there is no default"


def texts(case: Case, talk: Talk) -> tuple[Fact, ...]:
    """Return a fact for every text of `talk`."""
    return (
        _title(case, talk),
        _told(case, talk, "speakers", "; ".join(map(_speaker, talk.speakers))),
        _told(case, talk, "summary", talk.summary),
        _told(case, talk, "kind", talk.kind, default="the kind of a talk of which no file says it"),
        _day(case, talk),
        _length(case, talk),
        _language(case, talk),
        _told(case, talk, "track", talk.track),
        _told(case, talk, "tags", ", ".join(talk.tags)),
        _told(case, talk, "slides", _links(talk.slides)),
        _told(case, talk, "links", _links(talk.links)),
    )


def position(case: Case, talk: Talk) -> Fact:
    """Return why the talk stands where it does."""
    name, index, _ = list(case.talk_rows(talk.id))[-1]
    number = case.event.talks.index(talk) + 1
    if name == "programme.yaml" or "programme.yaml" not in case.documents:
        rule = "the order of the talks in the file"
    else:
        rule = "talks that only event.yaml has come after the imported ones"
    return Fact(
        field="position",
        value=f"{number} of {len(case.event.talks)}",
        source=case.place(name, ("talks", index)),
        rule=rule,
    )


def _told(
    case: Case, talk: Talk, field: str, value: str | None, *, default: str | None = None
) -> Fact:
    """Return who says `field` of the talk; `default` is the rule where no file does."""
    said = [
        (name, case.place(name, ("talks", index, field)), row[field])
        for name, index, row in case.talk_rows(talk.id)
        if field in row
    ]
    if not said:
        source = "a default" if default else "nowhere"
        return Fact(field=field, value=value or None, source=source, rule=default or _NOBODY)
    (name, place, _), *others = said
    if name == "programme.yaml":
        rule = "event.yaml says nothing of it, so the last import counts"
    elif others:
        rule = "event.yaml wins over programme.yaml"
    else:
        rule = "event.yaml says so, and nothing else speaks of it"
    notes = tuple(f"overrules {where}: {_written(what)}" for _, where, what in others)
    return Fact(field=field, value=value or None, source=place, rule=rule, notes=notes)


def _title(case: Case, talk: Talk) -> Fact:
    told = _told(case, talk, "title", talk.title)
    entry = case.entry(talk.id)
    if talk.title or entry is None:
        return told
    primary = entry.primary
    if entry.title is None or primary is None:
        return Fact(
            field="title",
            value=None,
            source=told.source,
            rule="no file has a title, and no recording is known to take it from",
        )
    row = case.passed.ledger.videos.get(primary.key)
    cleaned = "" if entry.title == primary.title else ", without the names of speakers and event"
    return Fact(
        field="title",
        value=entry.title,
        source=f"the upload {primary.key}, first seen on {case.lists(primary.key)}",
        rule=f"no file has a title: taken from the recording's upload{cleaned}",
        time=row.first_seen if row else None,
        notes=(
            f"the upload is called: {primary.title}",
            f"write `title:` under {talk.id} in event.yaml to settle it",
        ),
    )


def _day(case: Case, talk: Talk) -> Fact:
    told = _told(case, talk, "day", talk.day.isoformat() if talk.day else None)
    if told.source != "nowhere":
        return told
    place = case.place("event.yaml", ("start",))
    rule = "no file says the talk's day: the first day of the event"
    return Fact(field="day", value=told.value, source=place, rule=rule)


def _length(case: Case, talk: Talk) -> Fact:
    """Return the length that readers see, which is the recording's, else the planned slot."""
    told = _told(case, talk, "length", text.length(talk.length) if talk.length else None)
    entry = case.entry(talk.id)
    primary = entry.primary if entry else None
    if primary is None or primary.duration is None:
        return told
    row = case.passed.ledger.videos.get(primary.key)
    notes = (f"the slot was planned for {told.value} ({told.source})",) if told.value else ()
    return Fact(
        field="length",
        value=text.length(primary.duration),
        source=f"the upload {primary.key}, first seen on {case.lists(primary.key)}",
        rule="readers are shown the length of the recording, not of the planned slot",
        time=row.first_seen if row else None,
        notes=notes,
    )


def _language(case: Case, talk: Talk) -> Fact:
    if talk.language:
        return _told(case, talk, "language", talk.language)
    value = case.event.language
    root = case.documents["event.yaml"].value
    if isinstance(root, dict) and "language" in root:
        place = case.place("event.yaml", ("language",))
        rule = "no file says the talk's language: the event's"
        return Fact(field="language", value=value, source=place, rule=rule)
    rule = "neither the talk nor the event names a language"
    return Fact(field="language", value=value, source="a default", rule=rule)


def _speaker(speaker: Speaker) -> str:
    more = ", ".join(part for part in (speaker.role, speaker.affiliation) if part)
    return f"{speaker.name} ({more})" if more else speaker.name


def _links(links: Iterable[Link]) -> str:
    return "; ".join(
        link.url if link.label == link.url else f"{link.label} <{link.url}>" for link in links
    )


def _written(value: Plain) -> str:
    """Return what a file says, short, for a note."""
    if isinstance(value, list):
        return ", ".join(_written(each) for each in value)
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return str(value.get("name") or value.get("url") or value.get("embargoed") or "…")
    return str(value)
