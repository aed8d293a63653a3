"""What each feature weighs, in log-odds; from `benchmarks/calibrate.py --write`.

Learnt from 5,264 labelled videos, but for the weights in `weights.BY_HAND`; not edited here.
A video is the talk whose features sum highest, or no talk's, whose sum is 0.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "does not name the event as others do": -1.59,
    "in a list of the event": 0.58,
    "kind agrees": 2.34,
    "kind alone": 2.11,
    "kind contradicts": -2.65,
    "length fits": 0.3,
    "length misfits": -1.0,
    "linked to": 9.0,
    "names no speaker as others do": -1.34,
    "names the event": 1.04,
    "names the event as little as others": 0.95,
    "names the event without its year": -1.32,
    "names the event's year": -2.83,
    "namesake": -0.07,
    "no speakers known": 0.61,
    "no talk": -6.0,
    "other event": -1.66,
    "other number": -2.2,
    "other speaker": -1.74,
    "other year": -5.29,
    "pair": -3.87,
    "released apart": -1.39,
    "released with others": 0.97,
    "short": -6.55,
    "speaker": 1.56,
    "speaker, and nothing else": 3.68,
    "speaker, and nothing else but the event": 3.07,
    "speaker, and nothing else, of several": -0.85,
    "speaker, of several talks": -0.14,
    "title": 1.81,
    "title, mass": 0.51,
    "title, of the talk": 1.93,
    "title, of the upload": 4.51,
    "title, too common": -2.45,
    "title, word by word": 0.32,
    "untitled": -3.2,
    "untitled, in a list of the event": 2.0,
    "untitled, speaker": 3.6,
    "very short": -2.97,
}
"""Feature -> log-odds, for each whole feature that a pair has."""
