"""Text from outside made safe once, names and titles made comparable, slugs and video keys.

Everything that comes from a watch list, a programme or a person's file passes `clean` or
`clean_block` at the door and is only ever a value afterwards.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
"""What an event or talk id looks like."""

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\Z")
"""What a language tag looks like (RFC 5646, 2.1), as far as talks go: en, pt-BR, zh-Hant-TW."""

_RESERVED = (
    "decisions img speakers series tracks tags archive status api desk healthz readyz metrics"
)
RESERVED_IDS = frozenset(_RESERVED.split())
"""Event ids that would collide with paths under feeds/ or of the server."""

TITLE_LIMIT = 300
"""Characters a title may have; the longest that a platform allows is 100 (YouTube)."""

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}\Z")
_YOUTUBE_HOSTS = frozenset(
    ("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be")
)
_YOUTUBE_EMBED = "www.youtube-nocookie.com"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.IGNORECASE)
_BASE58 = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_SHORT_UUID = re.compile(rf"[{_BASE58}]{{22}}\Z")

# Format characters that reorder the text around them (Unicode UAX #9, 2.1 to 2.5), soft hyphen,
# zero-width space and the byte-order mark; joiners (U+200C, U+200D) stay, scripts need them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL_ASCII = bytes((*range(0x09), *range(0x0B, 0x20), 0x7F))
_USERINFO = re.compile(r"//[^/?#\s]*@")
_SECRET = re.compile(r"([?&;#](?:key|token|access_token|api_key)=)[^&;#\s]*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[+#]+(?!\w))?")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
# Letters without a decomposition that people type as ASCII.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def clean(text: str, *, limit: int = TITLE_LIMIT) -> str:
    """Return one line of safe text: NFC, no control or reordering characters, spaces folded.

    Lone surrogates become U+FFFD. Longer text ends with an ellipsis at `limit` characters.
    """
    line = " ".join(_scrub(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_block(text: str, *, limit: int = 20_000) -> str:
    """Return safe text of several lines (notes, descriptions); line breaks and tabs stay."""
    block = _scrub(text.replace("\r\n", "\n").replace("\r", "\n"))
    block = "\n".join(map(str.rstrip, block.split("\n"))).strip()
    return block if len(block) <= limit else block[: limit - 1].rstrip() + "…"


def _scrub(text: str) -> str:
    if text.isascii():
        return text.encode().translate(None, _CONTROL_ASCII).decode()
    text = _SURROGATE.sub("\ufffd", text)
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", text)


def mask(url: str) -> str:
    """Return an address for people to read: passwords and keys are stars, one line, 500 long."""
    return clean(_SECRET.sub(r"\1***", _USERINFO.sub("//***@", url)), limit=500)


def fold(text: str) -> str:
    """Return `text` for comparing: lower case, no accents, plain quotes and dashes."""
    if text.isascii():
        return text.lower()
    text = text.translate(_QUOTES).casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def length(duration: timedelta) -> str:
    """Return a duration as event.yaml has it, in whole seconds: `24:26`, `1:02:03`."""
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of `text` in order; `C++` and `C#` stay words of their own."""
    return tuple(_WORD.findall(fold(text).replace("'", "")))


def name_key(name: str) -> str:
    """Return a speaker's name for comparing: folded words in order, joined by one space."""
    return " ".join(words(name))


def slug(text: str, *, fallback: str = "untitled") -> str:
    """Return an id made of `text`: at most 63 of a-z, 0-9 and single dashes.

    Text without any such character (a Japanese title) gets `fallback` and a short hash of itself.
    """
    made = "-".join(word for word in re.findall(r"[a-z0-9]+", fold(text)) if word)
    made = made[:63].strip("-")
    if made:
        return made
    return f"{fallback}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def video_key(url: str) -> str:
    """Return the canonical key of a video's URL, key or bare YouTube id.

    `youtube:ID` for every form of a YouTube address, `vimeo:ID`, `ccc:SLUG` (media.ccc.de),
    `archive:ID` (archive.org), `peertube:HOST/UUID`, else `url:` and the address without
    fragment. A key comes back as it is. Raises ValueError when it is none of these.
    """
    url = url.strip()
    if _YOUTUBE_ID.match(url):
        return f"youtube:{url}"
    if re.match(r"(youtube|vimeo|ccc|peertube|archive):[^/]", url):
        return url
    plain = url.removeprefix("url:")
    why = f"{url!r} is neither the address of a video nor a video key"
    try:
        parts = urlsplit(plain)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise ValueError(why) from error
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(why)
    if host in _YOUTUBE_HOSTS or host == _YOUTUBE_EMBED:
        return f"youtube:{_youtube_id(url, host, parts.path, parts.query)}"
    if host in ("vimeo.com", "www.vimeo.com", "player.vimeo.com"):
        number = re.search(r"/video/(\d+)", parts.path) or re.search(r"/(\d+)", parts.path)
        if number:
            return f"vimeo:{number[1]}"
    # An older key names what it always did, also where its address would now get a shorter one.
    found = None if plain != url else _platform_key(host, port, parts.path)
    if found:
        return found
    query = f"?{parts.query}" if parts.query else ""
    return f"url:{parts.scheme}://{host}{port}{parts.path or '/'}{query}"


def _platform_key(host: str, port: str, path: str) -> str | None:
    """Return the key of a video on media.ccc.de, archive.org or a PeerTube server."""
    steps = [step for step in path.split("/") if step]
    match steps:
        case ["v", slug, *_] if host == "media.ccc.de":
            return f"ccc:{slug}"
        case ["details" | "embed", name] if host in ("archive.org", "www.archive.org"):
            return f"archive:{name}"
        case ["w", name] | ["videos", "watch" | "embed", name]:
            number = _peertube_uuid(name)
            return f"peertube:{host}{port}/{number}" if number else None
        case _:
            return None


def _peertube_uuid(name: str) -> str | None:
    """Return a UUID that stands whole, or in the base 58 of PeerTube's short addresses."""
    if _UUID.match(name):
        return name.lower()
    if not _SHORT_UUID.match(name):
        return None
    value = 0
    for character in name:
        value = value * 58 + _BASE58.index(character)
    return str(UUID(int=value)) if value < 1 << 128 else None


def _youtube_id(url: str, host: str, path: str, query: str) -> str:
    if host == "youtu.be":
        candidate = path.strip("/").split("/")[0]
    else:
        last = path.rstrip("/").rsplit("/", 1)[-1]
        candidate = parse_qs(query).get("v", [last])[0]
    if not _YOUTUBE_ID.match(candidate):
        raise ValueError(f"{url!r} does not name a video; paste the address of one video")
    return candidate


_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
PART_WORDS = frozenset(("part", "pt", "teil", "parte", "partie", "episode"))
"""Words that, with a number behind them, say that an upload is a piece of a talk."""
PART = re.compile(
    rf"\b(?:{'|'.join(sorted(PART_WORDS))})\.?\s*(\d{{1,2}}|{'|'.join(_ROMAN)})\b|\b(\d)\s?/\s?\d\b"
)
"""A part's number in a folded title, in words or as `1/2`."""


def part_number(title: str) -> int | None:
    """Return which part of a talk a title says that it is: 2 for `Part 2`, `Teil II` and `2/3`."""
    found = PART.search(fold(title))
    if found is None:
        return None
    number = found[1] or found[2]
    return _ROMAN.get(number) or int(number)


_WATCHED = {
    "youtube": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
    "ccc": "https://media.ccc.de/v/",
    "archive": "https://archive.org/details/",
    "url": "",
}


def video_url(key: str) -> str | None:
    """Return where the video of `key` is watched, None for keys that do not tell."""
    kind, _, name = key.partition(":")
    if kind == "peertube":
        server, _, number = name.partition("/")
        return f"https://{server}/videos/watch/{number}" if number else None
    start = _WATCHED.get(kind)
    return None if start is None else f"{start}{name}"


_SEPARATOR = re.compile(r"\s+[-–—|•·]+\s+|\s*[|•·]\s*|:\s+(?=\")")


def talk_title(upload: str, *, speakers: Iterable[str], events: Iterable[str]) -> str:
    """Return an upload's title without the parts that only name a speaker or the event.

    `Containing Databases - Jonathan Rudenberg (Flynn)` becomes `Containing Databases`. Parts are
    what stands between spaced dashes, bars and dots. An upload that would be left empty comes
    back whole.
    """
    names = [set(words(name)) for name in speakers]
    labels = [set(words(name)) for name in events]

    def is_label(part: str) -> bool:
        have = set(words(re.sub(r"\([^)]*\)", "", part)))
        return not have or any(
            have == known or (known and known <= have and len(have - known) <= 3)
            for known in [*names, *labels]
        )

    kept = [part.strip() for part in _SEPARATOR.split(upload) if part and not is_label(part)]
    title = " - ".join(kept).strip(' "“”')
    return title or upload
