"""How a focused wave steepens: Fubini's plane wave, Westervelt's second harmonic, dispersion, and another code's shot.

What is shot, and into what, is in `reference_shot`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tauten.devices.catalogue import catalogue
from tauten.devices.head import Head
from tauten.devices.transducer import Bowl
from tauten.errors import NotConverged
from tauten.physics.sound import fubini
from tauten.physics.steepening import distortion_rate, steepening_rate
from tauten.solvers import conduction, harmonics, planewaves
from tauten.solvers.beams import Acoustics, radiate
from tauten.solvers.distort import BLOCK, PAIR, cell
from tauten.solvers.harmonics import march
from tauten.validation.case import Check, Claim
from tauten.validation.reference_shot import (
    BOWL,
    FACE,
    GRID,
    SKIN,
    STANDOFF,
    WATER,
    field,
    on_axis,
    rise,
    shot,
    surface_pressure,
    warmed,
)

__all__ = ["CLAIMS", "second_harmonic"]

Floats = NDArray[np.float64]

_FUBINI = "Fubini 1935, closed form 2 Jn(nσ)/nσ"
_WESTERVELT = "Westervelt's equation to second order: integral of p1² over the volume with Green's function"
_HITU = "HITU_Simulator 2 (J. E. Soneson), 32 harmonics, 1461 x 745 points, run in Octave"
_BALANCE = "conservation of energy"


def _plane_wave() -> Iterator[Check]:
    """Let a plane wave go half its way to the shock in cells and sub-steps as the march takes them."""
    from scipy.special import jv

    count, pressure, way = harmonics.CEILING, 2e6, 0.5
    medium = (BOWL.frequency, SKIN.nonlinearity, SKIN.density, SKIN.speed)
    rate = float(steepening_rate(1, *medium))
    cells = math.ceil(way / harmonics._TURN)
    length = way / float(distortion_rate(pressure, *medium)) / cells
    wave, half = np.zeros((2, 2 * count, BLOCK), dtype=np.float32)
    wave[0] = pressure
    none, one = np.zeros(count, np.float32), np.ones(BLOCK, np.float32)
    heat, filtered, sums = np.empty((3, BLOCK), np.float32)
    substeps = 0
    for _ in range(cells):
        substeps += cell(
            wave, count, one, rate, length, none, none, harmonics._FLOOR, harmonics._LIMIT, harmonics._ORDER,
            harmonics._STRENGTH, half, heat, filtered, sums, np.zeros((count, 1), np.float32),
            np.empty((3, count * PAIR), np.float32),
        )  # fmt: skip
    real, imaginary = wave.reshape(count, 2, BLOCK)[:, :, 0].T
    for n, expected in ((1, 0.9691), (2, 0.2298), (3, 0.0813)):
        found = float(np.hypot(real[n - 1], imaginary[n - 1])) / pressure
        exact = float(fubini(way, n, jv(n, n * way)))
        yield Check(f"harmonic {n} half-way to the shock", found, expected, 0.01 * expected, "1", _FUBINI,
                    f"{exact:.5f} to its digits; {cells} cells, {substeps // BLOCK} sub-steps, as many as the march "
                    "takes")  # fmt: skip


def second_harmonic(bowl: Bowl, layer: Acoustics, depth: float, spacing: float = 1.2e-5) -> float:
    """Return the second harmonic [Pa] on a bowl's axis at `depth` [m] in an endless lossless `layer`, for 1 Pa there.

    To second order Westervelt's equation is a wave equation with the source β/ρc⁴ ∂²p₁²/∂t², solved by Green's function
    of an endless medium: P₂ = (β (2ω)² / 2ρc⁴) ∫ P₁² exp(-i 2k R) / 4πR dV, summed at a `spacing` [m] of a ninth of its
    wave or less. P₁ is the exact linear field; nothing here goes one way or cell by cell.
    """
    k = 2.0 * math.pi * bowl.frequency / layer.speed
    r = np.arange(0.5 * spacing, 1.1 * bowl.aperture_radius, spacing)
    z = np.arange(bowl.depth + 0.5 * spacing, 1.45 * bowl.focus, spacing)
    waves = planewaves.waves((layer,), bowl, float(z[0]), float(z[-1]), float(r[-1]))
    way = np.hypot(r[:, None], z - depth)
    green = np.exp(-2j * k * way) / (4.0 * math.pi * way) * (2.0 * math.pi * r[:, None] * spacing**2)
    total = np.sum(planewaves.pressure_at(waves, r, z) ** 2 * green)
    return float(abs(total)) * 2.0 * layer.nonlinearity * (k / layer.speed) ** 2 / layer.density


def _slanting_waves() -> Iterator[Check]:
    # So slightly nonlinear that the first harmonic loses nothing to the second, and so loud that every row steepens.
    water = replace(WATER, thickness=math.inf, attenuation=0.0, nonlinearity=3.5e-3)
    for aperture in (5.5e-3, 7.5e-3):
        bowl = replace(BOWL, aperture_radius=aperture)
        found = march((water,), bowl, 1e6, harmonics=2, keep=(2,), depth=20e-3, peaks=False)
        straight = march((water,), bowl, 1e6, harmonics=2, keep=(2,), depth=20e-3, peaks=False, oblique=False)
        exact = 1e12 * second_harmonic(bowl, water, bowl.focus)
        own, flat = (float(np.interp(bowl.focus, m.z, on_axis_of(m))) for m in (found, straight))
        edge = math.degrees(math.asin(aperture / bowl.radius))
        yield Check(f"second harmonic at the centre of curvature, edge at {edge:.0f}°", own / exact, 1.0, 0.01, "1",
                    _WESTERVELT, f"1 %; steepened along depth alone {100.0 * (flat / exact - 1.0):+.1f} %")  # fmt: skip


def on_axis_of(found: harmonics.March) -> Floats:
    """Return the size of the first harmonic kept on the axis, from the first two rings: even in r."""
    one, two = found.r[:2] ** 2
    size = np.abs(found.pressure[0])
    return np.asarray((size[0] * two - size[1] * one) / (two - one))


def _power() -> Iterator[Check]:
    water = replace(WATER, thickness=math.inf)
    done = set()
    for head in catalogue().values():
        if not isinstance(head, Head) or head.transducer in done:
            continue
        done.add(head.transducer)
        power = head.settings["power"].high
        named = f"{head.transducer.frequency / 1e6:g} MHz, {power:g} W, all water"
        try:
            found = 1.0 + radiate([water], head.transducer, power=power).imbalance
        except NotConverged as error:  # what it misses is what is asked
            found = 1.0 + error.residual
        yield Check(f"power found again over power sent, {named}", found, 1.0, 0.01, "1", _BALANCE,
                    "each head at the highest power it can be set to")  # fmt: skip
        sent = march((water,), head.transducer, surface_pressure(power, head.transducer), harmonics=1).emitted
        yield Check(f"power through the rim's plane, {named}", sent, power, 0.01 * power, "W",
                    "p₀²/2ρc times the curved area", "1 %: high k a")  # fmt: skip


def _weak() -> Iterator[Check]:
    many, one = (field(0.01, n).heat for n in (None, 1))
    yield Check("peak heat with harmonics over without, 0.01 W", float(many.max() / one.max()), 1.0, 0.005, "1",
                "linear acoustics is the limit of weak waves", "0.5 %")  # fmt: skip


def _dispersion() -> Iterator[Check]:
    def peaks(oblique: bool, harmonics: int | None = None) -> Floats:
        """Return the peak heat [W/m³] with dispersion and without, in the cells that warm the tissue."""
        found = (
            radiate(FACE, BOWL, power=3.0, dispersion=d, oblique=oblique, harmonics=harmonics, keep=())
            for d in (True, False)
        )
        return np.array([sound.on(GRID, STANDOFF).values.max() for sound in found])

    warm, cool = rise(shot(3.0, 0.06)), rise(shot(3.0, 0.06, None, False))
    with_, without = peaks(oblique=False)
    yield Check("peak heat without dispersion over with, 3 W, every wave straight down", float(without / with_), 0.845,
                0.025, "1", "13 to 18 % less (an earlier implementation of the same equations)",
                "as that one took waves: they fade and steepen along depth")  # fmt: skip
    for count in (None, 128):
        with_, without = peaks(oblique=True, harmonics=count)
        yield Check(f"the same, radiate, {count or 64} harmonics", float(without / with_), None, None, "1", "",
                    f"waves that steepen along their own way are nearer to their shock; rise {cool:.2f} K without, "
                    f"{warm:.2f} K with")  # fmt: skip


def _another_code() -> Iterator[Check]:
    decibel = math.log(10.0) / 20.0
    water = replace(WATER, attenuation=0.217 * decibel)
    skin = Acoustics(math.inf, 1624.0, 1109.0, 184.0 * decibel, 1.0, 4.5)
    medium = conduction.Thermal(0.37, 1109.0, 3391.0)

    def run(oblique: bool) -> tuple[Floats, float, float]:
        sound = radiate((water, skin), BOWL, power=3.83, harmonics=32, keep=(1, 2), oblique=oblique)
        state = warmed(np.asarray(sound.on(GRID, STANDOFF).values), 0.025, medium, ())
        line = on_axis(state.maximum)
        peak = np.abs(sound.pressure).max(axis=(1, 2)) / 1e6
        return peak, float(line.max()), 1e3 * float(GRID.centres[1][line.argmax()])

    for oblique, model in ((False, "its model"), (True, "own model")):
        pressure, hottest, depth = run(oblique)
        note = "every wave fades, passes the skin's surface and steepens as one straight down: `oblique=False`"
        if oblique:
            note = "waves from the bowl's edge come in at 22° and fade, pass and steepen along their own way"
        yield Check(f"first harmonic, {model}", float(pressure[0]), 6.174, 0.03 * 6.174, "MPa", _HITU, note)
        yield Check(f"second harmonic, {model}", float(pressure[1]), 1.861, 0.08 * 1.861, "MPa", _HITU, note)
        share = f"{100.0 * (hottest / 22.83 - 1.0):+.1f} %: {note}"
        yield Check(f"rise after 25 ms, {model}", hottest, 22.83, None if oblique else 0.04 * 22.83, "K", _HITU, share)
        yield Check(f"depth of the largest rise, {model}", depth, 3.80, 0.1, "mm", _HITU,
                    "two cells of 40 µm and a focus of 3 mm")  # fmt: skip


CLAIMS = (
    Claim("Steepening: a plane wave half-way to its shock", _plane_wave, seconds=0.1),
    Claim("Steepening: waves that come in at a slant", _slanting_waves, seconds=3.0),
    Claim("Steepening: every head's power adds up in water", _power, seconds=10.0),
    Claim("Steepening: harmonics leave weak sound alone", _weak, seconds=1.0),
    Claim("Steepening: what dispersion does", _dispersion, seconds=3.0),
    Claim("Steepening: another code, case SK", _another_code, seconds=2.0),
)
