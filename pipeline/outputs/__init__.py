"""Renderers, one file a kind; pure. A module that starts with an underscore is no kind."""
