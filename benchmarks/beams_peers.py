"""The peers of `benchmarks.beams`: one a process, in an environment of their own. python beams_peers.py NAME < CASE

k-wave-python pins older NumPy and SciPy, and jwave asks for a JAX of 2024, so Tauten's environment can't hold them and
this file imports nothing of Tauten. The case comes as JSON on stdin; the result goes as JSON after the word RESULT.
Seconds are the processor's, of the call alone, on one core: imports, compilation and the drawing of the bowl apart.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

GRID = (60, 60, 80)  # the absorbing layers included
LAYER = 10  # cells of absorbing layer on each side
APEX = 14  # cell of the bowl's apex
STEPS = 370  # a tenth of a period each: 37 periods, the last three of them read


def sonosk(case: dict[str, Any]) -> dict[str, Any]:
    """Return the Rayleigh integral in one homogeneous medium, at points (r, z)."""
    from sonosk import transducer
    from sonosk.field import rayleigh

    bowl = transducer.bowl(case["aperture_radius"], case["radius"], dx=case["patch"])
    r, z = np.meshgrid(case["r"], case["z"], indexing="ij")
    points = np.column_stack([r.ravel(), np.zeros(r.size), z.ravel()])
    begin = time.process_time()
    pressure = rayleigh(bowl, points, case["frequency"], case["speed"])
    seconds = time.process_time() - begin
    return {
        "seconds": seconds,
        "patches": bowl.n_patches,
        "size": [len(case["r"]), len(case["z"])],
        **axis(case["z"], np.abs(pressure).reshape(r.shape)[0]),
    }


def kwave(case: dict[str, Any]) -> dict[str, Any]:
    """Return the field of k-wave-python, NumPy backend, float32, on a grid of three points to the wavelength."""
    kgrid, medium, mask, signals, built = drawn(case)
    from kwave.ksensor import kSensor
    from kwave.ksource import kSource
    from kwave.kspaceFirstOrder import kspaceFirstOrder

    source = kSource()
    source.p_mask, source.p = mask, signals
    plane = np.zeros(GRID, bool)
    plane[:, GRID[1] // 2, :] = True
    sensor = kSensor(plane, record=["p"])
    sensor.record_start_index = STEPS - 30 + 1
    begin = time.process_time()
    found = kspaceFirstOrder(
        kgrid, medium, source, sensor, pml_size=LAYER, pml_inside=True, smooth_p0=False, dtype=np.float32, quiet=True
    )
    seconds = time.process_time() - begin
    amplitude = tone(found["p"].T.reshape(30, GRID[0], GRID[2]))[GRID[0] // 2]
    return {"seconds": seconds, "built": built, "size": GRID, "steps": STEPS, **below(amplitude)}


def jwave(case: dict[str, Any]) -> dict[str, Any]:
    """Return the field of jwave on the same grid, from the same source: it takes the source's strength otherwise."""
    kgrid, _, mask, signals, built = drawn(case)
    import jax
    from jwave.acoustics.time_varying import TimeWavePropagationSettings, simulate_wave_propagation
    from jwave.geometry import Domain, Medium, Sources, TimeAxis

    domain = Domain(GRID, tuple(float(d) for d in kgrid.spacing))
    medium = Medium(domain, sound_speed=case["speed"], density=case["density"], attenuation=0.0, pml_size=LAYER)
    times = TimeAxis(dt=float(kgrid.dt), t_end=float(kgrid.dt) * (STEPS - 0.5))
    sources = Sources(np.nonzero(mask), jax.numpy.asarray(signals, dtype="float32"), float(kgrid.dt), domain)
    settings = TimeWavePropagationSettings(checkpoint=False)

    def march(sources):
        return simulate_wave_propagation(
            medium, times, sources=sources, settings=settings,
            sensors=lambda p, u, rho: p.params[:, GRID[1] // 2, :, 0],
        )  # fmt: skip

    begin = time.process_time()
    compiled = jax.jit(march).lower(sources).compile()
    middle = time.process_time()
    pressure = np.asarray(compiled(sources))
    seconds = time.process_time() - middle
    amplitude = tone(pressure[-30:])[GRID[0] // 2]
    return {
        "seconds": seconds,
        "compiled": middle - begin,
        "built": built,
        "size": GRID,
        "steps": STEPS,
        **below(amplitude),
    }


def drawn(case: dict[str, Any]) -> tuple[Any, Any, Any, Any, float]:
    """Return (grid, medium, which cells send, what each sends, seconds) as k-wave-python draws a bowl off its grid."""
    import urllib.request

    # Its first import fetches binaries of other back ends, and fails where they can't be had. The NumPy one needs none.
    urllib.request.urlretrieve = lambda url, filename=None, *a, **k: (open(filename, "wb").close(), None)  # type: ignore
    from kwave.data import Vector
    from kwave.kgrid import kWaveGrid
    from kwave.kmedium import kWaveMedium
    from kwave.utils.kwave_array import kWaveArray

    step = case["speed"] / case["frequency"] / 3.0
    kgrid = kWaveGrid(Vector(list(GRID)), Vector([step] * 3))
    kgrid.setTime(STEPS, 0.1 / case["frequency"])
    apex = (APEX - GRID[2] // 2) * step
    begin = time.process_time()
    array = kWaveArray(bli_tolerance=0.05, upsampling_rate=10, single_precision=True)
    array.add_bowl_element(
        [0.0, 0.0, apex], case["radius"], 2.0 * case["aperture_radius"], [0.0, 0.0, apex + case["radius"]]
    )
    mask = np.asarray(array.get_array_binary_mask(kgrid), bool)
    turns = 0.1 * np.arange(STEPS)
    wave = np.sin(2.0 * np.pi * turns) * np.minimum(1.0, turns / 3.0)
    signals = array.get_distributed_source_signal(kgrid, wave[None, :], order="C")
    built = time.process_time() - begin
    return kgrid, kWaveMedium(sound_speed=case["speed"], density=case["density"]), mask, signals, built


def tone(pressure: Any) -> Any:
    """Return the amplitude at the drive frequency of three periods, 30 frames, first axis time."""
    turns = np.exp(-2j * np.pi * 0.1 * np.arange(30))
    return np.abs(2.0 / 30.0 * np.tensordot(turns, pressure, axes=1))


def below(amplitude: Any) -> dict[str, Any]:
    """Return the axis from the apex down, without the absorbing layer."""
    cells = np.arange(APEX + 1, GRID[2] - LAYER)
    step = CASE["speed"] / CASE["frequency"] / 3.0
    return axis((cells - APEX) * step, amplitude[cells])


def axis(z: Any, amplitude: Any) -> dict[str, Any]:
    return {"z": [float(v) for v in z], "axis": [float(v) for v in amplitude]}


if __name__ == "__main__":
    CASE = json.load(sys.stdin)
    found = {"sonosk": sonosk, "k-wave-python": kwave, "jwave": jwave}[sys.argv[1]](CASE)
    found["version"] = version(sys.argv[1])
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print("RESULT", json.dumps(found))
