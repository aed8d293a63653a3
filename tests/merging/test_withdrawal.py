from __future__ import annotations

from dataclasses import replace

from pipeline.merging import withdraw
from pipeline.model import Barred, Decision, PublishedEvent, Recording, Standing, Verb
from tests.builders import NOW, entry, published

BOTH = published(entry(1, sequence=1), entry(2, sequence=2), entry(3))
KEY = "youtube:vid00000001"
FEED_ID = "tag:recaps.example.org,2031:teaconf-2031/talk-1"


def left(
    *decisions: Decision, barred: Barred | None = None, of: PublishedEvent = BOTH
) -> PublishedEvent:
    return withdraw(of, decisions, barred=barred or Barred(), shared=(), now=NOW)


def test_withdraw_returns_the_event_itself_where_nothing_is_withdrawn() -> None:
    assert left() is BOTH


def test_withdraw_takes_a_talk_out_and_leaves_a_tombstone() -> None:
    word = Decision(id="d", time=NOW, verb=Verb.WITHDRAW, by="Ada", talk="talk-1")
    made = left(word)
    assert [one.talk_id for one in made.entries] == ["talk-2", "talk-3"]
    assert made.tombstones == ((FEED_ID, NOW),)


def test_withdraw_takes_every_talk_of_a_barred_speaker_out() -> None:
    made = left(barred=Barred(speakers=frozenset({"speaker 2"})))
    assert [one.talk_id for one in made.entries] == ["talk-1", "talk-3"]


def test_withdraw_takes_a_talks_only_video_and_the_title_it_gave() -> None:
    untitled = published(entry(1, sequence=1, title_from="upload"))
    made = left(barred=Barred(videos=frozenset({KEY})), of=untitled)
    one = made.entries[0]
    assert (one.recordings, one.title, one.standing, one.release) == (
        (),
        None,
        Standing.AWAITED,
        None,
    )
    assert made.tombstones == ((FEED_ID, NOW),)


def test_withdraw_leads_with_the_next_recording_where_one_is_left() -> None:
    mirror = Recording(key="vimeo:1", url="https://vimeo.com/1", role="alternative")
    one = entry(1, sequence=1)
    both = published(replace(one, recordings=(*one.recordings, mirror)))
    made = left(barred=Barred(videos=frozenset({KEY})), of=both)
    assert made.entries[0].recordings == (replace(mirror, role="primary"),)
    assert made.tombstones == ()
