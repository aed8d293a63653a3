from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from pipeline.model import Announcement
from pipeline.sending.provenance import CLOSING, Provenance, known
from pipeline.state.database import State
from tests.builders import NOW

LATER = NOW + timedelta(hours=1)
DAY = "2031-05-20"
FIRST = Announcement(id=DAY, time=NOW, talks=("brewing-tea",))
LAST = Announcement(id=DAY, time=LATER, talks=("porcelain",), kind="closing")


def test_a_state_knows_the_announcements_that_it_was_told_of() -> None:
    own = Provenance(State.in_memory())
    own.know([known("teaconf-2031", FIRST), known("x", LAST)])
    own.know([known("teaconf-2031", FIRST)])
    assert own.made("teaconf-2031") == {(DAY, NOW): frozenset(["brewing-tea"])}


def test_a_state_knows_two_announcements_of_one_name_apart() -> None:
    own = Provenance(State.in_memory())
    own.know([known("teaconf-2031", FIRST)])
    own.know([known("teaconf-2031", LAST)])
    assert own.made("teaconf-2031") == {
        (DAY, NOW): frozenset(["brewing-tea"]),
        (DAY, LATER): frozenset(["porcelain", CLOSING]),
    }


def test_what_an_older_version_knew_told_nobody_knows_what() -> None:
    state = State.in_memory()
    row = {"event": "teaconf-2031", "announcement": DAY, "made": NOW.isoformat()}
    with state.transaction() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO made_announcements (event, announcement, made) "
                "VALUES (:event, :announcement, :made)"
            ),
            row,
        )
    assert Provenance(state).made("teaconf-2031") == {(DAY, NOW): None}


def test_what_a_state_knows_follows_an_event_to_its_new_id() -> None:
    own = Provenance(State.in_memory())
    own.know([known("teaconf-2031", FIRST), known("x", LAST)])
    own.rename("teaconf-2031", "kettleconf-2031")
    assert (own.made("kettleconf-2031"), own.made("teaconf-2031")) == (
        {(DAY, NOW): frozenset(["brewing-tea"])},
        {},
    )
