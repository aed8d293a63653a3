"""The only HTTP client: a GET that is bounded, polite and never ends up in a private network."""

from pipeline.fetch.client import HttpFetch, Validators
from pipeline.fetch.line import is_public

__all__ = ["HttpFetch", "Validators", "is_public"]
