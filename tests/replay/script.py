"""What happens in the sixty days after TeaConf 2031: its talks, its uploads, its server's moods.

The story is data; `Story.expected` tells what a pipeline that misses nothing arrives at, from the
story alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

START = datetime(2031, 5, 20, 2, 37, tzinfo=UTC)
"""The first pass; the passes of the small hours meet a feed that answers 404."""

DAYS = 60
WINDOW = 15
BURST_DAY = 12
OUTAGE = (40, 45)
REVIEW_ID, ALIAS_ID, EMBARGOED_ID = "talk-42", "talk-43", "talk-45"
ACCEPTED_AFTER = timedelta(days=8)
ALIAS = "What the Kettle Told Me"
ALIAS_DAY = 50
EMBARGO_DAY = 30
REBUILT_DAY = 33
GATED = {"talk-44": "not_recorded", "talk-46": "withheld"}
MISSING = "talk-47"
"""The talk whose recording never comes; its organiser says so on LOST_DAY."""

LOST_DAY = 55
ZONE = ZoneInfo("Europe/Berlin")
QUIET, LONGEST = timedelta(hours=2), timedelta(hours=24)
"""The default plan: announced once nothing more came for QUIET, or something waits for LONGEST."""

_TEAS = (
    *("Assam", "Darjeeling", "Ceylon", "Keemun", "Lapsang", "Oolong", "Sencha"),
    *("Matcha", "Gyokuro", "Rooibos", "Hibiscus", "Chai", "Pu-erh"),
)
_DEEDS = ("Steeping", "Roasting", "Grading", "Shipping")
_THINGS = ("Distributed Teapots", "Stateless Saucers", "Porcelain Pipelines", "Observable Kettles")
_FIRST = "Ada Grace Alan Edsger Barbara Donald Radia Leslie Frances Tony Margaret Dennis Joan"
_LAST = ("Example", "Sample", "Specimen", "Placeholder")


def at(day: float, hour: float = 0) -> datetime:
    """Return a moment of the story, in days and hours after midnight of its first day."""
    return START.replace(hour=0, minute=0) + timedelta(days=day, hours=hour)


@dataclass(frozen=True)
class Planned:
    """A talk of the programme."""

    id: str
    title: str
    speaker: str


def programme() -> tuple[Planned, ...]:
    """Return the 52 talks, each with a title and a speaker of its own."""
    first = _FIRST.split()
    return tuple(
        Planned(
            id=f"talk-{number:02}",
            title=f"{_DEEDS[number % 4]} {_TEAS[number % 13]} with {_THINGS[number // 13]}",
            speaker=f"{first[number % 13]} {_LAST[(number // 13 + number) % 4]}",
        )
        for number in range(52)
    )


@dataclass(frozen=True)
class Upload:
    """One upload: when it joins the playlist, when it opens, what date it tells, when it goes."""

    name: str
    talk: str | None
    title: str
    listed: datetime
    opens: datetime
    date: datetime
    seconds: int
    removed: datetime | None = None
    retitled: tuple[datetime, str] | None = None

    def is_listed(self, now: datetime) -> bool:
        return self.listed <= now and not (self.removed and self.removed <= now)

    def is_open(self, now: datetime) -> bool:
        return self.is_listed(now) and self.opens <= now

    def title_at(self, now: datetime) -> str:
        return self.retitled[1] if self.retitled and self.retitled[0] <= now else self.title


@dataclass
class Story:
    """The uploads, and the mood of the server at any moment."""

    talks: tuple[Planned, ...] = field(default_factory=programme)
    uploads: tuple[Upload, ...] = ()

    def __post_init__(self) -> None:
        self.uploads = tuple(self._tell())

    def feed_works(self, now: datetime) -> bool:
        return not 2 <= now.hour < 4 and self.answers(now)

    def api_works(self, now: datetime) -> bool:
        spent = at(BURST_DAY) <= now < at(BURST_DAY + 1, 8)
        return not spent and self.answers(now)

    def answers(self, now: datetime) -> bool:
        return not at(OUTAGE[0]) <= now < at(OUTAGE[1])

    def feed(self, now: datetime) -> list[Upload]:
        """Return what the channel's feed shows: the newest 15 by the date they tell."""
        shown = [one for one in self.uploads if one.is_open(now)]
        return sorted(shown, key=lambda one: (one.date, one.name), reverse=True)[:WINDOW]

    def playlist(self, now: datetime) -> list[Upload]:
        """Return the playlist in its own order: as it grew, or as somebody built it anew."""
        rows = [one for one in self.uploads if one.is_listed(now)]
        rows.sort(key=lambda one: (one.listed, one.name))
        return rows[::-1] if now >= at(REBUILT_DAY) else rows

    def _tell(self) -> Iterator[Upload]:
        yield self._upload(0, at(-1, 9))
        yield self._upload(1, at(-1, 10))
        for number in range(2, 39):
            yield self._upload(
                number,
                at(BURST_DAY, 10) + timedelta(seconds=80 * number),
                retitled=(at(15, 12), f"{self.talks[4].title} (better sound)")
                if number == 4
                else None,
                removed={7: at(23), 8: at(29)}.get(number),
            )
        for number, day in ((39, 20), (40, 25), (41, 38)):
            yield self._upload(number, at(day, 15), listed=at(3))
        yield self._upload(42, at(16, 9), title="Keemun and Observable Kettles")
        yield self._upload(43, at(6, 9), title=f"{ALIAS} - TeaConf 2031")
        yield self._upload(44, at(17, 9))
        yield self._upload(45, at(18, 9))
        yield self._upload(46, at(18, 12))
        yield self._upload(48, at(41, 9))
        yield self._upload(49, at(43, 9))
        yield self._upload(50, at(BURST_DAY - 0.5), removed=at(30, 12))
        yield self._upload(51, at(30, 10), listed=at(4), date=at(2, 9))
        for number, day in ((7, 22), (8, 28)):
            yield self._upload(number, at(day, 9), name=f"again{number:06}")

    def _upload(
        self,
        number: int,
        opens: datetime,
        *,
        name: str | None = None,
        title: str | None = None,
        listed: datetime | None = None,
        date: datetime | None = None,
        removed: datetime | None = None,
        retitled: tuple[datetime, str] | None = None,
    ) -> Upload:
        planned = self.talks[number]
        return Upload(
            name=name or f"video{number:06}",
            talk=planned.id,
            title=title or f"{planned.title} - {planned.speaker} - TeaConf 2031",
            listed=listed or opens,
            opens=opens,
            date=date or opens,
            seconds=1500 + 7 * number,
            removed=removed,
            retitled=retitled,
        )


@dataclass(frozen=True)
class Told:
    """An announcement: its name, when it is made, its talks in programme order, and its kind."""

    id: str
    time: datetime
    talks: tuple[str, ...]
    kind: str


@dataclass(frozen=True)
class Expected:
    """What a story comes to: when each talk is released, and at which passes a gap is open."""

    released: dict[str, datetime]
    gaps: list[datetime]

    def announcements(self, passes: list[datetime]) -> list[Told]:
        """Return what is announced, if a pipeline that misses nothing looks at `passes`."""
        told: list[Told] = []
        waiting = dict(self.released)
        for now in passes:
            here = {talk: when for talk, when in waiting.items() if when <= now}
            kind = _kind(here, now, first=now == passes[0], told=told)
            if kind:
                told.append(Told(_name(now, told), now, tuple(sorted(here)), kind))
                waiting = {talk: when for talk, when in waiting.items() if talk not in here}
        return told


def _kind(here: dict[str, datetime], now: datetime, *, first: bool, told: list[Told]) -> str | None:
    """Return of which kind an announcement of the talks `here` is, None where none is due."""
    if here and first:
        return "backlog"
    if here and now < min(max(here.values()) + QUIET, min(here.values()) + LONGEST):
        return None
    if now >= at(LOST_DAY) and not any(one.kind == "closing" for one in told):
        return "closing"
    return "batch" if here else None


def _name(now: datetime, told: list[Told]) -> str:
    day = f"{now.astimezone(ZONE):%Y-%m-%d}"
    number = 1 + sum(one.id.startswith(day) for one in told)
    return day if number == 1 else f"{day}-{number}"


def expected(story: Story, passes: list[datetime]) -> Expected:
    """Return what a pipeline that misses nothing arrives at, if it looks at `passes`."""
    known: set[str] = set()
    seen: set[str] = set()
    first: dict[str, datetime] = {}
    gaps: list[datetime] = []
    gap = False
    for now in passes:
        feed = {one.name for one in story.feed(now)} if story.feed_works(now) else set()
        overflow = bool(feed) and bool(known) and not feed & known
        fuller = (not feed or overflow or gap) and story.api_works(now)
        shown = feed
        if fuller:
            shown = {one.name for one in story.playlist(now)}
        gap = not fuller and (gap or overflow)
        if gap:
            gaps.append(now)
        known |= shown
        seen |= {one.name for one in story.uploads if one.name in shown and one.is_open(now)}
        for one in story.uploads:
            if one.name in seen and one.talk and now >= _publishable(one, first, now):
                first.setdefault(one.talk, min(now, one.date) if now == passes[0] else now)
            if one.name in seen and one.talk == REVIEW_ID:
                first.setdefault("asked", now)
    first.pop("asked", None)
    return Expected(
        released={talk: when for talk, when in first.items() if talk not in GATED}, gaps=gaps
    )


def _publishable(one: Upload, first: dict[str, datetime], now: datetime) -> datetime:
    """Return from when on a public upload of a talk may be released."""
    never = now + timedelta(seconds=1)
    match one.talk:
        case "talk-42":
            return first["asked"] + ACCEPTED_AFTER if "asked" in first else never
        case "talk-43":
            return at(ALIAS_DAY)
        case "talk-45":
            return at(EMBARGO_DAY) - timedelta(hours=2)  # midnight in Berlin, in summer
        case _:
            return now
