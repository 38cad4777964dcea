"""A person's skin at one site: its layers, where each number came from, and what had to be assumed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.errors import InputError
from tauten.facts import Facts, Row, load
from tauten.skin.anatomy import layers_at
from tauten.skin.deeper import Deeper, above_bone, with_bone, with_fascia
from tauten.skin.layer import Layer, layer_name
from tauten.skin.ledger import Ledger
from tauten.skin.sites import Site, check_side
from tauten.skin.sites import site as find_site

__all__ = ["Skin"]

_INPUTS = ("site", "age", "sex", "phototype", "bmi", "melanin", "side", "facts")


@dataclass(frozen=True, eq=False)
class Skin:
    """Plane layers from the surface down, immutable.

    `rows` are the data rows that made it and `assumptions` the plain sentences a report must print. `melanin` is the
    volume fraction in the epidermis, and the primary input: `phototype` only maps onto it. `fascia_depth` [m] is the
    superficial fascia (SMAS on the face), None where no depth is published.
    """

    layers: tuple[Layer, ...]
    site: Site | None = None
    side: str | None = None
    age: float | None = None
    sex: str | None = None
    phototype: int | None = None
    bmi: float | None = None
    melanin: float | None = None
    fascia_depth: float | None = None
    rows: tuple[Row, ...] = ()
    assumptions: tuple[str, ...] = ()
    facts: Facts = field(default_factory=load, repr=False)
    _given: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    _changes: tuple[tuple[str, tuple[Any, ...], Mapping[str, Any]], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if not self.layers:
            raise InputError("has no layers", key="skin", remedy="Give at least one layer.")
        names = [layer.name for layer in self.layers]
        if repeated := {n for n in names if names.count(n) > 1}:
            raise InputError("appears twice", key="layer", value=", ".join(sorted(repeated)))
        if any(math.isinf(layer.thickness) for layer in self.layers[:-1]):
            raise InputError("is endless but not the deepest layer", key="thickness", value="inf", unit="m")

    @classmethod
    def at(
        cls,
        site: str | Site,
        age: float | None = None,
        sex: str | None = None,
        phototype: int | None = None,
        bmi: float | None = None,
        melanin: float | None = None,
        side: str | None = None,
        facts: Facts | None = None,
    ) -> Skin:
        """Return the skin of a person at `site`, from the published thicknesses and compositions.

        `age` [years], `sex` "female" or "male" (None: the mean of both), `phototype` I-VI as 1 to 6, `bmi` [kg/m²],
        `melanin` as volume fraction of the epidermis (overrides phototype), `side` "left", "right", "both", "middle".
        What is not given is taken from a row and said in `assumptions`. Raises `InputError` for anything else.
        """
        where = site if isinstance(site, Site) else find_site(site)
        ledger = Ledger(facts or load())
        given = {
            "site": where, "age": age, "sex": sex, "phototype": phototype, "bmi": bmi, "melanin": melanin, "side": side,
        }  # fmt: skip
        check_side(where, side)
        years = ledger.person("age", age, "years")
        mass_index = ledger.person("bmi", bmi, "kg/m²")
        if sex not in (None, "female", "male"):
            raise InputError("is not one we have numbers for", key="sex", value=sex, allowed="female | male")
        if sex is None:
            ledger.assume("Sex not given: the mean of women and men.")
        fraction, kind = ledger.melanin(melanin, phototype)
        layers, fascia = layers_at(where, years, sex, mass_index, fraction, ledger)
        return cls(
            layers, where, side, years, sex, kind, mass_index, fraction, fascia,
            tuple(ledger.rows.values()), tuple(ledger.assumptions), ledger.facts, MappingProxyType(given),
        )  # fmt: skip

    @classmethod
    def of(cls, *layers: Layer, facts: Facts | None = None) -> Skin:
        """Return a skin given layer by layer, from the surface down."""
        melanin = next((layer.melanin for layer in layers if layer.name == "epidermis"), None)
        return cls(tuple(layers), melanin=melanin, facts=facts or load())

    @cached_property
    def depths(self) -> NDArray[np.float64]:
        """Layer boundaries [m], shape (layers + 1,): 0 at the surface."""
        return np.concatenate([[0.0], np.cumsum([layer.thickness for layer in self.layers])])

    def layer(self, name: str) -> Layer:
        """Return the layer called `name`; raises `InputError` when this skin has none."""
        return self.layers[self._index(name)]

    def top_of(self, name: str) -> float:
        """Depth [m] at which the layer `name` begins; "dermis" begins with its first part."""
        return float(self.depths[self._index(name)])

    def bottom_of(self, name: str) -> float:
        """Depth [m] at which the layer `name` ends; "dermis" ends with its last part."""
        return float(self.depths[self._index(name, last=True) + 1])

    def with_(self, **changes: Any) -> Skin:
        """Return the skin of the same person with other inputs (`age=`, `melanin=`, `facts=`, ...); this one stands.

        Everything that follows from an input is worked out anew. Raises `InputError` for an unknown input, or for a
        person's input on a skin that was given layer by layer.
        """
        if unknown := set(changes) - set(_INPUTS):
            raise InputError(
                "is not an input of a skin", key=", ".join(sorted(unknown)), allowed=" | ".join(_INPUTS),
                remedy="Use with_layer(name, ...) to change one layer.",
            )  # fmt: skip
        if not self._given:
            if set(changes) - {"facts"}:
                raise InputError(
                    "belongs to a person; this skin was given layer by layer",
                    key=", ".join(sorted(set(changes) - {"facts"})),
                    remedy="Use with_layer(name, ...).",
                )
            return replace(self, facts=changes.get("facts", self.facts))
        skin = Skin.at(**{"facts": self.facts, **self._given, **changes})
        for method, places, change in self._changes:
            skin = getattr(skin, method)(*places, **change)
        return skin

    def with_facts(self, facts: Facts) -> Skin:
        """Return the same person's skin worked out from other facts."""
        return self.with_(facts=facts)

    def with_layer(self, name: str, **changes: Any) -> Skin:
        """Return a skin in which one layer has other values (`thickness=` [m], `water=`, ...); this one stands.

        A thickness given here is taken as measured: it has no spread unless `low=` and `high=` are given too.
        """
        at = self._index(name)
        if unknown := set(changes) - set(Layer.__dataclass_fields__):
            raise InputError("is not a property of a layer", key=", ".join(sorted(unknown)), value=name)
        full = {"low": None, "high": None, **changes} if "thickness" in changes else changes
        layers = (*self.layers[:at], replace(self.layers[at], **full), *self.layers[at + 1 :])
        told = f"{layer_name(name).replace('_', ' ').capitalize()}: {', '.join(sorted(changes))} as given."
        fat = next((i for i, layer in enumerate(layers) if layer.tissue == "fat"), None)
        fascia = self.fascia_depth
        if fascia is not None and fat is not None and "thickness" in changes:
            fascia = sum(layer.thickness for layer in layers[: fat + 1])  # it ends the fat, wherever that now is
        changed = replace(
            self,
            layers=layers,
            fascia_depth=fascia,
            assumptions=(*self.assumptions, told),
            _changes=(*self._changes, ("with_layer", (name,), MappingProxyType(dict(changes)))),
        )
        return changed._to_bone(layer_name(name) if "thickness" in changes else "")

    def with_fascia(
        self, depth: float | None = None, thickness: float | None = None, deep_fat: float | None = None
    ) -> Skin:
        """Return a skin with the superficial fascia as a layer of its own, "smas", between "fat" and "deep_fat".

        `depth` [m] of its upper face, its `thickness` [m] and the `deep_fat` below it [m]: what is given is measured.
        Without a depth the fascia lies where the fat ends, as the rows of sites with a `fascia_depth` mean it and as a
        fat measured alone is read. With one, the fat above ends there, and what is left of a whole fat lies below.
        Raises `InputError` for layers that don't add up, or a site where no depth is published.
        """
        told = {"depth": depth, "thickness": thickness, "deep_fat": deep_fat}
        return self._deeper(with_fascia(self, depth, thickness, deep_fat), "with_fascia", told)

    def with_bone(self, depth: float | None = None) -> Skin:
        """Return a skin that ends in "bone", `depth` [m] below the surface (None: under the deepest layer as it is).

        A depth given is measured: the deepest layer so far ends there, and goes on doing so whatever is changed above
        it later. Raises `InputError` for layers that don't add up, or a depth nobody finds bone at.
        """
        ended = self if depth is None else self._ended(depth, len(self.layers) - 1)
        return ended._deeper(with_bone(ended, depth), "with_bone", {"depth": depth})

    def measured_thickness(self, name: str) -> bool:
        """Whether the thickness of the layer `name` was given, not taken from a row."""
        named = {self.layers[self._index(name)].name, layer_name(name)}
        given = (layer_name(places[0]) for _, places, change in self._changes if places and "thickness" in change)
        return not self._given or bool(named & set(given))

    def _ended(self, depth: float, at: int) -> Skin:
        """Return a skin whose layer number `at` ends `depth` [m] below the surface, as far as bone."""
        above = replace(self, layers=self.layers[: at + 1])
        last = replace(self.layers[at], thickness=above_bone(above, depth), low=None, high=None)
        ends_fat = (
            self.fascia_depth is not None and next(n for n in self.layers if n.tissue == "fat") is self.layers[at]
        )
        return replace(
            self,
            layers=(*self.layers[:at], last, *self.layers[at + 1 :]),
            fascia_depth=depth if ends_fat else self.fascia_depth,
        )

    def _to_bone(self, changed: str = "") -> Skin:
        """Return a skin whose bone is where it was measured, if it was; the layer `changed` must not move it."""
        depth = next((told["depth"] for method, _, told in self._changes if method == "with_bone"), None)
        if depth is None:
            return self
        last = self.layers[-2]
        if changed == last.name:
            raise InputError(
                "ends at the bone, whose depth was given", key=f"{changed}.thickness", value=f"{last.thickness:g}",
                unit="m", remedy="Give one of the two: with_bone() without a depth lets it lie where the layers end.",
            )  # fmt: skip
        return self._ended(depth, len(self.layers) - 2)

    def _deeper(self, made: Deeper, method: str, told: Mapping[str, Any]) -> Skin:
        rows = {row.name: row for row in (*self.rows, *made.rows)}
        return replace(
            self,
            layers=made.layers,
            fascia_depth=made.fascia_depth,
            rows=tuple(rows.values()),
            assumptions=(*self.assumptions, *(a for a in made.assumptions if a not in self.assumptions)),
            _changes=(*self._changes, (method, (), MappingProxyType(dict(told)))),
        )._to_bone()

    def _index(self, name: str, last: bool = False) -> int:
        plain = layer_name(name)
        found = [i for i, layer in enumerate(self.layers) if plain in (layer.name, layer.tissue)]
        if not found:
            way = {"smas": "with_fascia", "deep_fat": "with_fascia", "bone": "with_bone"}.get(plain)
            raise InputError(
                "is not in this skin", key="layer", value=name, allowed=" | ".join(layer.name for layer in self.layers),
                remedy=f"Use {way}(...) first." if way else None,
            )  # fmt: skip
        return found[-1 if last else 0]
