"""Reading: from a policy text to records with their evidence, by rules of the language."""

from headway.reading.reader import read_file, read_text

__all__ = ["read_file", "read_text"]
