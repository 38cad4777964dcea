"""A line of 23 focused points in 3D with the heat each leaves to the next, beside what bounds it.

Case: 7 MHz bowl, 4.5 mm deep, 4 W for 60 ms a point, 1.1 mm apart, one every 0.2 s, 30 s of rest; four layers. Heat,
perfusion with stasis, boiling, every kinetic set. The sound is radiated before and kept, as a second line finds it.

A step of s stages applies the heat operator s times to every cell of the part that is stepped; "bound" is that count
over the cells a second the operator alone reaches in this run, on the cores given: what is above it is error control,
perfusion, damage, copies and the sound's binning.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

import numpy as np

from benchmarks.bioheat import SHAPE, case
from tauten.devices.pattern import line
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl
from tauten.simulate import grid_for, simulate
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers import conduction, march
from tauten.workers import cores

POINTS, PITCH, INTERVAL = 23, 1.1e-3, 0.2
BAR = 20.0  # s, on two cores
SKIN = Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 1.7e-3), Layer("fat", 2.2e-3), Layer("muscle", 20e-3))
SHOT = FocusedShot(Bowl(15e-3, 5.5e-3, 7e6), 4.0, 0.06, 10.5e-3)


def ours(points: int = POINTS) -> dict[str, Any]:
    """Run the line; return wall and processor time [s], cells of the box, steps, and cells times stages stepped."""
    placed = line(SHOT, PITCH, points, INTERVAL)
    simulate(SKIN, placed[:2], rest=0.1)  # the sound is kept, the kernels compiled
    counts = {"steps": 0, "applied": 0.0}
    kept = march.stages_for
    cells: list[int] = []

    class Watched(march.March):
        def _attempt(self, step: float) -> tuple[float, float]:
            cells[:] = [int(np.prod(self.shape))]
            counts["steps"] += 1
            return super()._attempt(step)

    def counted(stretch: float) -> int:
        stages = kept(stretch)
        counts["applied"] += stages * cells[0]
        return stages

    held = conduction.March
    march.stages_for, conduction.March = counted, Watched  # type: ignore[misc]
    try:
        wall, used = time.perf_counter(), time.process_time()
        run = simulate(SKIN, placed)
        wall, used = time.perf_counter() - wall, time.process_time() - used
    finally:
        march.stages_for, conduction.March = kept, held  # type: ignore[misc]
    return {
        "wall": wall, "processor": used, "cells": grid_for(SKIN, placed).cells, **counts,
        "first": run.zones[0], "last": run.zones[-1],
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
    }  # fmt: skip


def speed(threads: int) -> float:
    """Return the cells times stages a second of plain conduction alone, best of three: no perfusion, no damage."""
    plain = case()
    plain.update(endpoints=(), stasis=None, boundaries=None)
    plain["medium"] = conduction.Thermal(0.37, 1109.0, 3391.0)
    stages: list[int] = []
    kept = march.stages_for
    march.stages_for = lambda stretch: stages.append(kept(stretch)) or stages[-1]  # type: ignore[func-returns-value]
    best = 0.0
    try:
        for _ in range(3):
            stages.clear()
            begun = time.perf_counter()
            conduction.evolve(**plain, times=[0.25], threads=threads)
            best = max(best, sum(stages) * float(np.prod(SHAPE)) / (time.perf_counter() - begun))
    finally:
        march.stages_for = kept
    return best


def main() -> dict[str, Any]:
    found = ours()
    rate = speed(cores())
    bound = found["applied"] / rate
    print(f"{POINTS} points, {found['cells']:,} cells, {found['steps']} steps, {cores()} cores")
    print(f"wall {found['wall']:.1f} s (at most {BAR:g} on two cores), processor {found['processor']:.1f} s")
    print(f"bound {bound:.1f} s = {found['applied'] / 1e6:,.0f} Mcell stages at {rate / 1e6:,.0f} Mcell/s")
    print(f"memory {found['memory']:.0f} MB")
    for name in ("first", "last"):
        zone = found[name]
        print(f"{name} point: {zone.peak_temperature - 273.15:.1f} °C, {zone.volume * 1e9:.4f} mm³")
    return {**found, "rate": rate, "bound": bound, "bar": BAR}


if __name__ == "__main__":
    sys.exit(not main())
