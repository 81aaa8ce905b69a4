"""Headway: from a trade-policy headline to the numbers to the response."""

__version__ = "0.1.0"
