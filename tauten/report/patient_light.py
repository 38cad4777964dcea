"""What a patient reads of infrared light alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.devices.cooling import ContactPlate, Spray
from tauten.report.beam import pulses
from tauten.report.standing import off_label
from tauten.report.tell import Own, Tell, evidence_of, figure, share

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["OWN", "is_lamp"]


def is_lamp(plan: Plan) -> bool:
    """Whether the light is a lamp's broad band, not a laser's line."""
    return any(pulse.spectrum.wavelengths.size > 1 for pulse in pulses(plan))


def _done(plan: Plan, tell: Tell, site: str) -> tuple[str, ...]:
    kinds = {type(c) for placed in plan.treatment.exposures for c in placed.exposure.cooling}
    cooling = "done_window" if ContactPlate in kinds else "done_spray" if Spray in kinds else "done_no_cooling"
    return (
        tell("done_lamp" if is_lamp(plan) else "done_laser", site=site),
        tell(cooling),
        tell("done_aim"),
        *((tell("done_off_label"),) if off_label(plan) else ()),
        tell("done_test"),
    )


def _feel(plan: Plan, tell: Tell) -> tuple[str, ...]:
    cooled = any(placed.exposure.cooling for placed in plan.treatment.exposures)
    return (*((tell("feel_cold"),) if cooled else ()), tell("feel_pain"), tell("feel_speak"))


def _after(plan: Plan, tell: Tell) -> str:
    return tell("after_normal")


def _soon(plan: Plan, tell: Tell, swelling: str) -> str:
    return tell("call_soon_items", swelling_hours=swelling)


def _result(plan: Plan, tell: Tell) -> tuple[str, ...]:
    if not is_lamp(plan):
        return (tell("result_other_device"),)
    row = evidence_of(plan)
    return (
        tell(
            "result_chan",
            chan_patients=figure(row["chan_2008.patients"].value),
            chan_mild=share(row["chan_2008.mild"]),
            chan_moderate=share(row["chan_2008.moderate"]),
        ),
        tell(
            "result_chua",
            chua_lifted=figure(row["chua_2007.lifted"].value),
            chua_patients=figure(row["chua_2007.patients"].value),
        ),
    )


def _risk(plan: Plan, tell: Tell) -> tuple[str, ...]:
    if not is_lamp(plan):
        return ()
    row = evidence_of(plan)
    blistered, sessions = figure(row["chua_2007.blistered"].value), figure(row["chua_2007.sessions"].value)
    return (tell("risk_blister_known", blistered=blistered, sessions=sessions),)


OWN = Own(
    _done, _feel, _after, _soon, _result, _risk, eyes="eyes_wear", today="call_today_items",
    reached="result_goal_reached", missed="result_goal_missed", unknown=("unknown_you",),
)  # fmt: skip
