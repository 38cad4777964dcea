"""One focused shot: its steepening against exact solutions and another code, its heat and zone against bounds.

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
from tauten.errors import NotConverged
from tauten.facts import load
from tauten.physics.sound import fubini
from tauten.physics.steepening import distortion_rate, steepening_rate
from tauten.solvers import conduction, harmonics
from tauten.solvers.beams import Acoustics, radiate
from tauten.solvers.distort import BLOCK, PAIR, cell
from tauten.solvers.harmonics import march
from tauten.solvers.state import TissueState
from tauten.units import celsius
from tauten.validation.case import Check, Claim
from tauten.validation.reference_shot import (
    BOWL,
    DOSE,
    GRID,
    OMEGA,
    SKIN,
    STANDOFF,
    WATER,
    binned,
    field,
    marched,
    on_axis,
    rise,
    shot,
    surface_pressure,
    warmed,
    zone,
)

__all__ = ["CLAIMS"]

Floats = NDArray[np.floating]

_FUBINI = "Fubini 1935, closed form 2 Jn(nσ)/nσ"
_HITU = "HITU_Simulator 2 (J. E. Soneson), 32 harmonics, 1461 x 745 points, run in Octave"
_SELF = "the same shot, worked out finer"
_BALANCE = "conservation of energy"
_FABI = "bounds of Fabi 2015, doi:10.2147/CCID.S69118: over 60 °C at the focus, under 1 mm³, epidermis spared"
_NAMES = {OMEGA: "Ω = 1", DOSE: "240 CEM43"}
_BOILING = celsius(100.0)


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
    with_, without = field(3.0), field(3.0, dispersion=False)
    warm, cool = rise(shot(3.0, 0.06)), rise(shot(3.0, 0.06, None, False))
    yield Check("peak heat without dispersion over with, 3 W", float(without.heat.max() / with_.heat.max()), 0.845,
                0.025, "1", "13 to 18 % less (an earlier implementation of the same equations)",
                f"rise {cool:.2f} K without, {warm:.2f} K with")  # fmt: skip


def _another_code() -> Iterator[Check]:
    decibel = math.log(10.0) / 20.0
    water = replace(WATER, attenuation=0.217 * decibel)
    skin = Acoustics(math.inf, 1624.0, 1109.0, 184.0 * decibel, 1.0, 4.5)
    medium = conduction.Thermal(0.37, 1109.0, 3391.0)

    def run(oblique: bool) -> tuple[Floats, float, float]:
        found = march(
            (water, skin), BOWL, surface_pressure(3.83), harmonics=32, keep=(1, 2), oblique=oblique, depth=20e-3
        )
        state = warmed(binned(found), 0.025, medium, ())
        line = on_axis(state.maximum)
        return np.abs(found.pressure).max(axis=(1, 2)) / 1e6, float(line.max()), float(GRID.centres[1][line.argmax()])

    pressure, hottest, depth = run(oblique=False)
    _, exact, _ = run(oblique=True)
    loss = "every wave fades as one straight down, as in that code; not what `radiate` computes"
    yield Check("first harmonic, its model", float(pressure[0]), 6.174, 0.03 * 6.174, "MPa", _HITU, loss)
    yield Check("second harmonic, its model", float(pressure[1]), 1.861, 0.08 * 1.861, "MPa", _HITU, loss)
    yield Check("rise after 25 ms, its model", hottest, 22.83, 0.04 * 22.83, "K", _HITU, loss)
    yield Check("depth of the largest rise, its model", 1e3 * depth, 3.80, 0.1, "mm", _HITU,
                "two cells of 40 µm and a focus of 3 mm")  # fmt: skip

    sound = radiate((water, skin), BOWL, power=3.83, harmonics=32, keep=(1, 2))
    peak = np.abs(sound.pressure).max(axis=(1, 2)) / 1e6
    warm = rise(warmed(np.asarray(sound.on(GRID, STANDOFF).values), 0.025, medium, ()))
    yield Check(
        "first harmonic, radiate", float(peak[0]), 6.174, 0.03 * 6.174, "MPa", _HITU, "the whole field, echoes and all"
    )
    yield Check(
        "second harmonic, radiate", float(peak[1]), 1.861, 0.08 * 1.861, "MPa", _HITU, "the whole field, echoes and all"
    )
    yield Check("rise after 25 ms, radiate", warm, 22.83, None, "K", _HITU,
                f"{100.0 * (warm / 22.83 - 1.0):+.1f} %: that code fades and passes every wave as one straight down; "
                "here oblique waves, which come from the bowl's edge, fade over their longer way and pass the skin's "
                f"surface at their own angle. The march alone with that: {exact:.2f} K")  # fmt: skip


def _refined() -> Iterator[Check]:
    for power, duration in ((3.0, 0.06), (4.0, 0.025)):
        sound, finer = field(power), field(power, 128)
        state, fine = shot(power, duration), shot(power, duration, 128)
        note = "4 W lies on the threshold of the shock" if power == 4.0 else ""
        named = f"{power:g} W x {1e3 * duration:g} ms"
        yield _same(f"peak heat, {named}, 64 over 128 harmonics", sound.heat.max(), finer.heat.max(), note)
        yield _same(f"rise, {named}, 64 over 128 harmonics", rise(state), rise(fine), note)
        (one, coarse), (half, steps) = (marched(power, duration, step) for step in (1.0, 0.5))
        cells = f"{one.z.size} over {half.z.size} cells"
        yield _same(f"peak heat, {named}, {cells}", one.heat.max(), half.heat.max(), note)
        yield _same(f"rise, {named}, {cells}", rise(coarse), rise(steps), note)
        for kinetics, words in _NAMES.items():
            formed = zone(state, kinetics)
            yield Check(f"volume, {words}, {named}", formed, None, None, "mm3", "", _told(state))
            # By the shot's end nothing, or a part of one cell, is coagulated: the same power on, until it can be told.
            later = f"{power:g} W x 100 ms ({f'{formed:.4f} mm³' if formed else 'none'} by {1e3 * duration:g} ms)"
            long, longer = (zone(shot(power, 0.1, count), kinetics) for count in (None, 128))
            yield _same(f"volume, {words}, {later}, 64 over 128 harmonics", long, longer, note)
            long, longer = (zone(marched(power, 0.1, step)[1], kinetics) for step in (1.0, 0.5))
            yield _same(f"volume, {words}, {later}, {cells}", long, longer, note)


def _same(name: str, coarse: float, fine: float, note: str) -> Check:
    return Check(name, float(coarse) / float(fine) if fine else math.nan, 1.0, 0.03, "1", _SELF, note)


def _threshold() -> Iterator[Check]:
    """On the threshold of the shock a result is an interval: what dispersion and the skin's attenuation make of it."""
    row = load()["tissue/acoustics/skin.attenuation"]
    least, most = (replace(SKIN, attenuation=value) for value in (row.si_low, row.si_high))
    for power, duration in ((4.0, 0.025), (4.0, 0.05), (3.0, 0.06)):
        for name, dispersion, skin in (
            ("as it is", True, SKIN), ("no dispersion", False, SKIN),
            (f"skin fades {row.si_low:.3g} Np/m at 1 MHz, its row's low end", True, least),
            (f"skin fades {row.si_high:.3g} Np/m at 1 MHz, its row's high end", True, most),
        ):  # fmt: skip
            state, sound = shot(power, duration, None, dispersion, skin), field(power, None, dispersion, skin)
            note = f"{_told(state)}, {zone(state):.4f} mm³ by Ω = 1; peak heat {sound.heat.max() / 1e9:.3g} W/mm³"
            yield Check(f"rise, {power:g} W x {1e3 * duration:g} ms, {name}", rise(state), None, None, "K", "", note)


def _told(state: TissueState) -> str:
    """Return how hot the hottest place became, and whether it would boil."""
    hottest = celsius(34.0) + rise(state)
    boils = "boils; were it not to, " if hottest >= _BOILING else ""
    return f"{boils}hottest place {hottest - celsius(0.0):.1f} °C"


def _energy() -> Iterator[Check]:
    source = "a shorter pulse loses less heat sideways and steepens more"
    for energy, strong, weak in ((0.16, 4.0, 2.0), (0.20, 4.0, 2.0), (0.28, 3.5, 3.0), (0.30, 3.5, 3.0)):
        for kinetics, words in _NAMES.items():
            states = [shot(power, energy / power) for power in (strong, weak)]
            short, long = (zone(state, kinetics) for state in states)
            for power, state, volume in zip((strong, weak), states, (short, long), strict=True):
                yield Check(f"volume, {words}, {energy:g} J as {power:g} W x {1e3 * energy / power:.1f} ms", volume,
                            None, None, "mm3", "", _told(state))  # fmt: skip
            yield _less(f"volume, {words}, {energy:g} J: {weak:g} W over {strong:g} W", long, short, source)


def _less(name: str, smaller: float, larger: float, source: str) -> Check:
    share = smaller / larger if larger > 0.0 else math.nan
    return Check(
        name, share, 0.0, math.nextafter(1.0, 0.0), "1", source, f"below 1: {smaller:.4f} and {larger:.4f} mm³"
    )


def _bounds() -> Iterator[Check]:
    for duration in (0.06, 0.08):
        state, named = shot(3.0, duration), f"3 W x {1e3 * duration:g} ms"
        yield Check(
            f"{named}: hottest place", 34.0 + rise(state), 77.5, 17.5, "degC", _FABI, "60 to 95 °C, below boiling"
        )
        yield Check(f"{named}: coagulated volume", zone(state), 0.5, 0.5, "mm3", _FABI, "0 to 1 mm³")
        burn = float(state.integrals[OMEGA][:, GRID.centres[1] < 0.1e-3].max())
        yield Check(f"{named}: Ω in the uppermost 0.1 mm", burn, 0.0, 1.0, "1", _FABI, "below 1")
    source = "more power, or the same for longer, never makes less"
    for low, high in ((3.0, 3.5), (3.5, 4.0), (4.0, 5.0)):
        less, more = (zone(shot(power, 0.08)) for power in (low, high))
        yield _less(f"volume of {low:g} W over that of {high:g} W, 80 ms", less, more, source)
    for brief, long in ((0.04, 0.06), (0.06, 0.08), (0.08, 0.1)):
        less, more = (zone(shot(4.0, duration)) for duration in (brief, long))
        yield _less(f"volume after {1e3 * brief:g} ms over that after {1e3 * long:g} ms, 4 W", less, more, source)


CLAIMS = (
    Claim("Shots: a plane wave half-way to its shock", _plane_wave, seconds=0.1),
    Claim("Shots: every head's power adds up in water", _power, seconds=10.0),
    Claim("Shots: harmonics leave weak sound alone", _weak, seconds=1.0),
    Claim("Shots: what dispersion does", _dispersion, seconds=2.0),
    Claim("Shots: another code, case SK", _another_code, seconds=2.0),
    Claim("Shots: twice the harmonics, half the steps", _refined, seconds=8.0),
    Claim("Shots: the interval on the threshold of the shock", _threshold, seconds=4.0),
    Claim("Shots: equal energy, unequal zones", _energy, seconds=2.0),
    Claim("Shots: bounds of published points", _bounds, seconds=3.0),
)
