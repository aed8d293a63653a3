"""Rows that follow from matching and from renames; nothing here looks at a clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from pipeline import text
from pipeline.model import Event, Ledger, Match, SeenVideo, Stakes, Verdict, Video

LENGTH_TOLERANCE = 0.02
"""How far the length of a re-upload may be from the first one's, as a share of it."""


ZONES = timedelta(hours=14)
"""How long before midnight UTC an event's first day may begin: Kiribati is at UTC+14."""


_PAIR = 2


def record(ledger: Ledger, matches: Iterable[Match]) -> Ledger:
    """Return the ledger with what matching said of its videos."""
    said = {match.video: replace(ledger.videos[match.video], match=match) for match in matches}
    return replace(ledger, videos={**ledger.videos, **said})


def contested(ledger: Ledger) -> dict[str, Stakes]:
    """Return the videos in which other events had a stake when they were last asked."""
    return {
        key: row.match.contested
        for key, row in ledger.videos.items()
        if row.match and row.match.contested
    }


def redact(ledger: Ledger, held: Iterable[str]) -> Ledger:
    """Return the ledger with key, verdict and talk only of the videos in `held`.

    The file is public: reasons name speakers, so they go too.
    """
    bare = {key: _bare(ledger.videos[key]) for key in held if key in ledger.videos}
    return replace(ledger, videos={**ledger.videos, **bare})


def disown(ledger: Ledger, event: Event, links: Container[str]) -> Ledger:
    """Return the ledger with little of the videos of shared lists that the event cannot own.

    An unlinked upload that was published before the event began, on lists that show other events'
    videos too, keeps its key, its verdict, its access and when which list showed it, and loses
    what it is called: a channel's whole past is not copied into each of its events.
    """
    shared = {watch.id for watch in event.watches if not watch.only_this_event}
    began = datetime.combine(event.start, time(), tzinfo=UTC) - ZONES
    strange = {
        key: replace(
            row,
            video=Video(key=key, url="", access=row.video.access),
            match=_bare(row).match,
        )
        for key, row in ledger.videos.items()
        if key not in links
        and row.watches
        and shared.issuperset(row.watches)
        and row.video.platform_date
        and row.video.platform_date < began
    }
    return replace(ledger, videos={**ledger.videos, **strange}) if strange else ledger


def is_held(row: SeenVideo) -> bool:
    """Tell whether a row lost its title because its video is held back (see `redact`)."""
    return not row.video.url and not row.watches


def reuploads(
    ledger: Ledger,
    links: Mapping[str, str],
    *,
    settled: Container[str] = (),
    refused: Container[tuple[str, str]] = (),
) -> tuple[Ledger, tuple[Match, ...]]:
    """Return second uploads of linked videos: same channel, same title, length within 2 %.

    The old row learns which key replaced it; the Match links the new one to the same talk.
    Videos in `settled` and (video, talk) pairs in `refused` are left alone: people said so.
    """
    carried = Counter(one for row in ledger.videos.values() for one in row.video.anchors)
    marks = {key: _marks(row.video, carried) for key, row in ledger.videos.items()}
    older: dict[tuple[str, str], list[SeenVideo]] = {}
    for key in sorted(links.keys() & marks.keys()):
        if not ledger.videos[key].replaced_by:
            for mark in marks[key]:
                older.setdefault(mark, []).append(ledger.videos[key])
    videos = dict(ledger.videos)
    found: list[Match] = []
    for key in sorted(marks):
        row = ledger.videos[key]
        near = (one for mark in marks[key] for one in older.get(mark, ()))
        old = next((one for one in near if _is_again(one, row, links)), None)
        if old is None or key in settled or (key, links[old.video.key]) in refused:
            continue
        videos[old.video.key] = replace(videos[old.video.key], replaced_by=key)
        if key not in links:
            reason = f"uploaded again in place of {old.video.key}: same channel, title and length"
            found.append(
                Match(
                    video=key,
                    verdict=Verdict.AUTO,
                    talk=links[old.video.key],
                    probability=1.0,
                    reasons=(reason,),
                )
            )
    return replace(ledger, videos=videos), tuple(found)


def rename(ledger: Ledger, event: Event) -> Ledger:
    """Return the ledger with rows of former talk ids (`was:`) under today's ids."""
    today = {old: talk.id for talk in event.talks for old in talk.was}
    if not today:
        return ledger
    return replace(
        ledger,
        talks={today.get(talk, talk): row for talk, row in ledger.talks.items()},
        videos={
            key: replace(row, match=_renamed(row.match, today))
            for key, row in ledger.videos.items()
        },
        announcements=tuple(
            replace(each, talks=tuple(today.get(talk, talk) for talk in each.talks))
            for each in ledger.announcements
        ),
    )


def _bare(row: SeenVideo) -> SeenVideo:
    match = row.match and replace(row.match, probability=0.0, reasons=(), contested=())
    return SeenVideo(video=Video(key=row.video.key, url=""), match=match)


def _renamed(match: Match | None, today: Mapping[str, str]) -> Match | None:
    if match is None:
        return match
    talk = today.get(match.talk, match.talk) if match.talk else None
    pieces = tuple(replace(one, talk=today.get(one.talk, one.talk)) for one in match.pieces)
    return replace(match, talk=talk, pieces=pieces)


def _marks(video: Video, carried: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Return what a second upload of the same talk shares: its channel, with title or an anchor.

    What a third upload carries too, such as a licence or the conference's site, names no talk.
    """
    if not video.channel or not video.duration:
        return ()
    own = (anchor for anchor in video.anchors if carried[anchor] <= _PAIR)
    names = (f"title {text.fold(video.title)}",) if video.title else ()
    return tuple((video.channel, name) for name in (*names, *own))


def _is_again(old: SeenVideo, new: SeenVideo, links: Mapping[str, str]) -> bool:
    """Tell whether `new` came later than `old`, is as long, and is no other talk's."""
    if not (old.video.duration and new.video.duration and old.first_seen and new.first_seen):
        return False
    dates = (old.video.platform_date, new.video.platform_date)
    if old.first_seen >= new.first_seen or (dates[0] and dates[1] and dates[1] < dates[0]):
        return False
    talk = links[old.video.key]
    drift: timedelta = abs(old.video.duration - new.video.duration)
    return links.get(new.video.key, talk) == talk and drift <= LENGTH_TOLERANCE * old.video.duration
