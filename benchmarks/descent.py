"""Minimises a smooth convex function: L-BFGS (Nocedal 1980) with a backtracking search."""

from __future__ import annotations

from collections.abc import Callable, Sequence

MEMORY = 12
ROUNDS = 120
ENOUGH = 1e-6
"""Improvement, as a share of the value, below which the search ends."""

Vector = list[float]


def minimise(value: Callable[[Vector], tuple[float, Vector]], start: Vector) -> Vector:
    """Return where `value`, which gives a number and its slope, is smallest, from `start`."""
    at, (here, slope) = start, value(start)
    steps: list[tuple[Vector, Vector, float]] = []
    for _ in range(ROUNDS):
        way = _way(slope, steps)
        down = _dot(way, slope)
        size = 1.0 if steps else 1.0 / (1.0 + _dot(slope, slope) ** 0.5)
        while True:
            there = [one + size * by for one, by in zip(at, way, strict=True)]
            new, new_slope = value(there)
            if new <= here + 1e-4 * size * down or size < 1e-12:
                break
            size /= 2
        moved = [b - a for a, b in zip(at, there, strict=True)]
        turned = [b - a for a, b in zip(slope, new_slope, strict=True)]
        if (bend := _dot(moved, turned)) > 0:
            steps = [*steps, (moved, turned, bend)][-MEMORY:]
        ended = here - new <= ENOUGH * abs(here)
        at, here, slope = there, new, new_slope
        if ended:
            break
    return at


def _way(slope: Vector, steps: Sequence[tuple[Vector, Vector, float]]) -> Vector:
    """Return the direction to go: the slope, bent by what the last steps told."""
    way = [-one for one in slope]
    shares = []
    for moved, turned, bend in reversed(steps):
        share = _dot(moved, way) / bend
        shares.append(share)
        way = [one - share * by for one, by in zip(way, turned, strict=True)]
    if steps:
        _, turned, bend = steps[-1]
        scale = bend / _dot(turned, turned)
        way = [one * scale for one in way]
    for (moved, turned, bend), share in zip(steps, reversed(shares), strict=True):
        back = share - _dot(turned, way) / bend
        way = [one + back * by for one, by in zip(way, moved, strict=True)]
    return way


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
