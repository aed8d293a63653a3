"""A network that holds what a test puts into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.errors import FetchError
from pipeline.model import Response


@dataclass
class FakeFetch:
    """Implements `model.Fetch` over a table of address to body; None means "not modified"."""

    bodies: dict[str, bytes | None]
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def get(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        self.asked.append((url, dict(headers or {})))
        if url not in self.bodies:
            raise FetchError(f"{url} could not be fetched: the server answers 404", status=404)
        body = self.bodies[url]
        if body is None:
            return Response(url=url, status=304, body=b"", headers={}, unchanged=True)
        return Response(url=url, status=200, body=body, headers={})


NO_NETWORK = FakeFetch({})
