"""What each feature weighs, in log-odds; from `benchmarks/calibrate.py --write`.

Learnt from 5,264 labelled videos, but for the weights in `weights.BY_HAND`; not edited here.
A video is the talk whose features sum highest, or no talk's, whose sum is 0.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "among uploads of the event": 1.14,
    "does not name the event as others do": -1.26,
    "has a recording": -3.74,
    "in a list of the event": 0.75,
    "kind agrees": 1.5,
    "kind alone": 2.05,
    "kind contradicts": -1.65,
    "length fits": 0.3,
    "length misfits": -1.0,
    "linked to": 9.0,
    "names no speaker as others do": -0.83,
    "names the event": 0.89,
    "names the event as little as others": 0.63,
    "names the event without its year": -1.36,
    "names the event's year": -1.44,
    "namesake": -0.74,
    "no talk": -6.0,
    "other event": -3.64,
    "other number": -1.54,
    "other speaker": -1.43,
    "other year": -4.24,
    "pair": -4.85,
    "released apart": -0.59,
    "released with others": 1.27,
    "short": -6.42,
    "speaker": 1.14,
    "speaker, and nothing else": 3.16,
    "speaker, and nothing else, of the event": 1.85,
    "speaker, one of several": -1.67,
    "title, letter by letter": 0.98,
    "title, mass": 1.89,
    "title, nothing of it": 1.79,
    "title, of the talk": 3.38,
    "title, of the upload": 4.53,
    "title, too common": -1.57,
    "title, too common, but all of it": -0.14,
    "title, too common, but all of it, of the event": 2.69,
    "title, word by word": -0.14,
    "untitled": -3.2,
    "untitled, in a list of the event": 2.0,
    "untitled, speaker": 3.6,
    "very short": -2.12,
}
"""Feature -> log-odds, for each whole feature that a pair has."""
