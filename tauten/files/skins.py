"""The skin a case speaks of: the tables' for this person and site, and what was measured in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.facts import Facts
from tauten.skin.deeper import measured
from tauten.skin.skin import Skin

if TYPE_CHECKING:
    from tauten.files.case import Case

__all__ = ["published_skin", "skin_of"]


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
        skin = skin.with_bone(imaging.bone_depth)
    return skin
