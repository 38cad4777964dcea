"""What light finds in each layer: absorption by mixture, scattering and index by measured tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError, OutsideValidity
from tauten.facts import Facts, Row, read_curve
from tauten.references import LAWS, check_validity, law
from tauten.skin import chromophores
from tauten.skin.layer import Layer

if TYPE_CHECKING:
    from tauten.skin.skin import Skin

__all__ = ["Optics", "absorption", "assumptions", "curves", "layers", "reduced_scattering", "refractive_index", "rows"]

Values = float | NDArray[np.float64]
_FOLLOWS = {"stratum_corneum": "epidermis", "smas": "dermis", "bone": "dermis"}
"""Tissue whose scattering curve another tissue takes, for want of its own."""
_QUANTITIES = {
    "_reduced_scattering": "Scattering",
    "_index": "Refractive index",
    "blood_oxygenated": "Absorption of oxygenated blood",
    "blood_deoxygenated": "Absorption of deoxygenated blood",
    "lipid_absorption": "Absorption of pure fat",
}
"""What a curve gives, by how its name ends."""


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

    >>> from tauten.facts import load
    >>> wet = Layer("epidermis", 1e-4, water=0.6)   # 0.6 x 31.31 + 0.05 1/cm
    >>> print(round(float(absorption(wet, np.array([1450e-9]), 295.15, load())[0]) / 100, 1))
    18.8
    """
    if not np.isfinite(temperature):
        raise OutsideValidity(f"skin.optics.absorption: temperature = {temperature} is no number")
    check_validity(chromophores.water_absorption, temperature=temperature)

    def scale(part: str) -> float:
        return facts.si(f"tissue/optics/{part}_absorption_scale")

    mixture = (
        layer.water * scale("water") * chromophores.water_absorption(wavelength, temperature, facts)
        + layer.melanin * scale("melanin") * chromophores.melanosome_absorption(wavelength, facts)
        + (1.0 - layer.melanin - layer.lipid) * chromophores.baseline_absorption(wavelength, facts)
    )
    if layer.blood:
        blood = chromophores.blood_absorption(wavelength, layer.oxygenation)
        mixture = mixture + layer.blood * scale("blood") * blood
    if layer.lipid:
        lipid = chromophores.lipid_absorption(wavelength)
        mixture = mixture + layer.lipid * scale("lipid") * lipid
    return mixture * facts.si(f"tissue/optics/{layer.tissue}.absorption_scale")


@law(cite="salomatina_2006", valid={"wavelength": (391e-9, 1602e-9)})
def reduced_scattering(layer: Layer, wavelength: NDArray[np.float64], facts: Facts) -> NDArray[np.float64]:
    """Reduced scattering coefficient of a layer [1/m] from the measured table; muscle by a power law.

    Power laws fitted to the visible are 12 to 47 % low beyond 1300 nm. Beyond the table's end, 1602 nm, its last value
    holds (unverified).

    >>> from tauten.facts import load
    >>> print(round(float(reduced_scattering(Layer("dermis", 1e-3), np.array([1455.22e-9]), load())[0]) / 100, 1))
    21.6
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
    """Refractive index of a layer: epidermis and dermis after Ding 2006, fat after Matiatou 2021, the rest constant.

    >>> from tauten.facts import load
    >>> print(round(float(refractive_index(Layer("dermis", 1e-3), np.array([1064e-9]), load())[0]), 3))
    1.38
    """
    constant = f"tissue/optics/{layer.tissue}.index"
    if constant in facts:
        return np.full_like(wavelength, facts.si(constant))
    return chromophores.curve_at(f"{layer.tissue}_index", wavelength, logarithmic=False)


def rows(skin: Skin, facts: Facts | None = None) -> tuple[Row, ...]:
    """Return the data rows that `layers` reads for this skin, beside those of the skin itself."""
    found = (facts or skin.facts).under("tissue/optics")
    tissues = {layer.tissue for layer in skin.layers}
    others = {"stratum_corneum", "epidermis", "dermis", "fat", "smas", "muscle", "bone"} - tissues
    unused = {"water.temperature_coefficient_2014", "wavelength.allowed"}
    return tuple(row for key, row in found.items() if key.partition(".")[0] not in others and key not in unused)


def curves(skin: Skin, wavelengths: ArrayLike | None = None, facts: Facts | None = None) -> tuple[Row, ...]:
    """Return a row for each table that `layers` reads for this skin at these `wavelengths` [m] (all allowed, if None).

    A curve has no one value: the row's is 1, without a spread, and stands for source, confidence and reach.
    """
    return tuple(_as_row(name) for name in _asked(skin, wavelengths, facts or skin.facts))


def assumptions(skin: Skin, wavelengths: ArrayLike, facts: Facts | None = None) -> tuple[str, ...]:
    """Return what `layers` has to assume at these wavelengths [m], as plain sentences."""
    asked = _asked(skin, wavelengths, facts or skin.facts)
    said = []
    for tissue, other in _FOLLOWS.items():
        if any(layer.tissue == tissue for layer in skin.layers):
            said.append(f"Scattering of the {tissue.replace('_', ' ')} is taken from the {other}.")
    said += _held(asked)
    if "lipid_absorption_infrared" in asked:
        begins = read_curve("tissue/curves/lipid_absorption_infrared").at[0]
        said.append(f"Absorption of pure fat beyond {begins * 1e9:.0f} nm has no published table (unverified).")
    fitted_to = LAWS["skin.chromophores.baseline_absorption"].valid["wavelength"][1]
    if np.max(np.asarray(wavelengths)) > fitted_to:
        said.append(
            f"Absorption of bloodless skin was fitted up to {fitted_to * 1e9:.0f} nm; beyond, what is left of that fit "
            "without its water is used (product choice)."
        )
    return tuple(said)


def _asked(skin: Skin, wavelengths: ArrayLike | None, facts: Facts) -> dict[str, NDArray[np.float64]]:
    """Return the curves that `layers` reads by name, each with the wavelengths [m] at which its value counts."""
    row = facts["tissue/optics/wavelength.allowed"]
    waves = _checked(np.linspace(row.si_low, row.si_high, 1601) if wavelengths is None else wavelengths, facts)
    wang = chromophores.water_share_of_wang(waves, facts)
    measured = waves <= read_curve("tissue/curves/lipid_absorption").at[-1]
    everywhere = np.ones_like(waves, dtype=bool)
    found: dict[str, NDArray[np.bool_]] = {}
    for layer in skin.layers:
        if layer.water:
            found |= {"water_absorption_segelstein": wang < 1.0, "water_absorption_wang": wang > 0.0}
            found["water_temperature"] = everywhere
        if layer.blood * layer.oxygenation:
            found["blood_oxygenated"] = everywhere
        if layer.blood * (1.0 - layer.oxygenation):
            found["blood_deoxygenated"] = everywhere
        if layer.lipid:
            found |= {"lipid_absorption": measured, "lipid_absorption_infrared": ~measured}
        if layer.tissue != "muscle":
            found[f"{_FOLLOWS.get(layer.tissue, layer.tissue)}_reduced_scattering"] = everywhere
        if f"tissue/optics/{layer.tissue}.index" not in facts:
            found[f"{layer.tissue}_index"] = everywhere
    return {name: waves[where] for name, where in sorted(found.items()) if np.any(where)}


def _as_row(name: str) -> Row:
    curve = read_curve(f"tissue/curves/{name}")
    kind = "drawn" if curve.confidence == "unverified" else "measured"
    reach = f"{curve.at[0] * 1e9:g}-{curve.at[-1] * 1e9:g} nm"
    told = f"{kind} curve, {len(curve.at)} points, {reach}" + (f"; {curve.note}" if curve.note else "")
    return Row(curve.name, 1.0, 1.0, 1.0, "1", curve.source, curve.confidence, note=told, file=f"{name}.csv")


def _held(asked: Mapping[str, NDArray[np.float64]]) -> list[str]:
    """Say for each quantity where its curves end short of the light: their nearest value holds there."""
    short: dict[str, list[str]] = {}
    for name, waves in asked.items():
        at = read_curve(f"tissue/curves/{name}").at
        ending = next((each for each in _QUANTITIES if name.endswith(each)), name)
        quantity = _QUANTITIES.get(ending, name.replace("_", " ").capitalize())
        if waves.min() < at[0] * (1 - 1e-9):
            short.setdefault(f"{quantity} below {at[0] * 1e9:.0f} nm", []).append(name.removesuffix(ending))
        if waves.max() > at[-1] * (1 + 1e-9):
            short.setdefault(f"{quantity} beyond {at[-1] * 1e9:.0f} nm", []).append(name.removesuffix(ending))
    said = []
    for where, tissues in short.items():
        of = f" ({', '.join(tissues)})" if any(tissues) else ""
        said.append(f"{where}{of} is held at the nearest measured value (unverified).")
    return said


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
