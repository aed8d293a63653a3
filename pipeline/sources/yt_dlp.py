"""Any list that yt-dlp supports, by its flat listing: no video is opened, nothing is downloaded.

yt-dlp is an extra (`recap-pipeline[yt-dlp]`) with a network client of its own, the one exception
to the rule that sources reach the network through `fetch`. It is imported here only, on first
use. Must not be pointed at this machine or the local network.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import SourceError
from pipeline.model import Completeness, Fetch, Known, Listing, Secret, Watch
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources.file import parse_list
from pipeline.text import clean, mask

Extract = Callable[[str], bytes]
"""Returns what `yt-dlp --flat-playlist -J URL` prints. Raises SourceError where it fails."""

TIMEOUT_S = 30
"""Seconds that yt-dlp waits for a socket; it knows no limit for a whole look."""

_OPTIONS = ("url",)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PREFIX = re.compile(r"(?:ERROR|WARNING):\s*")
_TAIL = re.compile(
    r"[;.]?\s*(?:please report this issue|\(caused by ).*", re.IGNORECASE | re.DOTALL
)
# RFC 6761 and 6762, and what routers and clouds call their own.
_LOCAL = frozenset(("localhost", "local", "internal", "lan", "home", "localdomain", "intranet"))
_LABEL = re.compile(r"[a-z][a-z0-9-]*\Z")


class YtDlpSource:
    """Watches the list behind option `url`; `find` returns what extracts it, if installed."""

    def __init__(
        self,
        watch: Watch,
        *,
        folder: Path,  # noqa: ARG002  # all sources are made alike
        secret: Secret,  # noqa: ARG002  # the same
        find: Callable[[], Extract | None] | None = None,
    ) -> None:
        check_names(watch, known=_OPTIONS)
        if "url" not in watch.options:
            raise wrong(watch, "`url` is missing; paste the address of the list")
        self._url = web_address(watch, "url")
        if is_local(self._url):
            raise wrong(
                watch,
                f"url: {mask(self._url)!r} is on this machine or the local network, where yt-dlp "
                "is not sent; use kind `file` or `feed` for a list there",
            )
        self._find = find or installed

    def videos(self, fetch: Fetch, known: Known) -> Listing:  # noqa: ARG002  # the seam's signature
        """Read the list once, whole. Raises SourceError when it cannot be read."""
        return look(self._url, extract=self._find())


def look(url: str, *, extract: Extract | None) -> Listing:
    """Read the list at `url` by `extract`; raises SourceError where that is None."""
    if extract is None:
        raise _unknown(
            url, "yt-dlp is not installed; install it: pip install 'recap-pipeline[yt-dlp]'"
        )
    return parse_flat(extract(url), where=url)


def parse_flat(body: bytes, *, where: str = "the list") -> Listing:
    """Read what yt-dlp prints of a list; raises SourceError for what is none.

    What its generic extractor finds on a page, or in a feed, may be the newest few only: then
    absence means nothing.
    """
    listing = parse_list(body, where=where, format="yt-dlp")
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except ValueError as error:
        raise _unknown(where, "it is not one JSON document") from error
    if not isinstance(document, Mapping) or "entries" not in document:
        raise _unknown(
            where,
            "it is not a list but one video; paste the address of a list, or name the video under "
            "`recordings:` of its talk",
        )
    generic = document.get("extractor_key") == "Generic"
    return replace(listing, completeness=Completeness.WINDOW) if generic else listing


def is_local(url: str) -> bool:
    """Tell whether an address is, by its own words, on this machine or the local network.

    A public name that leads to a private address is not found out.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        # A name; 127.1 and 0x7f000001 are numbers to a resolver, so that they end like none.
        labels = host.split(".")
        return len(labels) < 2 or labels[-1] in _LOCAL or not _LABEL.match(labels[-1])


def installed() -> Extract | None:
    """Return what extracts lists, None where yt-dlp is not installed."""
    return extract if find_spec("yt_dlp") else None


def extract(url: str) -> bytes:
    """Ask yt-dlp, as a library: no configuration files, no cookies, no cache, no video."""
    import yt_dlp

    options: dict[str, Any] = {
        "extract_flat": "in_playlist",
        "skip_download": True,
        # A page that fails fails the look: half a list must not be taken for the whole.
        "ignoreerrors": False,
        "extractor_args": {"youtube": {"raise_incomplete_data": ["true"]}},
        "ignore_no_formats_error": True,
        "cachedir": False,
        "socket_timeout": TIMEOUT_S,
        "noprogress": True,
        "logger": _Silence(),
    }
    try:
        with yt_dlp.YoutubeDL(options) as client:
            found = client.sanitize_info(client.extract_info(url, download=False))
    except Exception as error:  # extractors raise whatever a changed site makes them
        raise _unknown(url, reason(error)) from error
    return json.dumps(found).encode()


def reason(error: Exception) -> str:
    """Return the first line of an error of yt-dlp, without colours, secrets and adverts."""
    text = _TAIL.sub("", _PREFIX.sub("", _COLOUR.sub("", str(error)).strip()))
    line = mask(clean(text.partition("\n")[0]))
    return f"yt-dlp says: {line}" if line else f"yt-dlp fails ({type(error).__name__})"


def _unknown(where: str, why: str) -> SourceError:
    return SourceError(f"the list {mask(where)} cannot be read: {why}")


class _Silence:
    """A logger of yt-dlp that prints nothing; what is wrong comes as an exception."""

    def debug(self, message: str) -> None:
        """Take a line of progress."""

    def info(self, message: str) -> None:
        """Take a line of progress."""

    def warning(self, message: str) -> None:
        """Take a warning."""

    def error(self, message: str) -> None:
        """Take an error that is raised as well."""
