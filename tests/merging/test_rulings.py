from __future__ import annotations

from datetime import timedelta
from typing import Any

from pipeline.merging import Rulings, settle, strangers
from pipeline.model import Barred, Decision, Ledger, Match, SeenVideo, Talk, Verb, Verdict
from tests.builders import NOW, event, talk, video

TEA, CUPS = talk("tea"), talk("cups", "Cups and Bowls")
V1, V2 = "youtube:v0000000001", "youtube:v0000000002"


def decision(number: int, verb: Verb, **more: Any) -> Decision:
    when = NOW + timedelta(minutes=number)
    return Decision(id=f"d{number}", time=when, verb=verb, by="Ada", **more)


def auto(**links: str) -> Ledger:
    """Return a ledger with automatic links, such as v0000000001="tea"."""
    rows = {}
    for name, talk_id in links.items():
        match = Match(video=f"youtube:{name}", verdict=Verdict.AUTO, talk=talk_id)
        rows[f"youtube:{name}"] = SeenVideo(video=video(name), match=match)
    return Ledger(videos=rows)


def ruled(
    *decisions: Decision, talks: tuple[Talk, ...] = (TEA, CUPS), ledger: Ledger | None = None
) -> Rulings:
    return settle(event(*talks), ledger or Ledger(), decisions, barred=Barred())


def test_settle_keeps_a_stored_automatic_link() -> None:
    rulings = ruled(ledger=auto(v0000000001="tea"))
    assert (rulings.links, rulings.by) == ({V1: "tea"}, {V1: "auto"})


def test_settle_lets_a_decision_win_over_an_automatic_link() -> None:
    rulings = ruled(decision(1, Verb.LINK, video=V1, talk="cups"), ledger=auto(v0000000001="tea"))
    assert (rulings.links, rulings.by) == ({V1: "cups"}, {V1: "decision"})


def test_settle_lets_event_yaml_win_over_a_decision() -> None:
    talks = (talk("tea", recordings=(V1,)), CUPS)
    rulings = ruled(decision(1, Verb.LINK, video=V1, talk="cups"), talks=talks)
    assert (rulings.links, rulings.by) == ({V1: "tea"}, {V1: "event.yaml"})


def test_settle_lets_not_in_event_yaml_win_over_a_decision() -> None:
    talks = (talk("tea", not_videos=(V1,)), CUPS)
    rulings = ruled(decision(1, Verb.LINK, video=V1, talk="tea"), talks=talks)
    assert (rulings.links, rulings.refused) == ({}, frozenset({(V1, "tea")}))


def test_settle_takes_the_latest_of_two_decisions_whatever_their_order() -> None:
    first = decision(1, Verb.LINK, video=V1, talk="tea")
    second = decision(2, Verb.LINK, video=V1, talk="cups")
    assert ruled(second, first).links == ruled(first, second).links == {V1: "cups"}


def test_settle_refuses_a_pair_after_not_this_and_after_unlink() -> None:
    ledger = auto(v0000000001="tea", v0000000002="cups")
    rulings = ruled(
        decision(1, Verb.NOT_THIS, video=V1, talk="tea"),
        decision(2, Verb.UNLINK, video=V2, talk="cups"),
        ledger=ledger,
    )
    assert (rulings.links, rulings.refused) == ({}, frozenset({(V1, "tea"), (V2, "cups")}))


def test_settle_gives_an_unlinked_video_to_no_talk_where_none_was_named() -> None:
    unlink = decision(1, Verb.UNLINK, video=V1)
    for ledger in (auto(v0000000001="tea"), auto()):
        rulings = ruled(unlink, ledger=ledger)
        assert (rulings.links, rulings.refused) == ({}, frozenset({(V1, "tea"), (V1, "cups")}))


def test_settle_links_again_after_a_refusal() -> None:
    rulings = ruled(
        decision(1, Verb.NOT_THIS, video=V1, talk="tea"),
        decision(2, Verb.LINK, video=V1, talk="tea"),
    )
    assert (rulings.links, rulings.refused) == ({V1: "tea"}, frozenset())


def test_settle_leaves_an_ignored_video_alone() -> None:
    rulings = ruled(decision(1, Verb.IGNORE, video=V1), ledger=auto(v0000000001="tea"))
    assert (rulings.links, rulings.ignored) == ({}, frozenset({V1}))


def test_settle_takes_an_undone_decision_back_and_an_undone_undo_too() -> None:
    ignore = decision(1, Verb.IGNORE, video=V1)
    undo = decision(2, Verb.UNDO, undoes="d1")
    undo_undo = decision(3, Verb.UNDO, undoes="d2")
    assert [
        ruled(ignore, undo).ignored,
        ruled(ignore, undo, undo_undo).ignored,
    ] == [frozenset(), frozenset({V1})]


def test_settle_reads_a_decision_about_a_talks_former_id() -> None:
    talks = (talk("brewing", was=("tea",)), CUPS)
    rulings = ruled(decision(1, Verb.LINK, video=V1, talk="tea"), talks=talks)
    assert rulings.links == {V1: "brewing"}


def test_settle_drops_a_link_to_a_talk_that_does_not_exist() -> None:
    assert ruled(decision(1, Verb.LINK, video=V1, talk="nothing")).links == {}


def test_settle_lets_a_withdrawal_win_over_event_yaml() -> None:
    talks = (talk("tea", recordings=(V1,)), CUPS)
    rulings = ruled(decision(1, Verb.WITHDRAW, video=V1), talks=talks)
    assert (rulings.links, rulings.ignored) == ({}, frozenset({V1}))


def test_settle_bars_a_withdrawn_talk_until_it_is_unwithdrawn() -> None:
    withdraw = decision(1, Verb.WITHDRAW, talk="tea")
    back = decision(2, Verb.UNWITHDRAW, talk="tea")
    one = event(TEA, CUPS)
    assert [ruled(withdraw).bars(one, TEA), ruled(withdraw, back).bars(one, TEA)] == [True, False]


def test_settle_bars_every_talk_of_a_withdrawn_speaker_under_any_spelling() -> None:
    rulings = ruled(decision(1, Verb.WITHDRAW, speaker="ada  EXAMPLE"))
    assert [rulings.bars(event(TEA), one) for one in (TEA, talk("x", speakers=()))] == [True, False]


def test_settle_lets_no_decision_open_what_no_publish_bars() -> None:
    barred = Barred(talks=frozenset({"teaconf-2031/tea"}))
    back = decision(1, Verb.UNWITHDRAW, talk="tea")
    rulings = settle(event(TEA), Ledger(), (back,), barred=barred)
    assert rulings.bars(event(TEA), TEA)


def test_settle_bars_a_talk_under_every_id_it_and_its_event_ever_had() -> None:
    renamed = talk("brewing", was=("tea",))
    one = event(renamed, id="teaconf", was=("teaconf-2031",))
    barred = Barred(talks=frozenset({"teaconf-2031/tea"}))
    withdraw = decision(1, Verb.WITHDRAW, talk="tea")
    assert [
        settle(one, Ledger(), (), barred=barred).bars(one, renamed),
        settle(one, Ledger(), (withdraw,), barred=Barred()).bars(one, renamed),
    ] == [True, True]


def test_settle_leaves_a_shared_decision_about_another_event_alone() -> None:
    other = decision(1, Verb.WITHDRAW, talk="tea", event="cupconf-2031")
    here = decision(1, Verb.WITHDRAW, talk="tea", event="teaconf-2031")
    one = event(TEA)
    assert [
        settle(one, Ledger(), (), barred=Barred(), shared=(word,)).bars(one, TEA)
        for word in (other, here)
    ] == [False, True]


def test_settle_reads_decisions_that_concern_several_events() -> None:
    everywhere = decision(1, Verb.WITHDRAW, speaker="Ada Example")
    rulings = settle(event(TEA), Ledger(), (), barred=Barred(), shared=(everywhere,))
    assert rulings.bars(event(TEA), TEA)


def test_strangers_names_words_about_talks_that_do_not_exist() -> None:
    words = (
        decision(1, Verb.WITHDRAW, talk="tae"),
        decision(2, Verb.WITHDRAW, talk="teaconf-2031/tea"),
        decision(3, Verb.LINK, video=V1, talk="old-cups"),
    )
    one = event(TEA, talk("cups", was=("old-cups",)))
    barred = Barred(talks=frozenset({"teaconf-2031/porcelian", "cupconf-2031/anything"}))
    assert strangers(one, words, barred) == (
        (
            "decision d1 (withdraw) speaks of the talk 'tae', which this event does not have; "
            "take it back with `recap undo` and say it again"
        ),
        "no-publish.yaml names teaconf-2031/porcelian, which does not exist; mend its spelling",
    )
