from __future__ import annotations

from datetime import timedelta

from pipeline.sending.provenance import Provenance
from pipeline.state.database import State
from tests.builders import NOW

LATER = NOW + timedelta(hours=1)


def test_what_a_state_knows_follows_an_event_to_its_new_id() -> None:
    own = Provenance(State.in_memory())
    own.know([("teaconf-2031", "2031-05-20"), ("x", "2031-05-20")], now=NOW)
    own.rename("teaconf-2031", "kettleconf-2031")
    assert own.knows("kettleconf-2031", "2031-05-20")
    assert not own.knows("teaconf-2031", "2031-05-20")


def test_a_state_knows_the_announcements_that_it_was_told_of() -> None:
    own = Provenance(State.in_memory())
    own.know([("teaconf-2031", "2031-05-20")], now=NOW)
    own.know([("teaconf-2031", "2031-05-20")], now=LATER)
    asked = [("teaconf-2031", "2031-05-20"), ("teaconf-2031", "x"), ("x", "2031-05-20")]
    assert [own.knows(*one) for one in asked] == [True, False, False]
