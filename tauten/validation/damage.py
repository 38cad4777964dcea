"""Damage and collagen: published constants turned into times, doses and shortening, checked against closed forms.

The expected times follow from each source's constants by hand (ln A - E / RT). They guard the constants, the units and
the integration; they don't say that skin follows the law.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np

from tauten.grid import Field, Grid
from tauten.physics import collagen, damage
from tauten.skin.thermal import Thermal
from tauten.solvers import conduction
from tauten.solvers.state import Deposition
from tauten.units import celsius
from tauten.validation.case import Check, Claim

__all__ = ["CLAIMS"]

_TIMES: dict[str, dict[float, float]] = {
    "henriques_moritz_1947": {44: 86800.0, 50: 1040.0, 55: 29.6, 60: 0.935, 65: 0.0327},
    "diller_klutke_1993": {44: 23300.0, 50: 333.0},
    "takata_1974": {44: 6810.0, 47: 1550.0, 50: 349.0, 55: 8.02, 60: 0.207},
    "mehta_wong_epidermis": {44: 1440.0, 50: 57.7, 55: 4.32, 60: 0.349, 65: 0.0304, 70: 0.00284},
    "mehta_wong_dermis": {44: 722000.0, 50: 28900.0, 55: 2160.0, 60: 174.0, 65: 15.2, 70: 1.42},
    "weaver_stoll_1969": {44: 5550.0, 50: 20.0, 55: 3.16, 60: 0.528, 65: 0.0931, 70: 0.0173},
    "pearce_rat_skin": {60: 590.0, 65: 115.0, 70: 23.6, 75: 5.06, 80: 1.13},
    "maitland_walsh_1997": {55: 653.0, 60: 84.2, 65: 11.5, 70: 1.68, 75: 0.257, 80: 0.0416},
    "agah_1994": {65: 471.0, 70: 50.8, 75: 5.8, 80: 0.71},
}
"""Seconds to Ω = 1 by set and temperature [°C] inside the set's range.

Worked out by hand, 1 / (A exp(-E / R T)), from each source's printed constants, to three figures.
"""


def _times() -> Iterator[Check]:
    for name, times in _TIMES.items():
        kinetics = damage.endpoint(name)
        for degrees, seconds in times.items():
            yield Check(
                f"{name}: time to Ω = 1 at {degrees:g} °C",
                float(damage.time_to(kinetics, celsius(degrees))),
                seconds,
                0.005 * seconds,
                "s",
                kinetics.source,
                "1 / (A exp(-E / R T)) by hand; 0.5 %: rounded to three figures" + _doubt(kinetics.confidence),
            )


def _doubt(confidence: str) -> str:
    return "; the constants themselves are unverified" if confidence == "unverified" else ""


def _thermal_dose() -> Iterator[Check]:
    source = "Sapareto and Dewey 1984, doi:10.1016/0360-3016(84)90379-1"
    cases = [
        ("44 °C for 600 s", [44, 44], 600.0, 20.0),
        ("50 °C for 10 s", [50, 50], 10.0, 64.0 / 3.0),
        ("41 °C for an hour", [41, 41], 3600.0, 3.75),
        ("60 °C for 1 s", [60, 60], 1.0, 2.0**17 / 60.0),
        ("37 to 60 °C in 10 s", [37, 60], 10.0, 1370.262),
    ]
    for name, degrees, seconds, minutes in cases:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", damage.ExtrapolationWarning)  # the formula is checked, not its use
            value = damage.cem43([celsius(d) for d in degrees], [0.0, seconds])
        yield Check(
            f"CEM43 of {name}", float(value), minutes, 1e-6 * minutes, "min", source, "closed form, to its digits"
        )


def _shrinkage() -> Iterator[Check]:
    source = "Chen, Wright and Humphrey 1998, doi:10.1115/1.2798005 (coefficients unverified)"
    for degrees, seconds, percent in [
        (65, 60.0, 13.57),
        (65, 300.0, 42.70),
        (70, 10.0, 26.33),
        (75, 1.0, 24.46),
        (80, 1.0, 47.16),
    ]:
        value = 100.0 * float(collagen.shrinkage([celsius(degrees)] * 2, [0.0, seconds]))
        yield Check(f"shrinkage, {degrees} °C for {seconds:g} s", value, percent, 0.1, "%", source, "0.1 points")
    for degrees, tau in [(60, 1819.0), (65, 171.1), (70, 17.24), (75, 1.856), (80, 0.2128)]:
        value = float(collagen.characteristic_time(celsius(degrees)))
        yield Check(f"τ2 at {degrees} °C", value, tau, 0.005 * tau, "s", source, "0.5 %: four figures expected")
    loaded = float(collagen.characteristic_time(celsius(65), 100e3) / collagen.characteristic_time(celsius(65)))
    yield Check("τ2 at 100 kPa over τ2 unloaded", loaded, 2.974, 0.001, "1", source, "exp(1.09), four figures")
    yield Check("ln θ where shrinkage begins", collagen.onset(), -2.42, 0.005, "1", source, "three figures")
    yield from _accumulated(source)
    yield from _bounds(source)


def _accumulated(source: str) -> Iterator[Check]:
    """Two-stage heating against the time at the second temperature that has the same θ: cumulative time governs."""
    stages = [celsius(65), celsius(65), celsius(72), celsius(72)]
    staged = 100.0 * float(collagen.shrinkage(stages, [0.0, 60.0, 60.0, 64.0]))
    second = float(collagen.characteristic_time(celsius(72)))
    equal = 4.0 + 60.0 * second / float(collagen.characteristic_time(celsius(65)))
    single = 100.0 * float(collagen.shrinkage([celsius(72)] * 2, [0.0, equal]))
    yield Check(
        "two stages, 65 then 72 °C, against one", staged, single, 0.1, "%", source, "accumulated time, 0.1 points"
    )


def _bounds(source: str) -> Iterator[Check]:
    theta = [0.0, *(10.0 ** (0.1 * i - 6) for i in range(150))]
    curve = 100.0 * collagen.shrinkage_from_theta(theta)
    yield Check("least shrinkage over all θ", float(curve.min()), 0.0, 0.0, "%", source, "tissue never lengthens")
    falls = float(np.diff(curve).min())
    yield Check("steepest fall of shrinkage with θ", falls, 0.0, 0.0, "%", source, "more heat never shrinks less")
    # The straight upper line by hand: 42.4 + 3.17 v passes 60 % at v = 5.55; there f differs from 1 by 2e-7.
    before, beyond = (100.0 * float(collagen.shrinkage_from_theta(np.exp(v))) for v in (5.5, 5.6))
    yield Check("shrinkage at v = 5.5", before, 59.835, 0.001, "%", source, "42.4 + 3.17 v by hand")
    yield Check("shrinkage at v = 5.6", beyond, 60.0, 1e-9, "%", "product choice", "held at 60 %; the line gives 60.15")


def _step_and_trace() -> Iterator[Check]:
    """One 50 ms pulse into a buried layer (61 °C at its end): integrals kept inside the solver's own steps, against the
    trace of 800 dense frames of a second run, integrated afterwards at the hottest cell.
    """
    names = (
        "henriques_moritz_1947",
        "weaver_stoll_1969",
        "pearce_rat_skin",
        "maitland_walsh_1997",
        "chen_1998",
        "cem43",
    )
    grid = Grid((np.array([0.0, 1e-2]), np.linspace(0.0, 6e-3, 121)), "axisymmetric")
    heat = np.broadcast_to(1.9e9 * np.exp(-(((grid.centres[1] - 1.5e-3) / 3e-4) ** 2)), grid.shape).copy()
    pulse, end = Deposition(Field(heat, grid, "W/m3"), 0.0, 0.05), 3.0
    skin = Thermal(conductivity=0.37, density=1109.0, specific_heat=3391.0)
    (stepped,) = conduction.evolve(grid, skin, pulse, times=[end], endpoints=names)
    times = np.concatenate([np.linspace(0.0, 0.05, 400)[:-1], 0.05 + (end - 0.05) * np.linspace(0.0, 1.0, 400) ** 3])
    frames = conduction.evolve(grid, skin, pulse, times=times.tolist())
    trace = np.array([frame.temperature[0] for frame in frames], dtype=float)
    hottest = int(np.argmax(trace.max(axis=0)))
    for name in names:
        expected = float(damage.arrhenius_integral(trace[:, hottest], times, name))
        value = float(stepped.integrals[name][0, hottest])
        yield Check(
            f"{name} of one pulse, by step and by trace", value, expected, 0.005 * expected, damage.endpoint(name).unit,
            "the integral itself, by two routes", "0.5 %: the free steps' own error in temperature",
        )  # fmt: skip


CLAIMS = (
    Claim("Time to Ω = 1 of the named kinetic sets", _times, 0.1),
    Claim("Thermal dose CEM43", _thermal_dose, 0.1),
    Claim("Collagen shrinkage master curve", _shrinkage, 0.1),
    Claim("Damage of one pulse by step and by trace", _step_and_trace, 3.0),
)
"""Damage claims, run by `tauten verify`."""
