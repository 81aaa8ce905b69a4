"""Numerics: pure functions of arrays. Knows no files, labels or countries."""
