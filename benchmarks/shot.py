"""One focused shot through four layers, up to 64 harmonics: field, heat and coagulated volume, on one core.

The reference shot of `tauten verify`: 7 MHz, R 15 mm, aperture radius 5.5 mm, 3 W for 60 ms through water, skin, fat
and muscle. Times are processor seconds of one thread, best of five: with nothing kept, with head and stack kept
(another power of the same head), and with the power kept too (another duration). A fresh process, imports and the
loading of compiled kernels included, is timed by its processor and by the clock on the wall; its memory is the largest
it held.

For scale: HITU_Simulator 2 takes 1,356 s in Octave for 32 harmonics and one layer (another run, another machine).
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
POWER, DURATION, TOP = 3.0, 0.06, 60.0


def shot(power: float, duration: float, kept: Any = None) -> tuple[Any, float]:
    """Return the sound of a shot, `kept` or worked out, and the volume [mm³] it coagulates."""
    from tauten.solvers.beams import radiate
    from tauten.validation import reference_shot as shots

    sound = kept or radiate(shots.FACE, shots.BOWL, power=power, keep=())
    heat = sound.on(shots.GRID, shots.STANDOFF).values
    state = shots.warmed(heat, duration, shots.face(), ("henriques_moritz_1947", "cem43"))
    return sound, shots.zone(state)


def forget() -> None:
    """Drop all that a head and its stack have left behind."""
    from tauten.solvers import beams, hankel, propagators

    for kept in (beams._linear, beams._plain, propagators._prepare, hankel.hankel):
        kept.cache_clear()


def best(what: Any, before: Any = lambda: None, count: int = 5) -> float:
    """Return the least processor seconds of some runs."""
    least = math.inf
    for _ in range(count):
        before()
        begin = time.process_time()
        what()
        least = min(least, time.process_time() - begin)
    return least


def ours() -> dict[str, Any]:
    """Return the times of one process, and what the march counted."""
    from tauten.solvers.harmonics import march
    from tauten.validation import reference_shot as shots

    sound, _ = shot(POWER, DURATION)
    marched = march(shots.FACE, shots.BOWL, shots.surface_pressure(POWER))
    return {
        "nothing": best(lambda: shot(POWER, DURATION), forget),
        "stack": best(lambda: shot(POWER, DURATION)),
        "power": best(lambda: shot(POWER, DURATION, sound)),
        "march": best(lambda: march(shots.FACE, shots.BOWL, shots.surface_pressure(POWER))),
        "top": best(lambda: shot(TOP, DURATION), count=2),
        "cells": int(marched.z.size), "substeps": int(marched.substeps.sum()),
        "harmonics": int(marched.harmonics.max()), "transforms": int(2 * marched.harmonics.sum()),
    }  # fmt: skip


def aside(word: str) -> tuple[dict[str, Any], float]:
    """Run this file in a process of one thread; return what it says, and its seconds on the wall."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.shot", word], cwd=ROOT, env={**os.environ, **threads}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    wall = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError((done.stderr.strip() or f"it ended with code {done.returncode}").splitlines()[-1])
    return json.loads(done.stdout.splitlines()[-1]), wall


def main() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def row(name: str, value: float, unit: str, target: str = "", note: str = "") -> None:
        rows.append({"name": name, "value": float(value), "unit": unit, "target": target, "note": note})
        print(f"{name:<44} {value:>10.4g} {unit:<10} {target:<16} {note}".rstrip(), flush=True)

    aside("fresh")  # compiles what is not compiled yet
    fresh = min((aside("fresh") for _ in range(3)), key=lambda run: run[1])
    found, _ = aside("ours")
    row(f"{POWER:g} W x {1e3 * DURATION:g} ms, nothing kept", found["nothing"], "s", "0.5 at most",
        f"up to {found['harmonics']} harmonics")  # fmt: skip
    row("  head and stack kept", found["stack"], "s")
    row("  the march of harmonics alone", found["march"], "s", "",
        f"{found['cells']} cells, {found['transforms']} transforms, {found['substeps']} row-sub-steps")  # fmt: skip
    row("  power kept too", found["power"], "s", "0.1 at most", "heat and coagulation")
    row(f"{TOP:g} W x {1e3 * DURATION:g} ms", found["top"], "s")
    row("a fresh process", fresh[0]["seconds"], "s", "2.5 at most", f"{fresh[1]:.3g} s on the wall")
    row("  its memory", fresh[0]["memory"], "MB", "220 at most")
    return rows


if __name__ == "__main__":
    if sys.argv[1:] == ["ours"]:
        print(json.dumps(ours()))
    elif sys.argv[1:] == ["fresh"]:
        _, volume = shot(POWER, DURATION)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        print(json.dumps({"volume": volume, "memory": held / 1e6, "seconds": time.process_time()}))
    else:
        main()
