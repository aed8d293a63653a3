from __future__ import annotations

import pytest

from pipeline.wording import direction, languages, marked, wording
from tests.catalogues import catalogues


def test_languages_are_those_of_the_catalogues_and_english() -> None:
    assert languages() == ("de", "en")


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("en", "en"), ("de", "de"), ("de-AT", "de"), ("DE_ch", "de"), ("ar", "en"), ("", "en")],
)
def test_wording_speaks_the_nearest_language(asked: str, spoken: str) -> None:
    assert wording(asked).language == spoken


def test_wording_takes_the_form_that_goes_with_a_count() -> None:
    forms = ("One video waits for a person", "%(count)s videos wait for a person")

    assert [[wording(one).ngettext(*forms, count) for count in (1, 2)] for one in ("en", "de")] == [
        ["One video waits for a person", "%(count)s videos wait for a person"],
        ["Ein Video wartet auf einen Menschen", "%(count)s Videos warten auf einen Menschen"],
    ]


def test_wording_never_asks_the_process_for_its_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LANG"):
        monkeypatch.setenv(name, "de_DE.UTF-8")

    assert wording("en").gettext(marked("Recording to come")) == "Recording to come"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("fa", "rtl"),
        ("ur", "rtl"),
        ("ar-Latn", "ltr"),
        ("az-Arab", "rtl"),
        ("zh-Hant-TW", "ltr"),
    ],
)
def test_direction_is_that_of_the_script(language: str, written: str) -> None:
    assert direction(language) == written


@pytest.mark.parametrize("language", ["de"])
def test_catalogue_has_every_sentence_translated(language: str) -> None:
    tool = catalogues()
    made = tool.updated(language, tool.catalogues()[language])
    lacking = [
        one.id
        for one in made
        if one.id and not all(one.string if one.pluralizable else [one.string])
    ]

    assert lacking == [], "translate them in recap.po, then run: python docs/catalogues.py"


@pytest.mark.parametrize("language", ["de"])
def test_catalogue_is_what_the_code_says(language: str) -> None:
    tool = catalogues()
    folder = tool.LOCALE / language / "LC_MESSAGES"
    made = tool.updated(language, tool.catalogues()[language])

    assert (folder / "recap.po").read_bytes() == tool.po_bytes(made), (
        "run: python docs/catalogues.py"
    )
    assert (folder / "recap.mo").read_bytes() == tool.mo_bytes(made), (
        "run: python docs/catalogues.py"
    )


@pytest.mark.parametrize("language", ["de"])
def test_catalogue_fills_in_the_same_values_and_guesses_nothing(language: str) -> None:
    written = catalogues().catalogues()[language]

    assert [(one.id, list(one.check())) for one in written if list(one.check())] == []
    assert [one.id for one in written if one.id and one.fuzzy] == []
