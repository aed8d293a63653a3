"""`make bench`: times the product in one run, and prints ratios beside what was promised.

BENCH_SCALE=small takes a tenth of the talks. BENCH_FOLDER names a folder to work in; without it a
folder in memory is used where the system has one, so that the figures are those of the program
and not of the disk.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import looks, peers, sites

TALKS = 20
"""Talks of each generated event."""

SIZES = {"small": (50, 200, 1_000), "full": (50, 1_000, 10_000)}
"""Events of the small, the middle and the large dataset."""

ROUNDS = 7


def main() -> None:
    """Run every row and print it."""
    scale = os.environ.get("BENCH_SCALE", "full")
    if scale not in SIZES:
        raise SystemExit(f"BENCH_SCALE is {scale!r}; it can be: {', '.join(SIZES)}")
    memory = Path("/dev/shm")  # noqa: S108 - a folder in memory, of Linux
    where = os.environ.get("BENCH_FOLDER") or (memory if memory.is_dir() else None)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, scale {scale}")
    with tempfile.TemporaryDirectory(dir=where) as folder:
        _start()
        _peers(Path(folder) / "peers", Path(sys.argv[1]))
        _looks(Path(folder) / "looks", Path(sys.argv[1]), scale=scale)
        _sites(Path(folder) / "sites", Path(sys.argv[1]), scale=scale)
        _scale(Path(folder), SIZES[scale])


def _row(name: str, value: str, promise: str = "") -> None:
    print(f"{name:<58} {value:>16}  {promise}", flush=True)


def _start() -> None:
    shown, bare = peers.help_and_bare(ROUNDS)
    _row("recap --help, CPU", f"{shown * 1e3:.0f} ms")
    _row("python -c pass, CPU", f"{bare * 1e3:.0f} ms")
    _row("  ratio", f"{shown / bare:.1f}", "promised: 8 or less")


def _looks(work: Path, environment: Path, *, scale: str) -> None:
    """Print how long hundreds of lists take beside the peers; a tenth of them at small scale."""
    for number, row in enumerate(looks.ROWS):
        folder = work / str(number)
        folder.mkdir(parents=True)
        feeds = row.feeds // 10 if scale == "small" else row.feeds
        found = looks.compare(folder, environment, replace(row, feeds=feeds))
        for name, wall_s in found.items():
            _row(f"{name}, {feeds} lists, {row.name}", f"{wall_s:.2f} s", "wall, gap 0")
        ratio = found["recap"] / min(found["rss2email"], found["reader"])
        _row(
            "  recap's looks and ledger to the better peer",
            f"{ratio:.2f}",
            f"promised: {row.promise} or less",
        )


def _peers(work: Path, environment: Path) -> None:
    found = peers.compare(work, environment)
    for name, runs in found.items():
        for which, (wall_s, cpu_s) in zip(("first look", "nothing new"), runs, strict=True):
            _row(
                f"{name}, 50 entries, {which}",
                f"{wall_s * 1e3:.0f} / {cpu_s * 1e3:.0f} ms",
                "wall / CPU",
            )
    for name in ("rss2email", "reader"):
        ratio = found["recap"][0][1] / found[name][0][1]
        _row(f"  recap to {name}, first look, CPU", f"{ratio:.1f}")


def _sites(work: Path, environment: Path, *, scale: str) -> None:
    """Print what pages and feeds cost beside Pelican; of a tenth of the talks at small scale."""
    share = 10 if scale == "small" else 1
    events, talks = sites.EVENTS // share, sites.TALKS // share
    found = sites.compare(work, environment, events=events, talks=talks)
    what = f"{talks:,} talks in {events}"
    _row(f"pelican, {what}, pages and feeds, CPU", f"{found['pelican']:.1f} s")
    for name, words, promise in (
        ("build", "pages and feeds", "promised: 0.1 or less"),
        ("whole", "all outputs", ""),
        ("first", "lists, matching, all outputs", ""),
        ("release", "one new recording", "promised: 0.1 or less"),
    ):
        _row(f"recap, {what}, {words}, CPU", f"{found[name]:.1f} s")
        _row("  ratio", f"{found[name] / found['pelican']:.3f}", promise)


def _scale(folder: Path, sizes: tuple[int, int, int]) -> None:
    found = [_measure(folder / str(events), events) for events in sizes]
    for each in found:
        made = each["rebuild"]
        per_talk = made["cpu_s"] / each["talks"] * 1e3
        _row(f"full rebuild, {each['talks']:,} talks, CPU", f"{made['cpu_s']:.1f} s")
        _row("  CPU a talk", f"{per_talk:.2f} ms")
        _row("  peak memory", f"{made['peak_mb']:.0f} MB", "promised: 256 or less")
    _, middle, large = (each["rebuild"]["cpu_s"] / each["talks"] for each in found)
    _row("  CPU a talk, large to middle", f"{large / middle:.2f}", "promised: flat")
    for way in ("due", "chosen"):
        for each in (found[0], found[-1]):
            cost = each[way]
            text = f"{cost['wall_ms']:.0f} / {cost['cpu_ms']:.0f} ms"
            _row(f"one new recording, warm, {way}, {each['talks']:,} talks", text, "wall / CPU")
        ratio = found[-1][way]["cpu_ms"] / found[0][way]["cpu_ms"]
        _row("  ratio, CPU", f"{ratio:.2f}", "promised: 1.5 or less")


def _measure(root: Path, events: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.measure", str(root), str(events), str(TALKS)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if found["rebuild"]["out"] != found["talks"]:
        raise SystemExit(
            f"{root}: {found['rebuild']['out']} of {found['talks']} recordings are out"
        )
    return found


if __name__ == "__main__":
    main()
