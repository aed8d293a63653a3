"""Sixty days of an invented conference, told over real HTTP on the loopback."""
