"""What lies in and under the fat where a skin is given with it: the superficial fascia, the deep fat, bone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tauten.checks import number
from tauten.errors import InputError
from tauten.facts import Row
from tauten.skin.anatomy import Spread, layer_of, spread_of
from tauten.skin.layer import Layer, layer_name
from tauten.skin.ledger import Ledger

if TYPE_CHECKING:
    from tauten.skin.skin import Skin

__all__ = ["Deeper", "above_bone", "measured", "with_bone", "with_fascia"]

_LEAST = 1e-6  # m; thinner than this, what is left of the fat is rounding
_ADD_UP = "Measure depth and thickness in one picture, from the surface down."


_BELOW = "Thickness of the fat below the superficial fascia"


@dataclass(frozen=True)
class Deeper:
    """The layers of a skin with more of them, and what that took."""

    layers: tuple[Layer, ...]
    fascia_depth: float | None
    rows: tuple[Row, ...]
    assumptions: tuple[str, ...]


def with_fascia(skin: Skin, depth: float | None, thickness: float | None, deep_fat: float | None) -> Deeper:
    """Return the layers with the superficial fascia between fat and deep fat; `Skin.with_fascia` says how."""
    _refuse(skin, "smas")
    ledger = Ledger(skin.facts)
    at, fat = _fat(skin)
    top, bottom = float(skin.depths[at]), float(skin.depths[at + 1])
    own = skin.measured_thickness("fat")
    sheet = _given(thickness, "smas", ledger, "Thickness of the superficial fascia")
    if depth is None:
        if skin.fascia_depth is None and not own:
            raise InputError(
                "has no published depth at this site", key="smas.depth",
                remedy="Measure it, or the thickness of the fat above it.",
            )  # fmt: skip
        begins, above = bottom, fat
        rest = _given(deep_fat, "deep_fat", ledger, _BELOW)
    else:
        begins = _deep(depth, "smas.depth", skin)
        if begins - top < _LEAST:
            raise InputError(
                f"would lie above the fat, which begins at {1e3 * top:.3g} mm", key="smas.depth",
                value=f"{1e3 * begins:.4g} mm", remedy=_ADD_UP,
            )  # fmt: skip
        above = _thick(fat, begins - top)
        if deep_fat is not None or (skin.fascia_depth is not None and not own):
            rest = _given(deep_fat, "deep_fat", ledger, _BELOW)
        else:
            rest = _left(bottom - begins - sheet[0], own, begins + sheet[0], bottom, ledger)
    made = [above, layer_of("smas", sheet, 0.0, ledger)]
    if rest[0] > _LEAST:
        made.append(replace(fat, name="deep_fat", thickness=rest[0], low=rest[1], high=rest[2]))
    measured = [n for n, g in (("depth", depth), ("thickness", thickness), ("deep fat", deep_fat)) if g is not None]
    if measured:
        ledger.assume(f"Superficial fascia: {', '.join(measured)} as given.")
    return _made(skin, (*skin.layers[:at], *made, *skin.layers[at + 1 :]), begins, ledger)


def with_bone(skin: Skin, depth: float | None = None) -> Deeper:
    """Return the layers with bone under the deepest, which ends at `depth` [m] where one is given."""
    _refuse(skin, "bone")
    ledger = Ledger(skin.facts)
    if np.isinf(skin.layers[-1].thickness):
        raise InputError("lies under an endless layer", key="bone.depth", remedy="Give its depth in metres.")
    if depth is not None:
        ledger.assume("Bone: depth as given.")
    bone = layer_of("bone", spread_of(ledger, "thickness/bone.thickness"), 0.0, ledger)
    return _made(skin, (*skin.layers, bone), skin.fascia_depth, ledger)


def above_bone(skin: Skin, depth: float) -> float:
    """Thickness [m] of the deepest layer of a skin whose bone lies `depth` [m] below the surface."""
    top, deepest = float(skin.depths[-2]), skin.layers[-1].name.replace("_", " ")
    thickness = _deep(depth, "bone.depth", skin) - top
    if thickness < _LEAST:
        raise InputError(
            f"would lie above the end of the {deepest}, which begins at {1e3 * top:.4g} mm", key="bone.depth",
            value=f"{1e3 * depth:.4g} mm", remedy=_ADD_UP,
        )  # fmt: skip
    return thickness


def measured(skin: Skin, given: Sequence[tuple[str, Mapping[str, Any]]]) -> Skin:
    """Return the skin with layers as a clinic measured them: (name, what `Skin.with_layer` takes) for each.

    A thickness replaces the table's. The superficial fascia ("smas"), the fat below it and bone are added when named;
    the "fat" then counts from the dermis to the fascia. Raises `InputError` for a layer given twice and for layers that
    don't add up.
    """
    told = {layer_name(name): dict(changes) for name, changes in given}
    if len(told) < len(given):
        names = [layer_name(name) for name, _ in given]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError("is given twice", key="layer", value=twice, remedy="Give each layer once.")
    for name in [name for name in told if told[name] and name not in ("smas", "deep_fat", "bone")]:
        skin = skin.with_layer(name, **told[name])
    if "smas" in told or "deep_fat" in told:
        sheet, rest = (told.get(name, {}).pop("thickness", None) for name in ("smas", "deep_fat"))
        skin = skin.with_fascia(None, sheet, rest)
    if "bone" in told:
        skin = skin.with_bone()
    for name in ("smas", "deep_fat", "bone"):
        if told.get(name):
            skin = skin.with_layer(name, **told[name])
    return skin


def _deep(depth: float, key: str, skin: Skin) -> float:
    """Return a depth [m] below the surface, checked: 4.1 is no depth of anything in skin, 4.1e-3 is."""
    allowed, given = skin.facts["tissue/thickness/depth.allowed"], number(depth, key, 0.0, unit="m", open_low=True)
    if not allowed.si_low <= given <= allowed.si_high:
        raise InputError(
            "is no depth of this", key=key, value=f"{given:g}", allowed=f"{allowed.si_low:g} to {allowed.si_high:g}",
            unit="m", remedy="Depths are in metres: 4.1 mm is 4.1e-3.",
        )  # fmt: skip
    return given


def _fat(skin: Skin) -> tuple[int, Layer]:
    for at, layer in enumerate(skin.layers):
        if layer.tissue == "fat":
            return at, layer
    raise InputError("needs a fat to lie in", key="smas", allowed=" | ".join(layer.name for layer in skin.layers))


def _left(left: float, own: bool, ends: float, bottom: float, ledger: Ledger) -> Spread:
    """Return what the fascia leaves of the whole fat; where only a table gives the fat, the fascia measured wins."""
    if own and left < -_LEAST:
        raise InputError(
            f"would end at {1e3 * ends:.4g} mm, below the fat, which ends at {1e3 * bottom:.4g} mm", key="smas.depth",
            remedy=_ADD_UP,
        )  # fmt: skip
    if not own and left < (least := spread_of(ledger, "thickness/deep_fat.thickness")[1]):
        ledger.assume("The fascia as measured leaves no room in the fat of the table: the deep fat is at its thinnest.")
        left = least
    return left, left, left


def _given(thickness: float | None, name: str, ledger: Ledger, about: str) -> Spread:
    """Return a measured thickness [m], without a spread, or the row's."""
    if thickness is None:
        return spread_of(ledger, f"thickness/{name}.thickness", about)
    value = number(thickness, f"{name}.thickness", 0.0, unit="m", open_low=True, problem="is not positive")
    return value, value, value


def _thick(layer: Layer, thickness: float) -> Layer:
    return replace(layer, thickness=thickness, low=None, high=None)


def _refuse(skin: Skin, name: str) -> None:
    if any(layer.name == name for layer in skin.layers):
        raise InputError("is in this skin already", key="layer", value=name, remedy="Use with_layer(name, ...).")


def _made(skin: Skin, layers: tuple[Layer, ...], fascia_depth: float | None, ledger: Ledger) -> Deeper:
    return Deeper(layers, fascia_depth, tuple(ledger.rows.values()), tuple(ledger.assumptions))
