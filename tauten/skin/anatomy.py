"""How thick each layer is at a site, and what it is made of: published rows, moved by age, sex and body-mass index.

Epidermis by histology, dermis by ultrasound: each row names its method and the two are never averaged or subtracted.
The ultrasound "epidermis" is an entry echo, three to six times the histological one, and is not used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tauten.errors import Unphysical
from tauten.skin.layer import Layer
from tauten.skin.ledger import Ledger
from tauten.skin.sites import Site

__all__ = ["Spread", "layer_of", "layers_at", "spread_of"]

Spread = tuple[float, float, float]
"""Value, low, high [m]."""

_METHODS_SAID = (
    "Epidermis by histology, dermis by ultrasound: the entry echo of ultrasound is not counted as tissue, so the whole "
    "skin may be up to 0.2 mm thicker than drawn."
)


def layers_at(
    where: Site, age: float, sex: str | None, bmi: float, melanin: float, ledger: Ledger
) -> tuple[tuple[Layer, ...], float | None]:
    """Return the six layers at a site and the depth [m] of the superficial fascia (None where none is published)."""
    corneum, living = _epidermis(where, age, ledger)
    papillary, reticular = _dermis(where, age, sex, ledger)
    above = sum(part[0] for part in (corneum, living, papillary, reticular))
    fat, fascia = _fat(where, sex, bmi, above, ledger)
    muscle = spread_of(ledger, "thickness/muscle.thickness")
    ledger.assume(_METHODS_SAID)
    thicknesses = (corneum, living, papillary, reticular, fat, muscle)
    layers = tuple(layer_of(name, t, melanin, ledger) for name, t in zip(_PARTS, thicknesses, strict=True))
    return layers, fascia


_PARTS = ("stratum_corneum", "epidermis", "papillary_dermis", "reticular_dermis", "fat", "muscle")


def _epidermis(where: Site, age: float, ledger: Ledger) -> tuple[Spread, Spread]:
    """Return stratum corneum and living epidermis; the row counts both."""
    own = f"thickness/{where.key}.stratum_corneum.histology"
    corneum = spread_of(ledger, own if ledger.has(own) else f"thickness/{where.region}.stratum_corneum.histology")
    about = f"Thickness of the epidermis at the {where.name}"
    whole = _aged(
        spread_of(ledger, f"thickness/{where.key}.epidermis.histology", about), age, "epidermis.thinning", ledger
    )
    return corneum, _positive("living epidermis", where, *(end - corneum[0] for end in whole))


def _dermis(where: Site, age: float, sex: str | None, ledger: Ledger) -> tuple[Spread, Spread]:
    """Return papillary and reticular dermis."""
    key, about = f"thickness/{where.key}.dermis.hfus", f"Thickness of the dermis at the {where.name}"
    if ledger.has(key):
        whole = spread_of(ledger, key, about)
        aged = [_aged(whole, age, f"dermis.thinning.{s}", ledger) for s in _sexes(sex)]
    else:
        aged = [
            _aged(spread_of(ledger, f"{key}.{s}", about), age, f"dermis.thinning.{s}", ledger) for s in _sexes(sex)
        ]  # fmt: skip
    mean = tuple(sum(ends) / len(ends) for ends in zip(*aged, strict=True))
    papillary = spread_of(ledger, "thickness/papillary_dermis.thickness")
    return papillary, _positive("reticular dermis", where, *(end - papillary[0] for end in mean))


def _fat(where: Site, sex: str | None, bmi: float, above: float, ledger: Ledger) -> tuple[Spread, float | None]:
    """Return the fat down to the superficial fascia (or to the muscle), and the depth of that fascia."""
    female = ledger.take(f"thickness/{where.region}.fat_female").si
    per_bmi = ledger.take(f"thickness/{where.region}.fat_per_bmi").si
    reference = ledger.take(f"thickness/{where.region}.reference_bmi").si
    factor = (1.0 + per_bmi * (bmi - reference)) * (1.0 + {"female": female, "male": -female}.get(sex or "", 0.0))
    about = f"Thickness of the fat at the {where.name}"
    fascia_row = f"thickness/{where.key}.fascia_depth.ultrasound"
    if ledger.has(fascia_row):
        depth = _scaled(spread_of(ledger, fascia_row, about), factor)
        return _positive("fat above the superficial fascia", where, *(end - above for end in depth)), depth[0]
    method = "scan" if ledger.has(f"thickness/{where.key}.fat.scan") else "ultrasound"
    whole = _scaled(spread_of(ledger, f"thickness/{where.key}.fat.{method}", about), factor)
    return _positive("fat", where, *whole), None


def layer_of(name: str, thickness: Spread, melanin: float, ledger: Ledger) -> Layer:
    """Return the layer `name` of that `thickness`, filled with what its tissue's rows say."""
    empty = Layer(name, thickness[0], thickness[1], thickness[2], water=0.0)
    made: dict[str, Any] = {
        part: ledger.take(row).si
        for part in ("water", "dry_lipid", "blood")
        if ledger.has(row := f"composition/{empty.tissue}.{part}")
    }
    made["lipid"] = made.pop("dry_lipid", 0.0) * (1.0 - made["water"])
    blood: dict[str, Any] = {"oxygenation": ledger.take("composition/oxygenation").si} if made.get("blood") else {}
    if name == "epidermis":
        made["melanin"] = melanin
        if made["water"] + melanin > 1.0:
            ledger.assume("So much melanin leaves the epidermis less room for water than its row has.")
            made["water"] = 1.0 - melanin
    return replace(empty, **made, **blood)


def _sexes(sex: str | None) -> tuple[str, ...]:
    return ("female", "male") if sex is None else (sex,)


def _aged(thickness: Spread, age: float, row: str, ledger: Ledger) -> Spread:
    per_year = ledger.take(f"thickness/{row}").si
    reference = ledger.take("thickness/reference_age").si
    return _scaled(thickness, 1.0 - per_year * (age - reference))


def spread_of(ledger: Ledger, name: str, about: str = "") -> Spread:
    """Return value, low and high [m] of the row `name`, and note it."""
    row = ledger.take(name, about)
    return row.si, min(row.si_low, row.si), max(row.si_high, row.si)


def _scaled(spread: Spread, factor: float) -> Spread:
    return spread[0] * factor, spread[1] * factor, spread[2] * factor


def _positive(what: str, where: Site, value: float, low: float, high: float) -> Spread:
    """Return the spread, its low end kept above a tenth of the value; raises `Unphysical` when nothing is left."""
    if not value > 0.0:
        raise Unphysical(
            f"the {what} at the {where.name} would be {value * 1e3:.3g} mm thick: "
            "the rows used do not fit this age and body-mass index together; give the layer's thickness"
        )
    return value, max(low, 0.1 * value), high
