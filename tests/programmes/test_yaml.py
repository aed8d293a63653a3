from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.model import Imported, Link, Speaker, Talk
from pipeline.programmes.yaml import YamlProgramme
from tests.builders import no_secret
from tests.programmes.case import SHARED, Case
from tests.sources.fakes import NO_NETWORK, FakeFetch

URL = "https://teaconf.example.org/talks.yaml"
LIST = """\
- title: Brewing Tea
  slug: brewing-tea-ada
  speakers:
    - {name: Ada Example, role: Brewer, company: Kettle Works, website: "https://ada.example.org"}
    - name: Grace Sample
  abstract: <p>From one cup<br>to <b>many</b>.</p>
  duration: "25:00"
  video: https://youtu.be/tea00000001
  slides: [https://example.org/a.pdf, https://example.org/b.pdf]
  tags: [leaf, "pot, large"]
- title: Cold Tea
  slug: cold-tea-hugo
  speakers: Hugo Muster
"""
CASES = {
    "yaml": Case("yaml", URL, LIST.encode()),
    "yaml-file": Case("yaml", "data/talks.yaml", LIST.encode(), file="data/talks.yaml"),
}


def read(text: str, **options: str) -> Imported:
    made = YamlProgramme(options, secret=no_secret)
    (found,) = made.read(FakeFetch({URL: text.encode()}), URL)
    return found


def test_yaml_reads_a_list_of_talks() -> None:
    assert read(LIST).talks == (
        Talk(
            id="brewing-tea",
            title="Brewing Tea",
            speakers=(
                Speaker(
                    name="Ada Example",
                    role="Brewer",
                    affiliation="Kettle Works",
                    url="https://ada.example.org",
                ),
                Speaker(name="Grace Sample"),
            ),
            summary="From one cup\nto **many**.",
            length=timedelta(minutes=25),
            codes=("brewing-tea-ada",),
            recordings=("youtube:tea00000001",),
            slides=(
                Link(url="https://example.org/a.pdf", label="Slides"),
                Link(url="https://example.org/b.pdf", label="Slides"),
            ),
            tags=("leaf", "pot", "large"),
        ),
        Talk(
            id="cold-tea",
            title="Cold Tea",
            speakers=(Speaker(name="Hugo Muster"),),
            codes=("cold-tea-hugo",),
        ),
    )


def test_yaml_reads_a_list_within_a_document_at_a_path() -> None:
    text = "conf:\n  days:\n    - {headline: {en: Cold Tea}, people: [{full: Ada Example}]}\n"
    found = read(text, items="conf.days", title="headline.en", speakers="people[].full")
    assert [(one.title, one.speakers) for one in found.talks] == [
        ("Cold Tea", (Speaker(name="Ada Example"),))
    ]


def test_yaml_keeps_names_of_a_list_whole() -> None:
    found = read("- {title: Cold Tea, speakers: ['Ada Example, PhD', Grace Sample]}\n")
    assert [one.name for one in found.talks[0].speakers] == ["Ada Example, PhD", "Grace Sample"]


def test_yaml_names_a_value_that_is_no_text() -> None:
    found = read("- {title: Cold Tea, track: {en: Pots}}\n")
    assert found.skipped == (
        "item 1: track: it is a mapping, not text; name a key within it, such as `name.en`",
    )


def test_yaml_says_what_to_do_about_anchors() -> None:
    with pytest.raises(SourceError) as caught:
        read("- &one {title: Cold Tea}\n- *one\n")
    assert caught.value.message == (
        f"the programme {URL} cannot be read: {URL}:1:3: [0]: anchors (&name) and tags (!name) "
        "are not read; write plain values\n"
        "Where it is YAML, but not as strict as this, have its own program write it as JSON, and "
        "import that with kind json"
    )


@pytest.mark.skipif(not SHARED.exists(), reason="real exports are not beside this checkout")
def test_yaml_reads_a_real_programme() -> None:
    """Counted with grep: 12 lines `- title:`, 14 lines `- name:`."""
    path = Path(SHARED, "yaml-programme", "atlantic-2023-sessions.yaml")
    (found,) = YamlProgramme({}, secret=no_secret).read(NO_NETWORK, str(path))
    text = path.read_text(encoding="utf-8")
    assert (
        len(found.talks),
        sum(len(talk.speakers) for talk in found.talks),
        sum(len(talk.codes) for talk in found.talks),
        [talk.title for talk in found.talks if not talk.summary or "<p>" in talk.summary],
        found.skipped,
    ) == (text.count("\n- title:") + 1, text.count("\n  - name:"), 12, [], ())
