"""What absorbs in skin: one function per published table or law, each with its own validity.

Wavelengths are in metres, absorption in 1/m. Tables are read once and interpolated in log value; the water table, whose
band edges are steep, by a monotone cubic.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.facts import Facts, load, read_curve
from tauten.references import law

__all__ = [
    "absorption_in_vitro",
    "baseline_absorption",
    "blood_absorption",
    "curve_at",
    "lipid_absorption",
    "melanosome_absorption",
    "water_absorption",
]

Values = NDArray[np.float64]
_NM = 1e-9


@law(cite="segelstein_1981", valid={"wavelength": (400e-9, 2000e-9), "temperature": (263.15, 374.15)})
def water_absorption(wavelength: ArrayLike, temperature: float | None = None, facts: Facts | None = None) -> Values:
    """Absorption coefficient of liquid water [1/m] at `temperature` [K] (None: that of the table, 25 °C).

    μ(λ, T) = μ(λ, 25 °C) + ψ(λ)·(T - 25 °C), with `wavelength` λ [m]; μ from Segelstein 1981 and ψ from Röttgers 2014,
    measured near 20 °C and extrapolated linearly. ψ changes sign across each band: hot water absorbs more at 1420 nm
    and less at 1480 nm.

    >>> print(round(float(water_absorption(1450e-9)) / 100, 1))   # 1/cm
    31.5
    """
    facts = facts or load()
    at = np.asarray(wavelength, dtype=np.float64)
    cold = np.exp(_cubic("tissue/curves/water_absorption", np.log(at)))
    if temperature is None:
        return cold
    psi = curve_at("water_temperature", at, logarithmic=False) * facts.si("tissue/optics/water.temperature_scale")
    return cold + psi * (temperature - facts.si("tissue/optics/water.reference_temperature"))


@law(cite="jacques_melanosome", valid={"wavelength": (400e-9, 2000e-9)})
def melanosome_absorption(wavelength: ArrayLike, facts: Facts | None = None) -> Values:
    """Absorption coefficient inside a melanosome [1/m]: μ = 1.70e12 (λ/nm)^-3.48 1/cm.

    >>> print(round(float(melanosome_absorption(1064e-9)) / 100, 1))   # 1/cm
    49.7
    """
    facts = facts or load()
    nm = np.asarray(wavelength, dtype=np.float64) / _NM
    return facts.si("tissue/optics/melanosome.coefficient") * nm ** -facts.si("tissue/optics/melanosome.power")


@law(cite="bosschaart_2014", valid={"wavelength": (400e-9, 1995e-9)})
def blood_absorption(wavelength: ArrayLike, oxygenation: float) -> Values:
    """Absorption coefficient of whole blood [1/m], water included, haematocrit 45 %.

    μ = S·μ_oxy + (1 - S)·μ_deoxy, with `oxygenation` S from 0 to 1.
    """
    full, empty = curve_at("blood_oxygenated", wavelength), curve_at("blood_deoxygenated", wavelength)
    return oxygenation * full + (1.0 - oxygenation) * empty


@law(cite="van_veen_2005", valid={"wavelength": (429e-9, 1098e-9)})
def lipid_absorption(wavelength: ArrayLike) -> Values:
    """Absorption coefficient of pure fat [1/m]: measured to 1098 nm, an unverified continuation beyond."""
    at = np.asarray(wavelength, dtype=np.float64)
    ends = read_curve("tissue/curves/lipid_absorption").at[-1]
    return np.where(at <= ends, curve_at("lipid_absorption", at), curve_at("lipid_absorption_infrared", at))


@law(cite="jacques_1998", valid={"wavelength": (350e-9, 1100e-9)})
def baseline_absorption(wavelength: ArrayLike, facts: Facts | None = None) -> Values:
    """Absorption coefficient of skin without blood, melanin and water [1/m].

    μ = floor + 85.3 exp(-(λ/nm - 154)/66.2) 1/cm. The floor of the fit, 0.244, holds some water above 900 nm, so it
    falls linearly to what is left without it.
    """
    rows = (facts or load()).under("tissue/optics/baseline")
    nm = np.asarray(wavelength, dtype=np.float64) / _NM
    ends = [rows["floor_ends"].value, rows["floor_infrared_begins"].value]
    floor = np.interp(nm, ends, [rows["floor"].si, rows["floor_infrared"].si])
    return floor + rows["amplitude"].si * np.exp(-(nm - rows["start"].value) / rows["decay"].value)


@law(cite="salomatina_2006", valid={"wavelength": (391e-9, 1602e-9)})
def absorption_in_vitro(tissue: str, wavelength: ArrayLike) -> Values:
    """Absorption coefficient [1/m] measured in vitro on hydrated samples of "epidermis", "dermis" or "fat".

    Higher than the mixture of living skin; never added to it, shown beside it.
    """
    return curve_at(f"{tissue}_absorption_in_vitro", wavelength)


def curve_at(name: str, wavelength: ArrayLike, logarithmic: bool = True) -> Values:
    """Return the measured curve `tissue/curves/<name>` at wavelengths [m]; its end values hold beyond its ends."""
    at, values = _table(f"tissue/curves/{name}", logarithmic)
    found = np.interp(np.asarray(wavelength, dtype=np.float64), at, values)
    return np.exp(found) if logarithmic else found


@cache
def _table(name: str, logarithmic: bool) -> tuple[Values, Values]:
    curve = read_curve(name)
    values = np.array(curve.value)
    return np.array(curve.at), np.log(values) if logarithmic else values


@cache
def _cubic_table(name: str) -> tuple[Values, Values, Values]:
    """Return knots, values and slopes in log-log of the monotone cubic (Fritsch & Butland 1984)."""
    at, values = _table(name, True)
    x, step = np.log(at), np.diff(np.log(at))
    secant = np.diff(values) / step
    slopes = np.zeros_like(values)
    slopes[0], slopes[-1] = secant[0], secant[-1]
    same = secant[:-1] * secant[1:] > 0.0
    w1, w2 = 2.0 * step[1:] + step[:-1], step[1:] + 2.0 * step[:-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes[1:-1] = np.where(same, (w1 + w2) / (w1 / secant[:-1] + w2 / secant[1:]), 0.0)
    return x, values, slopes


def _cubic(name: str, x: Values) -> Values:
    knots, values, slopes = _cubic_table(name)
    i = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, knots.size - 2)
    width = knots[i + 1] - knots[i]
    t = (x - knots[i]) / width
    rise = (1 + 2 * t) * (1 - t) ** 2 * values[i] + t**2 * (3 - 2 * t) * values[i + 1]
    return rise + width * (t * (1 - t) ** 2 * slopes[i] - t**2 * (1 - t) * slopes[i + 1])
