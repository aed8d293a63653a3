from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError, SourceError
from pipeline.model import Imported, Link, Speaker, Talk
from pipeline.programmes.wrapup import WrapupProgramme, parse_wrapup
from pipeline.written.yamltext import read
from tests.builders import no_secret
from tests.programmes.case import Case
from tests.sources.fakes import NO_NETWORK

REPOSITORY = Path(__file__).parents[2]
SEED = REPOSITORY.parent / "shared" / "seed"

POST = """TeaConf 2031: Wrap-Up


The third TeaConf came together in a barn. Here is what we drank, and with whom.

There were talks about kettles, leaves, and what to do with cold tea.

The Talks

Keynote: State of the Leaf: What Everybody Steeps

Ada Example, Founder and Head Brewer, Kettle Works

Ada showed a survey; most people, she said, pour too early.

It was a good start.

Steep “slowly”. Drink slowly. But never let it get cold

Grace Sample, Senior Brewer Kettle Works

Grace’s talk was a call to patience.

Things to try include:

  • Warm the pot first
  • “Second steep” — with less water
  • Wait

Plus a great many more.

The day's last hot pot was a big surprise, and the subject of many questions.

Theodora Placeholder, Taster, Leaf & Daughters, Inc.

Teddy took us through twelve cups. “Leaves, not dust.” That was hers.

Pretty nice stuff.

Pots, Pans and Node.js, a Barn Original

Hugo van Muster, Técnico, Barn

Hugo (everybody calls him Huggy) showed how a pot is thrown.

Conclusion

Thank you to everybody who poured. See you next year, in the same barn.

By Iris Invented

Originally published at blog.example.org on May 20, 2031.


Written by TeaConfMay 20th, 2031


Share this article"""


CASES = {
    "wrapup": Case("wrapup", "https://blog.example.org/post.txt", POST.encode()),
    "wrapup-file": Case("wrapup", "post.md", POST.encode(), file="post.md"),
}


def parse(text: str) -> Imported:
    return parse_wrapup(text.encode(), where="post.txt")


def titles(text: str) -> list[str | None]:
    return [talk.title for talk in parse(text).talks]


def speakers(byline: str, *, title: str = "A Cup of Something") -> tuple[Speaker, ...]:
    post = f"A Post\n\nSome words.\n\n{title}\n\n{byline}\n\nThey spoke.\n"
    return parse(post).talks[0].speakers


def test_wrapup_reads_what_stands_around_the_talks() -> None:
    found = parse(POST)
    assert (
        found.name,
        found.recap_title,
        found.introduction,
        found.conclusion,
        found.author,
        found.skipped,
    ) == (
        "TeaConf 2031",
        "TeaConf 2031: Wrap-Up",
        (
            "The third TeaConf came together in a barn. Here is what we drank, and with whom.\n\n"
            "There were talks about kettles, leaves, and what to do with cold tea."
        ),
        "Thank you to everybody who poured. See you next year, in the same barn.",
        "Iris Invented",
        (),
    )


def test_wrapup_reads_every_talk_of_a_post() -> None:
    assert parse(POST).talks == (
        Talk(
            id="state-of-the-leaf-what-everybody-steeps",
            title="State of the Leaf: What Everybody Steeps",
            also=("Keynote: State of the Leaf: What Everybody Steeps",),
            kind="keynote",
            speakers=(
                Speaker(
                    name="Ada Example", role="Founder and Head Brewer", affiliation="Kettle Works"
                ),
            ),
            summary=(
                "Ada showed a survey; most people, she said, pour too early.\n\n"
                "It was a good start."
            ),
        ),
        Talk(
            id="steep-slowly-drink-slowly-but-never-let-it-get-cold",
            title="Steep “slowly”. Drink slowly. But never let it get cold",
            speakers=(
                Speaker(name="Grace Sample", role="Senior Brewer", affiliation="Kettle Works"),
            ),
            summary=(
                "Grace’s talk was a call to patience.\n\nThings to try include:\n\n"
                "- Warm the pot first\n- “Second steep” — with less water\n- Wait\n\n"
                "Plus a great many more.\n\n"
                "The day's last hot pot was a big surprise, and the subject of many questions."
            ),
        ),
        Talk(
            id="theodora-placeholder",
            speakers=(
                Speaker(
                    name="Theodora Placeholder",
                    role="Taster",
                    affiliation="Leaf & Daughters, Inc.",
                ),
            ),
            summary=(
                "Teddy took us through twelve cups. “Leaves, not dust.” That was hers.\n\n"
                "Pretty nice stuff."
            ),
        ),
        Talk(
            id="pots-pans-and-node-js-a-barn-original",
            title="Pots, Pans and Node.js, a Barn Original",
            speakers=(Speaker(name="Hugo van Muster", role="Técnico", affiliation="Barn"),),
            summary="Hugo (everybody calls him Huggy) showed how a pot is thrown.",
        ),
    )


ADA = Speaker(name="Ada Example", role="Brewer", affiliation="Kettle Works")


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Ada Example, Brewer, Kettle Works", ADA),
        ("By Ada Example, Brewer, Kettle Works", ADA),
        ("*Ada Example, Brewer, Kettle Works*", ADA),
        ("Ada Example, Brewer at Kettle Works", ADA),
        ("Ada Example, Brewer (Kettle Works)", ADA),
        ("Ada Example, Brewer Kettle Works", ADA),
        ("Ada Example, Brewer, Pots, Kettle Works", replace(ADA, role="Brewer, Pots")),
        (
            "Ada Example, Director of Tea Kettles",
            Speaker(name="Ada Example", role="Director of Tea Kettles"),
        ),
        ("Ada Example, Kettle Works", replace(ADA, role=None)),
        ("Ada Example, co-founder", Speaker(name="Ada Example", role="co-founder")),
        ("Ada “Addie” Example, Brewer, Kettle Works", replace(ADA, also=("Addie Example",))),
        ("A. d’Example-Šample, Brewer, Kettle Works", replace(ADA, name="A. d’Example-Šample")),
    ],
)
def test_wrapup_reads_a_byline(byline: str, expected: Speaker) -> None:
    assert speakers(byline) == (expected,)


def test_wrapup_cuts_a_role_before_an_affiliation_that_another_byline_names() -> None:
    post = (
        "A Post\n\nWords.\n\nOne\n\nAda Example, Brewer, Tea Lab\n\nShe spoke.\n\n"
        "Two\n\nGrace Sample, Director of Products Tea Lab\n\nShe spoke as well.\n"
    )
    assert parse(post).talks[1].speakers == (
        Speaker(name="Grace Sample", role="Director of Products", affiliation="Tea Lab"),
    )


def test_wrapup_reads_two_names_of_one_byline() -> None:
    assert speakers("Ada Example and Grace Sample, Brewers, Kettle Works") == (
        Speaker(name="Ada Example", role="Brewers", affiliation="Kettle Works"),
        Speaker(name="Grace Sample", role="Brewers", affiliation="Kettle Works"),
    )


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\\\n"])
def test_wrapup_reads_several_bylines_of_one_talk(gap: str) -> None:
    both = f"Ada Example, Brewer, Kettle Works{gap}Grace Sample, Taster, Tea Lab"
    assert [one.name for one in speakers(both)] == ["Ada Example", "Grace Sample"]


def test_wrapup_reads_title_byline_and_notes_without_blank_lines() -> None:
    post = "A Post\n\nWords.\n\nCold Tea\nAda Example, Brewer, Kettle Works\nShe spoke.\nWell."
    assert parse(post).talks == (
        Talk(
            id="cold-tea",
            title="Cold Tea",
            speakers=(Speaker(name="Ada Example", role="Brewer", affiliation="Kettle Works"),),
            summary="She spoke.\nWell.",
        ),
    )


def test_wrapup_takes_a_title_with_a_comma_for_a_title() -> None:
    post = "A Post\n\nWords.\n\nBlack Tea, Green Tea\n\nAda Example, Brewer, Barn\n\nShe spoke.\n"
    assert titles(post) == ["Black Tea, Green Tea"]


def test_wrapup_takes_a_byline_below_the_posts_title_for_the_authors() -> None:
    post = (
        "A Post\n\nIris Invented, Editor, Tea Weekly\n\nWords.\n\n"
        "Cold Tea\n\nAda Example, Brewer, Barn\n\nIt was.\n"
    )
    assert titles(post) == ["Cold Tea"]


def test_wrapup_names_the_heading_of_a_section() -> None:
    post = (
        "A Post\n\nWords.\n\nOne\n\nAda Example, Brewer, Barn\n\nShe spoke.\n\n"
        "Afternoon\n\nTwo\n\nGrace Sample, Taster, Barn\n\nShe spoke.\n"
    )
    found = parse(post)
    assert ([talk.title for talk in found.talks], found.talks[0].summary, found.skipped) == (
        ["One", "Two"],
        "She spoke.",
        ("'Afternoon' is taken for the heading of a section, and is not kept",),
    )


def test_wrapup_reads_a_post_in_markdown() -> None:
    post = (
        "# TeaConf 2031 recap\n\nWords.\n\n## The talks\n\n"
        "### [Cold Tea: a *warm* view](https://example.org/cold)\n"
        "Ada Example, Brewer, Barn\n\nShe spoke.\n\n#### Demo\n\nIt poured.\n\n"
        "### *Untitled talk by Grace Sample*\n\nGrace Sample\n\n* One\n* Two\n\n"
        "## Thanks\n\nTo all.\n\n*Iris Invented*\n"
    )
    found = parse(post)
    assert (found.name, found.introduction, found.conclusion, found.author) == (
        "TeaConf 2031",
        "Words.",
        "To all.",
        "Iris Invented",
    )
    assert found.talks == (
        Talk(
            id="cold-tea-a-warm-view",
            title="Cold Tea: a *warm* view",
            speakers=(Speaker(name="Ada Example", role="Brewer", affiliation="Barn"),),
            summary="She spoke.\n\n#### Demo\n\nIt poured.",
        ),
        Talk(
            id="grace-sample",
            speakers=(Speaker(name="Grace Sample"),),
            summary="- One\n- Two",
        ),
    )


def test_wrapup_keeps_a_talk_without_byline_that_stands_between_others_in_markdown() -> None:
    post = (
        "# A Post\n\n## Welcome\n\nHello.\n\n## One\n\nAda Example, Brewer, Barn\n\nWords.\n\n"
        "## Lightning talks\n\nThere were three.\n\n## Two\n\nGrace Sample, Taster, Barn\n\nOh.\n\n"
        "## Thanks\n\nTo all.\n"
    )
    found = parse(post)
    assert ([talk.title for talk in found.talks], found.conclusion) == (
        ["One", "Lightning talks", "Two"],
        "To all.",
    )


def test_wrapup_reads_recordings_and_slides_that_stand_on_lines_of_their_own() -> None:
    post = (
        "A Post\n\nWords.\n\nCold Tea\n\nAda Example, Brewer, Barn\n\nShe spoke.\n\n"
        "[Watch](https://www.youtube.com/watch?v=tea00000001), 24 min.\n\n"
        "Slides: https://example.org/slides\n\n[Watch](https://www.youtube.com/)\n"
    )
    found = parse(post)
    assert found.talks[0].recordings == ("youtube:tea00000001",)
    assert found.talks[0].slides == (Link(url="https://example.org/slides", label="Slides"),)
    assert found.talks[0].summary == "She spoke."
    assert found.skipped == ("Cold Tea: https://www.youtube.com/ does not name one video",)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("TeaConf 2031 – a review", "TeaConf 2031"),
        ("Recap of TeaConf 2031", "TeaConf 2031"),
        ("TeaConf 2031 round-up", "TeaConf 2031"),
        ("What we drank at TeaConf", None),
    ],
)
def test_wrapup_takes_the_events_name_from_a_title_that_says_recap(
    title: str, name: str | None
) -> None:
    assert parse(f"{title}\n\nWords.\n\nOne\n\nAda Example, Brewer, Barn\n\nOh.\n").name == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty; export it again"),
        ("<html><p>Tea", "it is a web page; use the address of the export itself"),
        (
            "A post\n\nabout nothing.\n",
            (
                "no talk is found in it; put a line `Name, Role, Affiliation` above the notes of "
                "each talk, with the talk's title on a line of its own above that, and blank "
                "lines between"
            ),
        ),
    ],
)
def test_wrapup_says_why_a_text_is_no_post(text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse(text)
    assert caught.value.message == f"the programme post.txt cannot be read: {message}"


def test_wrapup_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "post.txt").write_text(POST, encoding="utf-8")
    made = WrapupProgramme({}, secret=no_secret)
    assert list(made.read(NO_NETWORK, str(tmp_path / "post.txt"))) == [parse(POST)]


def test_wrapup_has_no_options() -> None:
    with pytest.raises(ConfigError, match="kind 'wrapup' has no option 'title'"):
        WrapupProgramme({"title": "x"}, secret=no_secret)


@pytest.mark.skipif(not SEED.exists(), reason="the text it is made for is not here")
def test_wrapup_reads_the_text_it_is_made_for_as_the_shipped_event_tells_it() -> None:
    """The notes are others' words and stay there; who spoke on what stands in our event too."""
    path = REPOSITORY / "data" / "container-camp-sf-2016" / "event.yaml"
    document: Any = read(path, name="event.yaml").value
    told = [
        (
            row["also"][0] if "also" in row else row.get("title"),
            row.get("kind", "talk"),
            [
                (one["name"], plain(one["role"]), plain(one["affiliation"]))
                for one in row["speakers"]
            ],
        )
        for row in document["talks"]
    ]
    (text,) = SEED.iterdir()
    found = parse_wrapup(text.read_bytes(), where="seed")
    assert [
        (
            talk.also[0] if talk.also else talk.title,
            talk.kind,
            [(one.name, plain(one.role), plain(one.affiliation)) for one in talk.speakers],
        )
        for talk in found.talks
    ] == told
    assert (len(found.talks), all(talk.summary for talk in found.talks)) == (13, True)


def plain(text: object) -> str:
    """Return a role or affiliation without the spelling in which our event differs."""
    return str(text).replace(",", "").replace("&", "and").replace(" ", "").lower()
