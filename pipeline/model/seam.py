"""The seams: one method each, so that each has one thing to fake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from pipeline.model.listing import Known, Listing
from pipeline.model.message import Draft, Message, Placed, Receipt
from pipeline.model.programme import Barred, Decision, Event, Imported
from pipeline.model.published import Artifact, Collection, Site
from pipeline.model.record import Installation, Ledger

Secret = Callable[[str], str | None]
"""Returns the secret of a name, such as `YOUTUBE_API_KEY`; None where it is not set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer with a 2xx status, or 304 (`unchanged`, empty body); `url` is after redirects."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str]
    unchanged: bool = False


class Fetch(Protocol):
    """The one way to the network. Raises FetchError for everything that is not an answer."""

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        """Fetch `url`; conditional where an earlier answer to the same URL had validators."""


class Source(Protocol):
    """A watched video list. Raises SourceError when the list cannot be read.

    A class is made as `cls(watch, folder=…, secret=…)`: relative paths start at `folder`. It
    raises ConfigError where the watch's options are wrong.
    """

    def videos(self, fetch: Fetch, known: Known) -> Listing:
        """Look at the list once."""


class Programme(Protocol):
    """A kind of talk list to import. Raises SourceError when it cannot be read.

    A class is made as `cls(options, secret=…)`, where `options` are the kind's own keys
    (mappings of columns, for instance); it raises ConfigError where they are wrong.
    """

    def read(self, fetch: Fetch, where: str) -> Iterable[Imported]:
        """Read the events at `where`: a web address, a file or a folder."""


class Output(Protocol):
    """A renderer. Pure: the same collection and site give the same bytes."""

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render what this kind publishes for `collection`; nothing, where it has none."""


Method = Literal["GET", "POST", "PUT", "PATCH"]
"""What is asked of an API."""


class Post(Protocol):
    """The one way to hand something over by HTTP. Raises FetchError where it was not taken."""

    def post(
        self,
        url: str,
        *,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> Response:
        """Send `body` to `url`; errors call the address `name`, where it is a secret."""

    def call(
        self,
        method: Method,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> Response:
        """Call an API once; errors call the address `name`, and quote the API's own words."""


Connect = Callable[[], AbstractContextManager[Post]]
"""Opens the way out for one delivery."""

Mark = Callable[[], None]
"""To be called right before a message may arrive: it stores durably that one was on its way."""

DeliveryOptions = Mapping[str, str | Mapping[str, str]]
"""The kind's own keys of one entry of `notify:` or `mail.to:`, as written."""


@runtime_checkable
class Delivery(Protocol):
    """A way to tell people something.

    A class is made as `cls(options, secret=…, connect=…)` from DeliveryOptions; it raises
    ConfigError where they are wrong, and neither reads a secret nor connects before it sends.
    `paths`, where it has that, names the options that are paths; they come absolute. One that is a
    context manager may keep its connection from one message to the next, within one `with`.
    """

    def send(self, message: Message, mark: Mark) -> Receipt:
        """Send `message` once; what goes wrong is a receipt. Raises ConfigError for a secret
        that cannot be read.
        """


@runtime_checkable
class DraftTool(Protocol):
    """A newsletter tool that keeps drafts; a class is made as that of a Delivery is."""

    def put(self, draft: Draft) -> Placed:
        """Make or renew the draft, or say why it was left alone; what goes wrong is a result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFiles:
    """What a store holds of one event: people's words, the machine's ledger, and decisions."""

    event: Event
    ledger: Ledger
    decisions: tuple[Decision, ...] = ()


class Store(Protocol):
    """Where the dataset is kept. Raises DatasetError with every problem of what is broken."""

    def installation(self) -> Installation:
        """Return what the whole installation knows."""

    def barred(self) -> tuple[Barred, tuple[Decision, ...]]:
        """Return what must never appear, and the decisions that concern several events."""

    def event_ids(self) -> tuple[str, ...]:
        """Return the ids of all events that have files, sorted."""

    def open(self, event_id: str) -> EventFiles:
        """Return one event."""

    def save(self, ledgers: Mapping[str, Ledger], installation: Installation) -> bool:
        """Write what differs, as one generation; return whether anything did."""
