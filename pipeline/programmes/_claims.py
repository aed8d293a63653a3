"""Codes and recordings that two talks of one event claim, which belong to neither. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Link, Talk
from pipeline.text import video_url


def settle(talks: Sequence[Talk], skipped: list[str]) -> tuple[Talk, ...]:
    """Return `talks`, each code and recording in one of them at most; names what is taken away.

    A recording that is taken away stays as a link.
    """
    codes = Counter(code for talk in talks for code in set(talk.codes))
    videos = Counter(key for talk in talks for key in set(talk.recordings))
    for code in sorted(code for code, count in codes.items() if count > 1):
        skipped.append(f"the code {code!r} is that of several talks, so it is nobody's")
    for key in sorted(key for key, count in videos.items() if count > 1):
        skipped.append(f"the recording {key} is that of several talks, so it is nobody's")
    return tuple(
        replace(
            talk,
            codes=tuple(code for code in talk.codes if codes[code] == 1),
            recordings=tuple(key for key in talk.recordings if videos[key] == 1),
            links=(
                *talk.links,
                *(
                    Link(url=url, label="Recording")
                    for key in talk.recordings
                    if videos[key] > 1 and (url := video_url(key))
                ),
            ),
        )
        for talk in talks
    )
