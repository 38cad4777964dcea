"""What current finds in each layer: Cole-Cole rows of tissue, mixed and scaled to layers, moved by warmth and drying.

Phasors turn as exp(+iωt): the admittivity is σ + iωε₀ε, and σ holds all that becomes heat.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tauten.checks import number
from tauten.errors import InputError, OutsideValidity
from tauten.facts import Facts, Row, load
from tauten.references import check_validity, law

if TYPE_CHECKING:
    from tauten.skin.skin import Skin

__all__ = [
    "MEASURED",
    "VACUUM_PERMITTIVITY",
    "Dielectrics",
    "admittivity",
    "assumptions",
    "check_frequency",
    "cole_cole",
    "conductivity_factor",
    "dielectrics",
    "drying_factor",
    "measured",
    "permittivity_of",
    "rows",
]

VACUUM_PERMITTIVITY = 8.8541878128e-12
"""Electric constant ε₀ [F/m], CODATA 2018."""

_ROWS = "tissue/dielectrics"
_MADE_OF: dict[str, tuple[str, ...]] = {
    "stratum_corneum": ("skin_dry", "skin_wet", "wet_share"),
    "epidermis": ("skin_wet",),
    "dermis": ("tendon",),
    "fat": ("fat_not_infiltrated", "fat_infiltrated", "infiltrated_share"),
    "smas": ("fat_infiltrated", "tendon", "fibrous_share"),
    "muscle": ("muscle",),
    "bone": ("bone",),
}
"""Measured rows each tissue takes: one, or two and the row that says how far it is from the first to the second."""
MEASURED = tuple(dict.fromkeys(name for made_of in _MADE_OF.values() for name in made_of[:2]))
"""Names of the measured rows; "skin_dry" and "skin_wet" are a surface probe's readings, not those of a layer."""
_COMMON = ("frequency.allowed", "reference.temperature", "temperature_coefficient", "drying.conductivity",
           "drying.exponent")  # fmt: skip
_SURFACE = {"stratum_corneum": "dry skin", "epidermis": "wet skin"}
_NAMES = {"smas": "superficial fascia"}
_TOLD = {
    "dermis": ": the low end is a surface probe's wet skin, which many models take for dermis",
    "muscle": ": the high end is along its fibres",
}


@dataclass(frozen=True, eq=False)
class Dielectrics:
    """What current of one `frequency` [Hz] finds in each layer, and how warmth and drying change it.

    Arrays have one value a layer: `conductivity` σ [S/m] at `reference` [K], relative `permittivity` ε, and `dry`, the
    relative permittivity left without water (that far above all relaxations). `coefficient` [1/K] is the rise of σ with
    temperature; `dry_share` [1] of σ is left without water, which goes by the power `exponent` of the water left.
    """

    frequency: float
    conductivity: NDArray[np.float64]
    permittivity: NDArray[np.float64]
    dry: NDArray[np.float64]
    reference: float
    coefficient: float
    dry_share: float
    exponent: float

    @property
    def admittivity(self) -> NDArray[np.complex128]:
        """σ + iωε₀ε [S/m] of each layer at `reference`, with all its water."""
        return self.conductivity + 2j * math.pi * self.frequency * VACUUM_PERMITTIVITY * self.permittivity


@law(cite="gabriel_1996", valid={"frequency": (10.0, 1e11)})
def cole_cole(
    frequency: float,
    infinite: float,
    steps: Sequence[float],
    times: Sequence[float],
    broadenings: Sequence[float],
    static: float,
) -> complex:
    """Admittivity σ + iωε₀ε [S/m] of a tissue at `frequency` [Hz], a sum of Cole-Cole relaxations.

    iωε₀ [ε∞ + Σ Δε / (1 + (iωτ)^(1-α))] + σ: relative permittivity `infinite` ε∞ far above all relaxations, their
    `steps` Δε [1], `times` τ [s] and `broadenings` α [1], and the `static` ionic conductivity σ [S/m].

    >>> muscle = (4.0, (50.0, 7000.0, 1.2e6, 2.5e7), (7.234e-12, 353.678e-9, 318.31e-6, 2.274e-3), (0.1, 0.1, 0.1, 0.0))
    >>> round(cole_cole(1e6, *muscle, 0.2).real, 4)
    0.5027
    """
    turn = 2j * math.pi * frequency
    relaxed = sum(d / (1.0 + (turn * t) ** (1.0 - a)) for d, t, a in zip(steps, times, broadenings, strict=True))
    return turn * VACUUM_PERMITTIVITY * (infinite + relaxed) + static


@law(cite="rossmann_haemmerich_2014", valid={"temperature": (233.15, 373.15)})
def conductivity_factor(temperature, reference, coefficient):  # type: ignore[no-untyped-def]
    """How many times the conductivity at `reference` [K] tissue has at `temperature` T [K]. [1]

    With x = b (T - T₀) and `coefficient` b [1/K]: 1 + x for warm tissue, as models of ablation have it. Cold, where the
    line would end in negative conductivity, 1 / (1 - x + x²/2), which leaves T₀ with the same slope and follows exp(x):
    salt water, too, loses a share with every kelvin (a product choice). One scalar.

    >>> round(conductivity_factor(330.15, 310.15, 0.02), 9)
    1.4
    >>> round(conductivity_factor(283.15, 310.15, 0.02), 3)
    0.593
    """
    x = coefficient * (temperature - reference)
    return 1.0 + x if x > 0.0 else 1.0 / (1.0 - x + 0.5 * x * x)


@law(cite="archie_1942", valid={"water": (0.0, 1.0)})
def drying_factor(water, dry_share, exponent):  # type: ignore[no-untyped-def]
    """How much of its conductivity tissue keeps with the share `water` w of its first water left. [1]

    d + (1 - d) wⁿ, `dry_share` d [1] without water and `exponent` n [1]. Archie's square of the brine, over ions that
    stay while the water goes, is n = 1. One scalar.

    >>> drying_factor(1.0, 0.01, 1.0), drying_factor(0.0, 0.01, 1.0), drying_factor(0.5, 0.01, 1.0)
    (1.0, 0.01, 0.505)
    """
    return dry_share + (1.0 - dry_share) * water**exponent


def permittivity_of(admittivity: complex, frequency: float) -> float:
    """Relative permittivity of a tissue of `admittivity` σ + iωε₀ε [S/m] at `frequency` [Hz].

    >>> round(permittivity_of(0.2214 + 0.10196j, 1e6))
    1833
    """
    return admittivity.imag / (2.0 * math.pi * frequency * VACUUM_PERMITTIVITY)


def admittivity(
    skin: Skin,
    frequency: float,
    temperature: float | Sequence[float] | None = None,
    facts: Facts | None = None,
) -> tuple[complex, ...]:
    """Return the admittivity σ + iωε₀ε [S/m] of each of `skin`'s layers at `frequency` [Hz], with all its water.

    `temperature` [K] is one for all or one for each layer; None takes the one that the rows hold for. It moves the
    conductivity alone. `facts` replaces the skin's own. Raises `OutsideValidity` where rows or laws don't hold.
    """
    found = dielectrics(skin, frequency, facts)
    if temperature is None:
        return tuple(found.admittivity.tolist())
    warmth = np.broadcast_to(np.asarray(temperature, dtype=np.float64), found.conductivity.shape)
    for kelvin in warmth:
        check_validity(conductivity_factor, temperature=float(kelvin))
    factor = [conductivity_factor(float(kelvin), found.reference, found.coefficient) for kelvin in warmth]
    return tuple((found.conductivity * factor + 1j * found.admittivity.imag).tolist())


def dielectrics(skin: Skin, frequency: float, facts: Facts | None = None) -> Dielectrics:
    """Return what current of `frequency` [Hz] finds in each of `skin`'s layers.

    `facts` replaces the skin's own. Raises `OutsideValidity` for a frequency beyond the rows and `InputError` for one
    that is no number.
    """
    facts = facts or skin.facts
    check_frequency(frequency, facts)
    by_tissue = {tissue: _tissue(tissue, frequency, facts) for tissue in {layer.tissue for layer in skin.layers}}
    conductivity, permittivity, dry = np.array([by_tissue[layer.tissue] for layer in skin.layers]).T
    return Dielectrics(
        frequency=float(frequency),
        conductivity=conductivity,
        permittivity=permittivity,
        dry=dry,
        reference=facts.si(f"{_ROWS}/reference.temperature"),
        coefficient=facts.si(f"{_ROWS}/temperature_coefficient"),
        dry_share=facts.si(f"{_ROWS}/drying.conductivity"),
        exponent=facts.si(f"{_ROWS}/drying.exponent"),
    )


def measured(name: str, frequency: float, facts: Facts | None = None) -> complex:
    """Return the admittivity σ + iωε₀ε [S/m] of the measured row `name` (`MEASURED`) at `frequency` [Hz], as published.

    Raises as `dielectrics` does, and `InputError` for another name.
    """
    facts = facts or load()
    check_frequency(frequency, facts)
    if name not in MEASURED:
        raise InputError("was not measured", key="name", value=name, allowed=" | ".join(MEASURED))
    return _measured(name, frequency, facts)[0]


def check_frequency(frequency: float, facts: Facts | None = None) -> None:
    """Raise `OutsideValidity` for a `frequency` [Hz] beyond those the dielectric rows are vouched for."""
    number(frequency, "exposure.frequency", unit="Hz", endless=True, problem="is no frequency")
    row = (facts or load())[f"{_ROWS}/frequency.allowed"]
    if not row.si_low * (1 - 1e-12) <= frequency <= row.si_high * (1 + 1e-12):
        raise OutsideValidity(
            f"skin.dielectrics: frequency = {frequency / 1e6:g} MHz is outside {row.low:g} to {row.high:g} MHz, "
            "where the dielectric rows hold"
        )


def rows(skin: Skin, facts: Facts | None = None) -> tuple[Row, ...]:
    """Return the data rows that `dielectrics` reads for this skin, beside those of the skin itself."""
    found = (facts or skin.facts).under(_ROWS)
    tissues = {layer.tissue for layer in skin.layers}
    groups = tissues | {name for tissue in tissues for name in _MADE_OF[tissue][:2]}
    return tuple(row for key, row in found.items() if key in _COMMON or key.partition(".")[0] in groups)


def assumptions(skin: Skin, frequency: float, facts: Facts | None = None) -> tuple[str, ...]:
    """Return what `dielectrics` has to assume for this skin at `frequency` [Hz], as plain sentences."""
    facts = facts or skin.facts
    there = dict.fromkeys(layer.tissue for layer in skin.layers)
    at = f"at {frequency / 1e6:g} MHz"

    def conducts(tissue: str, share: str | None = None, value: float | None = None) -> float:
        changed = facts if share is None or value is None else facts.with_value(f"{_ROWS}/{tissue}.{share}", value)
        return _tissue(tissue, frequency, changed)[0]

    said = []
    probe = [f"the {tissue.replace('_', ' ')} that of {_SURFACE[tissue]}" for tissue in there if tissue in _SURFACE]
    if probe:
        said.append(
            f"A probe on the surface measured dry and wet skin, all layers at once; {' and '.join(probe)} is taken as "
            "its own, for want of a measurement in the layer (unverified)."
        )
    for tissue in there:
        name = _NAMES.get(tissue, tissue.replace("_", " "))
        if tissue == "fat":
            ends = [conducts(tissue, "infiltrated_share", end) for end in (0.0, 1.0)]
            said.append(
                f"Two published rows of fat differ by {100.0 * (ends[1] / ends[0] - 1.0):.0f} % in conductivity, "
                f"{ends[0]:.3g} and {ends[1]:.3g} S/m {at}; {conducts(tissue):.3g} is taken."
            )
        elif tissue not in _SURFACE:
            row = facts[f"{_ROWS}/{tissue}.conductivity_scale"]
            low, high = (conducts(tissue, "conductivity_scale", end) for end in (row.low, row.high))
            sure = "" if row.confidence != "unverified" else " (unverified)"
            said.append(
                f"Conductivity of the {name} is taken as {conducts(tissue):.3g} S/m {at}, between {low:.3g} and "
                f"{high:.3g}{_TOLD.get(tissue, '')}{sure}."
            )
    rise, dry = facts[f"{_ROWS}/temperature_coefficient"], facts[f"{_ROWS}/drying.conductivity"]
    said.append(
        f"Conductivity rises by {rise.value:g} % per kelvin ({rise.low:g} to {rise.high:g} between sources) up to "
        f"boiling and falls with the water left to {dry.value:g} of itself; permittivity is held until tissue dries, "
        "and coagulation alone changes neither."
    )
    return tuple(said)


def _tissue(tissue: str, frequency: float, facts: Facts) -> tuple[float, float, float]:
    """Return conductivity [S/m], relative permittivity, and that far above all relaxations."""
    at = facts.under(f"{_ROWS}/{tissue}")
    names = _MADE_OF[tissue]
    parts = [_measured(name, frequency, facts) for name in names[:2]]
    shares = [1.0] if len(parts) == 1 else [1.0 - at[names[2]].si, at[names[2]].si]
    y = sum(share * part[0] for share, part in zip(shares, parts, strict=True))
    infinite = sum(share * part[1] for share, part in zip(shares, parts, strict=True))
    sigma, epsilon = at["conductivity_scale"].si * y.real, at["permittivity_scale"].si * permittivity_of(y, frequency)
    if not (sigma > 0.0 and epsilon >= 0.0):
        raise InputError(
            "conducts nothing or less", key=f"{tissue}.conductivity", value=f"{sigma:g}", allowed="above 0", unit="S/m"
        )
    return sigma, epsilon, min(infinite, epsilon)


def _measured(name: str, frequency: float, facts: Facts) -> tuple[complex, float]:
    """Return admittivity [S/m] and ε∞ of a measured row."""
    at = facts.under(f"{_ROWS}/{name}")
    steps, times, broadenings = (
        [at[f"{part}_{n}"].si for n in (1, 2, 3, 4)] for part in ("step", "time", "broadening")
    )
    y = cole_cole(frequency, at["infinite"].si, steps, times, broadenings, at["static"].si)
    return y, at["infinite"].si
