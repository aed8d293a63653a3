"""Any feed: RSS, Atom, RDF, a podcast or JSON Feed.

Must not reach the network but through `fetch`.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.model import Fetch, Known, Listing, Secret, Watch
from pipeline.sources._options import check_names, web_address, wrong
from pipeline.sources._paging import walk
from pipeline.sources._syndication import parse_feed

_OPTIONS = ("url",)


class FeedSource:
    """Watches the feed at option `url`."""

    def __init__(self, watch: Watch, *, folder: Path, secret: Secret) -> None:  # noqa: ARG002  # all sources are made alike
        check_names(watch, known=_OPTIONS)
        if "url" not in watch.options:
            raise wrong(watch, "`url` is missing; paste the feed's address")
        self._url = web_address(watch, "url")

    def videos(self, fetch: Fetch, known: Known) -> Listing:
        """Read the feed, and the pages after it where it has any (RFC 5005, 3).

        Raises SourceError when one of them cannot be read.
        """
        return walk(
            fetch,
            self._url,
            read=lambda body, where: parse_feed(body, where=where),
            known=known,
            newest_first=True,
            # Of a feed it is asked what is new, and that its first page tells.
            conditional=True,
        )
