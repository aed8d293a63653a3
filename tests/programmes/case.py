"""A kind of programme as the contract suite tries it; each test_<kind>.py offers `CASES`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline import plugins
from pipeline.model import Imported, Programme
from tests.builders import no_secret
from tests.sources.fakes import NO_NETWORK, FakeFetch

SHARED = Path(__file__).parents[3] / "shared" / "fixtures"


@dataclass(frozen=True)
class Case:
    """A kind with its options, where it reads, and a good body with two talks or more.

    `address` is what answers `body`; it is `where` if absent. With `file` the programme is read
    from the disk instead: `body` stands in that file of a folder, and `where` is a path within
    the folder ("" for the folder itself). `others` are further addresses, or files, that it
    needs; they are well, whatever happens to `body`. `secrets` are what the environment holds.
    """

    kind: str
    where: str
    body: bytes
    options: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    file: str = ""
    others: Mapping[str, bytes] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)

    def programme(self, **more: str) -> Programme:
        """Return the programme, with `more` options."""
        made: Programme = plugins.load("programmes", self.kind)(
            {**self.options, **more}, secret=self.secrets.get if self.secrets else no_secret
        )
        return made

    def fetch(self, body: bytes) -> FakeFetch:
        """Return a network that answers `body` at the case's address."""
        return FakeFetch({**self.others, self.address or self.where: body})

    def read(self, body: bytes) -> tuple[Imported, ...]:
        """Read the programme once, by a programme of its own."""
        if not self.file:
            return tuple(self.programme().read(self.fetch(body), self.where))
        with TemporaryDirectory() as folder:
            for name, text in {**self.others, self.file: body}.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text)
            return tuple(self.programme().read(NO_NETWORK, str(Path(folder, self.where))))


def real(name: str) -> bytes:
    """Return a real export, where those are at hand."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path.read_bytes()
