"""One layer of the skin: how thick it is and what it is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tauten.checks import number
from tauten.errors import InputError
from tauten.facts import load

__all__ = ["NAMES", "Layer", "layer_name"]

NAMES = (
    "stratum_corneum", "epidermis", "papillary_dermis", "reticular_dermis", "fat", "smas", "deep_fat", "muscle", "bone",
)  # fmt: skip
"""The layers from the surface down. `epidermis` is the living one, below the stratum corneum; `smas` is the superficial
fascia, which parts the `fat` from the `deep_fat` where a skin has it as a layer of its own."""

_TISSUES = {"papillary_dermis": "dermis", "reticular_dermis": "dermis", "deep_fat": "fat"}
_ALIASES = {
    "subcutaneous_fat": "fat", "hypodermis": "fat", "superficial_fat": "fat", "living_epidermis": "epidermis",
    "superficial_fascia": "smas", "fascia": "smas",
}  # fmt: skip
_FRACTIONS = ("water", "melanin", "blood", "oxygenation", "lipid")


@dataclass(frozen=True, slots=True)
class Layer:
    """One plane layer; `thickness` and its spread `low` to `high` [m] (None: no spread).

    `water`, `melanin`, `blood` and `lipid` are fractions of the layer's volume; `oxygenation` is the oxygenated share
    of its blood. `perfusion` [1/s], volume of blood per volume of tissue and second, None to take the tissue's row.
    The name says which optical and thermal rows the layer takes: one of `NAMES`, "dermis" for a dermis in one piece.
    Raises `InputError` for a name, thickness or fraction that cannot be.
    """

    name: str
    thickness: float
    low: float | None = None
    high: float | None = None
    water: float = 0.65
    melanin: float = 0.0
    blood: float = 0.0
    oxygenation: float = 0.75
    lipid: float = 0.0
    perfusion: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", layer_name(self.name))
        for part in ("thickness", "low", "high"):
            if part != "thickness" and getattr(self, part) is None:
                object.__setattr__(self, part, self.thickness)
            number(
                getattr(self, part), f"{self.name}.{part}", 0.0, unit="m", open_low=True, endless=True,
                problem="is not positive",
            )  # fmt: skip
        self._check_scale()
        if not 0.0 < self.low <= self.thickness <= self.high:  # type: ignore[operator]
            raise InputError(
                "lies outside its own spread",
                key=f"{self.name}.thickness",
                value=self.thickness,
                allowed=f"{self.low:g} to {self.high:g}",
                unit="m",
            )
        for fraction in _FRACTIONS:
            number(getattr(self, fraction), f"{self.name}.{fraction}", 0.0, 1.0, problem="is no fraction")
        whole = self.water + self.melanin + self.lipid
        if whole > 1.0 + 1e-12:
            raise InputError(
                "holds more water, melanin and lipid than its volume",
                key=self.name,
                value=f"{whole:.3g}",
                allowed="1 or less",
            )
        if self.perfusion is not None:
            number(self.perfusion, f"{self.name}.perfusion", 0.0, unit="1/s", problem="is not a rate")

    def _check_scale(self) -> None:
        """Raise `InputError` for a thickness in another unit; a layer without an end is none."""
        most = load()["tissue/thickness/layer.allowed"].si_high
        if most < self.thickness < math.inf:
            raise InputError(
                "is thicker than any layer of skin", key=f"{self.name}.thickness", value=f"{self.thickness:g}",
                allowed=f"above 0, up to {most:g}", unit="m", remedy="Lengths are in metres: 4.1 mm is 4.1e-3.",
            )  # fmt: skip

    @property
    def tissue(self) -> str:
        """The tissue whose rows this layer takes: both dermal layers are "dermis", both layers of fat "fat"."""
        return _TISSUES.get(self.name, self.name)


def layer_name(name: str) -> str:
    """Return the layer's name as data rows write it ("Papillary dermis" is `papillary_dermis`).

    Raises `InputError` with the list of layers for any other name.
    """
    plain = "_".join(str(name).lower().replace("_", " ").replace("-", " ").split())
    plain = _ALIASES.get(plain, plain)
    if plain not in NAMES and plain != "dermis":
        raise InputError("is not a layer of the skin", key="layer", value=name, allowed=" | ".join((*NAMES, "dermis")))
    return plain
