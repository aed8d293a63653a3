"""A kind of watch list as the contract suite tries it; each test_<kind>.py offers `CASES`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import plugins
from pipeline.model import Known, Listing, Source
from tests.builders import no_secret, watch
from tests.sources.fakes import FakeFetch


@dataclass(frozen=True)
class Case:
    """A kind with its options, the address it looks at, and a good body with two videos or more.

    `others` are further addresses that it needs; they answer well, whatever happens to `body`.
    `secrets` are what the environment holds. `conditional` tells whether "not modified" at the
    address would speak of the whole list; of one that has further pages it does not.
    """

    kind: str
    options: Mapping[str, str]
    address: str
    body: bytes
    others: Mapping[str, bytes] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    conditional: bool = True

    def source(self) -> Source:
        made: Source = plugins.load("sources", self.kind)(
            watch(kind=self.kind, options=self.options),
            folder=Path(),
            secret=self.secrets.get if self.secrets else no_secret,
        )
        return made

    def fetch(self, body: bytes | None) -> FakeFetch:
        """Return a network that answers `body` at the case's address; None is "not modified"."""
        return FakeFetch({**self.others, self.address: body})

    def look(self, body: bytes) -> Listing:
        return self.source().videos(self.fetch(body), Known())
