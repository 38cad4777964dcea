"""Bioheat with everything on, against the machine's own bandwidth and against scikit-fem.

Case: 200 x 200 x 80 cells of 50 µm, float32; epidermis, dermis, fat and 37 needles by label; perfusion with stasis;
three Arrhenius sets, CEM43 and the running maximum; a warm ridge over 16 % of the columns and heat at the needles'
tips. Everything runs through `conduction.evolve`. A step of s stages applies the operator s times to every cell; that
is what Mcell/s counts here, set-up, error control, integrals and snapshots included. "Explicit steps" is what plain
Euler at its stability limit would have had to do for the same simulated time.
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import numpy as np

from tauten.grid import Field, Grid
from tauten.solvers import conduction, march

SHAPE, SPACING = (200, 200, 80), 50e-6
ENDPOINTS = ("henriques_moritz_1947", "pearce_rat_skin", "maitland_walsh_1997", "cem43")
STASIS = "henriques_moritz_1947"
LAYERS = (1e-4, 1.5e-3)  # depth of the epidermis and of the dermis [m]
STREAMS = "a stage reads D', D'', F₀ and writes D: 16 B, from the cache but for once a step"


def case(warm_share: float = 0.16) -> dict[str, Any]:
    """Return the arguments of `evolve`."""
    grid = Grid.uniform(SHAPE, SPACING)
    x, y, z = grid.centres
    labels = np.zeros(SHAPE, np.uint8)
    labels[:, :, z > LAYERS[0]] = 1
    labels[:, :, z > LAYERS[1]] = 2
    heat = np.zeros(SHAPE, np.float32)
    middle = 0.5 * SHAPE[0] * SPACING
    for a in range(-3, 4):
        for b in range(-3, 4):
            if abs(a + b) <= 3:  # a hexagon of 37
                px, py = middle + 1e-3 * (a + 0.5 * b), middle + 1e-3 * b * 0.75**0.5
                needle = (x[:, None] - px) ** 2 + (y[None, :] - py) ** 2 < (0.15e-3) ** 2
                labels[needle, :30] = 3
                heat[needle, 24:30] = 2e6
    medium = conduction.Thermal(
        [0.209, 0.37, 0.21, 0.6], [1109.0, 1109.0, 911.0, 1500.0], [3391.0, 3391.0, 2348.0, 2000.0],
        perfusion=[0.0, 1.96e-3, 5e-4, 0.0], labels=labels, blood_heat_capacity=1050.0 * 3617.0,
    )  # fmt: skip
    ridge = 16.0 * np.exp(-(((x - middle) / (0.38 * warm_share * SHAPE[0] * SPACING)) ** 2))
    initial = np.broadcast_to((310.15 + ridge).astype(np.float32)[:, None, None], SHAPE)
    pulse = conduction.Deposition(Field(heat, grid, "W/m3"), 0.0, 0.2)
    return {
        "grid": grid, "medium": medium, "source": pulse, "initial": initial, "endpoints": ENDPOINTS, "stasis": STASIS,
        "boundaries": {"top": conduction.Convective(temperature=295.15, coefficient=10.0)}, "dtype": "float32",
    }  # fmt: skip


def triad(threads: int = 1) -> float:
    """Return the float32 triad's bandwidth [GB/s]: a = b + s c, 12 B an element, best of five."""
    from concurrent.futures import ThreadPoolExecutor

    from numba import njit

    @njit(nogil=True)
    def run(a, b, c, s):
        for i in range(a.size):
            a[i] = b[i] + s * c[i]

    a, b, c = (np.ones(32_000_000, np.float32) for _ in range(3))
    parts = [tuple(np.array_split(v, threads)[n] for v in (a, b, c)) for n in range(threads)]
    best = np.inf
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(6):
            start = time.perf_counter()
            list(pool.map(lambda p: run(*p, np.float32(2.0)), parts))
            best = min(best, time.perf_counter() - start)
    return 12.0 * a.size / best / 1e9


def ours(threads: int, until: float, **changes: Any) -> dict[str, float]:
    """Run the case to `until` [s]; return wall time [s], operator applications, steps, explicit steps, hot share."""
    arguments = {**case(), **changes}
    stages: list[int] = []
    stiffness: list[float] = []
    kept = march.stages_for

    def counted(stretch: float) -> int:
        stages.append(kept(stretch))
        return stages[-1]

    class Watched(march.March):
        def touch(self, *of: Any) -> None:
            super().touch(*of)
            stiffness.append(self.stiffness)

    march.stages_for, held = counted, conduction.March
    conduction.March = Watched  # type: ignore[misc]
    try:
        start = time.perf_counter()
        state = conduction.evolve(**arguments, times=[until], threads=threads)[0]
        wall = time.perf_counter() - start
    finally:
        march.stages_for, conduction.March = kept, held  # type: ignore[misc]
    hot = np.mean(state.integrals["cem43"].max(axis=-1) > 1e-3) if "cem43" in state.integrals else 0.0
    return {
        "wall": wall, "applied": float(sum(stages)), "steps": float(len(stages)),
        "explicit": until * stiffness[0] / 2.0, "hot": float(hot),
    }  # fmt: skip


def peer(shape: tuple[int, int, int] = (64, 64, 26), steps: int = 5) -> dict[str, float]:
    """Return scikit-fem's Mcell/s by solver, its best step: trilinear hexahedra, implicit Euler, layered, perfused.

    "direct" is its default, SciPy's sparse LU, factored once, in the ordering that suits a symmetric matrix, and then
    solved each step. "gradients" are conjugate, preconditioned by the diagonal and started from the last step.
    Neither assembly nor the factorisation is counted.
    """
    import scipy.sparse.linalg as linalg
    from scipy.sparse import diags
    from skfem import Basis, BilinearForm, ElementHex1, LinearForm, MeshHex
    from skfem.helpers import dot, grad

    axes = [np.linspace(0.0, n * SPACING, n + 1) for n in shape]
    basis = Basis(MeshHex.init_tensor(*axes), ElementHex1())

    def layered(depth, values):
        return np.where(depth < LAYERS[0], values[0], np.where(depth < LAYERS[1], values[1], values[2]))

    @BilinearForm
    def stiffness(u, v, w):
        return (
            layered(w.x[2], (0.209, 0.37, 0.21)) * dot(grad(u), grad(v))
            + layered(w.x[2], (0.0, 7441.0, 1900.0)) * u * v
        )

    @BilinearForm
    def mass(u, v, w):
        return layered(w.x[2], (3.76e6, 3.76e6, 2.14e6)) * u * v

    @LinearForm
    def load(v, w):
        return 3e7 * np.exp(-w.x[2] / 1e-3) * v

    k, m, f = stiffness.assemble(basis), mass.assemble(basis), load.assemble(basis)
    step = 4e-3  # about the explicit limit at 50 µm
    matrix = (m / step + k).tocsr()
    factors = linalg.splu(
        matrix.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    jacobi = diags(1.0 / matrix.diagonal())
    solvers = {
        "direct": lambda u: factors.solve(m @ u / step + f),
        "gradients": lambda u: linalg.cg(matrix, m @ u / step + f, x0=u, rtol=1e-6, M=jacobi)[0],
    }
    found = {}
    for name, solve in solvers.items():
        u, times = np.zeros(matrix.shape[0]), []
        for _ in range(steps + 1):  # the first also warms the caches
            start = time.perf_counter()
            u = solve(u)
            times.append(time.perf_counter() - start)
        found[name] = float(np.prod(shape)) / min(times) / 1e6
    return found


_MEMORY = """
import numpy as np
from benchmarks import bioheat
from tauten.grid import Grid
from tauten.solvers import conduction
def status(key):
    return int(next(l for l in open("/proc/self/status") if l.startswith(key)).split()[1]) * 1024
bioheat.SHAPE, whole = (24, 24, 80), bioheat.SHAPE
bioheat.ours(1, 0.05)
bioheat.SHAPE = whole
before = status("VmRSS")
bioheat.ours(1, 0.05{})
print((status("VmHWM") - before) / np.prod(whole))
"""


def memory(changes: str = "") -> float:
    """Return the peak memory of a run in a process of its own [byte a cell], inputs and result included."""
    done = subprocess.run([sys.executable, "-c", _MEMORY.format(changes)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> list[dict[str, Any]]:
    cells = float(np.prod(SHAPE))
    ours(1, 0.02)  # compile
    rows: list[dict[str, Any]] = []

    def row(name: str, value: float, unit: str, target: str = "", note: str = "") -> None:
        rows.append({"name": name, "value": value, "unit": unit, "target": target, "note": note})
        print(f"{name:<44} {value:>10.4g} {unit:<16} {target:<12} {note}")

    # The machine's load moves both, so each run is weighed against the bandwidth measured around it; medians of three.
    pairs = []
    for _ in range(3):
        before, one, two = triad(), ours(1, 1.0), ours(2, 1.0)
        bandwidth = 0.5 * (before + triad())
        pairs.append((cells * one["applied"] / one["wall"] / 1e6 / bandwidth, bandwidth, one, two))
    share, bandwidth, one, _ = sorted(pairs, key=lambda p: p[0])[1]
    rate = share * bandwidth
    row("float32 triad, one thread", bandwidth, "GB/s")
    row("columns that are hot", 100.0 * one["hot"], "%", "16", f"{one['steps']:.0f} steps, {one['applied']:.0f} stages")
    row("one thread", rate, "Mcell/s", "", STREAMS)
    row("one thread over bandwidth", share, "Mcell/s per GB/s", ">= 16.7")
    row(
        "one thread, in explicit steps",
        cells * one["explicit"] / one["wall"] / 1e6,
        "Mcell/s",
        "",
        "same simulated time",
    )
    best = [min(p[which]["wall"] for p in pairs) for which in (2, 3)]
    row("two threads over one", best[0] / best[1], "times", ">= 1.6", "best of three each; needs two idle cores")
    row("float32 triad, two threads over one", triad(2) / triad(), "times", "", "the most that streaming could gain")
    theirs = peer()
    for solver, speed in theirs.items():
        row(f"scikit-fem, {solver}", speed, "Mcell/s", "", "64 x 64 x 26, implicit Euler, a step")
    # Theirs steps by the explicit limit; a stabilised step of ours covers several such steps in fewer stages.
    same = cells * one["explicit"] / one["wall"] / 1e6
    row("ours over the faster, per cell and stage", rate / max(theirs.values()), "times", "")
    row("ours over the faster, per cell and equal step", same / max(theirs.values()), "times", ">= 100")
    with_all, bare = memory(), memory(", endpoints=(), stasis=None")
    row("peak memory without endpoints", bare, "B/cell", "<= 48", "inputs and result included")
    row("peak memory with four", with_all, "B/cell", "<= 64", f"{(with_all - bare) / 4:.1f} a further state")
    return rows


if __name__ == "__main__":
    main()
