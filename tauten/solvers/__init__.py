"""Algorithms: loops, steps and matrices that carry the laws over a grid."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

__all__: list[str] = []


def _own_kernel_cache() -> None:
    """Keep compiled kernels in a folder named after the sources they were made from.

    Numba's cache sees a change in a kernel's own file, not in a law it calls from another one: after an update an old
    law would go on answering. `NUMBA_CACHE_DIR` says where the folder lies; else the user's own cache. Where nothing
    can be written, Numba is left to its own devices.
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for source in sorted([*package.glob("physics/*.py"), *package.glob("solvers/**/*.py")]):
        digest.update(source.read_bytes())
    name = f"tauten-{digest.hexdigest()[:16]}"
    asked = os.environ.get("NUMBA_CACHE_DIR")
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    base = Path(asked) if asked else Path(home, "tauten", "kernels")
    if base.name == name:
        return  # a child process of one that has been here
    folder = base / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if not os.access(folder, os.W_OK):
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:
        import numba

        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]


_own_kernel_cache()
