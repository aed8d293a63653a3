"""`python -m benchmarks.calibrate DIR`: learns what each feature weighs, and how sure that is.

A video is one of its candidates or none of them: a conditional logit (McFadden 1974) over the
features of `pipeline.matching`, with a small penalty on large weights. Each video is seen as the
first of a list, without linked uploads, and as the last, beside the other right links; in a list
that holds other events too, and, where it is of the event, in a list of its own.

Prints figures of five folds by series, each judged with weights learnt from the four others, and
with `--write` writes the weights learnt from all to pipeline/matching/calibration.py.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import exp, log
from pathlib import Path

from benchmarks import scores
from benchmarks.cases import FOLDS, Case, Label, load
from benchmarks.descent import minimise
from benchmarks.matching import BATCH, decide
from pipeline.matching.assignment import match, survey
from pipeline.matching.batch import Batch, shares
from pipeline.matching.company import company
from pipeline.matching.weights import BY_HAND
from pipeline.model import Match

PENALTY = 0.5
"""Of the squared weights; what one video tells can move a weight no further than this lets it."""
MOST = 6
"""Candidates of one video that are learnt from; the others resemble it less."""

Pair = tuple[tuple[int, float], ...]
"""The features of a pair: the number of each, and its value."""
Sample = tuple[list[Pair], list[bool]]
"""A video's candidates, and which of them are right; none of them may be."""

TARGET = Path(__file__).parents[1] / "pipeline" / "matching" / "calibration.py"


class Features:
    """The names of the features, numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def pair(self, *parts: Mapping[str, float]) -> Pair:
        """Return the features of a pair by number, those set by hand left out."""
        return tuple(
            (self.numbers.setdefault(name, len(self.numbers)), value)
            for part in parts
            for name, value in part.items()
            if name not in BY_HAND
        )


def samples(case: Case, features: Features) -> list[Sample]:
    """Return what the scored videos of a case teach, in a list of many events and in its own."""
    own = {key: label for key, label in case.labels.items() if not label.is_elsewhere}
    return [
        *_samples(case, case.labels, features, only_this_event=False),
        *_samples(case, own, features, only_this_event=True),
    ]


def _samples(
    case: Case, labels: Mapping[str, Label], features: Features, *, only_this_event: bool
) -> list[Sample]:
    sights = {
        key: replace(sight, only_this_event=only_this_event)
        for key, sight in case.sights().items()
        if key in labels
    }
    seen = survey(case.event, sights, judged=frozenset(sights), refused=frozenset())
    talks = {one.talk.id: one for one in seen.texts.talks}
    right = {
        key: (seen.videos[key], talks[talk])
        for key, label in labels.items()
        for talk in sorted(label.talks)[:1]
    }
    found: list[Sample] = []
    for key, label in sorted(labels.items()):
        near = sorted(
            (one for one in seen.evidence[key] if one.talk.titles),
            key=lambda one: (-(one.likeness.score + one.grade), one.talk.talk.id),
        )[:MOST]
        if not near or not label.scored:
            continue
        links = {other: talk for other, (_, talk) in right.items() if other != key}
        others = [right[other] for other in sorted(links)]
        taken = frozenset(talk.talk.id for talk in links.values())
        last = Batch(taken=taken, shares=shares(seen.videos, links.keys()))
        for known, batch in (
            (company([], case.event), Batch()),
            (company(others, case.event), last),
        ):
            pairs = [
                features.pair(one.features, seen.beside(seen.videos[key], one, known, batch))
                for one in near
            ]
            found.append((pairs, [one.talk.talk.id in label.talks for one in near]))
    return found


def loss(weights: Sequence[float], taught: Sequence[Sample]) -> tuple[float, list[float]]:
    """Return how badly the weights explain the samples, and its slope."""
    total = PENALTY / 2 * sum(one * one for one in weights)
    slope = [PENALTY * one for one in weights]
    for pairs, right in taught:
        sums = [sum(weights[at] * value for at, value in pair) for pair in pairs]
        top = max(0.0, *sums)
        odds = [exp(one - top) for one in sums]
        whole = exp(-top) + sum(odds)
        wanted = sum(one for one, is_right in zip(odds, right, strict=True) if is_right)
        has = any(right)
        total -= log(max(wanted if has else exp(-top), 1e-300) / whole) / 2
        for pair, one, is_right in zip(pairs, odds, right, strict=True):
            push = (one / whole - (one / wanted if is_right and wanted else 0.0)) / 2
            if abs(push) > 1e-9:
                for at, value in pair:
                    slope[at] += push * value
    return total, slope


def learn(taught: Sequence[Sample], features: Features) -> dict[str, float]:
    """Return the weight of each feature that explains the samples best, in two decimals."""
    start = [0.0] * len(features.numbers)
    best = minimise(partial(loss, taught=taught), start)
    learnt = {name: round(best[at], 2) + 0.0 for name, at in features.numbers.items()}
    return {**learnt, **BY_HAND}


def held_out(
    cases: Sequence[Case], taught: Sequence[Sequence[Sample]], features: Features, *, batch: int
) -> list[tuple[Case, list[Match]]]:
    """Return decisions on every case, with weights that its series had no part in."""
    decided = []
    for fold in range(FOLDS):
        rest = [
            one
            for case, part in zip(cases, taught, strict=True)
            if case.fold != fold
            for one in part
        ]
        matcher = partial(match, weights=learn(rest, features))
        for case in cases:
            if case.fold == fold:
                size = batch or len(case.videos)
                decided.append((case, decide(case, batch=size, matcher=matcher)))
    return decided


def calibrated(rows: Iterable[scores.Scored]) -> list[str]:
    """Return, by probability, how many first candidates were right, as lines."""
    steps = (0.0, 0.1, 0.35, 0.5, 0.7, 0.9, 0.95, 0.98, 1.0)
    lines = ["probability of the first candidate, and how often it was right"]
    known = [one for one in rows if one.match.candidates]
    for low, high in pairwise(steps):
        here = [one for one in known if low <= one.match.probability < high]
        right = sum(one.match.candidates[0][0] in one.label.talks for one in here)
        mean = sum(one.match.probability for one in here) / (len(here) or 1)
        lines.append(
            f"  {low:.2f} to {high:.2f}: said {mean:6.1%}, was {scores.cell(right, len(here))}"
        )
    return lines


def written(weights: Mapping[str, float], taught: int) -> str:
    """Return the module that holds the weights."""
    rows = "".join(f'    "{name}": {weights[name]},\n' for name in weights)
    return f'''"""What each feature weighs, in log-odds; from `benchmarks/calibrate.py --write`.

Learnt from {taught:,} labelled videos, but for the weights in `weights.BY_HAND`; not edited here.
A video is the talk whose features sum highest, or no talk's, whose sum is 0.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {{
{rows}}}
"""Feature -> log-odds, for each whole feature that a pair has."""
'''


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of the event files")
    parser.add_argument("--write", action="store_true", help="write calibration.py anew")
    given = parser.parse_args(arguments)
    cases, features = load(given.folder), Features()
    taught = [samples(case, features) for case in cases]
    for name, batch in (("incremental", BATCH), ("whole", 0)):
        rows = scores.scored(held_out(cases, taught, features, batch=batch))
        print(f"\nheld out by series, {name}\n")
        print("\n".join((*scores.table(rows), "", *calibrated(rows))))
    if given.write:
        weights = learn([one for part in taught for one in part], features)
        videos = sum(label.scored for case in cases for label in case.labels.values())
        TARGET.write_text(written(dict(sorted(weights.items())), videos), encoding="utf-8")


if __name__ == "__main__":
    main()
