"""A line that names a speaker: "Name, Role, Affiliation". General rules of form only. Pure.

Must not know of the text around a line, but for the affiliations that other lines name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.model import Speaker
from pipeline.text import clean, fold, words

LONGEST = 180
"""Characters of a byline; a sentence with commas is usually longer."""

# What jobs are called, by their last word; a role ends with one of these where a comma is missing.
_ROLE_WORDS = (
    "engineer engineers developer developers architect architects manager managers director "
    "directors lead leads leader founder founders cofounder chief officer ceo cto coo cfo cio cmo "
    "cpo ciso vp president head advocate evangelist consultant scientist researcher professor "
    "lecturer student teacher trainer coach designer administrator analyst editor author writer "
    "journalist advisor adviser fellow principal partner owner maintainer contributor committer "
    "programmer technologist strategist specialist expert hacker operator freelancer chair host "
    "organiser organizer producer artist curator librarian sre brewer taster sommelier "
    "entwickler entwicklerin ingenieur professorin leiter leiterin berater beraterin "
    "developpeur developpeuse ingenieure directeur directrice chercheur fondateur"
)
_ROLES = frozenset(_ROLE_WORDS.split())
_PARTICLE_WORDS = (
    "de del della da das do dos di du van von der den ter ten vom zu la le el al bin ibn ben abu "
    "y e and"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_LEGAL = frozenset(("inc", "llc", "ltd", "gmbh", "corp", "co", "ag", "plc", "sa", "bv", "llp"))
_LEAD_IN = re.compile(
    r"(?:by|speakers?|presented by|presenters?|with)(?:\s*:\s*|\s+)", re.IGNORECASE
)
_NICKNAME = re.compile(r"\s*[(\"“'‘]([^()\"“”'‘’]{2,30})[)\"”'’]\s+")
_AT = re.compile(r"\s+(?:at|@|bei|chez)\s+|\s*@\s*")
_BRACKETS = re.compile(r"(?P<before>[^()]+?)\s*\((?P<inside>[^()]+)\)\Z")
# d'Example, al-Example: the name proper begins behind the mark.
_ELIDED = re.compile(r"\A[a-z]{1,2}['’-](?=\w)")
_ENDING = re.compile(r"[.!?:;…]\Z")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_)(?P<inside>.+)\1\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """One line read as a byline. `strong` says that its form alone proves it to be one.

    `loose` is what stands behind the only comma, role or affiliation or both; None where two
    commas tell them apart.
    """

    names: tuple[str, ...]
    role: str | None = None
    affiliation: str | None = None
    loose: str | None = None
    strong: bool = False


def read_byline(line: str) -> Byline | None:
    """Return `line` read as a byline, None where it cannot be one. Without comma it never is."""
    text = bare(line)
    text = _LEAD_IN.sub("", text, count=1) if _LEAD_IN.match(text) else text
    if len(text) > LONGEST or "://" in text:
        return None
    parts = _joined([part.strip() for part in text.split(",")])
    if len(parts) < 2 or not all(parts) or (_ENDING.search(text) and not _is_legal(parts[-1])):
        return None
    names, rest = _names(parts[0]), parts[1:]
    about_role = any(_has_role(part) for part in rest)
    if not names or any(len(part.split()) > 9 for part in rest):
        return None
    if not about_role and any(part[0].islower() for part in rest):
        return None
    if len(rest) == 1:
        role, affiliation = _bracketed(rest[0])
        loose = None if affiliation else rest[0]
        return Byline(
            names=names, role=role, affiliation=affiliation, loose=loose, strong=about_role
        )
    strong = about_role or all(" " in name for name in names)
    return Byline(names=names, role=", ".join(rest[:-1]), affiliation=rest[-1], strong=strong)


def bare(line: str) -> str:
    """Return a line without the emphasis around all of it."""
    text = line.strip()
    match = _EMPHASIS.match(text)
    return match["inside"].strip() if match and match[1] not in match["inside"] else text


def read_names(line: str) -> tuple[str, ...]:
    """Return the names of a line that holds nothing else; empty where it does."""
    text = bare(line)
    text = _LEAD_IN.sub("", text, count=1) if _LEAD_IN.match(text) else text
    names = tuple(name for part in text.split(",") for name in _names(part.strip()) or ("",))
    return names if all(" " in name for name in names) else ()


def has_lead_in(line: str) -> bool:
    """Return whether a line says itself that it names somebody: "By …", "Speaker: …"."""
    return bool(_LEAD_IN.match(bare(line)))


def speakers(byline: Byline, *, affiliations: frozenset[str]) -> tuple[Speaker, ...]:
    """Return who a byline names. `affiliations` are those of other bylines, folded."""
    role, affiliation = byline.role, byline.affiliation
    if byline.loose is not None:
        role, affiliation = _divide(byline.loose, affiliations)
    return tuple(_speaker(name, role, affiliation) for name in byline.names)


def _speaker(name: str, role: str | None, affiliation: str | None) -> Speaker:
    """Return a speaker; a nickname within the name is another spelling of it."""
    match = _NICKNAME.search(name)
    also: tuple[str, ...] = ()
    if match:
        last = name[match.end() :]
        name, also = f"{name[: match.start()]} {last}", (clean(f"{match[1]} {last}"),)
    return Speaker(
        name=clean(name),
        role=clean(role) if role else None,
        affiliation=clean(affiliation) if affiliation else None,
        also=also,
    )


def _divide(text: str, affiliations: frozenset[str]) -> tuple[str | None, str | None]:
    """Return role and affiliation of a text without a comma between them.

    The cut is before an affiliation that another byline names, else behind the last word that
    names a job. Where neither tells, the whole is the one that it looks like.
    """
    have = text.split()
    for start in range(1, len(have)):
        if fold(" ".join(have[start:])) in affiliations and _has_role(" ".join(have[:start])):
            return " ".join(have[:start]), " ".join(have[start:])
    if fold(text) in affiliations or not _has_role(text):
        return None, text
    last = max(number for number, word in enumerate(have) if _has_role(word))
    after = have[last + 1 :]
    # "Director of Product Example": where the role ends after "of" nobody can tell.
    if not after or after[0][0].islower() or not after[0][0].isalnum():
        return text, None
    return " ".join(have[: last + 1]), " ".join(after)


def _bracketed(text: str) -> tuple[str | None, str | None]:
    """Return role and affiliation of "Role at Affiliation" and "Role (Affiliation)"."""
    match = _BRACKETS.match(text)
    if match:
        return match["before"], match["inside"]
    before, _, after = _AT.sub("\0", text, count=1).partition("\0")
    return (before, after) if before and after else (None, None)


def _joined(parts: list[str]) -> list[str]:
    """Return the parts between commas; "Example, Inc." is one."""
    made: list[str] = []
    for part in parts:
        if len(made) > 1 and _is_legal(part) and len(part.split()) == 1:
            made[-1] += f", {part}"
        else:
            made.append(part)
    return made


def _is_legal(part: str) -> bool:
    have = words(part)
    return bool(have) and have[-1] in _LEGAL


def _has_role(text: str) -> bool:
    return not _ROLES.isdisjoint(words(text)) or not _ROLES.isdisjoint(fold(text).split())


def _names(text: str) -> tuple[str, ...]:
    """Return the names of "Ada Example and Grace Sample"; empty where one of them is no name."""
    names = tuple(re.split(r"\s+(?:and|&|und|et|y)\s+", text))
    return names if all(map(_is_name, names)) else ()


def _is_name(text: str) -> bool:
    """Return whether every word is written as names are: capitals, initials, particles."""
    have = _NICKNAME.sub(" ", text).split()
    if not 1 <= len(have) <= 5 or fold(have[-1]) in _PARTICLES:
        return False
    return all(_is_name_word(word, first=number == 0) for number, word in enumerate(have))


def _is_name_word(word: str, *, first: bool) -> bool:
    if not first and word.casefold() in _PARTICLES:
        return True
    word = _ELIDED.sub("", word)
    letters = re.sub(r"[.'’ʼ‐-]", "", word)
    return letters.isalpha() and not word[0].islower()
