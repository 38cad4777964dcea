"""What only a checkout has beside the package: benchmarks and pinned requirements."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tauten.errors import InputError

__all__ = ["bench", "pins", "root"]


def root() -> Path:
    """Return the folder that holds the package: the repository in a checkout, site-packages otherwise."""
    return Path(__file__).resolve().parents[2]


def pins() -> dict[str, str]:
    """Return the pinned version of each run-time package; empty when this is no checkout."""
    listed = root() / "requirements" / "run.txt"
    if not listed.is_file():
        return {}
    found: dict[str, str] = {}
    for line in listed.read_text(encoding="utf-8").splitlines():
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)(.*)", line)
        if match and ";" not in match[3]:  # a pin for one platform or Python only is not checked
            found[match[1].lower()] = match[2]
    return found


def bench(as_json: bool, quiet: bool) -> int:
    """Run the benchmarks of the checkout in a process of their own; return its exit code."""
    if not (root() / "benchmarks" / "__main__.py").is_file():
        raise InputError(
            "are not part of an installed package", key="benchmarks", remedy="Clone the repository and run make bench."
        )
    words = [*(["--json"] if as_json else []), *(["--quiet"] if quiet else [])]
    return subprocess.run([sys.executable, "-m", "benchmarks", *words], cwd=root(), check=False).returncode
