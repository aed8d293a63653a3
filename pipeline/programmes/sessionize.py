"""A Sessionize event by its API, view All: sessions, speakers, questions, categories, rooms.

sessionize.com/playbook/api describes it. Its times have no zone; they are in the event's own.
Must not reach the network but through `fetch`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlunsplit

from pipeline.model import Fetch, Imported, Link, Secret, Speaker
from pipeline.programmes import _values as values
from pipeline.programmes._reading import (
    check_options,
    is_address,
    load_json,
    read_bytes,
    split,
    unreadable,
)
from pipeline.programmes._talks import Found, Talks, people, speaker
from pipeline.text import fold

BASE = "https://sessionize.com"

_ID = re.compile(r"[a-z0-9]{8}\Z")
_API = re.compile(r"(?P<api>.*/api/v2/[A-Za-z0-9]+)(/.*)?\Z")
_NO_TALK = frozenset(("declined", "nominated", "waitlisted", "decline queue", "in evaluation"))
_ROLE = re.compile(r"(?P<role>.*\S)\s+(?:at\s+|@\s*)(?P<affiliation>\S.*)")
_KINDS = re.compile(r"session (format|type)|formats?|types?|art|sessionart")
_TRACKS = re.compile(r"(session )?tracks?")
_LANGUAGES = re.compile(r"(session )?(language|sprache)")
# What Sessionize's own list of languages calls the more frequent ones.
_TAGS = {
    "english": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "francais": "fr",
    "spanish": "es",
    "espanol": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "polish": "pl",
}


class SessionizeProgramme:
    """Imports an event by the address or the id of its API endpoint, or from a file."""

    def __init__(self, options: Mapping[str, str], *, secret: Secret) -> None:  # noqa: ARG002  # all programmes are made alike
        check_options("sessionize", options)

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the event at `where`. Raises SourceError."""
        where = where.strip()
        # A file may be called like an id.
        if not (_ID.match(where) and Path(where).exists()):
            where = parse_address(where)
        yield parse_all(read_bytes(fetch, where), where=where)


def parse_address(where: str) -> str:
    """Return the address of view All, given an endpoint, one of its views, or its id."""
    if _ID.match(where):
        return f"{BASE}/api/v2/{where}/view/All"
    if not is_address(where):
        return where
    parts = split(where)
    match = _API.match(parts.path)
    if match is None or parts.path.endswith(".json"):
        return where
    return urlunsplit((parts.scheme, parts.netloc, f"{match['api']}/view/All", "", ""))


def parse_all(body: bytes, *, where: str = "view All") -> Imported:
    """Read view All. Raises SourceError for what is none, or holds no talk."""
    document = values.mapping(load_json(body, where=where))
    if not isinstance(document.get("sessions"), list):
        raise unreadable(
            where,
            "it has no `sessions`; use the API endpoint's view All, "
            f"{BASE}/api/v2/ID/view/All (API / Embed in Sessionize)",
        )
    reader = _Reader(document)
    talks = Talks()
    for number, session in enumerate(values.rows(document["sessions"]), start=1):
        reader.take(talks, values.mapping(session), number=number)
    made = talks.talks()
    if not made:
        why = talks.skipped[0] if talks.skipped else "the list is empty"
        raise unreadable(where, f"it holds no talk ({why}); are sessions published already?")
    days = [talk.day for talk in made if talk.day]
    return Imported(
        start=min(days, default=None),
        end=max(days, default=None),
        talks=made,
        skipped=tuple(talks.skipped),
    )


class _Reader:
    """What sessions refer to by number: speakers, questions, categories."""

    def __init__(self, document: Mapping[str, object]) -> None:
        self._questions = {
            values.raw(one.get("id")): values.raw(one.get("question"))
            for one in map(values.mapping, values.rows(document.get("questions")))
        }
        self._items = {
            values.raw(item.get("id")): (
                fold(values.raw(category.get("title"))),
                values.line(item.get("name")),
            )
            for category in map(values.mapping, values.rows(document.get("categories")))
            for item in map(values.mapping, values.rows(category.get("items")))
        }
        self._speakers = {
            values.raw(one.get("id")): self._speaker(one)
            for one in map(values.mapping, values.rows(document.get("speakers")))
        }

    def take(self, talks: Talks, row: Mapping[str, object], *, number: int) -> None:
        """Take one session."""
        code, title = values.line(row.get("id")), values.line(row.get("title"))
        name = f"session {number} ({title})" if title else f"session {number}"
        state = fold(values.raw(row.get("status"))).replace("_", " ")
        if not code:
            talks.skip(name, "it has no id, so it is no session of Sessionize's")
            return
        if state in _NO_TALK:
            talks.skip(name, f"it is {state}")
            return
        chosen = list(self._chosen(row))
        start, end = values.moment(row.get("startsAt")), values.moment(row.get("endsAt"))
        same = start and end and (start.tzinfo is None) == (end.tzinfo is None)
        talks.add(
            Found(
                name=name,
                title=title,
                codes=(code,),
                repeat=code,
                speakers=people(*self._people(talks, row, name=name)),
                summary=values.block(row.get("description")),
                kind=values.kind(*(item for what, item in chosen if _KINDS.fullmatch(what))),
                day=start.date() if start else None,
                length=values.sensible(end - start) if start and end and same else None,
                language=_language(chosen),
                track=next((item for what, item in chosen if _TRACKS.fullmatch(what)), None),
                tags=tuple(item for what, item in chosen if not _has_a_place(what)),
                links=tuple(self._links(row)),
                videos=tuple(_address(row, "recordingUrl")),
                is_service=row.get("isServiceSession") is True,
            )
        )

    def _chosen(self, row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        for number in values.rows(row.get("categoryItems")):
            what, item = self._items.get(values.raw(number), ("", None))
            if item:
                yield what, item

    def _people(
        self, talks: Talks, row: Mapping[str, object], *, name: str
    ) -> Iterator[Speaker | None]:
        for one in values.rows(row.get("speakers")):
            # View All refers to speakers by id, other views hold id and name.
            held = values.mapping(one)
            who = self._speakers.get(values.raw(held.get("id") if held else one))
            if who is None and held:
                who = speaker(values.line(held.get("name")))
            if who is None:
                talks.skip(name, "one of its speakers is not in the list of speakers")
            yield who

    def _links(self, row: Mapping[str, object]) -> Iterator[Link | None]:
        """Yield what questions were answered with addresses; the label is the question."""
        for answer in map(values.mapping, values.rows(row.get("questionAnswers"))):
            value = values.raw(answer.get("answerValue")).strip()
            if is_address(value):
                yield values.link(value, self._questions.get(values.raw(answer.get("questionId"))))

    def _speaker(self, row: Mapping[str, object]) -> Speaker | None:
        given = (values.line(row.get("firstName")), values.line(row.get("lastName")))
        name = values.line(row.get("fullName")) or " ".join(part for part in given if part)
        role, affiliation = values.line(row.get("tagLine")), None
        match = _ROLE.fullmatch(role or "")
        if match:
            role, affiliation = match["role"], match["affiliation"]
        pages = (
            values.web(values.mapping(one).get("url")) for one in values.rows(row.get("links"))
        )
        return speaker(
            name or None,
            role=role,
            affiliation=affiliation,
            url=next((page for page in pages if page), None),
        )


def _has_a_place(what: str) -> bool:
    return any(one.fullmatch(what) for one in (_KINDS, _TRACKS, _LANGUAGES))


def _language(chosen: Iterable[tuple[str, str]]) -> str | None:
    for what, item in chosen:
        if _LANGUAGES.fullmatch(what):
            return _TAGS.get(fold(item))
    return None


def _address(row: Mapping[str, object], name: str) -> Iterator[str]:
    made = values.web(row.get(name))
    if made:
        yield made
