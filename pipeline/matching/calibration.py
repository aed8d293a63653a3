"""What each feature weighs, in log-odds; from `benchmarks/calibrate.py --write`.

Learnt from 5,264 labelled videos, but for the weights in `weights.BY_HAND`; not edited here.
A video is the talk whose features sum highest, or no talk's, whose sum is 0.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "among uploads of the event": 1.53,
    "does not name the event as others do": -1.43,
    "has a recording": -3.72,
    "in a list of the event": 0.92,
    "kind agrees": 1.89,
    "kind alone": 2.74,
    "kind contradicts": -2.14,
    "length fits": 0.3,
    "length misfits": -1.0,
    "linked to": 9.0,
    "names no speaker as others do": -0.85,
    "names the event": 0.97,
    "names the event as little as others": 1.01,
    "names the event without its year": -1.37,
    "names the event's year": -1.44,
    "namesake": -0.27,
    "no speakers known": -0.2,
    "no talk": -6.0,
    "other event": -3.48,
    "other number": -1.87,
    "other speaker": -1.76,
    "other year": -4.63,
    "pair": -3.76,
    "released apart": -0.74,
    "released with others": 1.12,
    "short": -5.84,
    "speaker": 1.32,
    "speaker, and nothing else": 3.53,
    "speaker, and nothing else but the event": 2.94,
    "speaker, and nothing else, of several": -0.82,
    "speaker, of several talks": 0.08,
    "title": 0.87,
    "title, mass": 0.43,
    "title, of the talk": 2.76,
    "title, of the upload": 4.22,
    "title, too common": -2.32,
    "title, word by word": 0.58,
    "untitled": -3.2,
    "untitled, in a list of the event": 2.0,
    "untitled, speaker": 3.6,
    "very short": -2.32,
}
"""Feature -> log-odds, for each whole feature that a pair has."""
