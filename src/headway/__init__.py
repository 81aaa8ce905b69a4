"""Headway: from a trade-policy headline to the numbers to the response.

    import headway as hw

    document = hw.reading.read_file("article.txt")
    scenario = hw.policy.form_scenario(document, home="KOR")
    result = hw.impact.run(scenario, document=document)

Packages load when they are first used, so that the import itself stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from headway.errors import HeadwayError

if TYPE_CHECKING:
    from headway import brief, codes, combined, impact, models, outlook, policy, reading, response, tariffs, world

__version__ = "0.1.0"

__all__ = [
    "HeadwayError",
    "brief",
    "codes",
    "combined",
    "impact",
    "models",
    "outlook",
    "policy",
    "reading",
    "response",
    "tariffs",
    "world",
]


def __getattr__(name: str) -> Any:
    """Load a package of `__all__` on first use; raises AttributeError for any other name."""
    if name in __all__:
        return import_module(f"headway.{name}")
    raise AttributeError(f"module 'headway' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Public names, packages not loaded yet among them."""
    return sorted((*__all__, "__version__"))
