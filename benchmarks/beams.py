"""The linear field of a bowl on a plane through its axis, against sonosk, k-wave-python and jwave.

Layered case: 7 MHz, R 15 mm, aperture radius 5.5 mm, through water, epidermis, dermis, fat and muscle, 301 x 1201
points. No peer computes that: sonosk's Rayleigh integral knows one homogeneous medium, so its rate per field point in
water stands beside ours in five layers, taken on a part of the plane (its time is proportional to the points).

Small case, which all can run in full: 7 MHz, R 3 mm, aperture radius 1.1 mm, in water. By symmetry a plane of 61 x 181
points says all of that field; k-wave-python (NumPy, float32) and jwave (XLA, float32) march 60 x 60 x 80 cells, three
to a wavelength, through 370 steps to it. They could also do bodies without symmetry: our sum of plane waves can't.

All run on one core, timed by its own processor seconds: the call alone, without imports, compilation (jwave) and the
drawing of the bowl on the grid (k-wave-python, for both). Ours runs between the peers, best of six each time, nothing
kept from run to run. Errors are those of |p| on the axis beyond 0.4 R against O'Neil's closed form; jwave's peak is set
to O'Neil's, as its source has no scale.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tauten.solvers.beams import Acoustics, Bowl, radiate

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv" / "peers" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TIMEOUT = 1200.0

WATER = Acoustics(math.inf, speed=1500.0, density=1000.0, attenuation=0.0, exponent=2.0)
BODY = (  # water path, epidermis, dermis, fat, muscle
    Acoustics(10.5e-3, speed=1500.0, density=1000.0, attenuation=0.025, exponent=2.0),
    Acoustics(0.1e-3, speed=1624.0, density=1109.0, attenuation=21.158, exponent=1.0),
    Acoustics(1.7e-3, speed=1600.0, density=1109.0, attenuation=21.158, exponent=1.0),
    Acoustics(2.2e-3, speed=1440.2, density=911.0, attenuation=4.36, exponent=1.086),
    Acoustics(math.inf, speed=1588.4, density=1090.0, attenuation=7.11, exponent=1.092),
)
CASES: dict[str, dict[str, Any]] = {
    "layered": {
        "layers": BODY, "bowl": Bowl(15e-3, 5.5e-3, 7e6),
        "r": np.linspace(0.0, 3e-3, 301), "z": np.linspace(4e-3, 20e-3, 1201),
    },
    "large": {  # the same in water: what sonosk computes, on a part of the points
        "layers": (WATER,), "bowl": Bowl(15e-3, 5.5e-3, 7e6), "patch": 0.1e-3,
        "r": np.linspace(0.0, 3e-3, 11), "z": np.linspace(4e-3, 20e-3, 401),
    },
    "small": {
        "layers": (WATER,), "bowl": Bowl(3e-3, 1.1e-3, 7e6), "patch": 0.05e-3,
        "r": np.linspace(0.0, 1.2e-3, 61), "z": np.linspace(0.5e-3, 4.1e-3, 181),
    },
}  # fmt: skip
RATIOS = {"sonosk": "", "k-wave-python": "2000 at least", "jwave": "500 at least"}


def oneil(bowl: Bowl, z: Any) -> Any:
    """Return |p|/p₀ on the axis of a bowl in water (O'Neil 1949, doi:10.1121/1.1906542)."""
    wavenumber = 2.0 * math.pi * bowl.frequency / WATER.speed
    z = np.where(np.isclose(z, bowl.radius, atol=1e-9), bowl.radius + 1e-9, z)  # the form is 0/0 at the focus
    rim = np.hypot(z - bowl.depth, bowl.aperture_radius)
    return np.abs(2.0 / (1.0 - z / bowl.radius) * np.sin(0.5 * wavenumber * (rim - z)))


def error(bowl: Bowl, z: Any, axis: Any, scaled: bool = False) -> float:
    """Return the relative L2 error of the axis beyond 0.4 R; `scaled` sets the peak first."""
    z, axis = np.asarray(z), np.asarray(axis)
    exact = oneil(bowl, z)
    axis = axis * exact.max() / axis.max() if scaled else axis
    far = z > 0.4 * bowl.radius
    return float(np.linalg.norm((axis - exact)[far]) / np.linalg.norm(exact[far]))


def forget() -> None:
    """Drop everything the solvers have kept: each run below is the whole work."""
    for name, module in list(sys.modules.items()):
        if name.startswith("tauten.solvers"):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


def ours() -> dict[str, dict[str, Any]]:
    """Run each case five times; return its best processor seconds and its axis. In a process of one thread."""
    found = {}
    for name, case in CASES.items():
        best = math.inf
        for _ in range(6):  # the first also loads what is imported late
            forget()
            begin = time.process_time()
            sound = radiate(case["layers"], case["bowl"], surface_pressure=1.0, harmonics=1, r=case["r"], z=case["z"])
            best = min(best, time.process_time() - begin)
        found[name] = {"seconds": best, "axis": np.abs(sound.pressure[0, 0]).tolist()}
    return found


def aside(words: list[str], told: str = "") -> dict[str, Any]:
    """Run a process on one thread and return what it says after RESULT; raises `RuntimeError` with its last line."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}
    done = subprocess.run(
        words, input=told, cwd=ROOT, env={**os.environ, **threads}, capture_output=True, text=True, timeout=TIMEOUT,
        check=False,
    )  # fmt: skip
    line = next((text for text in done.stdout.splitlines() if text.startswith("RESULT")), None)
    if line is None:
        raise RuntimeError((done.stderr.strip() or f"it ended with code {done.returncode}").splitlines()[-1])
    return json.loads(line[7:])


def peer(name: str, case: str) -> dict[str, Any] | None:
    """Return what a peer found, or None after saying why there is nothing."""
    if not PEERS.exists():
        print(f"{name} is not here: make bench sets it up in .venv/peers")
        return None
    given, bowl = CASES[case], CASES[case]["bowl"]
    told = {
        "radius": bowl.radius, "aperture_radius": bowl.aperture_radius, "frequency": bowl.frequency,
        "speed": WATER.speed, "density": WATER.density, "patch": given["patch"],
        "r": given["r"].tolist(), "z": given["z"].tolist(),
    }  # fmt: skip
    try:
        return aside([str(PEERS), str(Path(__file__).with_name("beams_peers.py")), name], json.dumps(told))
    except subprocess.TimeoutExpired:
        print(f"{name} did not run: it took longer than {TIMEOUT:.0f} s")
        return None
    except (OSError, RuntimeError) as reason:
        print(f"{name} did not run: {reason}")
        return None


def main() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def row(name: str, value: float, unit: str, target: str = "", note: str = "") -> None:
        rows.append({"name": name, "value": float(value), "unit": unit, "target": target, "note": note})
        print(f"{name:<44} {value:>10.4g} {unit:<10} {target:<16} {note}".rstrip(), flush=True)

    runs = [aside([sys.executable, "-m", "benchmarks.beams", "ours"])]
    others = {}
    for name, case in (("large", "sonosk"), ("small", "sonosk"), ("small", "jwave"), ("small", "k-wave-python")):
        others[name, case] = peer(case, name)
        runs.append(aside([sys.executable, "-m", "benchmarks.beams", "ours"]))
    mine = {name: median(run[name]["seconds"] for run in runs) for name in CASES}

    points = CASES["layered"]["r"].size * CASES["layered"]["z"].size
    row("five layers, 301 x 1201 points", mine["layered"], "s", "", "heat and power balance included")
    rate = points / mine["layered"]
    row("  per second", rate, "points/s")
    for name, note in (("large", "R 15 mm, 11 x 401 points"), ("small", "R 3 mm, 61 x 181 points")):
        case = CASES[name]
        row(f"{name} bowl in water", mine[name], "s", "", note)
        row("  error on the axis", 100.0 * error(case["bowl"], case["z"], runs[0][name]["axis"]), "%")
    for (case, name), found in others.items():
        if found is None:
            continue
        steps = f"{'x'.join(map(str, found['size']))} points" + (
            f", {found['steps']} steps" if "steps" in found else ""
        )
        row(
            f"{name}, {case} bowl",
            found["seconds"],
            "s",
            "",
            f"{found['version']}; {steps}, {found['memory'] / 1e6:.0f} MB",
        )
        if extra := [
            f"{found[key]:.1f} s {word}"
            for key, word in (("built", "to draw the bowl"), ("compiled", "to compile"))
            if key in found
        ]:
            print(f"  not counted: {', '.join(extra)}")
        row("  error on the axis", 100.0 * error(CASES[case]["bowl"], found["z"], found["axis"], name == "jwave"), "%")
        if case == "large":
            theirs = math.prod(found["size"]) / found["seconds"]
            row("  per second", theirs, "points/s")
            row("  ours over it, per field point", rate / theirs, "x", "1500 at least", "ours in five layers")
        else:
            row("  ours over it, the whole field", found["seconds"] / mine["small"], "x", RATIOS[name])
    return rows


if __name__ == "__main__":
    if sys.argv[1:] == ["ours"]:
        print("RESULT", json.dumps(ours()))
    else:
        main()
