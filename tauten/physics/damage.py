"""Thermal damage: rates, and their integrals over a temperature trace, for the named kinetic sets.

The choice of set moves an answer more than any solver error: at 65 °C, in the range of both, Ω = 1 takes 115 s by
pearce_rat_skin and 0.0327 s by henriques_moritz_1947, 3500 times less. So an endpoint always names its set.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.checks import number
from tauten.errors import InputError, OutsideValidity
from tauten.facts import Facts
from tauten.physics.kinetic_sets import Band, KineticSet, band_rate, endpoint, names, thermal_dose, time_within
from tauten.references import law
from tauten.units import kelvin_to_celsius

__all__ = [
    "Band",
    "ExtrapolationWarning",
    "KineticSet",
    "arrhenius_integral",
    "band_rate",
    "cem43",
    "denatured_fraction",
    "endpoint",
    "extrapolated",
    "names",
    "rate",
    "require_sourced",
    "thermal_dose",
    "time_to",
    "time_within",
]


TISSUE_RANGE = (200.0, 2000.0)
"""Temperatures [K] a damage law is asked for: from below a cryogen's film (about 220 K) to above any ablation plume.
Outside, a number is a mistake (degrees Celsius, say), and the panels of an integral would have no bound."""

_MOST_PANELS = 10_000


class ExtrapolationWarning(UserWarning):
    """A law was used outside the range of its source; the message says which and by how much."""


def _named(kinetics: KineticSet | str, facts: Facts | None) -> KineticSet:
    return endpoint(kinetics, facts) if isinstance(kinetics, str) else kinetics


def _temperatures(temperature: ArrayLike, kinetics: KineticSet) -> NDArray[np.float64]:
    kelvin = np.asarray(temperature, dtype=float)
    low, high = TISSUE_RANGE
    if not np.all((kelvin >= low) & (kelvin <= high)):
        out = kelvin[~((kelvin >= low) & (kelvin <= high))].flat[0]
        raise InputError(
            "is not an absolute temperature tissue can have", key="temperature", value=f"{out:g}",
            allowed=f"{low:g} to {high:g}", unit="K",
        )  # fmt: skip
    require_sourced(kinetics, float(kelvin.max(initial=0.0)))
    return kelvin


def require_sourced(kinetics: KineticSet, peak: float) -> None:
    """Raise `OutsideValidity` when `peak` [K] lies where `kinetics` has no sourced law."""
    for low, high in kinetics.blank:
        if low <= peak <= high:
            raise OutsideValidity(
                f"{kinetics.name} has no sourced law at {kelvin_to_celsius(peak):.4g} °C, only below "
                f"{kelvin_to_celsius(low):.4g} °C; choose another set for this endpoint."
            )


@law(cite="henriques_1947")
def rate(kinetics: KineticSet | str, temperature: ArrayLike, facts: Facts | None = None) -> NDArray[np.float64]:
    """Return the rate of a set at `temperature` [K], in its unit per second; same shape.

    Outside the set's valid range the rate is extrapolated, not cut (see `extrapolated`); where the source gives no law
    at all it raises `OutsideValidity`. Raises `InputError` for an unknown set or no absolute temperature.

    >>> round(float(rate("cem43", 317.15)) * 600, 6)  # ten minutes at 44 degC, in equivalent minutes
    20.0
    """
    kinetics = _named(kinetics, facts)
    kelvin = _temperatures(temperature, kinetics)
    total = np.zeros(kelvin.shape)
    for band in kinetics.bands:
        inside = (kelvin >= band.low) & (kelvin < band.high)
        total[inside] = band_rate(band.a, band.b, band.c, kelvin[inside])
    return total


def time_to(
    kinetics: KineticSet | str, temperature: ArrayLike, omega: float = 1.0, facts: Facts | None = None
) -> NDArray[np.float64]:
    """Return the time [s] at a constant `temperature` [K] until the integral reaches `omega`; inf where nothing builds.

    Raises what `rate` does.

    >>> round(float(time_to("maitland_walsh_1997", 338.15)), 1)
    11.5
    """
    with np.errstate(divide="ignore"):
        return np.asarray(omega / rate(kinetics, temperature, facts))


@law(cite="henriques_1947")
def arrhenius_integral(
    temperature: ArrayLike, time: ArrayLike, kinetics: KineticSet | str, facts: Facts | None = None
) -> NDArray[np.float64]:
    """Return the integral over `time` [s] of a set's rate along a trace: Ω, or the set's own unit.

    `temperature` [K] has time as its first axis; the result has the shape of the others. The trace is taken as straight
    between samples (two samples at one time make a step). Each straight piece is cut where it crosses a band and
    integrated by five-point Gauss-Legendre on panels over which the exponent moves by at most one, which leaves a
    relative error below 1e-9; a constant temperature is exact.

    Raises `InputError` for times that do not rise, no sample per time, no absolute temperature or an unknown set, and
    `OutsideValidity` where the set has no sourced law.

    >>> round(float(arrhenius_integral([338.15, 338.15], [0.0, 11.5], "maitland_walsh_1997")), 2)
    1.0
    """
    kinetics = _named(kinetics, facts)
    kelvin, seconds = _temperatures(temperature, kinetics), np.asarray(time, dtype=float)
    if seconds.ndim != 1 or len(seconds) < 2 or kelvin.shape[:1] != seconds.shape:
        raise InputError(
            "needs one sample per time", key="time", value=f"{seconds.shape} for temperatures {kelvin.shape}",
            allowed="two samples or more, time as the first axis of temperature",
        )  # fmt: skip
    steps = np.diff(seconds)
    if not np.all(np.isfinite(steps)) or np.any(steps < 0.0):
        raise InputError("does not rise", key="time", allowed="finite times in rising order", unit="s")
    steps = steps.reshape((-1,) + (1,) * (kelvin.ndim - 1))
    return np.asarray(sum(_over_band(band, kelvin[:-1], kelvin[1:], steps) for band in kinetics.bands))


def _over_band(band: Band, begin: NDArray, end: NDArray, steps: NDArray) -> NDArray:
    span = end - begin
    flat = span == 0.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        crossings = (band.low - begin) / span, (band.high - begin) / span
    enter = np.where(flat, 0.0, np.clip(np.minimum(*crossings), 0.0, 1.0))
    leave = np.where(flat, (begin >= band.low) & (begin < band.high), np.clip(np.maximum(*crossings), 0.0, 1.0))
    inside = leave > enter
    share = np.where(inside, leave - enter, 0.0)
    idle = max(band.low, 1.0)  # where pieces that miss the band are evaluated, to weigh nothing
    first, last = (np.where(inside, begin + part * span, idle) for part in (enter, leave))
    moved = np.abs(band.b * (last - first) - band.c * (1.0 / last - 1.0 / first))
    panels = math.ceil(moved.max(initial=0.0)) or 1
    if panels > _MOST_PANELS:
        raise InputError(
            "is too steep to integrate over so wide a step", key="kinetics", value=f"its exponent moves by {panels}",
            allowed=f"up to {_MOST_PANELS}", remedy="Give more samples.",
        )  # fmt: skip
    nodes, weights = np.polynomial.legendre.leggauss(5)
    mean = np.zeros(span.shape)
    for panel in range(panels):
        for node, weight in zip(nodes, weights, strict=True):
            at = first + (panel + 0.5 + 0.5 * node) / panels * (last - first)
            mean += 0.5 * weight / panels * np.where(inside, band_rate(band.a, band.b, band.c, at), 0.0)
    return np.sum(mean * share * steps, axis=0)


@law(cite="sapareto_dewey_1984", valid={"temperature": (0.0, 323.15)})
def cem43(
    temperature: ArrayLike, time: ArrayLike, cutoff: float | None = None, facts: Facts | None = None
) -> NDArray[np.float64]:
    """Return cumulative equivalent minutes at 43 °C of a trace: ∫ R**(43 - T) dt. [min]

    `temperature` [K], time first; `time` [s]. R = 0.5 at and above 43 °C, 0.25 below; below `cutoff` [K] nothing
    counts. Heating shorter than a second or above about 50 °C extrapolates, and warns with `ExtrapolationWarning`.
    Raises `InputError` as `arrhenius_integral` does.

    >>> round(float(cem43([314.15, 314.15], [0.0, 3600.0])), 3)  # an hour at 41 degC
    3.75
    """
    if cutoff is not None:
        cutoff = number(cutoff, "cutoff", 0.0, unit="K", problem="is not an absolute temperature")
    dose = thermal_dose(cutoff, facts)
    minutes = arrhenius_integral(temperature, time, dose)
    seconds = np.asarray(time, dtype=float)
    text = extrapolated(dose, float(np.max(temperature)), duration=float(seconds[-1] - seconds[0]))
    if text:
        warnings.warn(text, ExtrapolationWarning, stacklevel=2)
    return minutes


@law(cite="pearce_thomsen_1995")
def denatured_fraction(omega: ArrayLike) -> NDArray[np.float64]:
    """Return the fraction changed by a first-order process, 1 - exp(-Ω), with `omega` Ω [1].

    NaN, where a tissue is not, stays NaN. Raises `InputError` for a negative Ω.

    >>> round(float(denatured_fraction(1.0)), 4)
    0.6321
    """
    omega = np.asarray(omega, dtype=float)
    if np.any(omega < 0.0):
        raise InputError("is no damage integral", key="omega", allowed="0 or more")
    return np.asarray(-np.expm1(-omega))


def extrapolated(kinetics: KineticSet | str, peak: float, *, duration: float = math.inf) -> str:
    """Return why a heating to `peak` [K] for `duration` [s] lies outside the set's source; "" when it lies inside.

    What counts is the hottest moment: nearly all damage is done there, and every heating starts at body temperature.
    """
    kinetics = _named(kinetics, None)
    low, high = (kelvin_to_celsius(edge) for edge in kinetics.valid)
    reasons = []
    if not kinetics.valid[0] <= peak <= kinetics.valid[1]:
        covers = f"up to {high:.4g} °C" if kinetics.valid[0] == 0.0 else f"{low:.4g} to {high:.4g} °C"
        reasons.append(f"{kelvin_to_celsius(peak):.4g} °C lies outside {covers}")
    if duration < kinetics.shortest:
        reasons.append(f"{duration:.3g} s is shorter than {kinetics.shortest:g} s")
    return f"{kinetics.name} is extrapolated: {' and '.join(reasons)}." if reasons else ""
