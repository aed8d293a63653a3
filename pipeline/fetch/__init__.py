"""The only HTTP client: a GET that is bounded, polite and never ends up in a private network."""

from pipeline.fetch.client import HttpFetch, Validators
from pipeline.fetch.line import is_public
from pipeline.fetch.traffic import Clock, Traffic, host_of

__all__ = ["Clock", "HttpFetch", "Traffic", "Validators", "host_of", "is_public"]
