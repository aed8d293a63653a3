"""Several uploads of one talk: mirrors, parts, languages; which of them need no person.

Compares two uploads with each other; which talk they are of is decided elsewhere.
"""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.matching.candidates import VideoText
from pipeline.matching.weights import LANGUAGES, SAME_LENGTH
from pipeline.text import PART, fold, part_number


def again_as(video: VideoText, linked: VideoText) -> str:
    """Return why `video` is a further upload of the talk that `linked` is of, empty if unclear.

    Their titles must be the same but for a part's number or a language; where a title does not
    name the event, any other event's upload could have it, so that a person is asked.
    """
    if not (video.sight.only_this_event or video.upload.names_event):
        return ""
    one, two = (fold(each.sight.video.title or "") for each in (video, linked))
    part, other_part = part_number(one), part_number(two)
    if part and other_part and part != other_part and PART.sub("", one) == PART.sub("", two):
        return f"part {part} of the talk, of which part {other_part} is linked"
    day, other_day = _DAY.search(one), _DAY.search(two)
    if day and other_day and day[1] != other_day[1] and _DAY.sub("", one) == _DAY.sub("", two):
        return f"day {day[1]} of the talk, of which day {other_day[1]} is linked"
    if one == two:
        return (
            "the same title as a linked upload of the talk" if _same_length(video, linked) else ""
        )
    languages = _languages(video) ^ _languages(linked)
    if languages and video.content - languages == linked.content - languages:
        return f"the talk in another language: {', '.join(sorted(languages))}"
    return ""


_DAY = re.compile(r"\bday (\d)\b")
"""The day of what goes on each day under one name, such as *Lightning Talks*."""


def is_mirror(one: VideoText, other: VideoText) -> bool:
    """Tell whether two uploads say the same and last as long, so that either will do."""
    return one.content == other.content and _same_length(one, other)


def _same_length(one: VideoText, other: VideoText) -> bool:
    first, second = one.sight.video.duration, other.sight.video.duration
    if first is None or second is None:
        return True
    longer: timedelta = max(first, second)
    return abs(first - second) <= longer * SAME_LENGTH


def _languages(video: VideoText) -> frozenset[str]:
    return frozenset(word for part in video.upload.parts for word in part if word in LANGUAGES)
