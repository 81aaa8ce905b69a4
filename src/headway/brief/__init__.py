"""The brief: charts and documents from a result. No computation.

What writes it is loaded on first use, because it brings the models' records with it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headway.brief.sentences import headline as headline
    from headway.brief.writing import write as write

FORMATS = ("html", "json")
"""What a brief can be written as; the manifest and the scenario always are."""

_HOMES = {"headline": "headway.brief.sentences", "write": "headway.brief.writing"}

__all__ = ["FORMATS", "headline", "write"]


def __getattr__(name: str) -> Any:
    """Load a function of `__all__` on first use; raises AttributeError for any other name."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'headway.brief' has no attribute {name!r}")
