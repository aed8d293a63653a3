"""Watched video lists: one file a kind."""
