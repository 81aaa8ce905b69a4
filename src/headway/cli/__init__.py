"""The command line: parse, call one public function, render."""

from headway.cli.app import main

__all__ = ["main"]
