"""Layers given in a case: each once, and with room for all they hold whatever the data rows say of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.errors import InputError
from tauten.facts import Facts, load
from tauten.skin import layer as anatomy

if TYPE_CHECKING:
    from tauten.files.case import Case, Layer, Person

__all__ = ["check_layers"]

_VOLUME = ("water", "melanin", "lipid")
"""What shares a layer's volume."""


def check_layers(case: Case) -> None:
    """Raise `InputError`, with the place, for a layer given twice or holding more than its volume."""
    seen: set[str] = set()
    for position, given in enumerate(case.skin.layers):
        place = f"skin.layers.{position}"
        if given.name in seen:
            twice = InputError("is given twice", value=f'"{given.name}"', remedy="Give each layer once.")
            raise case.fault(twice, f"{place}.name")
        seen.add(given.name)
        if given.name == "epidermis" and given.melanin is not None:
            persons = InputError("belongs to the person", remedy="Write it as melanin in [person].")
            raise case.fault(persons, f"{place}.melanin")
        _check_room(case, given, place)


def _check_room(case: Case, given: Layer, place: str) -> None:
    """Raise `InputError` when the shares given leave no room for those the rows may add.

    A plan moves the rows over their spread, so the room is needed at the far end of it, not at the central value.
    """
    told = [share for share in _VOLUME if share in given.changes]
    if not told:
        return
    most = _most(given, case.person, load())
    whole = sum(most.values())
    if whole <= 1.0 + 1e-9:
        return
    rest = [share for share in _VOLUME if most[share] and share not in told]
    words = " and ".join(f"{100 * most[share]:.3g} % of {share}" for share in rest)
    raise case.fault(
        InputError(
            f"leaves no room for up to {words}" if rest else f"makes {100 * whole:.4g} % with the layer's other shares",
            value=f'"{case.given["skin"]["layers"][int(place.rpartition(".")[2])][told[0]]}"',
            allowed="100 % or less together",
            remedy=f"Give {' and '.join(rest)} as well." if rest else None,
        ),
        f"{place}.{told[0]}",
    )


def _most(given: Layer, person: Person, facts: Facts) -> dict[str, float]:
    """Return the most that each of water, melanin and lipid can take of the layer's volume."""
    tissue = anatomy.Layer(given.name, 1e-3).tissue
    water, dry = facts[f"tissue/composition/{tissue}.water"], f"tissue/composition/{tissue}.dry_lipid"
    most = {"water": water.si_high, "melanin": 0.0, "lipid": 0.0}
    if given.name == "epidermis":
        kind = f"tissue/pigment/phototype_{person.phototype}.melanin"
        most["melanin"] = facts[kind].si_high if person.melanin is None else person.melanin
    if dry in facts:
        # Lipid fills what water leaves: with the water given, the driest row leaves the most.
        left = 1.0 - (water.si_low if given.water is not None else water.si_high)
        most["lipid"] = min(facts[dry].si_high, 1.0) * left
    return {**most, **{share: value for share, value in given.changes.items() if share in most}}
