"""Compiled kernels never outlive the sources they were made from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import tauten

SHOW = "import tauten.solvers, os; print(os.environ.get('NUMBA_CACHE_DIR', ''))"


def folder_of(package: Path, cache: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(package.parent), "NUMBA_CACHE_DIR": str(cache)}
    return subprocess.run(
        [sys.executable, "-c", SHOW], env=environment, cwd=package.parent, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_an_edited_law_gets_a_cache_of_its_own(tmp_path) -> None:
    package = tmp_path / "tauten"
    shutil.copytree(Path(tauten.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "data"))
    before = folder_of(package, tmp_path / "cache")
    assert Path(before).parent == tmp_path / "cache"
    assert folder_of(package, tmp_path / "cache") == before
    assert folder_of(package, Path(before)) == before  # a child inherits its parent's
    law = package / "physics" / "bioheat.py"
    law.write_text(law.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
    assert folder_of(package, tmp_path / "cache") != before


def test_a_cache_that_cannot_be_written_is_not_asked_for(tmp_path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", encoding="utf-8")
    assert folder_of(Path(tauten.__file__).parent, blocked) == str(blocked)
