"""Photons through three layers of skin at 1320 nm, against pmcxcl on the CPU.

Case: epidermis 0.1 mm, dermis 1.5 mm, fat 5 mm, index 1.4 under air, matched absorber below; a 10 mm top-hat. The peer
scores 21.1 million voxels of 0.05 mm in a 20 x 20 x 6.6 mm box; so does our voxel tally, with absorbing sides. The r-z
tally scores a pencil in rings and the same 0.05 mm depths, from which any beam follows. Rounds alternate. One thread is
timed by its own processor seconds, the whole call, so that other work on the machine does not count; two threads by
the clock on the wall, so that it does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numba
import numpy as np

from tauten.grid import Grid
from tauten.solvers.lanes import core, score, shares, steps
from tauten.solvers.lanes.rings import PENCIL_RINGS
from tauten.solvers.photons import Flat, Optics, Pencil, trace

LAYERS = [
    Optics(1e-4, 180.0, 11600.0, 0.9, 1.4),
    Optics(1.5e-3, 120.0, 11600.0, 0.9, 1.4),
    Optics(5e-3, 25.0, 9600.0, 0.9, 1.4),
]
RINGS = Grid((PENCIL_RINGS, 5e-5 * np.arange(133)), "axisymmetric")
BOX = Grid.uniform((400, 400, 132), 5e-5, (-0.01, -0.01, 0.0))
BEAM = Flat(5e-3)
ROUNDS = 3
PEER_PHOTONS = 40_000

PEER = """
import json, sys, time
import numpy as np
import pmcxcl
count = int(sys.argv[1])
volume = np.empty((400, 400, 132), np.uint8)
volume[:, :, :2], volume[:, :, 2:32], volume[:, :, 32:] = 1, 2, 3
begin = time.process_time()
found = pmcxcl.run(dict(
    nphoton=count, vol=volume, unitinmm=0.05, tstart=0, tend=5e-9, tstep=5e-9, seed=29012392, gpuid=1, autopilot=1,
    prop=[[0, 0, 1, 1], [0.18, 11.6, 0.9, 1.4], [0.12, 11.6, 0.9, 1.4], [0.025, 9.6, 0.9, 1.4]],
    srcpos=[200, 200, 0], srcdir=[0, 0, 1], srctype="disk", srcparam1=[100, 0, 0, 0],
    isreflect=1, isspecular=0, bc="aaraaa", outputtype="energy",
))
seconds = time.process_time() - begin
depth = found["flux"].sum(axis=(0, 1)).ravel()
print("RESULT", json.dumps([seconds, [float(s.sum()) for s in (depth[:2], depth[2:32], depth[32:])]]))
"""


def ours_rings(threads: int = 1, photons: int = 1_000_000) -> Any:
    return trace(LAYERS, Pencil(), photons, below=1.4, grid=RINGS, threads=threads)


def ours_voxels(photons: int = 1_000_000, **how: Any) -> Any:
    return trace(LAYERS, BEAM, photons, below=1.4, grid=BOX, absorbing_sides=True, threads=1, **how)


def ours_labels(photons: int = 1_000_000) -> Any:
    """The same layers named voxel by voxel: what looking up each voxel's material costs."""
    layer = np.repeat(np.array([1, 2, 3], np.uint8), [2, 30, 100])
    return ours_voxels(photons, labels=np.broadcast_to(layer, BOX.shape), materials=LAYERS)


def peer() -> tuple[float, list[float]] | None:
    """Return (seconds, absorbed shares by layer of what entered), or None where pmcxcl does not run.

    Its wheel finds no OpenCL driver of its own accord and clashes with the C++ library that pocl brings: it needs a
    folder that names the driver, and the system's library first.
    """
    library = next(iter(sorted(Path("/usr/lib").glob("*/libstdc++.so.6"))), None)
    package = find_spec("pyopencl") or find_spec("pocl_binary_distribution")
    if find_spec("pmcxcl") is None or package is None or library is None:
        return None
    root = Path(next(iter(package.submodule_search_locations or ["."]))).parent
    driver = next(iter(sorted((root / "pyopencl" / ".libs").glob("libpocl*.so"))), None)
    if driver is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "pocl.icd").write_text(f"{driver}\n", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", PEER, str(PEER_PHOTONS)],
            env={**os.environ, "LD_PRELOAD": str(library), "OCL_ICD_VENDORS": folder, "POCL_MAX_PTHREAD_COUNT": "1"},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    line = next((text for text in done.stdout.splitlines() if text.startswith("RESULT")), None)
    return tuple(json.loads(line[7:])) if line else None  # type: ignore[return-value]


def timed(run: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> tuple[float, Any]:
    begin = clock()
    result = run()
    return clock() - begin, result


def floor() -> float:
    """Return the time [s] of one collision's arithmetic alone: the vector loops, without tally, borders or roulette."""
    where, _, _ = score.locate(False, PENCIL_RINGS, np.array([0.0, 1.0]), RINGS.edges[1])

    @numba.njit(**core.OPTIONS)
    def rounds(count, f, q, k, flags, box):
        for _ in range(count):
            steps.fly(f, q, flags, core.LANES, box)
            steps.deposit(f, q, k, core.LANES)
            score.keys(f, k, core.LANES, where)
            steps.scatter(f, q, core.LANES)

    f, q = np.zeros(core.FLOATS, np.float32), np.random.default_rng(1).integers(1, 2**63, core.WORDS, dtype=np.uint64)
    k, flags = np.zeros(core.INTEGERS, np.int32), np.zeros(core.LANES, np.uint8)
    for row, value in ((core.W, 1.0), (core.FREE, 1e-7), (core.SHARE, 1e-3), (core.G, 0.9), (core.BOTTOM, 1e9)):
        f[row : row + core.LANES] = value
    f[core.TOP : core.TOP + core.LANES] = -1e9
    k[core.WEIGHT : core.WEIGHT + core.LANES] = core.ONE
    rounds(1, f, q, k, flags, shares.OPEN_BOX)
    count = 4000
    best = min(timed(lambda: rounds(count, f, q, k, flags, shares.OPEN_BOX))[0] for _ in range(5))
    return best / count / core.LANES


def run() -> list[dict[str, Any]]:
    """Return rows of name, value, unit and target."""
    first, _ = timed(lambda: ours_rings(photons=1_000))
    jobs: dict[str, Callable[[], Any]] = {"rings": ours_rings, "voxels": ours_voxels, "labels": ours_labels}
    times: dict[str, list[float]] = {name: [] for name in (*jobs, "one", "two", "peer", "accuracy")}
    found: dict[str, Any] = {}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            seconds, found[name] = timed(job)
            times[name].append(seconds)
        for name, job in (("one", ours_rings), ("two", lambda: ours_rings(2))):
            seconds, found[name] = timed(job, time.perf_counter)
            times[name].append(seconds)
        seconds, shot = timed(lambda: trace(LAYERS, BEAM, below=1.4, accuracy=0.005, depth=1e-3, threads=1))
        times["accuracy"].append(seconds)
        other = peer()
        if other:
            times["peer"].append(other[0])
    rate = {name: [1e6 / s for s in times[name]] for name in jobs}
    tally, box = found["rings"], found["voxels"]
    rows: list[dict[str, Any]] = [
        row("first call: compile or load the kernels", first, "s", "15 at most, cold"),
        row("r-z tally, one thread", median(rate["rings"]), "photons/s"),
        row("voxel tally, one thread", median(rate["voxels"]), "photons/s"),
        row(
            "  its speed with labels over that",
            median(b / a for a, b in zip(rate["voxels"], rate["labels"], strict=True)),
            "x",
        ),
    ]
    if other:
        theirs = [PEER_PHOTONS / s for s in times["peer"]]
        rows += [
            row("pmcxcl, one thread", median(theirs), "photons/s"),
            row("r-z against pmcxcl", median(a / b for a, b in zip(rate["rings"], theirs, strict=True)), "x", "45"),
            row("voxels against pmcxcl", median(a / b for a, b in zip(rate["voxels"], theirs, strict=True)), "x", "18"),
        ]
        entered = 1.0 - box.specular
        for name, share, value in zip(("epidermis", "dermis", "fat"), box.absorbed, other[1], strict=True):
            rows.append(row(f"{name}: voxels / pmcxcl", share.value / entered / value, "", "1 within 1 %"))
    else:
        print("pmcxcl did not run here: no ratio against it")
    ratio = median(a / b for a, b in zip(times["one"], times["two"], strict=True))
    same = np.array_equal(tally.response.energy, found["two"].response.energy)
    density, error = shot.on_axis()
    cell = int(np.searchsorted(shot.grid.edges[1], 1e-3, side="right")) - 1
    collision = min(times["rings"]) / tally.collisions
    bound = floor()
    rows += [
        row("two threads against one, r-z, by the wall", ratio, "x", "1.8 on two idle cores"),
        row("  the same bits", float(same), "", "1"),
        row("axis at 1 mm to 0.5 %, one thread", median(times["accuracy"]), "s", "0.4 at most"),
        row("  standard error reached", 100 * error[cell] / density[cell], "%"),
        row("  photons it took", shot.photons, ""),
        row("one collision, r-z", 1e9 * collision, "ns"),
        row("  its arithmetic alone (vector loops)", 1e9 * bound, "ns"),
        row("  share of that bound", bound / collision, ""),
    ]
    return rows


def row(name: str, value: float, unit: str, target: str = "") -> dict[str, Any]:
    return {"name": name, "value": float(value), "unit": unit, "target": target}


def main() -> list[dict[str, Any]]:
    rows = run()
    for r in rows:
        print(f"{r['name']:42s} {r['value']:12.4g} {r['unit']:10s} {'target ' + r['target'] if r['target'] else ''}")
    return rows


if __name__ == "__main__":
    main()
