"""What heat finds in each layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError
from tauten.facts import Facts, Row
from tauten.references import law
from tauten.skin.layer import Layer

if TYPE_CHECKING:
    from tauten.skin.skin import Skin

__all__ = [
    "Thermal",
    "conductivity_cooper_trezek_1971",
    "density_cooper_trezek_1971",
    "medium",
    "rows",
    "specific_heat_cooper_trezek_1971",
]


@dataclass(frozen=True, eq=False)
class Thermal:
    """Thermal properties per cell, or per label when `labels` (integers of the grid's shape) says which is which.

    `conductivity` [W/m/K], `density` [kg/m³], `specific_heat` [J/kg/K], `perfusion` [1/s] (volume of blood per volume
    of tissue and second at the arterial temperature), `water` (mass fraction that can boil off at 100 °C), and
    `perfusion_rise`, how many times perfusion has grown at 45 °C (1 leaves it constant; Gaussian rise after Lang 1999).
    `blood_heat_capacity` is the volumetric one [J/m³/K] and `arterial` the temperature blood arrives at [K].
    After drying: `dry_conductivity`, `dry_density`, `dry_specific_heat` (None keeps the wet value of each).
    A scalar holds everywhere.
    """

    conductivity: ArrayLike
    density: ArrayLike
    specific_heat: ArrayLike
    perfusion: ArrayLike = 0.0
    water: ArrayLike = 0.0
    perfusion_rise: ArrayLike = 1.0
    labels: NDArray[np.integer] | None = None
    blood_heat_capacity: float | None = None
    arterial: float = 310.15
    dry_conductivity: ArrayLike | None = None
    dry_density: ArrayLike | None = None
    dry_specific_heat: ArrayLike | None = None


# Which tissue's rows each layer takes, by property: skin rows stand for stratum corneum, epidermis and dermis alike.
_SKIN = {"stratum_corneum": "skin", "epidermis": "skin", "dermis": "skin"}
_CONDUCTIVITY = {"stratum_corneum": "epidermis"}
_WITHOUT_VESSELS = ("stratum_corneum", "epidermis")


def medium(
    skin: Skin,
    labels: NDArray[np.integer] | None = None,
    temperature: float | None = None,
    facts: Facts | None = None,
) -> Thermal:
    """Return the thermal properties of `skin`, one value a layer in the skin's order.

    `labels` (layer numbers of the grid's shape) is passed on, so that each cell finds its layer. `temperature` [K]
    moves conductivity and specific heat by their coefficients; None takes the values at core temperature. A plan takes
    None: 10 K more moves conductivity by 2.5 %, well inside its own spread. A layer with more or less water than the
    tissue's row conducts and stores more or less by Cooper & Trezek's formula. `facts` replaces the skin's own; it does
    not move thickness or composition. Raises `InputError` for a layer whose water would outweigh it.
    """
    facts = facts or skin.facts
    warmer = 0.0 if temperature is None else temperature - facts.si("tissue/thermal/core.temperature")
    found = [_properties(layer, warmer, facts) for layer in skin.layers]
    columns = {name: np.array([one[name] for one in found]) for name in found[0]}
    blood = facts.si("tissue/thermal/blood.density") * facts.si("tissue/thermal/blood.specific_heat")
    return Thermal(
        labels=labels,
        blood_heat_capacity=blood,
        arterial=facts.si("tissue/thermal/core.temperature"),
        **columns,
    )


@law(cite="cooper_trezek_1971", valid={"water": (0.0, 1.0)})
def conductivity_cooper_trezek_1971(water: float) -> float:
    """Thermal conductivity of soft tissue [W/m/K] from its `water` mass fraction w: k = 0.419 (0.133 + 1.36 w).

    >>> round(conductivity_cooper_trezek_1971(0.65), 3)
    0.426
    """
    return 0.419 * (0.133 + 1.36 * water)


@law(cite="cooper_trezek_1971", valid={"water": (0.0, 1.0)})
def specific_heat_cooper_trezek_1971(water: float) -> float:
    """Specific heat of soft tissue [J/kg/K] from its `water` mass fraction w: c = 4190 (0.37 + 0.63 w).

    >>> round(specific_heat_cooper_trezek_1971(0.65))
    3266
    """
    return 4190.0 * (0.37 + 0.63 * water)


@law(cite="cooper_trezek_1971", valid={"water": (0.0, 1.0)})
def density_cooper_trezek_1971(water: float) -> float:
    """Density of soft tissue [kg/m³] from its `water` mass fraction w: ρ = 1000 (1.3 - 0.3 w).

    >>> round(density_cooper_trezek_1971(0.65))
    1105
    """
    return 1000.0 * (1.3 - 0.3 * water)


def rows(skin: Skin, facts: Facts | None = None, temperature: float | None = None) -> tuple[Row, ...]:
    """Return the data rows that `medium` reads for this skin, beside those of the skin itself.

    The temperature coefficients are among them only when `medium` is given a `temperature` [K] too.
    """
    found = (facts or skin.facts).under("tissue/thermal")
    tissues = {layer.tissue for layer in skin.layers}
    groups = tissues | {_SKIN.get(t, t) for t in tissues} | {_CONDUCTIVITY.get(t, t) for t in tissues}
    groups |= {"blood", "water", "core", "dry"}
    if temperature is not None:
        groups |= {"conductivity", "specific_heat"}
    return tuple(row for key, row in found.items() if key.partition(".")[0] in groups)


def _properties(layer: Layer, warmer: float, facts: Facts) -> dict[str, float]:
    """Return one layer's properties, `warmer` kelvin above the core."""

    def row(tissue: str, name: str) -> float:
        return facts.si(f"tissue/thermal/{tissue}.{name}")

    bulk, conducts = _SKIN.get(layer.tissue, layer.tissue), _CONDUCTIVITY.get(layer.tissue, layer.tissue)
    density = row(bulk, "density")
    by_mass = facts.si("tissue/thermal/water.density") / density
    water = layer.water * by_mass
    if water > 1.0 + 1e-12:
        raise InputError(
            f"would weigh more than the whole layer ({density:g} kg/m3)", key=f"{layer.name}.water", value=layer.water,
            allowed=f"0 to {np.floor(1e3 / by_mass) / 1e3:g} of its volume",
        )  # fmt: skip
    usual = min(facts.si(f"tissue/composition/{layer.tissue}.water"), 1.0 - layer.melanin) * by_mass
    wetter_k = conductivity_cooper_trezek_1971(water) / conductivity_cooper_trezek_1971(usual)
    wetter_c = specific_heat_cooper_trezek_1971(water) / specific_heat_cooper_trezek_1971(usual)
    k = row(conducts, "conductivity") * wetter_k * (1.0 + row("conductivity", "temperature_coefficient") * warmer)
    c = row(bulk, "specific_heat") * wetter_c * (1.0 + row("specific_heat", "temperature_coefficient") * warmer)
    vessels = layer.tissue not in _WITHOUT_VESSELS
    # A row counts blood per kilogram of tissue; Pennes' equation counts it per cubic metre.
    perfusion = row(bulk, "perfusion") * density if vessels else 0.0
    keeps_its_lipid = layer.tissue == "fat"
    return {
        "conductivity": k,
        "density": density,
        "specific_heat": c,
        "perfusion": perfusion if layer.perfusion is None else layer.perfusion,
        "water": water,
        "perfusion_rise": row(bulk, "perfusion_rise") if vessels else 1.0,
        "dry_conductivity": k if keeps_its_lipid else row("dry", "conductivity"),
        "dry_density": density * (1.0 - water),
        "dry_specific_heat": c if keeps_its_lipid else row("dry", "specific_heat"),
    }
