"""What differs from method to method in sentences that all methods share: one row a method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["Wording", "wording"]


@dataclass(frozen=True, slots=True)
class Wording:
    """A method's own words.

    `agent` is what goes in, `driver` the setting that says how strong it is and `strength` its name in a sentence,
    `output` the settings that name an exposure in a headline, `middle` where a table on the axis is read, `trial` a
    first try at less, `stretched` whether figures stretch the depth near the surface.
    """

    agent: str
    driver: str
    strength: str
    output: tuple[str, ...]
    middle: str
    trial: str
    stretched: bool


_WORDINGS = {
    "infrared": Wording("light", "fluence", "fluence", ("fluence",), "under the middle of the beam", "Test spot", True),
    "ultrasound": Wording(
        "sound", "power", "acoustic power", ("power", "duration"), "on the axis of a point", "Test line", False
    ),
    "radiofrequency": Wording(
        "current", "power", "power", ("power", "duration"), "under the middle of the tip", "Test spot", True
    ),
    "microneedling": Wording(
        "current", "power", "power", ("power", "duration", "depth"), "beside the middle needle", "Test stamp", False
    ),
}


def wording(plan: Plan) -> Wording:
    """Return the words of the plan's method."""
    return _WORDINGS[plan.device.method]
