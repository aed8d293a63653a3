"""Videos of a list that are passed over: a list's own rules, shorts, trailers.

Pure. Only keeps videos from being matched: a link that stands, by a person's word or by an
earlier match, is not taken away here (`recap ignore` does that).
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from datetime import timedelta
from functools import lru_cache

from pipeline import text
from pipeline.model import Event, Ledger, Rules, Video

SHORT = timedelta(seconds=61)
"""Uploads below this are shorts, unless `min_duration` says else: 60 s was the bound of YouTube's
until October 2024, and its longer ones are no shorter than lightning talks."""

TRAILERS = frozenset(("trailer", "teaser"))
"""Words of a title that name an advertisement, unless a talk's own title has them."""


def pass_over(event: Event, ledger: Ledger, links: Container[str]) -> Mapping[str, str]:
    """Return video key to reason of each unlinked video that no list of `event` lets through.

    A reason is the same words for all videos that it concerns, so that they can be counted. A
    video that several lists show is passed over only if each of them passes it over.
    """
    unlinked = {
        key: row for key, row in ledger.videos.items() if key not in links and row.video.url
    }
    if not unlinked:
        return {}
    rules = {watch.id: watch.rules for watch in event.watches}
    own = {word for talk in event.talks for word in _words(talk.title)}
    found: dict[str, str] = {}
    for key, row in unlinked.items():
        lists = [rules[watch] for watch in row.watches if watch in rules] or [Rules()]
        reasons = [_reason(row.video, one, own) for one in lists]
        if all(reasons):
            found[key] = reasons[0] or ""
    return found


def _reason(video: Video, rules: Rules, own: Container[str]) -> str | None:
    shortest = SHORT if rules.min_duration is None else rules.min_duration
    if video.duration is not None and video.duration < shortest:
        return f"shorter than {text.length(shortest)}"
    title = video.title
    if title is None:
        return None
    for pattern in rules.ignore:
        if _compiled(pattern).search(title):
            return f"title matches the list's `ignore: {pattern}`"
    if rules.title_matches and not _compiled(rules.title_matches).search(title):
        return f"title does not match the list's `title_matches: {rules.title_matches}`"
    if any(word in TRAILERS and word not in own for word in _words(title)):
        return "its title calls it a trailer"
    return None


def _words(title: str | None) -> set[str]:
    return set(text.words(title)) if title else set()


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
