"""The nouns of a plan. Frozen: a plan is evidence of what was known when it was made, nobody edits one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tauten.care.boiling import boils
from tauten.care.depths import Depth
from tauten.care.document import document, table
from tauten.care.goals import GoalResult
from tauten.care.imaging import Finding
from tauten.care.limits import Margin
from tauten.care.screening import Screening
from tauten.care.shots import Shots
from tauten.devices.catalogue import Machine
from tauten.facts import Row
from tauten.skin.skin import Skin
from tauten.treatment import Treatment

__all__ = ["Advice", "ChosenSetting", "DepthProfile", "Effect", "LayerResult", "Plan", "RunRecord", "TestSpot"]


@dataclass(frozen=True, slots=True)
class ChosenSetting:
    """One setting of the machine: SI `value`, `unit` people read it in, the device's range, and who chose it."""

    name: str
    value: float
    si_unit: str
    unit: str
    low: float
    high: float
    chosen_by: Literal["case", "optimised", "device default"]
    confidence: str


@dataclass(frozen=True, slots=True)
class LayerResult:
    """What one layer met on the axis: depth [m], peak temperature [K] with its spread, and when [s].

    One that `boils` is told as such: its temperature means nothing beyond the boiling point, and its doses are read
    there.
    """

    name: str
    top: float
    bottom: float
    peak_temperature: float
    peak_low: float
    peak_high: float
    time_of_peak: float
    absorbed_fraction: float
    facts: Mapping[str, float]

    @property
    def boils(self) -> bool:
        """Whether this layer boils dry as planned."""
        return boils(self.peak_temperature)


@dataclass(frozen=True, eq=False)
class DepthProfile:
    """On-axis figures against `depth` [m]: central `value`, and `low`/`high` at its two ends."""

    name: str
    unit: str
    depth: NDArray[np.float64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    set_name: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What one data row's own spread does: the planned goal and the binding limit at the row's low and high end."""

    row: Row
    low: float
    high: float
    goal_low: float
    goal_high: float
    limit_low: float
    limit_high: float


@dataclass(frozen=True, slots=True)
class Advice:
    """One step that would make the plan safer, and what it costs.

    `setting` from `before` to `after` [SI, `unit` for people] takes the binding limit's upper end from `limit_before`
    to `limit_after` and multiplies the planned goal by `goal_factor`.
    """

    setting: str
    before: float
    after: float
    si_unit: str
    unit: str
    limit_before: float
    limit_after: float
    goal_factor: float


@dataclass(frozen=True, slots=True)
class TestSpot:
    """A first spot at a `share` of the plan: the surface peak [K] it should give, and how long to `wait` [s].

    `value` [SI, `unit` for people] is that of the `setting` which drives the method. `limit_used` is the share of the
    binding limit its upper end uses.
    """

    value: float
    share: float
    surface_peak: float
    wait: float
    limit_used: float
    setting: str = "fluence"
    si_unit: str = "J/m2"
    unit: str = "J/cm2"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What makes the plan reproducible: inputs, version, seed, rows; `digest` names them all.

    `photons` is 0 where no light was traced.
    """

    version: str
    schema: int
    seed: int
    photons: int
    date: str
    inputs: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, eq=False)
class Plan:
    """A treatment plan: settings, what they do, how far from each limit, and where every number came from.

    `findings` is what the ultrasound picture says against it; `shots` the part only focused ultrasound has,
    `depths` what a stamp of needles would do a step shallower and deeper.
    """

    title: str
    skin: Skin
    device: Machine
    screening: Screening
    settings: tuple[ChosenSetting, ...]
    treatment: Treatment
    layers: tuple[LayerResult, ...]
    profiles: tuple[DepthProfile, ...]
    goals: tuple[GoalResult, ...]
    margins: tuple[Margin, ...]
    effects: tuple[Effect, ...]
    safer: tuple[Advice, ...]
    test_spot: TestSpot
    comfort: Mapping[str, float]
    assumptions: tuple[str, ...]
    published: Mapping[str, Any]
    rows: tuple[Row, ...]
    language: str
    record: RunRecord
    findings: tuple[Finding, ...] = ()
    shots: Shots | None = None
    depths: tuple[Depth, ...] = ()

    @property
    def binding(self) -> Margin:
        """The limit that stops a higher output first."""
        return next(m for m in self.margins if m.binding)

    @property
    def verdict(self) -> str:
        """What the plan comes to: "do not shoot", "past a stop limit", or the screening's own verdict."""
        if any(finding.verdict == "stop" for finding in self.findings):
            return "do not shoot"
        return "past a stop limit" if any(m.verdict == "stop" for m in self.margins) else self.screening.verdict

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        """The short table: what, value, remark."""
        return table(self)

    def to_dict(self) -> dict[str, Any]:
        """The whole plan as JSON-able data, SI throughout."""
        return document(self)

    @property
    def unverified(self) -> tuple[Row, ...]:
        """The rows the plan used whose number nobody has checked in a source."""
        return tuple(row for row in self.rows if row.confidence == "unverified")
