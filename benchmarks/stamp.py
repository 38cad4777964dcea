"""A full stamp of 37 needles: a pulse of 0.2 s and 3 s of cooling, conductivity that follows the heat, all endpoints.

Hexagonal, pitch 1 mm, radius 0.15 mm, tips 0.3 mm bare at 0.75 mm in a cheek, 1 MHz, 36 V between rows in turn, complex
admittivity, steel needles that conduct heat, eight endpoints, per-needle zones and the whole summary. The grid is the
quarter that mirrors leave, 50 µm at the tips; a quick look has 100 µm. Times are processor seconds of one thread in a
process of its own, warm, best of three; memory is the largest that process held. What the quick look misses is printed
beside the finer run.
"""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FINE, QUICK, VOLTS = 50e-6, 100e-6, 36.0
FIGURES = ("zone.width", "zone.length", "zone.volume", "electric.energy", "tissue.peak_temperature")


def stamp(spacing: float) -> Any:
    """Return what the stamp does, on cells of `spacing` [m] at its tips."""
    from tauten.devices.drive import Voltage
    from tauten.devices.needles import NeedleArray, NeedlePulse
    from tauten.simulate import simulate
    from tauten.skin.skin import Skin

    skin = Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24.0)
    array = NeedleArray.hexagonal(3, 1e-3, 0.15e-3, 1.5e-3, 0.3e-3)
    pulse = NeedlePulse(array, 0.75e-3, 1e6, Voltage(VOLTS, rms=True), 0.2, "rows")
    return simulate(skin, pulse, spacing=spacing, rest=3.0)


def ours(spacing: float) -> dict[str, Any]:
    """Return time, memory and figures of one process."""
    stamp(4.0 * spacing if spacing < 75e-6 else 2.0 * spacing)  # compiles and loads
    least = math.inf
    for _ in range(3):
        begin = time.process_time()
        made = stamp(spacing)
        least = min(least, time.process_time() - begin)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    grid = made.state.grid
    return {
        "seconds": least, "memory": held / 1e6, "cells": grid.cells, "shape": " x ".join(map(str, grid.shape)),
        "looks": len(made.electric), "figures": {name: made.summary[name].value for name in FIGURES},
    }  # fmt: skip


def aside(spacing: float) -> dict[str, Any]:
    """Run this file in a process of one thread; return what it says."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.stamp", str(spacing)], cwd=ROOT, env={**os.environ, **threads},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or f"it ended with code {done.returncode}").splitlines()[-1])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def row(name: str, value: float, unit: str, target: str = "", note: str = "") -> None:
        rows.append({"name": name, "value": float(value), "unit": unit, "target": target, "note": note})
        print(f"{name:<44} {value:>10.4g} {unit:<10} {target:<16} {note}".rstrip(), flush=True)

    fine, quick = aside(FINE), aside(QUICK)
    row("37 needles, 0.2 s and 3 s, 50 um", fine["seconds"], "s", "9 at most",
        f"{fine['shape']} cells, {fine['looks']} looks")  # fmt: skip
    row("  its memory", fine["memory"], "MB", "500 at most")
    row("a quick look, 100 um", quick["seconds"], "s", "1.5 at most", f"{quick['shape']} cells, {quick['looks']} looks")
    row("  its memory", quick["memory"], "MB")
    for name in FIGURES:
        one, other = fine["figures"][name], quick["figures"][name]
        if name.endswith("temperature"):
            row(f"  quick look off in {name}", other - one, "K", "", f"{one - 273.15:.4g} degC at 50 um")
        else:
            row(f"  quick look off in {name}", 100.0 * (other / one - 1.0), "%", "", f"{one:.4g} at 50 um")
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(json.dumps(ours(float(sys.argv[1]))))
    else:
        main()
