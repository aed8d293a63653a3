"""What each feature weighs, in log-odds; from `benchmarks/calibrate.py --write`.

Learnt from 5,264 labelled videos, but for the weights in `weights.BY_HAND`; not edited here.
A video is the talk whose features sum highest, or no talk's, whose sum is 0.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    "among uploads of the event": 1.11,
    "does not name the event as others do": -1.24,
    "has a recording": -3.81,
    "in a list of the event": 0.72,
    "kind agrees": 1.53,
    "kind alone": 2.06,
    "kind contradicts": -2.11,
    "length fits": 0.3,
    "length misfits": -1.0,
    "linked to": 9.0,
    "names no speaker as others do": -0.93,
    "names the event": 0.88,
    "names the event as little as others": 0.62,
    "names the event without its year": -1.34,
    "names the event's year": -1.43,
    "namesake": -0.78,
    "no talk": -6.0,
    "other event": -3.61,
    "other number": -1.5,
    "other script": 0.0,
    "other speaker": -1.47,
    "other year": -4.28,
    "pair": -4.85,
    "released apart": -0.54,
    "released with others": 1.33,
    "short": -6.4,
    "speaker": 1.15,
    "speaker, and nothing else": 3.08,
    "speaker, and nothing else, of the event": 1.66,
    "speaker, one of several": -1.56,
    "title, letter by letter": 1.01,
    "title, mass": 1.9,
    "title, nothing of it": 1.77,
    "title, of the talk": 3.43,
    "title, of the upload": 4.38,
    "title, too common": -1.55,
    "title, too common, but all of it": -0.17,
    "title, too common, but all of it, of the event": 2.74,
    "title, word by word": -0.07,
    "untitled": -3.2,
    "untitled, in a list of the event": 2.0,
    "untitled, speaker": 3.6,
    "very short": -2.11,
}
"""Feature -> log-odds, for each whole feature that a pair has."""
