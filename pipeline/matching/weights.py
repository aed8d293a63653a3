"""Every number and word list that matching decides by, in one place; nothing else is here.

The weights are log-odds: the sum of what applies to a pair gives its probability. They were
chosen by hand, are the same for every event, and were checked against 190 labelled events with
5,295 uploads (figures in docs/matching.md). A change of anything here that can change a verdict
raises VERSION, so that the ledger can tell verdicts apart.
"""

from __future__ import annotations

from datetime import timedelta

VERSION = 1
"""Stored with every verdict."""

# Outcomes.
AUTO_AT = 0.90
"""Probability from which a link needs no person, if nothing bars it."""
REVIEW_AT = 0.35
"""Probability from which a person is asked."""
CLEAR_MARGIN = 2.0
"""How far (in log-odds) the runner-up must stay behind for AUTO: 0.90 is clear of 0.55."""
CLEAR_RIVAL = 1.0
"""How far (in log-odds) one upload must be ahead of another that claims the same talk."""
SAME_LENGTH = 0.02
"""Share of their length by which two copies of one recording may differ."""
STRONG_TITLE = 0.62
"""Likeness of a title that is strong where the speaker is named too."""
SUFFICIENT_TITLE = 0.80
"""Likeness of a title that is strong on its own."""
WHOLE_TITLE = 0.93
"""Coverage by weight from which one title contains the other, but for a common word."""
SUFFICIENT_MASS = 1.2
"""Weight of the shared words below which a title is too common to decide on its own."""
NAMED = 0.75
"""Grade from which a speaker counts as named."""

# Log-odds.
BASE = -5.5
"""A titled talk and an upload of which nothing is known."""
TITLE = 7.0
"""Times the likeness of the titles (0 to 1)."""
TITLE_MASS = 1.0
"""For shared words of weight 2 or more, proportionally less below."""
SPEAKER = 3.4
"""Times the grade at which a speaker is named (0 to 1)."""
SHARED_SPEAKER = 0.75
"""Share of SPEAKER that is left where the speaker gives several talks of the event."""
UNTITLED_BASE = -3.2
"""A talk without a title and an upload of which nothing is known."""
UNTITLED_SPEAKER = 3.6
"""SPEAKER for a talk without a title, where it is all there is."""
ONLY_THIS_EVENT = 2.0
"""The upload stands in a list that holds nothing but this event."""
NAMES_THE_EVENT = 1.5
"""The upload names the event with its year, in a list that holds others too."""
OTHER_SPEAKER = -2.5
"""The upload names in full who gives another talk of the event, and nobody of this one."""
OTHER_EVENT = -3.5
"""The upload names another year or another event."""
OTHER_NUMBER = -2.0
"""Numbers in the two titles contradict each other."""
OTHER_KIND = -3.0
"""The upload calls itself a trailer, an interview or the like."""
TOO_SHORT = -1.5
"""The upload is shorter than SHORT, and the talk was not planned so."""
LENGTH_FITS = 0.3
"""The length is within SLOT_FITS."""
LENGTH_MISFITS = -1.0
"""The length is outside SLOT_MISFITS."""

# How a speaker's name was found, as a share of SPEAKER.
FULL = 1.0
"""First and last name, or all of the name."""
NEARLY = 0.8
"""An initial, a short form, a misspelling or a cut end."""
LAST_NAME = 0.5
"""The last name alone."""
OTHER_FIRST_NAME = 0.2
"""The last name behind a first name that is not the speaker's."""

# Words.
COMMON_WEIGHT = 0.1
"""What a function word weighs, where a word of one title alone weighs 1."""
RARE = 0.55
"""Weight from which a word counts as rare: it stands in at most two titles."""
SAME_WORD = 88.0
"""rapidfuzz ratio from which two long words are one (plurals, misspellings)."""
LONG_WORD = 5
"""Letters from which two spellings of a word may be one."""
MAIN_TITLE = 0.95
"""What agreement with a title's main part counts, when the subtitle is missing."""
SHARED_AT_LEAST = 4
"""Videos a list must have before words that most of them share are taken for its own."""

# Lengths.
SHORT = timedelta(minutes=5)
"""Shorter uploads are announcements more often than talks."""
SLOT_FITS = (0.45, 1.45)
"""A recording's share of the planned slot that fits; questions are cut, and slots overrun."""
SLOT_MISFITS = (0.2, 2.0)
"""Shares of the planned slot below and above which a recording does not fit."""


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


FUNCTION_WORDS = _words(
    "a about an and are as at be by can do for from how in into is it its my not of on or our "
    "should so that the their this to up us via vs we what when where who why will with you your "
    "der die das und mit fur von im ein eine le la les et pour avec un une des du de el los las y "
    "con para en una o e do da no na com um uma il lo gli per di"
)
"""Words that tell little in the languages conferences are mostly held in, folded."""

GENERIC_WORDS = _words(
    "keynote opening closing welcome remarks lightning talk talks panel workshop tutorial session "
    "sessions day part conference discussion introduction intro fireside chat live q qa question "
    "questions answer answers"
)
"""Words that name a kind of session; every event has one of those."""

KIND_PREFIXES = frozenset(
    (
        *("keynote", "opening keynote", "closing keynote", "panel", "panel discussion", "podcast"),
        *("lightning talk", "lightning talks", "workshop", "tutorial", "talk", "session"),
    )
)
"""What may stand before a colon in a title without being part of it."""

OTHER_KINDS = _words(
    "trailer teaser interview interviews aftermovie livestream announcement announcing promo "
    "highlights recap"
)
"""Words of uploads that are about an event or a talk, and no recording of it."""

MONTHS = _words(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
"""Words that stand before a year without naming an event."""

HONORIFICS = frozenset(("dr", "prof", "mr", "mrs", "ms"))
"""What may stand before a speaker's name without being part of it."""

PART_WORDS = frozenset(("part", "pt", "teil", "parte", "partie", "episode"))
"""Words that, with a number behind them, say that an upload is a piece of a talk."""
