"""The sentences that subscribers see, in the language of the event: gettext with plural forms.

English stands in the code and in templates/; every other language is a catalogue in locale/. Must
not know of talks or outputs, and never asks the process for its locale.
"""

from __future__ import annotations

import gettext as catalogues
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from pipeline.errors import OutputError

SOURCE = "en"
"""The language of the sentences in the code."""

DOMAIN = "recap"
"""The name of the catalogues."""

Direction = Literal["ltr", "rtl"]

# The languages that are written from right to left by default, and the scripts that are (ISO
# 15924): what CLDR's layout data says of those that a conference may be held in.
_RTL_LANGUAGES = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi")
)
_RTL_SCRIPTS = frozenset(("adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"))


def locale_folder() -> Path:
    """Return the folder of the catalogues, which travels with the package."""
    return Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences in one language; `language` is the one that is really spoken.

    Messages are English with `%(name)s` for what is put in, and a sign of percent is doubled; the
    caller puts the values in, as templates do by themselves.
    """

    language: str
    catalogue: catalogues.NullTranslations

    @property
    def direction(self) -> Direction:
        """Return the direction in which its sentences are written."""
        return direction(self.language)

    def gettext(self, message: str) -> str:
        """Return `message` in this language."""
        return self.catalogue.gettext(message)

    def ngettext(self, one: str, several: str, count: int) -> str:
        """Return the form of a message that goes with `count` in this language."""
        return self.catalogue.ngettext(one, several, count)

    def pgettext(self, context: str, message: str) -> str:
        """Return a message that has another meaning, and so another translation, elsewhere."""
        return self.catalogue.pgettext(context, message)

    def npgettext(self, context: str, one: str, several: str, count: int) -> str:
        """Return the form of such a message that goes with `count`."""
        return self.catalogue.npgettext(context, one, several, count)


def wording(language: str) -> Wording:
    """Return the sentences for a BCP 47 language: its own, its parent's, else English.

    Raises OutputError where a catalogue that travels with the package is damaged or gone.
    """
    wanted = language.lower().replace("_", "-")
    while wanted and wanted not in languages():
        wanted = wanted.rpartition("-")[0]
    return _load(wanted or SOURCE)


def marked(message: str) -> str:
    """Return `message` as it is: marks one for the catalogues that is translated later."""
    return message


@cache
def languages() -> tuple[str, ...]:
    """Return the languages in which there are sentences, sorted."""
    found = {path.parent.parent.name for path in locale_folder().glob(f"*/*/{DOMAIN}.mo")}
    return tuple(sorted({SOURCE, *found}))


@lru_cache(maxsize=256)
def direction(language: str) -> Direction:
    """Return the direction in which a BCP 47 language is written; a script in its tag decides."""
    first, *others = language.lower().replace("_", "-").split("-")
    scripts = [part for part in others if len(part) == 4 and part.isalpha()]
    rtl = scripts[0] in _RTL_SCRIPTS if scripts else first in _RTL_LANGUAGES
    return "rtl" if rtl else "ltr"


@cache
def _load(language: str) -> Wording:
    if language == SOURCE:
        return Wording(SOURCE, catalogues.NullTranslations())
    path = locale_folder() / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        with path.open("rb") as file:
            return Wording(language, catalogues.GNUTranslations(file))
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read ({error}); install the program again") from error
