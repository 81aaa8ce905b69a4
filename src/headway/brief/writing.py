"""Writing a brief to a folder: all files are made first, then each is put in place whole."""

from __future__ import annotations

import json
from pathlib import Path

from headway.brief import FORMATS
from headway.errors import UnwritableOutput
from headway.files import write_atomically
from headway.impact.results import Result
from headway.policy import dump_scenario
from headway.policy.storage import header


def write(result: Result, folder: Path, *, formats: tuple[str, ...] = FORMATS) -> list[Path]:
    """Write brief.html and result.json as asked, manifest.json and scenario.yaml always; returns their paths.

    Raises UnwritableOutput where the folder cannot be written to; nothing is left half-written.
    """
    files: dict[str, str] = {}
    if "html" in formats:
        from headway.brief.page import render  # loads Altair

        files["brief.html"] = render(result)
    if "json" in formats:
        files["result.json"] = result.model_dump_json(indent=2, exclude={"manifest"}) + "\n"
    files["manifest.json"] = json.dumps(result.manifest, indent=2, ensure_ascii=False) + "\n"
    files["scenario.yaml"] = header("scenario.yaml") + dump_scenario(result.scenario)
    try:
        return [write_atomically(folder / name, text) for name, text in files.items()]
    except OSError as error:
        raise UnwritableOutput(
            f"Cannot write to {folder}: {error.strerror}.", "Give another folder to --out."
        ) from None
