"""Recap Pipeline: from a list of videos to feeds and a recap of a conference's talks."""

__version__ = "0.1.0"
