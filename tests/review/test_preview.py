"""What a decision would change, before it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline import passage
from pipeline.errors import ConfigError
from pipeline.merging import standing
from pipeline.model import (
    Barred,
    Decision,
    EventFiles,
    Expectation,
    Installation,
    Ledger,
    Listing,
    Talk,
    Verb,
)
from pipeline.passage import Surroundings
from pipeline.review import Preview, preview, sentence
from tests.builders import NOW, event, talk, video

AROUND = Surroundings(installation=Installation(), tag="recaps.example.org,2031")
ODD = video("odd00000001", "Something else entirely")
TEA = "Brewing Tea at Scale (Ada Example)"


def word(verb: Verb, **more: Any) -> Decision:
    return Decision(id="20310520T120000Z-0a1b2c", time=NOW, verb=verb, by="Ada", **more)


def opened(*talks: Talk, decisions: tuple[Decision, ...] = ()) -> EventFiles:
    """Return an event whose list showed one talk and one upload that is nobody's."""
    files = EventFiles(
        event=event(
            *(talks or (talk(), talk("porcelain", "Porcelain in Production", speakers=())))
        ),
        ledger=Ledger(),
        decisions=decisions,
    )
    shown = Listing(videos=(video(), ODD))
    ledger = passage.take(files, {"list": shown}, AROUND, now=NOW).ledger
    return replace(files, ledger=ledger)


def test_preview_of_a_link_names_feed_page_and_mail() -> None:
    made = preview(opened(), AROUND, word(Verb.LINK, video=ODD.key, talk="porcelain"), now=NOW)
    assert made == Preview(
        event="teaconf-2031",
        added=("Porcelain in Production",),
        out=(1, 2),
        total=(2, 2),
    )
    assert made.lines() == [
        "feed: + Porcelain in Production",
        "page: 1 → 2 of 2 recordings out",
        "mail: the next recap names Porcelain in Production",
    ]


def test_preview_of_a_withdrawal_counts_the_talk_no_more() -> None:
    made = preview(opened(), AROUND, word(Verb.WITHDRAW, talk="brewing-tea"), now=NOW)
    assert made.lines() == [
        f"feed: - {TEA}",
        "page: 1 of 2 → 0 of 1 recordings out",
        f"mail: no longer in the next recap: {TEA}",
    ]


def test_preview_of_a_second_recording_says_how_the_talk_changes() -> None:
    made = preview(opened(), AROUND, word(Verb.LINK, video=ODD.key, talk="brewing-tea"), now=NOW)
    assert made.lines() == [
        f"recordings of {TEA}: youtube:tea00000001 → youtube:odd00000001, youtube:tea00000001"
    ]


def test_preview_of_another_start_says_from_where() -> None:
    made = preview(
        opened(),
        AROUND,
        word(Verb.LINK, video=ODD.key, talk="brewing-tea", start=timedelta(minutes=12, seconds=30)),
        now=NOW,
    )
    now = "youtube:tea00000001, youtube:odd00000001 from 12:30"
    assert made.lines() == [f"recordings of {TEA}: youtube:tea00000001 → {now}"]


def test_preview_of_nothing_says_so() -> None:
    made = preview(opened(), AROUND, word(Verb.IGNORE, video=ODD.key), now=NOW)
    assert made.lines() == ["feed, page and mail: nothing changes"]


def test_preview_of_a_link_to_a_withheld_talk_gives_the_alert() -> None:
    files = opened(talk(), talk("secret", "Secret", expectation=Expectation.WITHHELD))
    made = preview(files, AROUND, word(Verb.LINK, video=ODD.key, talk="secret"), now=NOW)
    assert made.added == ()
    assert [line[:26] for line in made.alerts] == ["youtube:odd00000001 is pub"]


def test_preview_dates_the_word_after_all_that_was_decided() -> None:
    earlier = replace(
        word(Verb.LINK, video=ODD.key, talk="brewing-tea"), id="x", time=NOW + timedelta(days=9)
    )
    files = opened(decisions=(earlier,))
    made = preview(files, AROUND, word(Verb.LINK, video=ODD.key, talk="porcelain"), now=NOW)
    assert made.added == ("Porcelain in Production",)


def test_preview_everywhere_counts_as_a_word_for_all_events() -> None:
    everywhere = word(Verb.WITHDRAW, talk="teaconf-2031/brewing-tea")
    made = preview(opened(), AROUND, everywhere, everywhere=True, now=NOW)
    assert made.removed == (TEA,)


@pytest.mark.parametrize(
    ("talks", "decision", "why"),
    [
        (
            (talk(recordings=("youtube:odd00000001",)),),
            word(Verb.IGNORE, video="youtube:odd00000001"),
            "data/teaconf-2031/event.yaml: `recordings:` of the talk 'brewing-tea' names",
        ),
        (
            (talk(not_videos=("youtube:odd00000001",)),),
            word(Verb.LINK, video="youtube:odd00000001", talk="brewing-tea"),
            "data/teaconf-2031/event.yaml: `not:` of the talk 'brewing-tea' names",
        ),
        (
            (talk(),),
            word(Verb.UNWITHDRAW, talk="brewing-tea"),
            "brewing-tea is not withdrawn by a decision that concerns teaconf-2031",
        ),
    ],
)
def test_preview_refuses_a_word_that_a_file_overrules(
    talks: tuple[Talk, ...], decision: Decision, why: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        preview(opened(*talks), AROUND, decision, now=NOW)
    assert refused.value.message.startswith(why)


def test_preview_refuses_to_link_a_withdrawn_video() -> None:
    around = replace(AROUND, barred=Barred(videos=frozenset({ODD.key})))
    with pytest.raises(ConfigError, match=r"recap unwithdraw youtube:odd00000001"):
        preview(opened(), around, word(Verb.LINK, video=ODD.key, talk="porcelain"), now=NOW)


def test_preview_is_what_happens() -> None:
    decision = word(Verb.LINK, video=ODD.key, talk="porcelain")
    files = opened()
    made = preview(files, AROUND, decision, now=NOW)
    passed = passage.take(replace(files, decisions=(decision,)), {}, AROUND, now=NOW)
    assert (len(made.added), made.out[1]) == (
        len(passed.released),
        sum(one.released is not None for one in passed.published.entries),
    )


def test_standing_leaves_out_what_was_undone_and_keeps_what_was_brought_back() -> None:
    first = replace(word(Verb.IGNORE, video=ODD.key), id="a")
    undone = replace(word(Verb.UNDO, undoes="a"), id="b", time=NOW + timedelta(seconds=1))
    redone = replace(word(Verb.UNDO, undoes="b"), id="c", time=NOW + timedelta(seconds=2))
    assert standing([undone, first]) == (undone,)
    assert standing([redone, undone, first]) == (first, redone)


def test_sentence_says_who_decided_what() -> None:
    decision = word(Verb.LINK, video=ODD.key, talk="porcelain")
    assert sentence(decision) == "link youtube:odd00000001 → porcelain, by Ada"
