"""What differs from method to method in sentences that all methods share: one row a method."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["Wording", "wording"]


@dataclass(frozen=True, slots=True)
class Wording:
    """A method's own words.

    `agent` is what goes in, `driver` the setting that says how strong it is and `strength` its name in a sentence,
    `output` the settings that name an exposure in a headline, `middle` where a table on the axis is read, `trial` a
    first try at less, `stretched` whether figures stretch the depth near the surface. `cover` is what hides the skin
    from a camera, and `fault` what a warmer surface than planned means.
    """

    agent: str
    driver: str
    strength: str
    output: tuple[str, ...]
    middle: str
    trial: str
    stretched: bool
    cover: str = "the window covers"
    fault: str = "the cooling has failed"


_WORDINGS = {
    "infrared": Wording("light", "fluence", "fluence", ("fluence",), "under the middle of the beam", "Test spot", True),
    "ultrasound": Wording(
        "sound", "power", "acoustic power", ("power", "duration"), "on the axis of a point", "Test line", False,
        "the head and its gel cover", "gel is missing or the head has tilted",
    ),
    "radiofrequency": Wording(
        "current", "power", "power", ("power", "duration"), "under the middle of the tip", "Test spot", True,
        "the tip covers", "the cooling has failed or the tip has tilted",
    ),
    "microneedling": Wording(
        "current", "power", "power", ("power", "duration", "depth"), "beside the middle needle", "Test stamp", False,
        "the stamp covers", "needles lie too shallow or their insulation is damaged",
    ),
}  # fmt: skip
_STRENGTHS = {"voltage": "voltage", "hold": "rise that is held"}
"""What drives devices that are not set by their watts, and its name in a sentence."""


def wording(plan: Plan) -> Wording:
    """Return the words of the plan's method, and of what drives its device."""
    words = _WORDINGS[plan.device.method]
    driver = plan.test_spot.setting
    if words.agent != "current" or driver not in _STRENGTHS:
        return words
    output = tuple(driver if name == words.driver else name for name in words.output)
    return replace(words, driver=driver, strength=_STRENGTHS[driver], output=output)
