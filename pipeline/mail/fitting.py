"""How much of an event a mail shows, so that its HTML stays below what mail programs show.

Must not render. A ladder goes from everything down to a bare list of what is new; every step shows
less than the one before, so the best that fits is found by halving.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.views.event import EventView
from pipeline.views.talk import TalkView

HTML_BYTES = 90_000
"""What the HTML stays below; Gmail shows the first 102 kB of a mail and hides the rest."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How much is shown; None is all.

    `stills` says whether earlier talks have a picture. `earlier`, `others` and `new` are how many
    earlier talks, talks that cannot be watched, and new talks are named. `notes` are characters of
    the sentence about a new talk, `titles` of any title or name, `people` speakers of a talk.
    `prose` says whether introduction and conclusion are there, `cards` whether a new talk has a
    card of its own rather than a line, `direct` whether it links to the recording rather than to
    the talk's place on the recap page.
    """

    stills: bool = True
    earlier: int | None = None
    others: int | None = None
    prose: bool = True
    notes: int | None = None
    cards: bool = True
    titles: int | None = None
    people: int | None = None
    direct: bool = True
    new: int | None = None


WHOLE = Fit()
"""Everything, as a mail about an event of usual size is."""


def ladder(*, earlier: int, others: int, new: int) -> tuple[Fit, ...]:
    """Return every fit for an event with so many talks of each sort, the fullest first."""
    return tuple(_steps(earlier=earlier, others=others, new=new))


def _steps(*, earlier: int, others: int, new: int) -> Iterator[Fit]:
    fit = WHOLE
    yield fit
    yield (fit := replace(fit, stills=False))
    for count in range(earlier - 1, 9, -1):
        yield (fit := replace(fit, earlier=count))
    for count in range(others - 1, 9, -1):
        yield (fit := replace(fit, others=count))
    yield (fit := replace(fit, prose=False))
    yield (fit := replace(fit, notes=200))
    yield (fit := replace(fit, titles=120, people=4))
    yield (fit := replace(fit, notes=80))
    for count in range(min(earlier, 10) - 1, -1, -1):
        yield (fit := replace(fit, earlier=count))
    for count in range(min(others, 10) - 1, -1, -1):
        yield (fit := replace(fit, others=count))
    yield (fit := replace(fit, notes=0))
    yield (fit := replace(fit, titles=80, people=2))
    yield (fit := replace(fit, cards=False))
    yield (fit := replace(fit, titles=60, people=1, direct=False))
    # Even a line for each of a thousand new talks would be too much; the text part has them all.
    for count in range(new - 1, -1, -1):
        yield (fit := replace(fit, new=count))


def shortened(view: EventView, fit: Fit) -> EventView:
    """Return `view` with titles, names and notes as long as `fit` allows."""
    if fit.titles is None and fit.notes is None and fit.people is None:
        return view
    return replace(
        view,
        name=clipped(view.name, fit.titles),
        short_name=clipped(view.short_name, fit.titles),
        talks=tuple(_shortened(talk, fit) for talk in view.talks),
    )


def _shortened(talk: TalkView, fit: Fit) -> TalkView:
    speakers = tuple(
        replace(
            one,
            name=clipped(one.name, fit.titles),
            about=clipped(one.about, fit.titles),
            affiliation=clipped(one.affiliation, fit.titles),
        )
        for one in talk.speakers[: fit.people]
    )
    return replace(
        talk,
        title=clipped(talk.title, fit.titles),
        speakers=speakers,
        notes_line=clipped(talk.notes_line, fit.notes),
    )


def clipped(text: str, limit: int | None) -> str:
    """Return `text`, or as much of it as stays within `limit` with an ellipsis."""
    if limit is None or len(text) <= limit:
        return text
    return f"{text[: limit - 1].rstrip()}…" if limit else ""


def folded(several: Sequence[T], most: int | None) -> tuple[tuple[T, ...], int]:
    """Return the first `most` of several, and how many are left."""
    shown = tuple(several[:most])
    return shown, len(several) - len(shown)
