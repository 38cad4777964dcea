"""What is right alone and wrong together: a side the site does not have, a band upside down, a question nobody asks."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from tauten.errors import InputError
from tauten.files.faults import did_you_mean
from tauten.skin.sites import check_side, site
from tauten.toml import read_toml

if TYPE_CHECKING:
    from tauten.files.case import Case

__all__ = ["check_together"]


def check_together(case: Case) -> None:
    """Raise `InputError`, with the place, for values of `case` that do not go together."""
    person, area = case.person, case.area
    if person.phototype is None and person.melanin is None:
        unknown = InputError("says nothing of the skin's colour", remedy="Give melanin, or phototype as its stand-in.")
        raise case.fault(unknown, "person")
    try:
        check_side(site(area.site), area.side)
    except InputError as error:
        raise case.fault(error, "area.side") from None
    if case.goal and not case.goal.depth[0] < case.goal.depth[1]:
        given = " to ".join(str(depth) for depth in case.given["goal"]["depth"])
        reversed_band = InputError("does not go from shallow to deep", value=given, remedy="Smaller depth first.")
        raise case.fault(reversed_band, "goal.depth")
    names = [layer.name for layer in case.skin.layers]
    for position, name in enumerate(names):
        if name in names[:position]:
            twice = InputError("is given twice", value=f'"{name}"', remedy="Give each layer once.")
            raise case.fault(twice, f"skin.layers.{position}.name")
    for key in case.answers:
        if key not in _conditions():
            remedy = did_you_mean(key, _conditions()) or "tauten schema lists the questions."
            raise case.fault(InputError("is not a screening question", remedy=remedy), f"answers.{key}")


@cache
def _conditions() -> tuple[str, ...]:
    """Return the keys of the screening questions; the rules about them belong to the care room."""
    data, _ = read_toml(Path(str(files("tauten") / "data" / "screening" / "conditions.toml")))
    return tuple(data)
