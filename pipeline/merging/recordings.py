"""The recordings of a talk, as readers may see them: which leads, what each is, where it begins.

Which video is which talk was decided before; what keeps a talk's recordings back is `entries`'.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipeline import text
from pipeline.merging.rulings import By, Rulings
from pipeline.model import Access, Ledger, Recording, SeenVideo, Talk, Video

_RANK: dict[By, int] = {"event.yaml": 0, "decision": 1, "auto": 2}


def owned(rulings: Rulings) -> Mapping[str, Set[str]]:
    """Return the videos of each talk that has any, by its id; also the longer ones that hold it."""
    found: dict[str, set[str]] = {}
    for key, talk_id in (*rulings.links.items(), *rulings.cues):
        found.setdefault(talk_id, set()).add(key)
    return found


def in_order(keys: Set[str], talk: Talk, ledger: Ledger, rulings: Rulings) -> tuple[str, ...]:
    """Return the talk's videos: event.yaml's in its order, then decisions', then automatic ones;
    last the longer ones that hold it.

    Among automatic ones a re-upload stands before what it replaced, else the first seen leads.
    """
    written = {key: number for number, key in enumerate(talk.recordings)}

    def place(key: str) -> tuple[bool, int, int, bool, str, str]:
        row = ledger.videos.get(key)
        seen = row.first_seen.isoformat() if row and row.first_seen else ""
        by = word(key, talk, rulings)
        replaced = bool(row and row.replaced_by and by == "auto")
        holds = (key, talk.id) in rulings.cues
        return (holds, _RANK[by], written.get(key, 0), replaced, seen, key)

    return tuple(sorted(keys, key=place))


def word(key: str, talk: Talk, rulings: Rulings) -> By:
    """Return whose word it is that a video is the talk's, or holds it."""
    cued = rulings.cues.get((key, talk.id))
    return cued.by if cued else rulings.by[key]


def is_available(key: str, ledger: Ledger, by: By, now: datetime) -> bool:
    """Tell whether anybody can watch the video now.

    A video that only a person named is taken at their word; unlisted counts with a person's word.
    """
    row = ledger.videos.get(key)
    if row is None or (row.match is not None and not row.video.url):
        return by != "auto" or row is not None
    if row.gone:
        return False
    if row.video.access is Access.UNLISTED:
        return by != "auto"
    return row.video.is_public(now)


def recordings(
    talk: Talk,
    keys: Sequence[str],
    ledger: Ledger,
    rulings: Rulings,
    now: datetime,
    *,
    shut: Collection[str] = (),
) -> tuple[Recording, ...]:
    """Return the recordings readers may see, of the videos `keys`; the primary one first.

    What was never public is no recording yet; what was and is no more stays, as unavailable.
    `shut` videos are shown at no talk.
    """
    shown = []
    for key in keys:
        row, cued = ledger.videos.get(key), rulings.cues.get((key, talk.id))
        available = is_available(key, ledger, word(key, talk, rulings), now)
        if key not in shut and (available or (row and row.first_public)):
            start = cued.start if cued else None
            shown.append(_recording(key, row, available=available, start=start))
    shown.sort(key=lambda one: not one.available)
    parts = _parts(talk, shown)
    if shown and shown[0] in parts and not talk.recordings:
        shown = [*parts, *(one for one in shown if one not in parts)]
    return tuple(
        _with_role(one, first=number == 0, parts=parts) for number, one in enumerate(shown)
    )


def _with_role(one: Recording, *, first: bool, parts: Sequence[Recording]) -> Recording:
    if one.start is not None:
        return replace(one, role="cue")
    if first:
        return one
    return replace(one, role="part" if one in parts else "alternative")


def _parts(talk: Talk, shown: Sequence[Recording]) -> list[Recording]:
    """Return the pieces that a talk came out in, in order; none where it came out whole.

    A part's number that the talk's own title has says nothing, nor does one that stands alone.
    """
    if len(shown) < 2:
        return []
    found: dict[int, Recording] = {}
    for one in shown:
        number = text.part_number(one.title or "") if one.start is None else None
        if number is not None:
            found.setdefault(number, one)
    if len(found) == 1 or text.part_number(talk.title or "") is not None:
        return []
    return [found[number] for number in sorted(found)]


def _recording(
    key: str, row: SeenVideo | None, *, available: bool, start: timedelta | None
) -> Recording:
    video = row.video if row else None
    url = (video.url if video else "") or text.video_url(key) or ""
    return Recording(
        key=key,
        url=url if start is None else _at(url, start),
        title=video.title if video else None,
        duration=_length(video, start) if video else None,
        language=video.language if video else None,
        start=start,
        available=available,
        image=row.image if row else None,
        image_width=row.image_width if row else None,
        image_height=row.image_height if row else None,
    )


def _at(url: str, start: timedelta) -> str:
    """Return the address that plays a video from `start`.

    YouTube reads `t` of the query; a media fragment (W3C Media Fragments URI 1.0) is read by
    browsers, Vimeo, PeerTube and others, and does no harm elsewhere.
    """
    seconds = round(start.total_seconds())
    if not url or not seconds:
        return url
    if "youtu" in (urlsplit(url).hostname or ""):
        return f"{url}{'&' if '?' in url else '?'}t={seconds}s"
    return f"{url.partition('#')[0]}#t={seconds}"


def _length(video: Video, start: timedelta | None) -> timedelta | None:
    """Return how long a recording is; that of a talk within a video ends where the next begins."""
    if start is None:
        return video.duration
    marks = [cue.start for cue in video.cues]
    if start not in marks:
        return None
    end = min((one for one in marks if one > start), default=video.duration)
    return end - start if end else None
