"""Fields of what platforms answer, read leniently: what cannot be read is absent. Pure.

A title that is no text, or a date that is none, is no reason to lose a video; which fields a row
cannot do without is for its source to say.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from pipeline.errors import SourceError
from pipeline.model import Cue
from pipeline.sources._description import anchors, cues
from pipeline.sources._rows import RowError, is_web, read_length, read_moment
from pipeline.text import LANGUAGE, clean, clean_block, mask

# ISO 639-2 (terminology and bibliographic) and English names, as archives write them, to the two
# letters that BCP 47 wants where there are any (RFC 5646, 2.2.1).
_SHORT = {
    long: short
    for short, longs in {
        "ar": "ara arabic",
        "bg": "bul bulgarian",
        "ca": "cat catalan",
        "cs": "ces cze czech",
        "da": "dan danish",
        "de": "deu ger german",
        "el": "ell gre greek",
        "en": "eng english",
        "es": "spa spanish",
        "et": "est estonian",
        "fa": "fas per persian",
        "fi": "fin finnish",
        "fr": "fra fre french",
        "he": "heb hebrew",
        "hi": "hin hindi",
        "hr": "hrv croatian",
        "hu": "hun hungarian",
        "id": "ind indonesian",
        "it": "ita italian",
        "ja": "jpn japanese",
        "ko": "kor korean",
        "lt": "lit lithuanian",
        "lv": "lav latvian",
        "nl": "nld dut dutch",
        "no": "nor norwegian",
        "pl": "pol polish",
        "pt": "por portuguese",
        "ro": "ron rum romanian",
        "ru": "rus russian",
        "sk": "slk slo slovak",
        "sl": "slv slovenian",
        "sr": "srp serbian",
        "sv": "swe swedish",
        "th": "tha thai",
        "tr": "tur turkish",
        "uk": "ukr ukrainian",
        "vi": "vie vietnamese",
        "zh": "zho chi chinese",
    }.items()
    for long in longs.split()
}
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})(?:[.,]\d+)?\Z")
_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol|h[1-6]|tr)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[/!a-zA-Z][^<>]{0,2000}>")
_URL_LIMIT = 2000
_PROSE_LIMIT = 60_000


def load_json(body: bytes, *, where: str) -> object:
    """Return the JSON document in `body`; raises SourceError when there is none."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except RecursionError as error:
        raise unknown(where, "it nests too deep") from error
    except ValueError as error:
        raise unknown(where, f"it is not JSON ({clean(str(error))}); was it cut off?") from error


def unknown(where: str, why: str) -> SourceError:
    """Return the error of an answer that cannot be used."""
    return SourceError(f"{mask(where)} cannot be read: {why}; open it in a browser to see why")


def rows(document: object, name: str, *, where: str) -> list[object]:
    """Return the list under `name` of an answer; raises SourceError when there is none."""
    found = document.get(name) if isinstance(document, Mapping) else None
    if not isinstance(found, list):
        raise unknown(where, f"it has no list of {name!r}, so it is no answer of this kind")
    return found


def field(row: object, *path: str) -> object:
    """Return the value at `path` in nested mappings, None where there is none."""
    for name in path:
        row = row.get(name) if isinstance(row, Mapping) else None
    return row


def text(row: object, *path: str) -> str:
    """Return the text at `path`, not cleaned; empty where there is none."""
    value = field(row, *path)
    return value if isinstance(value, str) else ""


def line(row: object, *path: str) -> str | None:
    """Return the text at `path` as one clean line."""
    return clean(text(row, *path)) or None


def number(row: object, *path: str) -> int | None:
    """Return the whole number at `path`."""
    value = field(row, *path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def web(row: object, *path: str) -> str | None:
    """Return the http or https address at `path`."""
    value = clean(text(row, *path), limit=_URL_LIMIT)
    return value if is_web(value) else None


def moment(row: object, *path: str) -> datetime | None:
    """Return the time at `path`: ISO 8601 with its offset, or a day, in UTC."""
    try:
        return read_moment(text(row, *path))
    except RowError:
        return None


def seconds(row: object, *path: str) -> timedelta | None:
    """Return the number of seconds at `path` as a length; None for zero."""
    value = field(row, *path)
    try:
        return read_length(value if isinstance(value, (int, float)) else None)
    except RowError:
        return None


def spoken_length(value: str) -> timedelta | None:
    """Return a length as feeds and archives write it: `24:26`, `1:02:03.5`, `1466.52`.

    A number alone is seconds (Apple's podcast tags; archive.org's own reader takes it so too).
    """
    word = clean(value)
    clock = _CLOCK.match(word)
    try:
        if clock:
            hours, minutes, rest = (int(part or 0) for part in clock.groups())
            return read_length(hours * 3600 + minutes * 60 + rest)
        return read_length(float(word))
    except (RowError, ValueError, OverflowError):
        return None


def language(value: str) -> str | None:
    """Return a language as a tag (BCP 47): `deu` and `German` are `de`, `en_US` is `en-US`."""
    word = clean(value).replace("_", "-")
    short = _SHORT.get(word.lower())
    return short or (word if LANGUAGE.match(word) else None)


def plain(markup: str) -> str:
    """Return the text of a piece of HTML with its lines; other text comes back as it is."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup)))


def described(markup: str) -> tuple[tuple[str, ...], tuple[Cue, ...]]:
    """Return the links and the chapter marks of a description, which may be HTML."""
    markup = markup[:_PROSE_LIMIT]
    return anchors(html.unescape(markup)), cues(clean_block(plain(markup)))


def exact(*ids: str | None) -> tuple[str, ...]:
    """Return what names a talk exactly, each once and cleaned, without what is empty."""
    cleaned = (clean(one, limit=_URL_LIMIT) for one in ids if one)
    return tuple(dict.fromkeys(one for one in cleaned if one))
