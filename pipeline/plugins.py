"""Which class serves a `kind:`; a table of built-ins first, then entry points.

Classes are imported on first use, so that a run pays only for the kinds it has.
A plug-in distribution registers under the entry point group of its seam, such as `recap.sources`.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal, cast

from pipeline.errors import ConfigError
from pipeline.model import DeliveryOptions

Seam = Literal["sources", "programmes", "outputs", "delivery"]

BUILT_IN: dict[Seam, dict[str, str]] = {
    "sources": {
        "file": "pipeline.sources.file:FileSource",
        "youtube": "pipeline.sources.youtube:YouTubeSource",
        "yt-dlp": "pipeline.sources.yt_dlp:YtDlpSource",
        "media-ccc-de": "pipeline.sources.media_ccc_de:MediaCccDeSource",
        "peertube": "pipeline.sources.peertube:PeerTubeSource",
        "vimeo": "pipeline.sources.vimeo:VimeoSource",
        "archive-org": "pipeline.sources.archive_org:ArchiveOrgSource",
        "feed": "pipeline.sources.feed:FeedSource",
    },
    "programmes": {
        "pretalx": "pipeline.programmes.pretalx:PretalxProgramme",
        "frab": "pipeline.programmes.frab:FrabProgramme",
        "sessionize": "pipeline.programmes.sessionize:SessionizeProgramme",
        "indico": "pipeline.programmes.indico:IndicoProgramme",
        "ical": "pipeline.programmes.ical:IcalProgramme",
        "csv": "pipeline.programmes.csv:CsvProgramme",
        "yaml": "pipeline.programmes.yaml:YamlProgramme",
        "json": "pipeline.programmes.json:JsonProgramme",
        "pyvideo": "pipeline.programmes.pyvideo:PyvideoProgramme",
        "wrapup": "pipeline.programmes.wrapup:WrapupProgramme",
    },
    "outputs": {
        "atom": "pipeline.outputs.atom:AtomOutput",
        "rss": "pipeline.outputs.rss:RssOutput",
        "jsonfeed": "pipeline.outputs.jsonfeed:JsonFeedOutput",
        "page": "pipeline.outputs.page:PageOutput",
        "subscribe": "pipeline.outputs.subscribe:SubscribeOutput",
        "markdown": "pipeline.outputs.markdown:MarkdownOutput",
        "fragments": "pipeline.outputs.fragments:FragmentsOutput",
        "mail": "pipeline.outputs.mail:MailOutput",
        "talks": "pipeline.outputs.talks:TalksOutput",
        "opml": "pipeline.outputs.opml:OpmlOutput",
    },
    "delivery": {
        "webhook": "pipeline.delivery.webhook:WebhookDelivery",
        "smtp": "pipeline.delivery.smtp:SmtpDelivery",
        "folder": "pipeline.delivery.folder:FolderDelivery",
        "listmonk": "pipeline.delivery.listmonk:ListmonkTool",
        "buttondown": "pipeline.delivery.buttondown:ButtondownTool",
    },
}
"""Seam, then kind, then `module:class`. The kind is also the name of the module."""


def kinds(seam: Seam) -> tuple[str, ...]:
    """Return every kind that can be named in configuration: built-ins in order, then others."""
    others = sorted(point.name for point in entry_points(group=f"recap.{seam}"))
    return (*BUILT_IN[seam], *(name for name in others if name not in BUILT_IN[seam]))


def load(seam: Seam, kind: str) -> type[Any]:
    """Return the class that serves `kind`; raises ConfigError where nothing does."""
    where = BUILT_IN[seam].get(kind)
    if where:
        module, _, name = where.partition(":")
        return cast("type[Any]", getattr(import_module(module), name))
    for point in entry_points(group=f"recap.{seam}", name=kind):
        return cast("type[Any]", point.load())
    close = get_close_matches(kind, kinds(seam), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known kinds: {', '.join(kinds(seam))}"
    raise ConfigError(f"no {seam.rstrip('s')} of kind {kind!r} is installed; {hint}")


def anchored(kind: type[object], options: DeliveryOptions, *, folder: Path) -> DeliveryOptions:
    """Return options with every path in them absolute, relative ones from `folder`.

    A delivery says in `paths` which of its options name files or folders.
    """
    names: tuple[str, ...] = getattr(kind, "paths", ())
    return {
        key: str(folder / value) if key in names and isinstance(value, str) and value else value
        for key, value in options.items()
    }
