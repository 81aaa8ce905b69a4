"""The manifest: what is needed to repeat a run."""

from __future__ import annotations

import json
from importlib import metadata

import headway
from headway.files import sha256
from headway.impact import Result
from headway.policy import dump_scenario
from headway.world import catalogue


def test_inputs_stand_with_their_hashes(main_result: Result) -> None:
    tables = main_result.manifest["inputs"]["tables"]
    shipped = {name: digest for entry in catalogue.entries() for name, digest in entry.sha256.items()}
    assert tables
    assert all(shipped[name] == digest for name, digest in tables.items())
    assert all(source["citation"] and source["licence"] for source in main_result.manifest["inputs"]["sources"])


def test_versions_seed_and_scenario(main_result: Result) -> None:
    manifest, scenario = main_result.manifest, main_result.scenario
    assert manifest["headway"] == headway.__version__
    assert manifest["packages"]["numpy"] == metadata.version("numpy")
    assert manifest["scenario_sha256"] == sha256(dump_scenario(scenario))
    assert manifest["sampling"]["seed"] == scenario.sampling.seed
    assert manifest["baseline"] == {
        "date": "2025-01-21",
        "world": "structure 2011, levels 2023–24",
        "tariffs": "US 2024; other importers 2005 (stand-in)",
        "us_imports": 2024,
        "us_duties": "US duties: as collected in 2024 (law unchanged until 2025-01-21)",
        "us_rates": "collected",
    }
    assert manifest["choices"]["m2.with_m1"] == "instead_of_blanket"
    assert manifest["elasticity_sources"]["up_to_a_year"] == ["boehm_levchenko_pandalai_nayar"]


def test_solvers_report_how_they_ended(main_result: Result) -> None:
    for horizon in main_result.scenario.horizons:
        solver = main_result.manifest["solver"][horizon]
        assert 0 <= solver["worst_residual"] < 1e-8
        assert solver["most_iterations"] >= 1
    assert main_result.manifest["seconds"] > 0


def test_a_manifest_is_plain_json(main_result: Result) -> None:
    assert json.loads(json.dumps(main_result.manifest)) == main_result.manifest
