"""Run every benchmark: the machine first, then a whole plan, then light, heat and sound.

Each benchmark module has `main()`: it prints its table and returns its rows. Absolute times move with the machine's
load; the ratios, taken in one run, are what to compare. One that fails is named, and the others still run.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from importlib.metadata import PackageNotFoundError, version
from typing import Any

BENCHMARKS = ("plan", "photons", "bioheat", "beams", "shot", "line", "potential", "stamp")
PACKAGES = ("tauten", "numpy", "numba", "llvmlite", "pmcxcl", "pyamg", "scikit-fem", "scipy")


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--json", action="store_true", help="print one JSON object; tables go to stderr")
    parser.add_argument("--quiet", action="store_true", help="leave out the facts about the machine")
    asked = parser.parse_args(words)
    if unknown := [name for name in asked.names if name not in BENCHMARKS]:
        parser.error(f"no benchmark is called {unknown[0]}; there are {', '.join(BENCHMARKS)}")
    facts = machine()
    results, failed = {}, False
    with redirect_stdout(sys.stderr if asked.json else sys.stdout):
        if not asked.quiet:
            print("\n".join(f"{name}: {value}" for name, value in facts.items()))
        for name in asked.names or BENCHMARKS:
            print(f"\n{name}")
            try:
                results[name] = importlib.import_module(f"benchmarks.{name}").main()
            except ModuleNotFoundError as error:
                failed = True
                print(f"{name} needs {error.name}, which is for benchmarks only. Run: make bench", file=sys.stderr)
            except Exception as error:
                failed = True
                print(f"{name} did not end: {type(error).__name__}: {error}", file=sys.stderr)
    if asked.json:
        print(json.dumps({"machine": facts, "results": results}, ensure_ascii=False, indent=2, default=str))
    return int(failed)


def machine() -> dict[str, Any]:
    """Return what the numbers depend on: processor, cores, memory, versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": cores,
        "memory": _first("/proc/meminfo", "MemTotal") or "unknown",
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _first(path: str, key: str) -> str:
    try:
        with open(path, encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
