"""What absorbs in skin: one function per published table or law, each with its own validity.

Wavelengths are in metres, absorption in 1/m. Tables are read once and interpolated in log value; the water tables,
whose band edges are steep, by a monotone cubic.
"""

from __future__ import annotations

from functools import cache, lru_cache

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
    "water_absorption_segelstein_1981",
    "water_absorption_wang_2017",
    "water_share_of_wang",
]

Values = NDArray[np.float64]
_NM = 1e-9


@law(cite="segelstein_1981", valid={"wavelength": (400e-9, 2000e-9), "temperature": (263.15, 374.15)})
def water_absorption_segelstein_1981(wavelength: ArrayLike) -> Values:
    """Absorption coefficient of liquid water [1/m] at 25 °C, the compilation of Segelstein 1981; `wavelength` [m].

    >>> print(round(float(water_absorption_segelstein_1981(1450e-9)) / 100, 1))   # 1/cm
    31.5
    """
    return np.exp(_cubic("tissue/curves/water_absorption_segelstein", wavelength))


@law(cite="wang_2017", valid={"wavelength": (1200e-9, 1900e-9)})
def water_absorption_wang_2017(wavelength: ArrayLike) -> Values:
    """Absorption coefficient of liquid water [1/m] at 22 °C, measured by Wang 2017; `wavelength` [m].

    >>> print(round(float(water_absorption_wang_2017(1450e-9)) / 100, 1))   # 1/cm
    31.3
    """
    return np.exp(_cubic("tissue/curves/water_absorption_wang", wavelength))


@law(cite="rottgers_2014", valid={"wavelength": (400e-9, 2000e-9), "temperature": (263.15, 374.15)})
def water_absorption(wavelength: ArrayLike, temperature: float = 310.15, facts: Facts | None = None) -> Values:
    """Absorption coefficient of liquid water [1/m] at `wavelength` λ [m] and `temperature` T [K].

    μ(λ, T) = μ(λ, T₀) + ψ(λ)·(T - T₀): μ measured by Wang 2017 from 1200 to 1890 nm and by Segelstein 1981 elsewhere,
    each at its own T₀; ψ by Röttgers 2014, measured near 20 °C and extrapolated linearly. ψ changes sign across each
    band: hot water absorbs more at 1420 nm and less at 1480 nm.

    >>> print(round(float(water_absorption(1420e-9, 333.15) / water_absorption(1420e-9, 310.15)), 2))
    1.1
    """
    rows = (facts or load()).under("tissue/optics/water")
    at = np.asarray(wavelength, dtype=np.float64)
    share = water_share_of_wang(at, facts)
    cold = share * water_absorption_wang_2017(at) + (1.0 - share) * water_absorption_segelstein_1981(at)
    measured_at = share * rows["wang_temperature"].si + (1.0 - share) * rows["segelstein_temperature"].si
    psi = curve_at("water_temperature", at, logarithmic=False) * rows["temperature_scale"].si
    return cold + psi * (temperature - measured_at)


def water_share_of_wang(wavelength: ArrayLike, facts: Facts | None = None) -> Values:
    """Share of Wang 2017 in the water absorption at `wavelength` [m]; Segelstein 1981 has the rest."""
    rows = (facts or load()).under("tissue/optics/water")
    begins, ends, fade = rows["wang_begins"].si, rows["wang_ends"].si, rows["crossfade"].si
    at = np.asarray(wavelength, dtype=np.float64)
    return np.interp(at, [begins - fade, begins, ends, ends + fade], [0.0, 1.0, 1.0, 0.0])


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

    >>> print(round(float(blood_absorption(1465e-9, 1.0)) / 100, 1))   # 1/cm
    24.0
    """
    full, empty = curve_at("blood_oxygenated", wavelength), curve_at("blood_deoxygenated", wavelength)
    return oxygenation * full + (1.0 - oxygenation) * empty


@law(cite="van_veen_2005", valid={"wavelength": (429e-9, 1098e-9)})
def lipid_absorption(wavelength: ArrayLike) -> Values:
    """Absorption coefficient of pure fat [1/m]: measured to 1098 nm, an unverified continuation beyond.

    >>> print(round(float(lipid_absorption(928e-9)) / 100, 3))   # 1/cm, the band at 930 nm
    0.13
    """
    at = np.asarray(wavelength, dtype=np.float64)
    ends = read_curve("tissue/curves/lipid_absorption").at[-1]
    return np.where(at <= ends, curve_at("lipid_absorption", at), curve_at("lipid_absorption_infrared", at))


@law(cite="jacques_1998", valid={"wavelength": (350e-9, 1100e-9)})
def baseline_absorption(wavelength: ArrayLike, facts: Facts | None = None) -> Values:
    """Absorption coefficient of skin without blood, melanin and water [1/m].

    μ = floor + 85.3 exp(-(λ/nm - 154)/66.2) 1/cm. The floor of the fit, 0.244, holds some water above 900 nm, so it
    falls linearly to what is left without it.

    >>> print(round(float(baseline_absorption(500e-9)) / 100, 2))   # 1/cm: 0.244 + 85.3 exp(-346/66.2)
    0.7
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

    >>> print(round(float(absorption_in_vitro("dermis", 1450.77e-9)) / 100, 1))   # 1/cm
    22.5
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


def _cubic(name: str, wavelength: ArrayLike) -> Values:
    """Return the log value at wavelengths; beyond an end, the end's."""
    at = np.asarray(wavelength, dtype=np.float64)
    return _cubic_at(name, at.tobytes(), at.shape)


@lru_cache(maxsize=32)
def _cubic_at(name: str, wavelengths: bytes, shape: tuple[int, ...]) -> Values:
    # A plan asks for the same few wavelengths thousands of times, once a layer and temperature.
    knots, values, slopes = _cubic_table(name)
    x = np.clip(np.log(np.frombuffer(wavelengths).reshape(shape)), knots[0], knots[-1])
    i = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, knots.size - 2)
    width = knots[i + 1] - knots[i]
    t = (x - knots[i]) / width
    rise = (1 + 2 * t) * (1 - t) ** 2 * values[i] + t**2 * (3 - 2 * t) * values[i + 1]
    found = np.asarray(rise + width * (t * (1 - t) ** 2 * slopes[i] - t**2 * (1 - t) * slopes[i + 1]))
    found.setflags(write=False)
    return found
