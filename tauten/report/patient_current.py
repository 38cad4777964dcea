"""What a patient reads of radio-frequency through the surface alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.devices.cooling import ContactPlate, Spray
from tauten.devices.exposure import RfPulse
from tauten.report.standing import off_label
from tauten.report.tell import Own, Tell, evidence_of, figure, months, share

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["OWN"]


def _monopolar(plan: Plan) -> bool:
    pulses = [p.exposure for p in plan.treatment.exposures if isinstance(p.exposure, RfPulse)]
    return pulses[0].monopolar


def _done(plan: Plan, tell: Tell, site: str) -> tuple[str, ...]:
    kinds = {type(c) for placed in plan.treatment.exposures for c in placed.exposure.cooling}
    cooling = (
        "done_spray_current" if Spray in kinds else "done_plate_current" if ContactPlate in kinds else "done_no_cooling"
    )
    return (
        tell("done_tip" if _monopolar(plan) else "done_tip_two", site=site),
        tell(cooling),
        tell("done_aim"),
        *((tell("done_off_label_current"),) if off_label(plan) else ()),
        tell("done_test_stamp"),
    )


def _feel(plan: Plan, tell: Tell) -> tuple[str, ...]:
    row = evidence_of(plan)
    pain = tell(
        "feel_pain_current",
        pain_patients=figure(row["pain.patients"].value), pain=figure(round(row["pain.mean"].value)),
    )  # fmt: skip
    return (
        tell("feel_current"),
        *((pain,) if _monopolar(plan) else ()),
        tell("feel_speak_current" if _monopolar(plan) else "feel_speak_needles"),
    )


def _after(plan: Plan, tell: Tell) -> str:
    row = evidence_of(plan)
    return tell(
        "after_normal_current",
        red_hours=figure(row["recovery.redness"].si / 3600.0), swelling_days=figure(row["recovery.swelling"].value),
    )  # fmt: skip


def _soon(plan: Plan, tell: Tell, swelling: str) -> str:
    return tell("call_soon_items", swelling_hours=swelling)


def _result(plan: Plan, tell: Tell) -> tuple[str, ...]:
    if not _monopolar(plan):
        return (tell("result_other_device"),)
    row = evidence_of(plan)
    return (
        tell(
            "result_fitzpatrick",
            fitzpatrick_patients=figure(row["fitzpatrick_2003.patients"].value),
            fitzpatrick_share=share(row["fitzpatrick_2003.wrinkles"]),
        ),
        tell("result_bassichis", controls=figure(row["bassichis_2004.controls"].value)),
    )


def _risk(plan: Plan, tell: Tell) -> tuple[str, ...]:
    if not _monopolar(plan):
        return ()
    row = evidence_of(plan)
    side_effects = f"{figure(row['weiss_2006.side_effects'].value)} %"
    reviewed = tell(
        "risk_weiss", weiss_patients=figure(row["weiss_2006.treatments"].value), weiss_share=side_effects,
        weiss_months=months(row["weiss_2006.hollow"]),
    )  # fmt: skip
    return (reviewed, tell("risk_pad"))


OWN = Own(
    _done, _feel, _after, _soon, _result, _risk, eyes="eyes_current", today="call_today_items",
    reached="result_goal_reached", missed="result_goal_missed", unknown=("unknown_you_current",),
)  # fmt: skip
