"""The same stamp one step shallower and one step deeper: what another depth would change, limit by limit.

Depth is what an operator sets by hand on every insertion, so its step is shown beside the plan whether or not it was
free to choose.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tauten.care.boiling import boils
from tauten.care.limits import Margin
from tauten.errors import NotConverged, Unphysical
from tauten.solvers.zones import Zone
from tauten.workers import ask_all

if TYPE_CHECKING:
    from tauten.care.choose import Choice

__all__ = ["Depth", "depths"]

_STEP = "care/planning/microneedling.depth_beside"


@dataclass(frozen=True, slots=True)
class Depth:
    """A stamp `step` steps deeper than planned (0: as planned, −1: shallower), everything else as planned.

    `setting` [m] is the depth set, `tips` [m] where the tips are taken to lie. `zone` is the largest needle's (None:
    nothing coagulates), `figures` the run's own [SI], `margins` where it stands against every limit, their headroom not
    looked for; at another depth their upper ends are the planned ones, moved by what trials say the depth does to them.
    All depths are computed alike, with the run that limits are read from.
    """

    step: int
    setting: float
    tips: float
    zone: Zone | None
    figures: Mapping[str, float]
    margins: tuple[Margin, ...]

    @property
    def verdict(self) -> str:
        """The worst verdict of all limits."""
        return max((m.verdict for m in self.margins), key=("inside", "warn", "stop").index, default="inside")

    def margin(self, figure: str) -> Margin | None:
        """Return where it stands against the limit on `figure`."""
        return next((m for m in self.margins if m.limit.figure == figure), None)


def depths(choice: Choice, planned: Sequence[Margin]) -> tuple[Depth, ...]:
    """Return the stamp one step shallower, as planned and one step deeper, as far as the device can be set.

    `planned` are the margins of the plan itself, which stand in the middle.
    """
    question, settings = choice.question, choice.best.settings
    setting, step = question.device.settings["depth"], question.facts.si(_STEP)
    wanted = {n: float(settings["depth"]) + n * step for n in (-1, 0, 1)}
    allowed = {n: at for n, at in wanted.items() if n == 0 or setting.low - 1e-9 <= at <= setting.high + 1e-9}

    def at(n: int) -> Depth | None:
        try:
            return _depth(choice, n, allowed[n], planned)
        except (NotConverged, Unphysical):
            return None  # nobody can say what happens there

    return tuple(found for found in ask_all(at, allowed) if found is not None)


def _depth(choice: Choice, step: int, depth: float, planned: Sequence[Margin]) -> Depth:
    question = choice.question
    settings = {**choice.best.settings, "depth": depth}
    run = question.treatment(settings, run=question.method.check)
    central = question.method.finish(question, settings, question.method.read(question, settings, run))
    formed = [zone for zone in run.zones if zone.formed]
    return Depth(
        step=step,
        setting=depth,
        tips=max(shot.exposure.depth for shot in run.exposures),  # type: ignore[union-attr]
        zone=max(formed, key=lambda zone: zone.volume, default=None),
        figures={name: value for name, value in central.items() if math.isfinite(value)},
        margins=tuple(planned) if step == 0 else tuple(_moved(choice, settings, m, central) for m in planned),
    )


def _moved(choice: Choice, settings: Mapping[str, Any], planned: Margin, central: Mapping[str, float]) -> Margin:
    """Return a margin with its upper end moved by what trials say another depth does to it.

    A run at every adverse point would take as long as the plan itself; trials give the change, the plan's own margin
    what it is counted from.
    """
    limit, question = planned.limit, choice.question
    before, after = (
        max(question.figures(at, facts)[limit.figure] for facts in choice.adverse.values())
        for at in (choice.best.settings, settings)
    )
    rises = limit.unit == "K" or before <= 0.0 or planned.upper <= 0.0
    upper = planned.upper + after - before if rises else planned.upper * after / before
    upper = max(upper, central[limit.figure])
    hot = boils(central["tissue.peak_temperature"]) or planned.boils
    return Margin(limit, central[limit.figure], upper, math.nan, rest=planned.rest, boils=hot)
