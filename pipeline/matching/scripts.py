"""How a name sounds, roughly: one key for the scripts and spellings it may be written in.

Cyrillic, Greek and kana are read letter by letter, and spellings that differ from one passport
to the next (`Yulia`, `Julia`, `Yuliya`) become one. Kanji and Hangul cannot be read so and stay
as they are; there, `also` of a speaker is the way. Nothing is judged here, and no title is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable
from functools import cache
from itertools import pairwise

from pipeline.matching.nicknames import FORMS
from pipeline.matching.reading import tokens
from pipeline.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_OTHER = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u1100-\u11ff\u1f00-\u1fff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONGEST = 4
"""Words that a name has at most."""
_TELLING = 5
"""Letters from which the sound of a name says something; kanji say more each."""


def _table(letters: str, sounds: str) -> dict[str, str]:
    return dict(zip(letters.split(), sounds.split(), strict=True))


_LETTERS = {
    **_table(
        "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ы э ю я і ї є ґ ў ј љ њ ћ ђ џ",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch i e iu ia i i e g u i "
        "li ni ch di dzh",
    ),
    **_table(
        "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ ς τ υ φ χ ψ ω",
        "a v g d e z i th i k l m n ks o p r s s t i f ch ps o",
    ),
    "ь": "",
    "ъ": "",
}
# A soft sign is heard before a vowel alone, as in Natalia.
_SOFT = re.compile("ь(?=[аеёиоуыэюя])")
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
_GREEK_PAIRS = {"ου": "ou", "ευ": "ev", "αυ": "av", "μπ": "b", "ντ": "d", "γκ": "g", "γγ": "ng"}
_KANA = {
    **_table(
        "あ い う え お か き く け こ さ し す せ そ た ち つ て と な に ぬ ね の",
        "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no",
    ),
    **_table(
        "は ひ ふ へ ほ ま み む め も や ゆ よ ら り る れ ろ わ を ん ゔ",
        "ha hi fu he ho ma mi mu me mo ya yu yo ra ri ru re ro wa o n vu",
    ),
    **_table(
        "が ぎ ぐ げ ご ざ じ ず ぜ ぞ だ ぢ づ で ど ば び ぶ べ ぼ ぱ ぴ ぷ ぺ ぽ",
        "ga gi gu ge go za ji zu ze zo da ji zu de do ba bi bu be bo pa pi pu pe po",
    ),
}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F5)}

# Umlauts and their like written out (Juergen, Soeren, Kjaer), and long vowels (Satou).
_ALIKE = _table(
    "y j ae oe ue ou shch sch tch x ph kh gh th tz ck q w mb mp",
    "i i a o u o sh sh ch ks f h g t ts k k v nb np",
)
_ALIKE_IN_PLACE = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("c(?!h)", "k"),
        # Hepburn's other long vowel, Ohno for Ono.
        ("oh(?![aeiou])", "o"),
        # Passports write Artyom, Artiom and Artem, Yefimov and Efimov, Aleksandr and Alexander.
        ("^ie|(?<=[bdfgklmnprstvz])i[eo]", "e"),
        ("(?<=[bdt])er$", "r"),
        (r"(.)\1+", r"\1"),
    )
)


def is_other(text: str) -> bool:
    """Tell whether a text has letters of a script other than Latin."""
    return _OTHER.search(text) is not None


def heard(title: str, names: Container[str]) -> dict[str, frozenset[str]]:
    """Return each run of words of a title that sounds like one of `names`, with its words as read.

    An initial is told apart from the name beside it by a full stop (`a.example`).
    """
    plain = unicodedata.normalize("NFKC", title)
    words = [(_sound(word.casefold()), word) for word in _WORD.findall(plain)]
    sizes = range(1, _LONGEST + 1)
    runs = [words[at : at + size] for size in sizes for at in range(len(words) - size + 1)]
    # A middle name or a patronymic may stand in the title alone.
    runs += [[one, three] for one, _, three in zip(words, words[1:], words[2:], strict=False)]
    found = {"".join(sound for sound, _ in run): run for run in runs}
    for one, two in pairwise(words):
        for (initial, letter), (sound, _) in ((one, two), (two, one)):
            if initial and len(letter) == 1:
                found[f"{initial[0]}.{sound}"] = [one, two]
    return {
        sound: frozenset(word for _, part in run for word in tokens(part))
        for sound, run in found.items()
        if sound in names
    }


def called(name: str) -> frozenset[str]:
    """Return how a person's whole name may sound, in either order, a middle name left out.

    The first name may be an initial (`a.example`) or a short form of it. Empty for one word of an
    alphabet: that is no whole name.
    """
    said = sounds(name)
    if len(said) < 2:
        whole = said[:1] if _UNSPACED.search(name) else ()
        return frozenset(filter(_is_telling, whole))
    first, last = said[0], said[-1]
    orders = [said, (last, *said[:-1]), (*said[1:], first), (f"{first[0]}.", last)]
    for called in (first, *_short_forms().get(first, ())):
        orders += [(called, last), (last, called)]
    return frozenset(filter(_is_telling, map("".join, orders)))


def _is_telling(sound: str) -> bool:
    return len(sound) >= (_TELLING if sound.isascii() else _TELLING - 2)


def sounds(text: str) -> tuple[str, ...]:
    """Return how each word of a text sounds, in order; a number is no word."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return tuple(one for word in _WORD.findall(plain) if (one := _sound(word)))


def _sound(word: str) -> str:
    read = word if word.isascii() else fold("".join(_read(_latin(word.translate(_KATAKANA)))))
    for letters, sound in _ALIKE.items():
        read = read.replace(letters, sound)
    for pattern, sound in _ALIKE_IN_PLACE:
        read = pattern.sub(sound, read)
    return read


def _latin(word: str) -> str:
    """Return a word with what is read by pairs of letters read."""
    word = _SOFT.sub("и", word)
    if _GREEK.search(word):
        word = fold(word)
        for pair, sound in _GREEK_PAIRS.items():
            word = word.replace(pair, sound)
    return word


def _read(word: str) -> Iterable[str]:
    """Yield the sound of each letter; a small kana changes the one before it."""
    last = ""
    for letter in word:
        if letter in _SMALL and last:
            last = _contracted(last, _SMALL[letter])
            continue
        yield last
        last = _KANA.get(letter) or _LETTERS.get(letter, "" if letter in "っー" else letter)
    yield last


def _contracted(sound: str, small: str) -> str:
    """Return `kya` of `ki` and `ya`, `sha` of `shi` and `ya`, `fa` of `fu` and `a`."""
    stem = sound[:-1]
    return stem + (small[-1] if stem in ("sh", "ch", "j") else small)


@cache
def _short_forms() -> dict[str, frozenset[str]]:
    """Return for how a first name sounds, how its short forms do."""
    found: dict[str, set[str]] = {}
    for name, forms in FORMS.items():
        found.setdefault(_sound(name), set()).update(map(_sound, forms))
    return {sound: frozenset(forms) for sound, forms in found.items()}
