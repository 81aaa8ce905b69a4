"""Double precision, and a cache of compiled programs where the user may write."""

from __future__ import annotations

import os
import subprocess
import sys

import jax
import numpy as np

from headway.models.device import float64, place


def test_arrays_are_in_double_precision():
    assert float64([1, 2]).dtype == np.float64
    placed = place({"values": np.ones(2), "nothing": None})
    assert placed["values"].dtype == np.float64
    assert placed["nothing"] is None
    assert jax.config.jax_enable_x64


def configured(**environment):
    code = "import jax, headway.models.device; print(jax.config.jax_compilation_cache_dir)"
    kept = {name: value for name, value in os.environ.items() if name != "JAX_COMPILATION_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_compiled_programs_are_kept_in_the_platforms_cache_folder(tmp_path):
    assert configured(HOME=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache")).startswith(str(tmp_path))


def test_a_folder_of_the_users_choice_wins(tmp_path):
    assert configured(JAX_COMPILATION_CACHE_DIR=str(tmp_path / "mine")) == str(tmp_path / "mine")


def test_where_no_folder_can_be_made_nothing_is_kept(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    occupied = str(tmp_path / "file")
    assert configured(HOME=occupied, XDG_CACHE_HOME=occupied) == "None"
