"""Collagen shrinkage by heat: the master curve of Chen, Wright and Humphrey, by accumulated time.

Measured on bovine chordae tendineae under load; that skin follows it is unproven. Skin in the body is under tension,
which delays shrinkage (three times at 100 kPa).
"""

from __future__ import annotations

import math
import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError
from tauten.facts import Facts, load
from tauten.physics.damage import TISSUE_RANGE, ExtrapolationWarning, arrhenius_integral
from tauten.physics.kinetic_sets import ROWS, accumulated_time
from tauten.references import law
from tauten.units import kelvin_to_celsius

__all__ = [
    "characteristic_time",
    "extrapolated",
    "onset",
    "shrinkage",
    "shrinkage_from_theta",
]

CHEN = ROWS + "chen_1998"


@law(cite="chen_1998", valid={"temperature": (338.15, 363.15), "stress": (0.0, 650e3)})
def characteristic_time(temperature: ArrayLike, stress: float = 0.0, facts: Facts | None = None) -> NDArray[np.float64]:
    """Return the time scale of shrinkage, τ2 = exp(α + β P + M / T). [s]

    `temperature` T [K], `stress` P [Pa]: load multiplies the time (entropy), it doesn't change its slope (energy).
    Valid 65-90 °C, 100-650 kPa, 180-3600 s; free shrinkage (P = 0) was seen at 65-85 °C. Raises
    `InputError` for a negative stress or a temperature outside 200 to 2000 K.

    >>> round(float(characteristic_time(338.15)), 1)  # 65 degC, unloaded
    171.1
    """
    band = accumulated_time(stress, facts).bands[0]
    kelvin = np.asarray(temperature, dtype=float)
    low, high = TISSUE_RANGE
    if not np.all((kelvin >= low) & (kelvin <= high)):
        allowed = f"{low:g} to {high:g}"
        raise InputError("is not an absolute temperature tissue can have", key="temperature", allowed=allowed, unit="K")
    return np.asarray(np.exp(band.c / kelvin - band.a))


@law(cite="chen_1998", valid={"theta": (math.exp(-2.42), math.exp(4.0))})
def shrinkage_from_theta(theta: ArrayLike, facts: Facts | None = None) -> NDArray[np.float64]:
    """Return the shortening as a fraction of length for accumulated time `theta` θ [1].

    ξ = (1 - f)(a0 + a1 v) + f (b0 + b1 v), with v = ln θ and f = 1 / (1 + exp(-a (v - vm))). ξ rises with v and crosses
    zero once, at v = -2.42 (see `onset`): below that it is zero. It is held at 60 %, beyond v = 5.5, where the straight
    upper line has run away from all data. Raises `InputError` for a θ that is negative or no number.

    >>> round(100 * float(shrinkage_from_theta(60 / 171.07)), 1)  # a minute at 65 degC, in percent
    13.6
    """
    rows = (facts or load()).under(CHEN)
    theta = np.asarray(theta, dtype=float)
    if np.any(np.isnan(theta)) or np.any(theta < 0.0):
        raise InputError("is not an accumulated time", key="theta", allowed="0 or more")
    with np.errstate(divide="ignore"):
        v = np.clip(np.log(theta), -700.0, 700.0)  # exp stays finite; the curve is flat long before
    return np.clip(_master_curve(v, facts), 0.0, rows["ceiling"].si)


def _master_curve(v: NDArray[np.float64], facts: Facts | None) -> NDArray[np.float64]:
    rows = (facts or load()).under(CHEN)
    a0, a1, b0, b1 = (rows[key].si for key in ("a0", "a1", "b0", "b1"))
    f = 1.0 / (1.0 + np.exp(np.clip(-rows["steepness"].si * (v - rows["middle"].si), -700.0, 700.0)))
    return (1.0 - f) * (a0 + a1 * v) + f * (b0 + b1 * v)


def onset(facts: Facts | None = None) -> float:
    """Return v = ln θ at which the master curve crosses zero, by bisection; the only crossing, since it rises.

    >>> round(onset(), 2)
    -2.42
    """
    low, high = -10.0, 0.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if _master_curve(np.asarray(middle), facts) > 0.0 else (middle, high)
    return 0.5 * (low + high)


@law(cite="chen_1998", valid={"temperature": (338.15, 363.15), "stress": (0.0, 650e3)})
def shrinkage(
    temperature: ArrayLike, time: ArrayLike, stress: float = 0.0, facts: Facts | None = None
) -> NDArray[np.float64]:
    """Return the shortening as a fraction of length after a trace, by accumulated time θ = ∫ dt / τ2(T, P).

    `temperature` [K] with time as its first axis, `time` [s], `stress` [Pa]. Part of it comes back at 37 °C, which the
    curve doesn't hold. Warns with `ExtrapolationWarning` outside 65-90 °C or above v = 4 wherever something shrinks.
    Raises `InputError` for times that do not rise, no absolute temperature or a negative `stress`.
    """
    theta = arrhenius_integral(temperature, time, accumulated_time(stress, facts))
    fraction = shrinkage_from_theta(theta, facts)
    text = extrapolated(float(np.max(theta)), float(np.max(temperature)), stress, facts)
    if text and np.any(fraction > 0.0):
        warnings.warn(text, ExtrapolationWarning, stacklevel=2)
    return fraction


def extrapolated(theta: float, peak: float, stress: float = 0.0, facts: Facts | None = None) -> str:
    """Return why shrinkage at `theta` θ [1] after a peak of `peak` [K] lies outside the source; "" when inside."""
    rows = (facts or load()).under(CHEN)
    low, high = rows["valid_low"].si, rows["valid_high"].si
    reasons = []
    if not low <= peak <= high:
        span = f"{kelvin_to_celsius(low):.4g} to {kelvin_to_celsius(high):.4g} °C"
        reasons.append(f"{kelvin_to_celsius(peak):.4g} °C lies outside {span}")
    if theta > math.exp(rows["v_high"].si):
        reasons.append(f"ln θ = {math.log(theta):.3g} lies above {rows['v_high'].si:g}")
    if stress > rows["stress_high"].si:
        reasons.append(f"{stress / 1e3:.4g} kPa lies above {rows['stress_high'].si / 1e3:.4g} kPa")
    return f"chen_1998 is extrapolated: {' and '.join(reasons)}." if reasons else ""
