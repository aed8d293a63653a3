"""`python -m benchmarks.matching DIR`: the product's own matching over labelled events.

Every list is taken to hold other events too. Prints shares with intervals; `--decisions` writes
one line of JSON a video. Files without `truth` give decisions only. `--mode` is how videos come:

    whole        all at once
    incremental  four at a time in order of publication; automatic links stand once made
    pooled       all at once, and every event sees the videos of all events of its series
    lacking      all at once, four times, each time without another quarter of the talks
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from benchmarks import scores
from benchmarks.cases import Case, Label, load
from pipeline.matching import match
from pipeline.model import Match, Verdict

Mode = Literal["whole", "incremental", "pooled", "lacking"]
BATCH = 4
"""Videos that come at once in the incremental mode."""

Matcher = Callable[..., tuple[Match, ...]]
"""`matching.match`, or the same with other weights."""


def decide(case: Case, *, batch: int, matcher: Matcher = match) -> list[Match]:
    """Return what becomes of every video of the case, which come `batch` at a time."""
    sights, seen = case.sights(), len(case.videos)
    final: dict[str, Match] = {}
    for upto in range(batch, seen + batch, batch):
        here = {one.key: sights[one.key] for one in case.videos[:upto]}
        linked = {
            key: one.talk for key, one in final.items() if one.verdict is Verdict.AUTO and one.talk
        }
        said = matcher(case.event, here, linked=linked, settled=frozenset(), refused=frozenset())
        final |= {one.video: one for one in said}
    return [final[one.key] for one in case.videos]


def pooled(cases: Sequence[Case]) -> list[Case]:
    """Return the cases with the videos of all cases of their group; others' are no talk here."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    return [_with_all(case, groups[case.group]) for case in cases]


def _with_all(case: Case, group: Sequence[Case]) -> Case:
    videos = {one.key: one for each in (*group, case) for one in each.videos}
    labels = dict(case.labels)
    if labels:
        for key in videos.keys() - labels.keys():
            labels[key] = Label(talks=frozenset(), null_reason="pooled")
    return replace(case, videos=tuple(videos[key] for key in sorted(videos)), labels=labels)


QUARTERS = 4
"""Parts into which the talks of an event are dealt, one of which its programme lacks."""


def lacking(cases: Sequence[Case]) -> list[Case]:
    """Return every case four times, each without another quarter of its talks, dealt by their ids.

    The uploads of a talk that is left out are no talk's.
    """
    dealt = [_without(case, part) for part in range(QUARTERS) for case in cases]
    return [case for case in dealt if case.event.talks]


def _without(case: Case, part: int) -> Case:
    event = case.event
    dealt = {
        talk.id: zlib.crc32(f"{event.id}{talk.id}".encode()) % QUARTERS for talk in event.talks
    }
    here = tuple(talk for talk in event.talks if dealt[talk.id] != part)
    left = {talk.id for talk in here}
    return replace(
        case,
        event=replace(event, id=f"{event.id}-{part}", talks=here),
        labels={key: replace(one, talks=one.talks & left) for key, one in case.labels.items()},
    )


def run(cases: Sequence[Case], mode: Mode) -> list[tuple[Case, list[Match]]]:
    """Return the decisions of every case."""
    taken = {"pooled": pooled, "lacking": lacking}.get(mode, list)(cases)
    return [
        (case, decide(case, batch=BATCH if mode == "incremental" else len(case.videos) or 1))
        for case in taken
    ]


def lines(decided: Iterable[tuple[Case, Sequence[Match]]]) -> Iterable[str]:
    """Yield one line of JSON for every decision."""
    for case, matches in decided:
        for one in matches:
            row = {
                "event": case.event.id,
                "video": one.video,
                "verdict": one.verdict.value,
                "talk": one.talk,
                "probability": one.probability,
                "candidates": [list(each) for each in one.candidates],
                "reasons": list(one.reasons),
            }
            yield json.dumps(row, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks/matching.py", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of the event files")
    parser.add_argument("--mode", choices=get_args(Mode), default="incremental")
    parser.add_argument("--decisions", metavar="OUT.jsonl", type=Path)
    given = parser.parse_args(arguments)
    cases = load(given.folder)
    start = time.process_time()
    decided = run(cases, given.mode)
    spent_s = time.process_time() - start
    if given.decisions:
        with given.decisions.open("w", encoding="utf-8") as out:
            out.writelines(lines(decided))
    videos = sum(len(case.videos) for case, _ in decided)
    print(f"{len(decided)} events, {videos} videos, mode {given.mode}, {spent_s:.1f} s of CPU\n")
    rows = scores.scored(decided)
    if rows:
        print("\n".join((*scores.table(rows), "", *scores.slices(rows))))
    else:
        print("The files hold no truth: decisions only.")


if __name__ == "__main__":
    main()
