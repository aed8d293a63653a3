from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.model import Message
from pipeline.sending.letter import Letter, LetterKey
from pipeline.sending.letters import Letters
from pipeline.state.database import State
from tests.builders import NOW

LATER = NOW + timedelta(hours=1)
ADA = LetterKey(
    event="teaconf-2031", announcement="2031-05-20", target="list", recipient="ada@example.org"
)
ALAN = replace(ADA, recipient="alan@example.org")
OF = (ADA.event, ADA.announcement, ADA.target)


def letter(key: LetterKey = ADA, **more: object) -> Letter:
    values: dict[str, object] = {
        "message_id": f"<{key.recipient}>",
        "subject": "2 out",
        "raw": b"Subject: 2 out\r\n\r\nTea.\r\n",
        "planned": NOW,
        "changed": NOW,
    }
    return Letter(key=key, **{**values, **more})  # type: ignore[arg-type]  # whatever a test gives


@pytest.fixture
def state() -> Iterator[State]:
    with State.in_memory() as opened:
        yield opened


@pytest.fixture
def letters(state: State) -> Letters:
    made = Letters(state)
    made.plan([letter()])
    return made


def the(letters: Letters, key: LetterKey = ADA) -> Letter:
    found = letters.get(key)
    assert found is not None
    return found


def test_a_letter_comes_back_as_it_was_planned(letters: Letters) -> None:
    assert letters.get(ADA) == letter()
    assert letters.get(ALAN) is None


def test_plan_says_how_many_are_new_and_leaves_those_that_are_there_alone(
    letters: Letters,
) -> None:
    letters.take(ADA, now=LATER)
    before = letters.get(ADA)
    assert letters.plan([letter(raw=b"other"), letter(ALAN)]) == 1
    assert letters.get(ADA) == before


def test_plan_of_nothing_stores_nothing(letters: Letters) -> None:
    assert (letters.plan([]), letters.counts()) == (0, Counter(planned=1))


def test_a_letter_becomes_the_message_of_its_delivery() -> None:
    assert letter(text="Tea.", html="<p>Tea.</p>").message(LATER) == Message(
        id="<ada@example.org>",
        time=LATER,
        subject="2 out",
        text="Tea.",
        html="<p>Tea.</p>",
        recipient="ada@example.org",
        raw=b"Subject: 2 out\r\n\r\nTea.\r\n",
    )


def test_a_letter_to_nobody_in_particular_has_no_recipient() -> None:
    assert letter(replace(ADA, recipient="")).message(LATER).recipient is None


def test_due_is_what_is_planned_oldest_first(letters: Letters) -> None:
    old = replace(ADA, recipient="zoe@example.org")
    held = replace(ADA, recipient="held@example.org")
    letters.plan([letter(ALAN), letter(old, planned=NOW - timedelta(days=1))])
    letters.plan([letter(held, stage="held")])
    assert letters.due(NOW) == (old, ADA, ALAN)


def test_due_leaves_out_what_rests(letters: Letters) -> None:
    letters.take(ADA, now=NOW)
    letters.again(ADA, now=NOW, not_before=LATER, detail="greylisted")
    assert (letters.due(NOW), letters.due(LATER)) == ((), (ADA,))


def test_due_has_what_a_clock_put_off_that_ran_ahead(letters: Letters) -> None:
    letters.take(ADA, now=NOW)
    letters.again(ADA, now=LATER, not_before=LATER + timedelta(hours=1), detail="greylisted")
    assert ADA in letters.due(NOW)


def test_take_lets_a_letter_be_taken_once(letters: Letters) -> None:
    assert letters.take(ADA, now=LATER) == letter(stage="sending", changed=LATER, tries=1)
    assert letters.take(ADA, now=LATER) is None


def test_sent_drops_the_bodies_and_keeps_the_rest(letters: Letters) -> None:
    letters.take(ADA, now=NOW)
    letters.dot(ADA, now=NOW)
    letters.sent(ADA, now=LATER)
    assert letters.get(ADA) == letter(stage="sent", changed=LATER, tries=1, raw=None)
    assert the(letters).is_bare


def test_again_is_planned_with_the_same_bytes(letters: Letters) -> None:
    letters.take(ADA, now=NOW)
    letters.dot(ADA, now=NOW)
    letters.again(ADA, now=NOW, not_before=LATER, detail="452 later")
    assert letters.get(ADA) == letter(tries=1, not_before=LATER, detail="452 later")


def test_failed_keeps_the_bytes_for_a_person(letters: Letters) -> None:
    letters.take(ADA, now=NOW)
    letters.failed(ADA, now=LATER, detail="550 unknown")
    assert letters.get(ADA) == letter(stage="failed", changed=LATER, tries=1, detail="550 unknown")


MOVES: dict[str, Callable[[Letters], None]] = {
    "dot": lambda letters: letters.dot(ADA, now=NOW),
    "sent": lambda letters: letters.sent(ADA, now=NOW),
    "again": lambda letters: letters.again(ADA, now=NOW, not_before=NOW, detail=""),
    "failed": lambda letters: letters.failed(ADA, now=NOW, detail=""),
    "unknown": lambda letters: letters.unknown(ADA, now=NOW, detail=""),
}


@pytest.mark.parametrize("move", MOVES)
def test_a_letter_that_is_not_leaving_cannot_arrive_or_fail(letters: Letters, move: str) -> None:
    with pytest.raises(LookupError, match="the letter teaconf-2031/2031-05-20 at list is not"):
        MOVES[move](letters)
    assert letters.get(ADA) == letter()


def test_recover_plans_what_had_not_left_and_does_not_know_the_rest(letters: Letters) -> None:
    letters.plan([letter(ALAN)])
    for key in (ADA, ALAN):
        letters.take(key, now=NOW)
    letters.dot(ALAN, now=NOW)
    assert letters.recover(now=LATER) == (ALAN,)
    assert letters.get(ADA) == letter(changed=LATER, tries=1)
    assert letters.get(ALAN) == letter(
        ALAN,
        stage="unknown",
        changed=LATER,
        tries=1,
        detail="the process ended before the answer came, so it may have arrived",
    )


def unknown(letters: Letters, key: LetterKey = ADA) -> None:
    letters.plan([letter(key)])
    letters.take(key, now=NOW)
    letters.unknown(key, now=NOW, detail="no answer")


def test_resend_plans_an_unknown_one_with_the_same_id_and_bytes(letters: Letters) -> None:
    unknown(letters)
    assert letters.resend(*OF, now=LATER) == 1
    assert letters.get(ADA) == letter(planned=LATER, changed=LATER)


def test_resend_takes_one_recipient_where_one_is_named(letters: Letters) -> None:
    unknown(letters)
    unknown(letters, ALAN)
    assert letters.resend(*OF, now=LATER, recipient="alan@example.org") == 1
    assert [one.stage for one in letters.listed()] == ["unknown", "planned"]


def test_resend_touches_nothing_that_is_not_unknown(letters: Letters) -> None:
    letters.take(ADA, now=NOW)
    letters.failed(ADA, now=NOW, detail="550")
    assert (letters.resend(*OF, now=LATER), the(letters).stage) == (0, "failed")


def test_release_lets_held_and_failed_ones_go(letters: Letters) -> None:
    letters.take(ADA, now=NOW)
    letters.failed(ADA, now=NOW, detail="550")
    letters.plan([letter(ALAN, stage="held", detail="another machine's")])
    assert letters.release(*OF, now=LATER) == 2
    assert letters.listed() == (
        letter(raw=None, planned=LATER, changed=LATER),
        letter(ALAN, raw=None, planned=LATER, changed=LATER),
    )


def test_skip_settles_all_that_was_not_sent(letters: Letters) -> None:
    unknown(letters, ALAN)
    sent = replace(ADA, recipient="sent@example.org")
    letters.plan([letter(sent)])
    letters.take(sent, now=NOW)
    letters.sent(sent, now=NOW)
    assert letters.skip(*OF, now=LATER) == 2
    assert letters.stages(*OF) == Counter(skipped=2, sent=1)
    assert the(letters).is_bare


def test_a_skipped_letter_is_not_planned_again(letters: Letters) -> None:
    letters.skip(*OF, now=LATER)
    assert (letters.plan([letter()]), letters.due(LATER)) == (0, ())


def test_purge_lets_what_waits_be_planned_anew(letters: Letters) -> None:
    letters.plan([letter(ALAN, stage="held")])
    assert letters.purge(ADA.event, now=LATER) == 2
    assert letters.plan([letter(raw=b"clean"), letter(ALAN, raw=b"clean")]) == 1
    assert (the(letters).raw, the(letters, ALAN).stage) == (b"clean", "held")


def test_what_was_purged_stays_a_letter_and_does_not_leave(letters: Letters) -> None:
    letters.purge(ADA.event, now=LATER)
    assert letters.get(ADA) == letter(changed=LATER, raw=None)
    assert letters.due(LATER) == ()


def test_purge_drops_the_bodies_of_what_a_person_has_to_see(letters: Letters) -> None:
    unknown(letters)
    assert letters.purge(ADA.event, now=LATER) == 1
    assert letters.get(ADA) == letter(
        stage="unknown", changed=LATER, tries=1, detail="no answer", raw=None
    )
    assert letters.resend(*OF, now=LATER) == 0


def test_a_failed_one_that_was_purged_is_planned_anew_when_it_is_released(
    letters: Letters,
) -> None:
    letters.take(ADA, now=NOW)
    letters.failed(ADA, now=NOW, detail="550")
    letters.purge(ADA.event, now=NOW)
    assert (letters.release(*OF, now=LATER), letters.get(ADA)) == (0, None)


def test_purge_leaves_other_events_and_sent_ones_alone(letters: Letters) -> None:
    other = replace(ADA, event="cupconf-2031")
    letters.plan([letter(other)])
    letters.take(ADA, now=NOW)
    letters.sent(ADA, now=NOW)
    assert letters.purge(ADA.event, now=LATER) == 0
    assert letters.counts() == Counter(planned=1, sent=1)


def test_listed_shows_an_events_letters_in_some_stages_without_bodies(letters: Letters) -> None:
    letters.plan([letter(ALAN, stage="held"), letter(replace(ADA, event="cupconf-2031"))])
    assert letters.listed(event=ADA.event, stages=["held"]) == (
        letter(ALAN, stage="held", raw=None),
    )


def test_letters_follow_an_event_to_its_new_id(letters: Letters) -> None:
    letters.plan([letter(ALAN)])
    letters.take(ADA, now=NOW)
    letters.sent(ADA, now=NOW)
    assert letters.rename("teaconf-2031", "kettleconf-2031") == 2
    rows = letters.listed(event="kettleconf-2031")
    assert [(one.key.recipient, one.stage) for one in rows] == [
        (ADA.recipient, "sent"),
        (ALAN.recipient, "planned"),
    ]
    assert letters.listed(event="teaconf-2031") == ()


def test_a_letter_that_left_counts_before_one_that_waits_under_the_new_id(
    letters: Letters,
) -> None:
    new = replace(ADA, event="kettleconf-2031")
    letters.plan([letter(new, stage="held"), letter(replace(new, recipient="x"))])
    letters.take(ADA, now=NOW)
    letters.sent(ADA, now=NOW)
    letters.rename("teaconf-2031", "kettleconf-2031")
    assert [the(letters, one).stage for one in (new, replace(new, recipient="x"))] == [
        "sent",
        "planned",
    ]


def test_a_letter_that_left_under_the_new_id_stays_as_it_is(letters: Letters) -> None:
    new = replace(ADA, event="kettleconf-2031")
    letters.plan([letter(new)])
    letters.take(new, now=NOW)
    letters.sent(new, now=NOW)
    letters.rename("teaconf-2031", "kettleconf-2031")
    assert (the(letters, new).stage, letters.get(ADA)) == ("sent", None)


def test_letters_outlive_the_process(tmp_path: Path) -> None:
    with State.open(tmp_path / "state.sqlite") as state:
        Letters(state).plan([letter()])
        Letters(state).take(ADA, now=NOW)
        Letters(state).dot(ADA, now=NOW)
    with State.open(tmp_path / "state.sqlite") as state:
        assert the(Letters(state)).stage == "dot"


def test_the_dot_is_synced_before_it_returns(tmp_path: Path) -> None:
    with State.open(tmp_path / "state.sqlite") as state:
        seen: list[tuple[str, int]] = []
        engine = state._engine
        sa.event.listen(
            engine,
            "commit",
            lambda connection: seen.append(
                ("commit", connection.exec_driver_sql("PRAGMA synchronous").scalar())
            ),
        )
        made = Letters(state)
        made.plan([letter()])
        made.take(ADA, now=NOW)
        made.dot(ADA, now=NOW)
        with state.transaction():
            pass
    full, normal = ("commit", 2), ("commit", 1)  # sqlite.org/pragma.html#pragma_synchronous
    assert seen == [full, full, full, normal]
