"""Stojnica: sign-ups at an organisation's stand, offline, delivered with proof."""

__version__ = "0.1.0"
