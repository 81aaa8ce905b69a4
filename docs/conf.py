"""How the documentation is built: Sphinx with MyST Markdown; nothing is fetched, neither now nor when it is read."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

import headway

project = "Headway"
author = "The Headway developers"
copyright = author
version = release = headway.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "generated_pages", "plain_docstrings", "mathml"]
exclude_patterns = ["_build"]
suppress_warnings = ["myst.header", "misc.highlighting_failure"]

myst_enable_extensions = ["dollarmath", "deflist", "colon_fence"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "member-order": "bysource", "no-value": True}
autodoc_typehints = "signature"
maximum_signature_line_length = 88

html_theme = "furo"
html_title = "Headway"
html_static_path = ["_static"]
html_css_files = ["headway.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
