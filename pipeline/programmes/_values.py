"""One value of a programme's export as what it means: text, day, length, language, link. Pure.

Lenient: a value that cannot be read is nothing, for exports are made by programs and nobody can
mend one of their cells. Must not judge what is a talk.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from pipeline.model import Link
from pipeline.text import LANGUAGE, clean, clean_block, fold, video_key

URL_LIMIT = 2000
LONGEST = timedelta(days=1)
"""The longest slot that is believed."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# schedule.xsd, type duration: 00:45, or 12:30:00 with days or seconds; ISO 8601 in version 2.
_SLOT = re.compile(r"(\d{1,3}):([0-5]?\d)\Z")
_ISO = re.compile(r"P(?:(\d{1,2})D)?T(?=\d)(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?\Z")
_NOT_A_TAG = frozenset(("formal", "informal"))
_SLIDES = re.compile(r"\b(slides?|slidedeck|folien|presentation|prasentation|diapositives)\b")
_RECORDING = re.compile(
    r"((link to )?(the )?((video|talk|session|youtube) )*recordings?"
    r"( (url|link|video|of the (talk|session)))?"
    r"|youtube (video|url|link)|aufzeichnung|(video-?)?mitschnitt|enregistrement( video)?)"
)
_HTML = re.compile(
    r"</?(p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|table|tr|td|th|tbody|blockquote|pre|code|"
    r"img|hr|sup|sub|font|style|script)\b[^<>]*>",
    re.IGNORECASE,
)
_KINDS = (
    ("keynote", r"keynotes?|plenary|opening talk"),
    ("lightning", r"lightning|blitz\w*|pecha ?kucha|ignite"),
    ("panel", r"panels?|podium\w*|round ?table|table ronde"),
    ("workshop", r"workshops?|tutorials?|trainings?|hands-on|atelier|masterclass"),
    ("poster", r"posters?"),
    ("meeting", r"bofs?|birds of a feather|meetings?|meetups?|treffen|assembly"),
    ("performance", r"performances?|concerts?|dj-?sets?|screening|movie|shows?|live act"),
)


def mapping(value: object) -> Mapping[str, object]:
    """Return a mapping as it is; empty for anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[object]:
    """Return a list as it is; empty for anything else."""
    return value if isinstance(value, list) else []


def raw(value: object) -> str:
    """Return text or a number as text; of a value in several languages the English or first."""
    if isinstance(value, dict):
        value = value.get("en") or next((one for one in value.values() if one), None)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    # Python refuses to write integers of more than 4,300 digits.
    return value if isinstance(value, str) else "" if abs(value) > 1e15 else str(value)


def flag(value: object) -> bool:
    """Return whether a value says yes: true, or the word for it."""
    return value is True or raw(value).strip().lower() in ("true", "1", "yes")


def line(value: object) -> str | None:
    """Return one clean line; None for nothing."""
    return clean(raw(value)) or None


def block(*values: object) -> str | None:
    """Return the texts as Markdown, one after the other, each once; None for nothing."""
    made = dict.fromkeys(clean_block(markdown(raw(value))) for value in values)
    return "\n\n".join(text for text in made if text) or None


def web(value: object, *, base: str = "") -> str | None:
    """Return a web address, a relative one against `base`; None for anything else."""
    text = clean(raw(value), limit=URL_LIMIT + 1)
    if not text or len(text) > URL_LIMIT or " " in text:
        return None
    try:
        made = urljoin(base, text)
        parts = urlsplit(made)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return made if usable else None


def zone(value: object) -> str | None:
    """Return an IANA name that this machine knows; None for anything else."""
    try:
        return ZoneInfo(raw(value)).key
    except (KeyError, ValueError, OSError):
        return None


def moment(value: object, *, timezone: str | None = None) -> datetime | None:
    """Read an ISO 8601 time; one with an offset is given in `timezone` where that is known."""
    try:
        made = datetime.fromisoformat(raw(value).strip())
        return made.astimezone(ZoneInfo(timezone)) if timezone and made.tzinfo else made
    except (ValueError, OverflowError):
        return None


def in_zone(made: datetime, own: str, timezone: str) -> datetime:
    """Return a time without offset, which is in zone `own`, as it is in `timezone`."""
    try:
        return made.replace(tzinfo=ZoneInfo(own)).astimezone(ZoneInfo(timezone))
    except OverflowError:
        return made


def day(value: object, *, timezone: str | None = None) -> date | None:
    """Return the day of an ISO 8601 day or time, in `timezone` where that is known."""
    text = raw(value).strip()
    if not _DAY.match(text):
        return None
    if len(text) > 10:
        made = moment(text, timezone=timezone)
        return made.date() if made else None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def slot(value: object) -> timedelta | None:
    """Read a planned length: hours and minutes `0:45`, minutes as a number, or PT45M."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return sensible(timedelta(minutes=round(value))) if 0 < value < 1e4 else None
    text = raw(value).strip()
    if text.isascii() and text.isdigit():
        return sensible(timedelta(minutes=int(text[:5])))
    match = _SLOT.match(text)
    if match:
        return sensible(timedelta(hours=int(match[1]), minutes=int(match[2])))
    length = iso_length(text)
    return sensible(length) if length else None


def iso_length(text: str) -> timedelta | None:
    """Read a length as ISO 8601 writes it, such as PT45M; None for any other text."""
    match = _ISO.match(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def sensible(length: timedelta) -> timedelta | None:
    """Return a length that a slot can have, at most LONGEST; None for any other."""
    return length if timedelta(0) < length <= LONGEST else None


def language(value: object) -> str | None:
    """Return a BCP 47 tag; `de-formal` (a style of Django's) is de, `pt_BR` is pt-BR."""
    text = raw(value).strip().replace("_", "-")
    parts = [part for part in text.split("-") if part.lower() not in _NOT_A_TAG]
    made = "-".join(parts)
    return made if LANGUAGE.match(made) else None


def kind(*values: object) -> str:
    """Return what kind of talk the system's own words mean, the first that says; `talk` else."""
    for value in values:
        text = fold(raw(value)).replace("_", " ")
        for name, words in _KINDS:
            if re.search(rf"(?<!\w)({words})(?!\w)", text):
                return name
    return "talk"


def link(url: object, label: object, *, base: str = "") -> Link | None:
    """Return a link, labelled with its address where it has no label; None without address."""
    address = web(url, base=base)
    return Link(url=address, label=line(label) or address) if address else None


def means_slides(label: str) -> bool:
    """Return whether the label of a link says that it leads to slides."""
    return bool(_SLIDES.search(fold(label)))


def means_recording(label: str) -> bool:
    """Return whether a label says that the talk's recording is meant, and nothing else."""
    return bool(_RECORDING.fullmatch(" ".join(fold(label).replace(":", " ").split())))


def known_video(url: str) -> str | None:
    """Return the key of a video on a platform that is known; None for any other address."""
    try:
        key = video_key(url)
    except ValueError:
        return None
    return None if key.startswith("url:") else key


def markdown(text: str) -> str:
    """Return HTML as Markdown: paragraphs, bullets and links; other text as it is."""
    if not _HTML.search(text):
        return text
    parser = _Markdown()
    parser.feed(text)
    parser.close()
    return parser.text()


_PARAGRAPH = frozenset(
    ("p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "pre", "hr")
)
_LINE = frozenset(("br", "tr"))
_MARKS = {"b": "**", "strong": "**", "em": "*", "i": "*", "code": "`"}


class _Markdown(HTMLParser):
    """Collects the text of HTML; never raises, whatever it is fed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin what `tag` begins."""
        if tag in ("script", "style"):
            self._hidden += 1
        elif tag in _PARAGRAPH:
            self._parts.append("\n\n")
        elif tag in _LINE:
            self._parts.append("\n")
        elif tag == "li":
            self._parts.append("\n- ")
        elif tag in _MARKS:
            self._parts.append(_MARKS[tag])
        elif tag == "a":
            self._links.append((web(dict(attrs).get("href") or "") or "", len(self._parts)))

    def handle_endtag(self, tag: str) -> None:
        """End what `tag` began."""
        if tag in ("script", "style"):
            self._hidden = max(0, self._hidden - 1)
        elif tag in _PARAGRAPH:
            self._parts.append("\n\n")
        elif tag in _MARKS:
            self._parts.append(_MARKS[tag])
        elif tag == "a" and self._links:
            url, start = self._links.pop()
            label = " ".join("".join(self._parts[start:]).split())
            if url and label and label != url:
                self._parts[start:] = [f"[{label}]({url})"]

    def handle_data(self, data: str) -> None:
        """Take text, without the line breaks of its source."""
        if not self._hidden:
            self._parts.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        """Return what was collected."""
        lines = [part.strip() for part in "".join(self._parts).split("\n")]
        made = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
        # Marks around nothing would be read as text or as a rule.
        return re.sub(r"(\*\*|`)\s*\1", "", made).strip()
