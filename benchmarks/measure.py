"""One dataset in one process: a full rebuild, then one new recording at a time, warm.

Run as `python -m benchmarks.measure FOLDER EVENTS TALKS`; prints one JSON object. A process of its
own for each size, because a peak of memory never goes down.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import dataset
from pipeline.commands.terminal import fetch_maker
from pipeline.config import load_config
from pipeline.model import RunReport, Want
from pipeline.run import publish
from pipeline.stages.memory import Memory
from pipeline.state.database import State

ROUNDS = 15
FIRST = 3
"""Rounds before the ones that count: the first passes after a rebuild fill caches."""


@dataclass(slots=True)
class Service:
    """What a service holds: its folder, its clock and its memory."""

    root: Path
    now: datetime = datetime(2032, 1, 1, 12, 0, tzinfo=UTC)
    memory: Memory = field(default_factory=Memory)

    def run(self, **want: object) -> tuple[RunReport, float, float]:
        """Run one pass; return its report, and seconds of wall clock and of CPU."""
        config = load_config(self.root)
        with State.open(config.state / "state.sqlite") as state:
            wall, cpu = time.perf_counter(), time.process_time()
            made = publish(
                config,
                now=self.now,
                state=state,
                open_fetch=fetch_maker(config, self.now),
                want=Want(**want),  # type: ignore[arg-type]  # fields by name
                memory=self.memory,
            )
            return made, time.perf_counter() - wall, time.process_time() - cpu


def rebuild(service: Service) -> dict[str, float]:
    """Run the first pass over everything: every list is read, every file is written."""
    made, wall_s, cpu_s = service.run()
    out = sum(event.out for event in made.events)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"out": out, "wall_s": wall_s, "cpu_s": cpu_s, "peak_mb": peak_mb}


def arrivals(service: Service, number: int, *, talks: int, chosen: bool) -> dict[str, float]:
    """Let one recording after another come out at event `number`, and publish each."""
    dataset.open_event(service.root, number, talks=talks, extra=ROUNDS)
    service.now += timedelta(minutes=1)
    name = dataset.event_id(number)
    service.run(events=(name,))
    walls, cpus = [], []
    for count in range(1, ROUNDS + 1):
        dataset.add_recording(service.root, number, talks=talks, extra=count)
        service.now += timedelta(minutes=1)
        made, wall_s, cpu_s = service.run(events=(name,)) if chosen else service.run(due=True)
        if [len(event.released) for event in made.events] != [1]:
            raise SystemExit(
                f"{name}: one event with one new recording was expected, but {len(made.events)} "
                "were taken; were templates or the program changed meanwhile? Run it again"
            )
        walls.append(wall_s)
        cpus.append(cpu_s)
    return {
        "wall_ms": statistics.median(walls[FIRST:]) * 1e3,
        "cpu_ms": statistics.median(cpus[FIRST:]) * 1e3,
    }


def main(root: Path, events: int, talks: int) -> None:
    """Generate, rebuild and let recordings arrive; print what each cost."""
    dataset.make(root, events=events, talks=talks, eager=events - 3)
    service = Service(root)
    found: dict[str, object] = {"talks": events * talks, "rebuild": rebuild(service)}
    # Once all other lists were just read, a due pass finds due the one list that is looked at
    # every second.
    found["due"] = arrivals(service, events - 3, talks=talks, chosen=False)
    found["chosen"] = arrivals(service, events - 2, talks=talks, chosen=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
