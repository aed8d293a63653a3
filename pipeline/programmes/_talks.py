"""The talks of one export, told apart from breaks and repeats, under ids of their own. Pure.

Must not know of any format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.model import Expectation, Link, Speaker, Talk
from pipeline.programmes._ids import Ids
from pipeline.programmes._values import known_video, means_recording, means_slides
from pipeline.text import clean, words

# What an entry without speakers is called when it is no talk (folded words, five languages): all
# words of its title are among these, and one at least is among the first.
_BREAKS = (
    "break breaks breakfast lunch dinner brunch coffee tea snack snacks reception supper "
    "registration checkin networking banquet buffet doors pause pausen kaffeepause mittagspause "
    "mittagessen fruhstuck abendessen registrierung einlass dejeuner diner accueil inscription "
    "almuerzo comida desayuno descanso cena registro"
)
_AROUND = (
    "a accueil afternoon and at attendees cafe check closed congressistes day des drinks evening "
    "for in kaffee long mid midday mittag morning noon of open opens participants petit set short "
    "social the to up venue with"
)
_SERVICE = frozenset(_BREAKS.split())
_ALLOWED = _SERVICE | frozenset(_AROUND.split())


@dataclass(kw_only=True)
class Found:
    """A talk as one row of an export tells it. `name` is how a person finds that row.

    `codes` are most stable first; `repeat` is what a further slot of the same talk shares with
    it, None where the system has no such thing. `videos` are addresses from fields that mean
    the recording.
    """

    name: str
    title: str | None
    codes: tuple[str | None, ...] = ()
    repeat: str | None = None
    speakers: tuple[Speaker, ...] = ()
    summary: str | None = None
    kind: str = "talk"
    day: date | None = None
    length: timedelta | None = None
    language: str | None = None
    track: str | None = None
    tags: tuple[str, ...] = ()
    links: tuple[Link | None, ...] = ()
    videos: tuple[str, ...] = ()
    url: str | None = None
    expectation: Expectation = Expectation.EXPECTED
    is_service: bool = False


@dataclass(kw_only=True)
class Talks:
    """Collects the talks of one event, and names what was left out."""

    found: list[Found] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    services: int = 0
    _slots: set[tuple[str | None, str | None]] = field(default_factory=set)

    def skip(self, name: str, why: str) -> None:
        """Name a row that is left out."""
        self.skipped.append(f"{clean(name)}: {why}")

    def add(self, one: Found) -> None:
        """Take a talk, unless it is a break, a repeat, or has neither title nor code."""
        if one.is_service or (not one.speakers and is_service(one.title or "")):
            self.services += 1
            if one.speakers or one.summary:
                self.skip(one.name, "it looks like a break or a service, not like a talk")
        elif not one.title and not any(one.codes):
            self.skip(one.name, "it has neither title nor code")
        elif one.repeat and (one.repeat, one.title) in self._slots:
            self.skip(one.name, "it is a further slot of a talk that stands above it")
        else:
            self._slots.add((one.repeat, one.title))
            self.found.append(one)

    def talks(self) -> tuple[Talk, ...]:
        """Return the talks in order.

        A code that two of them claim is nobody's, nor is a video that two of them name.
        """
        ids = Ids()
        codes = Counter(code for one in self.found for code in set(one.codes) if code)
        videos = Counter(key for one in self.found for key in _videos(one))
        for one in self.found:
            for key in _videos(one):
                if videos[key] > 1:
                    self.skip(one.name, f"its recording {key} is that of other talks as well")
        return tuple(
            _talk(
                one,
                talk_id=ids.propose(one.title, *one.codes),
                codes=[code for code in one.codes if code and codes[code] == 1],
                videos=[key for key in _videos(one) if videos[key] == 1],
            )
            for one in self.found
        )


def is_service(title: str) -> bool:
    """Return whether a title, of an entry without speakers, is that of a break or a service."""
    have = set(words(title))
    return have <= _ALLOWED and bool(have & _SERVICE)


def speaker(
    name: str | None,
    *,
    role: str | None = None,
    affiliation: str | None = None,
    url: str | None = None,
) -> Speaker | None:
    """Return a speaker; None for one without a name."""
    return Speaker(name=name, role=role, affiliation=affiliation, url=url) if name else None


def people(*found: Speaker | None) -> tuple[Speaker, ...]:
    """Return the speakers in order, each name once, nobody without a name."""
    names: dict[str, Speaker] = {}
    for one in found:
        if one is not None:
            names.setdefault(one.name, one)
    return tuple(names.values())


def _videos(one: Found) -> list[str]:
    named = [link.url for link in one.links if link and means_recording(link.label)]
    keys = (known_video(url) for url in (*one.videos, *named))
    return list(dict.fromkeys(key for key in keys if key))


def _talk(one: Found, *, talk_id: str, codes: Iterable[str], videos: Iterable[str]) -> Talk:
    keys = tuple(videos)
    extra = (Link(url=url, label="Recording") for url in one.videos)
    links: dict[str, Link] = {}
    for link in (*one.links, *extra):
        if link and link.url != one.url and known_video(link.url) not in keys:
            links.setdefault(link.url, link)
    slides = tuple(link for link in links.values() if means_slides(link.label))
    return Talk(
        id=talk_id,
        title=one.title,
        speakers=one.speakers,
        summary=one.summary,
        kind=one.kind,
        day=one.day,
        length=one.length,
        language=one.language,
        track=one.track,
        tags=tuple(dict.fromkeys(one.tags)),
        slides=slides,
        links=tuple(link for link in links.values() if link not in slides),
        codes=tuple(dict.fromkeys(codes)),
        url=one.url,
        expectation=one.expectation,
        recordings=keys,
    )
