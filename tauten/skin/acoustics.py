"""What sound finds in each layer: published rows, and the laws of pure water for what lies between head and skin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tauten.checks import number
from tauten.errors import InputError, OutsideValidity
from tauten.facts import Facts, Row, load
from tauten.references import check_validity, law
from tauten.skin.layer import Layer

if TYPE_CHECKING:
    from tauten.skin.skin import Skin

__all__ = [
    "Acoustics",
    "assumptions",
    "check_couplant",
    "check_frequency",
    "layers",
    "rows",
    "water_attenuation_pinkerton_1949",
    "water_speed_marczak_1997",
]

COUPLANTS = ("water", "gel")
"""What may fill the way from the transducer to the skin."""
_ALIKE = {"epidermis": "skin", "dermis": "skin"}
"""Tissue whose rows stand in where a tissue has none of its own: sources measure the skin in one piece."""
_DENSITY = {"stratum_corneum": "skin", "epidermis": "skin", "dermis": "skin"}
_RANGED = {"speed": "m/s", "density": "kg/m3", "attenuation": "Np/m at 1 MHz", "nonlinearity": None}
_MISSING: float = float("nan")  # told from any other by being this very object
_WIDE = 2.0  # a spread from which the report speaks of it
_DECIBEL = 20.0 * math.log10(math.e) / 100.0  # Np/m in dB/cm


@dataclass(frozen=True, slots=True)
class Acoustics:
    """One plane layer as sound meets it.

    `thickness` [m] (the last layer may be infinite), `speed` [m/s] at the drive frequency, `density` [kg/m³],
    `attenuation` [Np/m] of the pressure at 1 MHz, rising as frequency to the `exponent`, the coefficient of
    `nonlinearity` β = 1 + B/2A, and `absorbed_fraction`, the share of the attenuation that becomes heat (the rest is
    scattered). The first four must be given. Raises `InputError` for a number that is missing, negative or not finite,
    or outside what the rows `tissue/acoustics/*.allowed` let a layer have.
    """

    thickness: float = _MISSING
    speed: float = _MISSING
    density: float = _MISSING
    attenuation: float = _MISSING
    exponent: float = 1.0
    nonlinearity: float = 0.0
    absorbed_fraction: float = 1.0

    def __post_init__(self) -> None:
        for name in ("thickness", "speed", "density", "attenuation"):
            if getattr(self, name) is _MISSING:
                raise InputError("is missing", key=f"acoustics.{name}")
        number(self.thickness, "acoustics.thickness", 0.0, math.inf, "m", open_low=True, endless=True)
        for name, unit in _RANGED.items():
            row = load()[f"tissue/acoustics/{name}.allowed"]
            number(getattr(self, name), f"acoustics.{name}", row.si_low, row.si_high, unit)
        number(self.exponent, "acoustics.exponent", 0.0, 2.0)
        number(self.absorbed_fraction, "acoustics.absorbed_fraction", 0.0, 1.0)


@law(cite="marczak_1997", valid={"temperature": (273.15, 368.15)})
def water_speed_marczak_1997(temperature: float) -> float:
    """Speed of sound in pure water [m/s] at atmospheric pressure: a polynomial of the fifth degree in t = T - 273.15.

    c = 1402.385 + 5.038813 t - 5.799136e-2 t² + 3.287156e-4 t³ - 1.398845e-6 t⁴ + 2.787860e-9 t⁵, `temperature` T [K].

    >>> round(water_speed_marczak_1997(293.15), 2)
    1482.38
    """
    t = temperature - 273.15
    return 1402.385 + t * (5.038813 + t * (-5.799136e-2 + t * (3.287156e-4 + t * (-1.398845e-6 + t * 2.787860e-9))))


@law(cite="pinkerton_1949", valid={"temperature": (273.15, 333.15)})
def water_attenuation_pinkerton_1949(temperature: float) -> float:
    """Attenuation of pure water [Np/m] at 1 MHz, rising as frequency squared; `temperature` T [K].

    α/f² in 1e-15 s²/m by the polynomial of the seventh degree in t = T - 273.15 that is fitted to Pinkerton's table.

    >>> round(water_attenuation_pinkerton_1949(293.15), 4)   # 0.0022 dB/cm
    0.0252
    """
    t = temperature - 273.15
    fitted = (
        56.723531840522710, -2.899633796917384, 0.099253401567561, -0.002067402501557, 2.189417428917596e-5,
        -6.210860973978427e-8, -6.402634551821596e-10, 3.869387679459408e-12,
    )  # fmt: skip
    return 1e-3 * sum(a * t**n for n, a in enumerate(fitted))  # 1e-15 s²/m times (1 MHz)²


def layers(
    skin: Skin,
    *,
    standoff: float,
    couplant: str = "water",
    temperature: float | Sequence[float] | None = None,
    frequency: float | None = None,
    facts: Facts | None = None,
) -> tuple[Acoustics, ...]:
    """Return what sound passes: the `couplant` of thickness `standoff` [m], then `skin`'s layers, the last one endless.

    `temperature` [K] is one for all or one for each layer, the couplant's first; None takes the couplant at its row's
    and the tissues at the temperature their rows hold for. It moves speed and attenuation of water and the speed of
    fat; other tissues stay as their rows say. `frequency` [Hz] is only checked. `facts` replaces the skin's own (it
    does not move thickness). Raises `InputError` for another couplant (air carries nothing into the skin) or no
    standoff, and `OutsideValidity` where water is not liquid or the rows don't reach the frequency.
    """
    facts = facts or skin.facts
    number(standoff, "exposure.standoff", 0.0, unit="m", open_low=True)
    if frequency is not None:
        check_frequency(frequency, facts)
    count = len(skin.layers) + 1
    if temperature is None:
        body = facts.si("tissue/acoustics/body.temperature")
        warmth = [facts.si("tissue/acoustics/couplant.temperature"), *[body] * (count - 1)]
    else:
        warmth = [float(t) for t in np.broadcast_to(np.asarray(temperature, dtype=np.float64), (count,))]
    found = [_couplant(couplant, standoff, warmth[0], skin.layers[0], facts)]
    found += [_tissue(layer, kelvin, facts) for layer, kelvin in zip(skin.layers, warmth[1:], strict=True)]
    return (*found[:-1], replace(found[-1], thickness=math.inf))


def check_couplant(name: object) -> None:
    """Raise `InputError` for what cannot fill the way to the skin: air above all."""
    if name == "air":
        raise InputError(
            "is air, which turns all but a thousandth of the sound back at the skin", key="exposure.couplant",
            value=name, allowed=" | ".join(COUPLANTS), remedy="Close the gap with gel; no dose is worked out with one.",
        )  # fmt: skip
    if name not in COUPLANTS:
        shown = name if isinstance(name, str) else repr(name)
        raise InputError(
            "is no couplant with data", key="exposure.couplant", value=shown, allowed=" | ".join(COUPLANTS)
        )


def check_frequency(frequency: float, facts: Facts | None = None) -> None:
    """Raise `OutsideValidity` for a `frequency` [Hz] beyond those the acoustic rows hold for."""
    row = (facts or load())["tissue/acoustics/frequency.allowed"]
    if not row.si_low * (1 - 1e-12) <= frequency <= row.si_high * (1 + 1e-12):  # NaN is outside
        raise OutsideValidity(
            f"skin.acoustics.layers: frequency = {frequency / 1e6:g} MHz is outside {row.low:g} to {row.high:g} MHz, "
            "where the rows of attenuation hold"
        )


def rows(skin: Skin, couplant: str = "water", facts: Facts | None = None) -> tuple[Row, ...]:
    """Return the data rows that `layers` reads for this skin, beside those of the skin itself."""
    facts = facts or skin.facts
    groups = {couplant, "body", "couplant"}
    names = {_density(layer.tissue) for layer in skin.layers}
    for layer in skin.layers:
        groups |= {layer.tissue, _ALIKE.get(layer.tissue, layer.tissue)}
        if layer.tissue == "stratum_corneum":
            groups.add("skin")
    found = facts.under("tissue/acoustics")
    return (*(row for key, row in found.items() if key.partition(".")[0] in groups), *(facts[n] for n in sorted(names)))


def assumptions(skin: Skin, couplant: str = "water", facts: Facts | None = None) -> tuple[str, ...]:
    """Return what `layers` has to assume for this skin, as plain sentences."""
    facts = facts or skin.facts
    said: list[str] = []
    for tissue in dict.fromkeys(_ALIKE.get(layer.tissue, layer.tissue) for layer in skin.layers):
        row = facts[f"tissue/acoustics/{tissue}.attenuation"]
        told = {"smas": "superficial fascia"}.get(tissue, tissue.replace("_", " "))
        low, value, high = (f"{_DECIBEL * v:.2g}" for v in (row.low, row.value, row.high))
        if row.confidence == "unverified":
            said.append(
                f"Attenuation of the {told} has no measured value: {value} dB/cm at 1 MHz is taken, between {low} and "
                f"{high} (unverified)."
            )
        elif row.low > 0.0 and row.high / row.low >= _WIDE:
            said.append(
                f"Attenuation of the {told} differs {row.high / row.low:.2g}-fold between sources, {low} to {high} "
                f"dB/cm at 1 MHz; {value} is taken."
            )
    body = facts["tissue/acoustics/body.temperature"].value
    reach = facts["tissue/acoustics/frequency.allowed"].high
    slopes = {t: facts[f"tissue/acoustics/{t}.speed_per_kelvin"].value for t in ("fat", "muscle")}
    there = {layer.tissue for layer in skin.layers}
    moved = [f"{t} by {slope:+g} m/s per kelvin" for t, slope in slopes.items() if slope and t in there]
    if moved:
        said.append(
            f"Sound finds each layer at its own temperature, but only its speed in {' and '.join(moved)} changes with "
            f"it, as published from 20 to 37 °C and taken beyond; all else stays as at {body:g} °C."
        )
    else:
        said.append(f"Sound finds every tissue as at {body:g} °C, whatever its temperature.")
    if "fat" in there:
        row = facts["tissue/acoustics/fat.speed"]
        said.append(
            f"The speed in fat, {row.value:g} m/s at {body:g} °C, lies between sources from {row.low:.0f} to "
            f"{row.high:.0f} m/s, which name other temperatures or none."
        )
    said.append(
        f"Attenuation of the harmonics is taken to follow its power law beyond the {reach:g} MHz its rows hold to."
    )
    if couplant == "gel":
        said.append("The coupling gel has no measured values (unverified).")
    if any(layer.tissue == "bone" for layer in skin.layers):
        said.append("Bone is taken as a fluid, without shear waves: a guard below the focus, not a treated layer.")
    return tuple(said)


def _couplant(name: str, standoff: float, kelvin: float, top: Layer, facts: Facts) -> Acoustics:
    """Return the couplant; raises `InputError` for one that is none."""
    at = facts.under(f"tissue/acoustics/{name}")
    if name == "air":
        skin = _tissue(top, facts.si("tissue/acoustics/body.temperature"), facts)
        air, z = at["density"].si * at["speed"].si, skin.density * skin.speed
        back = 1.0 - 4.0 * air * z / (air + z) ** 2
        raise InputError(
            f"is air, which turns {100.0 * back:.2f} % of the sound back at the skin", key="exposure.couplant",
            value=name, allowed=" | ".join(COUPLANTS), remedy="Close the gap with gel; no dose is worked out with one.",
        )  # fmt: skip
    check_couplant(name)
    if name == "water":
        check_validity(water_speed_marczak_1997, temperature=kelvin)
        check_validity(water_attenuation_pinkerton_1949, temperature=kelvin)
        speed = at["speed_scale"].si * water_speed_marczak_1997(kelvin)
        attenuation = at["attenuation_scale"].si * water_attenuation_pinkerton_1949(kelvin)
    else:
        speed, attenuation = at["speed"].si, at["attenuation"].si
    beta = 1.0 + at["nonlinearity"].si / 2.0
    return Acoustics(
        standoff, speed, at["density"].si, attenuation, at["exponent"].si, beta, at["absorbed_fraction"].si
    )


def _tissue(layer: Layer, kelvin: float, facts: Facts) -> Acoustics:
    def si(name: str) -> float:
        own = f"tissue/acoustics/{layer.tissue}.{name}"
        return facts.si(own if own in facts else f"tissue/acoustics/skin.{name}")

    slope = f"tissue/acoustics/{layer.tissue}.speed_per_kelvin"
    warmer = kelvin - facts.si("tissue/acoustics/body.temperature")
    return Acoustics(
        layer.thickness,
        si("speed") + (facts.si(slope) * warmer if slope in facts else 0.0),
        facts.si(_density(layer.tissue)),
        si("attenuation"),
        si("exponent"),
        1.0 + si("nonlinearity") / 2.0,
        si("absorbed_fraction"),
    )


def _density(tissue: str) -> str:
    """Name of the row with a tissue's density: heat and sound meet the same one."""
    return f"tissue/thermal/{_DENSITY.get(tissue, tissue)}.density"
