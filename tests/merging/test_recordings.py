from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.merging import Cued, Rulings
from pipeline.merging.recordings import recordings
from pipeline.model import Cue, Ledger, Recording, SeenVideo, Video
from tests.builders import NOW, talk

TALK = talk()
MINUTE = timedelta(minutes=1)


def shown(
    url: str, *, start: timedelta, cues: tuple[Cue, ...] = (), length: timedelta | None = None
) -> Recording:
    """Return the recording of a talk that begins at `start` of a video at `url`."""
    seen = Video(key="long", url=url, duration=length, cues=cues)
    ledger = Ledger(videos={"long": SeenVideo(video=seen, first_seen=NOW, first_public=NOW)})
    rulings = Rulings(cues={("long", TALK.id): Cued(start=start, by="auto")})
    (only,) = recordings(TALK, ["long"], ledger, rulings, NOW)
    return only


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.youtube.com/watch?v=tea00000001", "&t=750s"),
        ("https://youtu.be/tea00000001", "?t=750s"),
        ("https://media.ccc.de/v/tea", "#t=750"),
        ("https://vimeo.com/1#x", "#t=750"),
    ],
)
def test_the_address_of_a_cue_plays_from_there(url: str, expected: str) -> None:
    found = shown(url, start=12.5 * MINUTE)
    assert found == Recording(
        key="long", url=url.partition("#")[0] + expected, role="cue", start=12.5 * MINUTE
    )


def test_a_cue_at_the_beginning_needs_no_time_in_its_address() -> None:
    assert shown("https://example.org/v", start=timedelta()).url == "https://example.org/v"


@pytest.mark.parametrize(
    ("start", "expected"),
    [(timedelta(), 5 * MINUTE), (5 * MINUTE, 15 * MINUTE), (MINUTE, None)],
)
def test_a_cue_lasts_until_the_next_chapter(start: timedelta, expected: timedelta | None) -> None:
    cues = (Cue(start=timedelta(), label="Tea"), Cue(start=5 * MINUTE, label="Cups"))
    found = shown("https://example.org/v", start=start, cues=cues, length=20 * MINUTE)
    assert found.duration == expected
