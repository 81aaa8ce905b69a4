"""JAX set up once: double precision, compiled programs kept between processes, arrays placed on the device."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy.typing as npt
import platformdirs

logger = logging.getLogger(__name__)


def _configure() -> None:
    """Double precision everywhere, and compiled programs kept between processes in the user's cache folder.

    JAX_COMPILATION_CACHE_DIR overrides the folder, as in any JAX program.
    """
    settings: dict[str, object] = {"jax_enable_x64": True}
    folder = Path(platformdirs.user_cache_dir("headway")) / "jax"
    if "JAX_COMPILATION_CACHE_DIR" not in os.environ and _writable(folder):
        settings["jax_compilation_cache_dir"] = str(folder)
        settings["jax_persistent_cache_min_compile_time_secs"] = 0.1
        settings["jax_persistent_cache_min_entry_size_bytes"] = 0
    for name, value in settings.items():
        jax.config.update(name, value)  # type: ignore[no-untyped-call]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        logger.info("Compiled programs are not kept between processes: %s", problem)
        return False
    return os.access(folder, os.W_OK)


_configure()


def place(tree: Any) -> Any:
    """NumPy arrays, or a tuple or dictionary of them, on the device in double precision; None stays None."""
    return jax.device_put(tree)


def float64(values: npt.ArrayLike) -> jax.Array:
    """An array on the device, in double precision (importing this module switches it on)."""
    return jnp.asarray(values, dtype=jnp.float64)
