"""What tests of the server stand on: an application over a small folder of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.web.asking import Served
from tests.workspace import Workspace

FEED = "<feed xmlns='http://www.w3.org/2005/Atom'>" + "<entry/>" * 100 + "</feed>"

Serve = Callable[..., Served]


@pytest.fixture
def serve(tea: Workspace) -> Iterator[Serve]:
    """Make applications over a folder with one feed."""
    made: list[Served] = []
    tea.write("feeds/atom.xml", FEED)

    def over(**more: Any) -> Served:
        made.append(Served(config=tea.config, **more))
        return made[-1]

    yield over
    for served in made:
        served.runner.stop()
        assert served.runner.ended(30)


@pytest.fixture
def served(serve: Serve) -> Served:
    """An application on this machine, without a token."""
    return serve()
