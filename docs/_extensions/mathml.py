"""Equations as MathML, which browsers draw themselves: no script, no font, nothing to fetch."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


def _visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(convert(node.astext(), display="inline"))
    raise nodes.SkipNode


def _visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    source = node.astext().strip()
    label = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    equations = "".join(convert(part, display="block") for part in source.split("\n\n"))
    translator.body.append(f'<div class="math" title="{escape(source, quote=True)}">{label}{equations}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
