"""Reading: from a policy text to records with their evidence, by rules of the language."""

from headway.reading.reader import read_bytes, read_file, read_folder, read_text, read_url

__all__ = ["read_bytes", "read_file", "read_folder", "read_text", "read_url"]
