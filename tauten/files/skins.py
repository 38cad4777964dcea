"""The skin a case speaks of: the tables' for this person and site, and what was measured in its place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tauten.facts import Facts, load
from tauten.skin.deeper import measured
from tauten.skin.skin import Skin

if TYPE_CHECKING:
    from tauten.files.case import Case

__all__ = ["CUT", "published_skin", "skin_of"]

CUT = "Where the spread of a table's thickness would press a layer past the bone as measured, it is cut there."


def published_skin(case: Case, facts: Facts | None = None) -> Skin:
    """Return the skin that the tables give this person at this site."""
    person, area = case.person, case.area
    return Skin.at(
        area.site, age=person.age, sex=person.sex, phototype=person.phototype, bmi=person.bmi, melanin=person.melanin,
        side=area.side, facts=facts,
    )  # fmt: skip


def skin_of(case: Case, facts: Facts | None = None) -> Skin:
    """Return the person's skin, measured layers in the place of the tables'.

    For all but light with the superficial fascia as a layer of its own where the site or the picture gives its depth,
    and with bone where the picture shows it. Raises `InputError` for layers that don't add up.
    """
    given = [(layer.name, layer.changes) for layer in case.skin.layers if layer.changes]
    skin = measured(published_skin(case, facts), given)
    if case.treatment.method == "infrared":
        return skin
    imaging, names = case.imaging, {layer.name for layer in skin.layers}
    if "smas" not in names and (imaging.smas_depth is not None or skin.fascia_depth is not None):
        # A fat measured beside the fascia is the fat above it: the fascia lies where it ends.
        skin = skin.with_fascia(None if skin.measured_thickness("fat") else imaging.smas_depth)
    if imaging.bone_depth is not None and "bone" not in names:
        if facts is not None and facts.changed:
            skin = _above_bone(case, skin, imaging.bone_depth)
        skin = skin.with_bone(imaging.bone_depth)
    return skin


def _above_bone(case: Case, skin: Skin, bone: float) -> Skin:
    """Return a skin of moved rows whose tables' layers end above the measured `bone` [m], cut from the deepest up.

    The bone is where it was seen: a spread that would press a layer past it is none of this place. Layers that were
    measured stay, and the deepest keeps what two readings of a picture may differ by, or what it has as planned.
    """
    room, left = load().si("care/imaging/agreement"), bone - float(skin.depths[-2])
    if left >= room:
        return skin
    planned = skin_of(case)
    room = min(room, planned.layers[-2].thickness)  # its last is the bone
    layers = list(skin.layers)
    for at in range(len(layers) - 2, -1, -1):
        excess = room - left
        if excess <= 0.0 or skin.measured_thickness(layers[at].name):
            continue
        kept = max(layers[at].thickness - excess, min(layers[at].thickness, planned.layers[at].thickness))
        left += layers[at].thickness - kept
        layers[at] = replace(layers[at], thickness=kept)
    return replace(skin, layers=tuple(layers), assumptions=(*skin.assumptions, CUT)) if left > room - 1e-9 else skin
