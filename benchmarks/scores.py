"""Decisions counted against labels: shares with Wilson intervals, by slice, and over folds.

Nothing here matches; a share of nothing is printed as a dash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.cases import FOLDS, Case, Label
from pipeline.model import Match, Verdict

Z = 1.959964
"""Of the normal distribution, for intervals of 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One decision beside its label."""

    case: Case
    label: Label
    match: Match

    @property
    def is_auto(self) -> bool:
        """Tell whether the product linked it by itself."""
        return self.match.verdict is Verdict.AUTO

    @property
    def is_review(self) -> bool:
        """Tell whether the product asks a person."""
        return self.match.verdict is Verdict.REVIEW

    @property
    def is_right(self) -> bool:
        """Tell whether the talk that the product names is the video's."""
        return self.match.talk in self.label.talks

    @property
    def is_wrong(self) -> bool:
        """Tell whether it is a wrong automatic link."""
        return self.is_auto and not self.is_right


def scored(decided: Iterable[tuple[Case, Sequence[Match]]]) -> list[Scored]:
    """Return the decisions on videos that have a label which counts."""
    return [
        Scored(case=case, label=label, match=match)
        for case, matches in decided
        for match in matches
        if (label := case.labels.get(match.video)) and label.scored
    ]


def wilson(hits: int, out_of: int) -> tuple[float, float]:
    """Return the bounds between which a share lies with 95 % certainty (Wilson 1927)."""
    if not out_of:
        return 0.0, 1.0
    share, squared = hits / out_of, Z * Z
    middle = share + squared / (2 * out_of)
    spread = Z * sqrt(share * (1 - share) / out_of + squared / (4 * out_of * out_of))
    whole = 1 + squared / out_of
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


Count = tuple[int, int]
"""Hits, and out of how many."""


def precision(rows: Sequence[Scored]) -> Count:
    """Count the automatic links that are right."""
    autos = [one for one in rows if one.is_auto]
    return sum(one.is_right for one in autos), len(autos)


def recall(rows: Sequence[Scored]) -> Count:
    """Count the talks' videos that were linked to the right talk without a person."""
    talks = [one for one in rows if one.label.talks]
    return sum(one.is_auto and one.is_right for one in talks), len(talks)


def reviews(rows: Sequence[Scored]) -> Count:
    """Count the videos on which a person is asked."""
    return sum(one.is_review for one in rows), len(rows)


def false_links(rows: Sequence[Scored]) -> Count:
    """Count the automatic links among the videos that are no talk of the event."""
    others = [one for one in rows if not one.label.talks]
    return sum(one.is_auto for one in others), len(others)


def shown(rows: Sequence[Scored]) -> Count:
    """Count the reviews of talks' videos that show the right talk among the first three."""
    asked = [one for one in rows if one.is_review and one.label.talks]
    found = sum(
        not one.label.talks.isdisjoint(talk for talk, _ in one.match.candidates) for one in asked
    )
    return found, len(asked)


def untouched(rows: Sequence[Scored]) -> Count:
    """Count the events without a wrong link, be it a talk's video or another's."""
    return _events(rows, lambda each: not any(one.is_wrong for one in each))


def unattended(rows: Sequence[Scored]) -> Count:
    """Count the events that need no person: nothing wrong, nothing asked, nothing missed."""
    return _events(
        rows,
        lambda each: (
            all(
                one.is_right if one.label.talks else not one.is_auto and not one.is_review
                for one in each
                if one.is_auto or one.is_review or one.label.talks
            )
            and not any(one.is_review for one in each)
            and all(one.is_auto for one in each if one.label.talks)
        ),
    )


def _events(rows: Sequence[Scored], holds: Callable[[list[Scored]], bool]) -> Count:
    events: dict[str, list[Scored]] = {}
    for one in rows:
        events.setdefault(one.case.event.id, []).append(one)
    return sum(holds(each) for each in events.values()), len(events)


def _hard(rows: Sequence[Scored]) -> list[Scored]:
    return [one for one in rows if (one.label.tier or 0) >= _HARD]


_HARD = 2
"""Tier from which an upload's title is only nearly the talk's."""

MEASURES: Mapping[str, Callable[[Sequence[Scored]], Count]] = {
    "auto precision": precision,
    "recall of auto": recall,
    "review share": reviews,
    "false links on videos that are no talk": false_links,
    "right talk in the top 3 of a review": shown,
    "events without a wrong link": untouched,
    "events needing no person": unattended,
    "hard cases (tiers 2-4): precision": lambda rows: precision(_hard(rows)),
    "hard cases (tiers 2-4): recall": lambda rows: recall(_hard(rows)),
}


def table(rows: Sequence[Scored]) -> list[str]:
    """Return the figures of all, with intervals and the spread over folds, as lines."""
    lines = [f"{'':40} {'share':>8} {'count':>13}   95 %             lowest and highest fold"]
    for name, measure in MEASURES.items():
        folds = [measure([one for one in rows if one.case.fold == at]) for at in range(FOLDS)]
        spread = sorted(hits / out_of for hits, out_of in folds if out_of)
        over = f"{spread[0]:8.2%} {spread[-1]:8.2%}" if spread else ""
        lines.append(f"{name:40} {_line(measure(rows))}   {over}")
    return lines


def slices(rows: Sequence[Scored]) -> list[str]:
    """Return the figures by family, tier and slice as lines."""
    groups: dict[str, list[Scored]] = {}
    for one in rows:
        for name in _groups(one):
            groups.setdefault(name, []).append(one)
    lines = [f"{'':48} {'videos':>6} {'precision':>16} {'recall':>16} {'review':>16}"]
    for name in sorted(groups):
        group = groups[name]
        cells = [cell(*measure(group)) for measure in (precision, recall, reviews)]
        lines.append(f"{name:48} {len(group):6} {' '.join(f'{one:>16}' for one in cells)}")
    return lines


def _groups(one: Scored) -> list[str]:
    names = [f"family {one.case.family}"]
    if one.label.tier is not None:
        names.append(f"tier {one.label.tier}")
        names += ["tiers 2-4"] if one.label.tier >= _HARD else []
    names += [f"slice {name}" for name in one.label.slices]
    if one.label.null_reason:
        names.append(f"no talk: {one.label.null_reason}")
    return names


def cell(hits: int, out_of: int) -> str:
    """Return a share as people read it, with its count; a dash for a share of nothing."""
    return f"{hits / out_of:.1%} {hits}/{out_of}" if out_of else "-"


def _line(count: Count) -> str:
    hits, out_of = count
    if not out_of:
        return f"{'-':>8} {'':>13}   {'':15}"
    low, high = wilson(hits, out_of)
    return f"{hits / out_of:8.2%} {f'{hits}/{out_of}':>13}   {low:6.2%}–{high:7.2%}"
