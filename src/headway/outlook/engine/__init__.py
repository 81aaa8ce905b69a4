"""Forecast numerics on plain arrays of logarithms: many series and many origins in one pass."""
