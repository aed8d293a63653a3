"""The one HTTP client and its manners, as config.yaml says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.config import Config
from pipeline.fetch import HttpFetch, Traffic, Validators
from pipeline.looking.asking import FetchMaker
from pipeline.looking.lookout import Limits


def limits(config: Config) -> Limits:
    """Return how politely and how widely lists are asked."""
    return Limits(gap_s=config.gap_s, connections=config.connections, workers=config.workers)


def fetch_maker(config: Config, now: datetime) -> FetchMaker:
    """Return what opens the HTTP client of one look in the run whose clock says `now`."""

    def opened(validators: Mapping[str, Validators], traffic: Traffic | None = None) -> HttpFetch:
        return HttpFetch(
            now=now,
            validators=validators,
            contact=config.contact,
            timeout_s=config.timeout_s,
            allow_private=config.private_addresses,
            traffic=traffic,
        )

    return opened
