"""Vega-Lite to SVG, offline."""

from __future__ import annotations

import threading

import vl_convert


def to_svg(specification: str) -> str:
    """SVG text of a Vega-Lite specification in JSON."""
    return str(vl_convert.vegalite_to_svg(specification))


def warm_up() -> None:
    """Load the renderer in the background, so that it is ready when the first chart is.

    It takes half a second and holds no lock, while the imports of the models keep another core busy.
    """
    threading.Thread(target=to_svg, args=('{"data": {"values": []}, "mark": "point"}',), daemon=True).start()
