"""What a method brings to the care story: the setting that drives it, what may be chosen, how it is run and told.

The story in `plan` is one for all methods; everything that differs stands in one `Method` each, side by side in
`methods.METHODS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tauten.care.depths import Depth
from tauten.care.imaging import Finding
from tauten.care.limits import Margin
from tauten.care.shots import Considered, Shots
from tauten.devices.catalogue import Machine
from tauten.devices.exposure import Placed
from tauten.facts import Facts, Row
from tauten.skin.skin import Skin
from tauten.treatment import Treatment

if TYPE_CHECKING:
    from tauten.care.choose import Choice
    from tauten.care.question import Question

__all__ = ["Method", "Run", "Step"]

Settings = Mapping[str, Any]
Run = Literal["full", "check", "quick", "sweep"]
"""The one run that is shown; a trial to judge by; one of hundreds of trials; one of a sweep over facts, compared with
its neighbours."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step offered to make a plan safer: `setting` "grows" by the share in `row`, is "shifted" by it or "scaled"."""

    setting: str
    row: str
    way: Literal["grows", "shifted", "scaled"]

    def taken(self, value: float, facts: Facts) -> float:
        """Return the setting [SI] after the step."""
        amount = facts.si(self.row)
        return {"grows": value * (1.0 + amount), "shifted": value + amount, "scaled": value * amount}[self.way]


@dataclass(frozen=True)
class Method:
    """One method's part of the story.

    `driver` is the setting found by root finding, since every limit rises with it; `free` what the optimiser may move,
    the driver among them; a setting in `never_less` or `never_more` may not be chosen below or above the device's
    default (less cooling); `pattern` are settings that change no single shot; `once` those a test spot has one of;
    `follows` the settings that one given by the case fixes. `leads` names, for a figure, the one whose adverse point it
    shares (its own where none is named). As many `sweeps` over the rows are made, one before the choice and, where what
    is chosen moves the spreads much, one after it; the `both_ends` strongest rows are asked at both ends. With
    `upward`, searches climb from where spreads are read and never look far beyond it; with `lean`, a limit is first
    asked where the ones before it ended. `check` is the run margins are read from, `ends` that of both ends of the
    spread, `headroom` the row that says up to how many times the output they look. `steps` are offered beside the plan.

    start: the settings a plan begins from. probe: those its spreads are read at. placed: the exposures of one trial,
    with the output the facts say the device gives. high: the most a free setting may be. complete: the chosen settings
    with those that follow from them.
    options: how `simulate` is asked. ahead: what is worked out before a sweep so that every trial finds it. read: the
    figures of a trial's run; finish: the same with what the pattern of points adds. rows: the names of the data rows
    a sweep moves. felt: whether facts differ for a sweep from the central ones. reach: the depths [m] a device acts
    between. used: the rows behind what is not moved. assumptions: what was taken for granted. shots: what only
    focused shots have. warnings: what speaks against the plan itself, from its settings and its three runs.
    fitted: the method as one machine has it. trial: the figures of a trial that needs no whole run, None where it does.
    depths: the same a step shallower and deeper, where depth is set by hand.
    """

    driver: str
    free: tuple[str, ...]
    never_less: tuple[str, ...]
    never_more: tuple[str, ...]
    pattern: tuple[str, ...]
    once: tuple[str, ...]
    follows: Mapping[str, tuple[str, ...]]
    leads: Mapping[str, str]
    sweeps: int
    both_ends: int
    upward: bool
    check: Run
    headroom: str
    steps: tuple[Step, ...]
    start: Callable[[Question], Settings]
    probe: Callable[[Question, Settings], Settings]
    placed: Callable[[Question, Settings, Facts], tuple[Placed, ...]]
    high: Callable[[Question, str], float]
    complete: Callable[[Question, Settings, Mapping[str, Facts]], Settings]
    options: Callable[[Question, Run], dict[str, Any]]
    ahead: Callable[[Question, Settings, Sequence[Facts]], None]
    read: Callable[[Question, Settings, Treatment], Mapping[str, float]]
    finish: Callable[[Question, Settings, Mapping[str, float]], Mapping[str, float]]
    rows: Callable[[Question, Skin], list[str]]
    felt: Callable[[Question, Facts], bool]
    reach: Callable[[Question], tuple[float, float]]
    used: Callable[[Question, Treatment], Sequence[Row]]
    assumptions: Callable[[Question, Treatment], list[str]]
    shots: Callable[[Question, Settings, Sequence[Treatment], Sequence[Considered]], Shots | None]
    warnings: Callable[[Question, Settings, Sequence[Treatment], Shots | None], tuple[Finding, ...]]
    ends: Run = "full"
    fitted: Callable[[Method, Machine], Method] = lambda method, machine: method
    lean: bool = False
    trial: Callable[[Question, Settings, Facts, Run], Mapping[str, float] | None] = lambda *asked: None
    depths: Callable[[Choice, Sequence[Margin]], tuple[Depth, ...]] = lambda choice, planned: ()
