"""Short ways to fetch in tests."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.errors import FetchError
from pipeline.fetch import HttpFetch
from pipeline.model import Response
from tests.builders import NOW

URL = "https://lists.example.org/videos.json"


def get(url: str, *, headers: dict[str, str] | None = None, **options: Any) -> Response:
    with HttpFetch(now=NOW, **options) as fetch:
        return fetch.get(url, headers=headers)


def refused(url: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        get(url, **options)
    return caught.value
