"""What light finds in each layer: absorption by mixture, scattering and index by measured tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError, OutsideValidity
from tauten.facts import Facts, Row
from tauten.references import check_validity, law
from tauten.skin import chromophores
from tauten.skin.layer import Layer

if TYPE_CHECKING:
    from tauten.skin.skin import Skin

__all__ = ["Optics", "absorption", "assumptions", "layers", "reduced_scattering", "refractive_index", "rows"]

Values = float | NDArray[np.float64]
_FOLLOWS = {"stratum_corneum": "epidermis"}
"""Tissue whose scattering curve another tissue takes, for want of its own."""


@dataclass(frozen=True, eq=False)
class Optics:
    """One plane layer as light sees it. Each value is a float, or an array over the wavelengths of a `Spectrum`.

    `thickness` [m] (the last layer may be infinite), `absorption` and `scattering` [1/m], `anisotropy` g in [-1, 1]
    and refractive `index`. Scattering here is the full coefficient; `reduced_scattering` is scattering·(1 - g).
    """

    thickness: float
    absorption: Values
    scattering: Values
    anisotropy: Values = 0.0
    index: Values = 1.4

    @property
    def reduced_scattering(self) -> Values:
        """Reduced scattering μs' = μs(1 - g) [1/m]."""
        return self.scattering * (1.0 - np.asarray(self.anisotropy))


def layers(
    skin: Skin,
    wavelengths: ArrayLike,
    temperature: float | Sequence[float] = 310.15,
    facts: Facts | None = None,
) -> tuple[Optics, ...]:
    """Return each layer of `skin` as light of `wavelengths` [m] sees it, in the skin's order.

    `temperature` [K] is one for all layers or one a layer; it moves the water absorption. `facts` replaces the skin's
    own (it does not move thickness or composition: use `skin.with_facts` for those). Raises `InputError` outside 400
    to 2000 nm and `OutsideValidity` where water is not liquid.
    """
    facts = facts or skin.facts
    waves = _checked(wavelengths, facts)
    temperatures = np.broadcast_to(np.asarray(temperature, dtype=np.float64), (len(skin.layers),))
    anisotropy = facts.si("tissue/optics/anisotropy")
    return tuple(
        Optics(
            layer.thickness,
            absorption(layer, waves, float(kelvin), facts),
            reduced_scattering(layer, waves, facts) / (1.0 - anisotropy),
            np.full_like(waves, anisotropy),
            refractive_index(layer, waves, facts),
        )
        for layer, kelvin in zip(skin.layers, temperatures, strict=True)
    )


@law(cite="jacques_2013")
def absorption(layer: Layer, wavelength: NDArray[np.float64], temperature: float, facts: Facts) -> NDArray[np.float64]:
    """Absorption coefficient of a layer [1/m] by mixture, each part by its volume fraction (Jacques 2013, eq. 12).

    μ = W·water(T) + B·blood(S) + L·lipid + M·melanosome + (1 - M - L)·baseline, with the layer's water W, blood B and
    its oxygenation S, lipid L and melanin M, `wavelength` [m] and `temperature` T [K].
    """
    if not np.isfinite(temperature):
        raise OutsideValidity(f"skin.optics.absorption: temperature = {temperature} is no number")
    check_validity(chromophores.water_absorption, temperature=temperature)
    scale = facts.under("tissue/optics")
    mixture = (
        layer.water * scale["water_absorption_scale"].si * chromophores.water_absorption(wavelength, temperature, facts)
        + layer.melanin * scale["melanin_absorption_scale"].si * chromophores.melanosome_absorption(wavelength, facts)
        + (1.0 - layer.melanin - layer.lipid) * chromophores.baseline_absorption(wavelength, facts)
    )
    if layer.blood:
        blood = chromophores.blood_absorption(wavelength, layer.oxygenation)
        mixture = mixture + layer.blood * scale["blood_absorption_scale"].si * blood
    if layer.lipid:
        lipid = chromophores.lipid_absorption(wavelength)
        mixture = mixture + layer.lipid * scale["lipid_absorption_scale"].si * lipid
    return mixture * scale[f"{layer.tissue}.absorption_scale"].si


@law(cite="salomatina_2006", valid={"wavelength": (391e-9, 1602e-9)})
def reduced_scattering(layer: Layer, wavelength: NDArray[np.float64], facts: Facts) -> NDArray[np.float64]:
    """Reduced scattering coefficient of a layer [1/m] from the measured table; muscle by a power law.

    Power laws fitted to the visible are 12 to 47 % low beyond 1300 nm. Beyond the table's end, 1602 nm, its last value
    holds (unverified).
    """
    scale = facts.si(f"tissue/optics/{layer.tissue}.scattering_scale")
    if layer.tissue == "muscle":
        nm = wavelength * 1e9
        at_500, power = (
            facts.si("tissue/optics/muscle.reduced_scattering_500"),
            facts.si("tissue/optics/muscle.scattering_power"),
        )
        return scale * at_500 * (nm / 500.0) ** -power
    return scale * chromophores.curve_at(f"{_FOLLOWS.get(layer.tissue, layer.tissue)}_reduced_scattering", wavelength)


@law(cite="ding_2006", valid={"wavelength": (325e-9, 1557e-9)})
def refractive_index(layer: Layer, wavelength: NDArray[np.float64], facts: Facts) -> NDArray[np.float64]:
    """Refractive index of a layer: epidermis and dermis after Ding 2006, fat after Matiatou 2021, the rest constant."""
    constant = f"tissue/optics/{layer.tissue}.index"
    if constant in facts:
        return np.full_like(wavelength, facts.si(constant))
    return chromophores.curve_at(f"{layer.tissue}_index", wavelength, logarithmic=False)


def rows(skin: Skin, facts: Facts | None = None) -> tuple[Row, ...]:
    """Return the data rows that `layers` reads for this skin, beside those of the skin itself."""
    found = (facts or skin.facts).under("tissue/optics")
    tissues = {layer.tissue for layer in skin.layers}
    others = {"stratum_corneum", "epidermis", "dermis", "fat", "muscle"} - tissues
    unused = {"water.temperature_coefficient_2014", "wavelength.allowed"}
    return tuple(row for key, row in found.items() if key.partition(".")[0] not in others and key not in unused)


def assumptions(skin: Skin, wavelengths: ArrayLike, facts: Facts | None = None) -> tuple[str, ...]:
    """Return what `layers` has to assume at these wavelengths [m], as plain sentences."""
    facts = facts or skin.facts
    reach = float(np.max(_checked(wavelengths, facts)))
    said = ["Scattering of the stratum corneum is taken from the epidermis."]
    measured_to, lipid_to = facts["tissue/optics/scattering.measured_to"], facts["tissue/optics/lipid.measured_to"]
    if reach > measured_to.si:
        said.append(f"Scattering beyond {measured_to.value:g} nm is held at its last measured value (unverified).")
    if reach > lipid_to.si and any(layer.lipid > 0.0 for layer in skin.layers):
        said.append(f"Absorption of pure fat beyond {lipid_to.value:g} nm has no published table (unverified).")
    return tuple(said)


def _checked(wavelengths: ArrayLike, facts: Facts) -> NDArray[np.float64]:
    waves = np.atleast_1d(np.asarray(wavelengths, dtype=np.float64))
    row = facts["tissue/optics/wavelength.allowed"]
    inside = (waves >= row.si_low * (1 - 1e-12)) & (waves <= row.si_high * (1 + 1e-12))  # NaN is outside
    if not np.all(inside):
        raise InputError(
            "is outside the optical tables",
            key="wavelength",
            value=f"{float(waves[~inside][0]) * 1e9:g} nm",
            allowed=f"{row.low:g} to {row.high:g}",
            unit="nm",
        )
    return waves
