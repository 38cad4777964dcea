"""Planning radio-frequency through the surface: what drives it, what is watched, who must not have it."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pytest

from tauten.care import electric
from tauten.care.limits import read_limits
from tauten.care.plan import screened
from tauten.care.question import Question, question_of
from tauten.care.screening import screened_as
from tauten.devices.catalogue import catalogue
from tauten.errors import InputError
from tauten.files.case import case_from

EXAMPLES = Path(__file__).parents[2] / "examples"
EXAMPLE = tomllib.loads((EXAMPLES / "radiofrequency_cheek.toml").read_text(encoding="utf-8"))


def case(*, device="rf-monopolar-3cm2", settings=None, **tables):
    about = {"method": "radiofrequency", "device": device, "plan": "as given", "settings": settings or {}}
    return case_from(EXAMPLE | {"treatment": about} | tables)


def figures(**settings) -> dict[str, float]:
    question = question_of(case(settings=settings))
    return dict(question.figures(question.start))


def test_it_is_planned_on_the_time_the_dermis_is_warm_and_driven_by_power() -> None:
    question = question_of(case())
    assert question.method.driver == "power"
    assert question.output == "devices/rf-monopolar-3cm2/output"
    assert question.band == pytest.approx((question.skin(question.facts).top_of("reticular_dermis"),
                                           question.skin(question.facts).bottom_of("dermis")))  # fmt: skip


def test_fluence_is_power_over_the_tip_for_its_duration() -> None:
    """60 J/cm² on 3 cm² in 2 s is 90 W; the setting given is the one that is kept."""
    question = question_of(case(settings={"fluence": "60 J/cm2", "duration": "2 s"}))
    assert question.start["power"] == pytest.approx(90.0)
    assert question.placed(question.start, question.facts)[0].exposure.drive.value == pytest.approx(90.0)
    assert "power" in question.settled


def test_output_scales_the_real_power_and_the_square_of_a_voltage() -> None:
    question = question_of(case(settings={"power": "100 W"}))
    more = question.facts.with_value(question.output, 1.2)
    assert question.placed(question.start, more)[0].exposure.drive.value == pytest.approx(120.0)


def test_every_limit_has_a_figure_and_more_power_leaves_none_of_them_lower() -> None:
    question = question_of(case())
    less, more = figures(power="30 W"), figures(power="60 W")
    for limit in question.limits:
        assert more[limit.figure] >= less[limit.figure], limit.figure
    assert more["return.current"] == pytest.approx(2.0**0.5 * less["return.current"], rel=0.05)


def test_passes_add_up_where_they_meet() -> None:
    once, twice = figures(power="60 W"), figures(power="60 W", passes=2)
    stimulus = "mean.heat_stimulus.heat_stimulus_or_above"
    assert twice[stimulus] == pytest.approx(2.0 * once[stimulus])
    burn = "epidermal_burn.mehta_wong_epidermis"
    assert twice[burn] == pytest.approx(2.0 * once[burn])


def test_fat_is_warned_of_at_the_lower_end_of_its_dose_and_stops_at_the_value() -> None:
    """Fifteen equivalent minutes warn and sixty stop, as under light; the page counts the same two."""
    question = question_of(case(settings={"power": "60 W"}))
    limits = {limit.figure: limit for limit in question.limits}
    light = {limit.figure: limit for limit in read_limits(question.facts)}["fat_necrosis.cem43"]
    dose = question.facts["care/planning/fat.dose"]
    assert (dose.low, dose.value) == (light.warn, light.stop)
    assert math.isinf(limits["fat_at_risk.thickness"].stop)
    assert limits["fat_at_risk.thickness"].warn <= limits["fat_loss.thickness"].warn < limits["fat_loss.thickness"].stop
    run = question.treatment(question.start, run="quick")
    deep = run.state.grid.centres[-1] > run.skin.bottom_of("dermis")
    past = {
        end: run.state.grid.volumes[(run.state.integrals["cem43"] >= end) & deep].sum() / 3e-4
        for end in (dose.low, dose.value)
    }
    found = question.figures(question.start)
    assert found["fat_at_risk.thickness"] == pytest.approx(past[dose.low])
    assert found["fat_loss.thickness"] == pytest.approx(past[dose.value])
    assert found["fat_at_risk.thickness"] > found["fat_loss.thickness"]


def test_doses_of_passes_add_up_before_they_are_held_against_a_threshold() -> None:
    """Fat that one pass spares is lost after ten; asked of one question, whose trials are kept."""
    question = question_of(case(settings={"power": "55 W"}))
    once, again = ({**question.start, "passes": n} for n in (1.0, 10.0))
    limit = next(limit for limit in question.limits if limit.figure == "fat_loss.thickness")
    assert question.figures(once)["fat_loss.thickness"] == 0.0
    state = question.treatment(once, run="quick").state
    deep = state.grid.centres[-1] > question.skin(question.facts).bottom_of("dermis")
    dose = question.facts["care/planning/fat.dose"].value
    hollow = state.grid.volumes[(10.0 * state.integrals["cem43"] >= dose) & deep].sum() / 3e-4
    assert hollow > limit.stop
    assert question.figures(again)["fat_loss.thickness"] == pytest.approx(hollow)


@pytest.mark.parametrize(
    ("held", "problem"),
    [
        ({"stamps": 4, "stamp_interval": "1 s"}, r"stamp_interval = 1.0 lets one stamp begin before"),
        ({"stamps": 4, "passes": 3, "pass_interval": "10 s"}, r"pass_interval = 10.0 lets one pass begin before"),
    ],
)
def test_a_plan_refuses_what_the_device_cannot_do_in_time(held, problem) -> None:
    """A 2 s pulse cannot come every second, nor four stamps of 6 s every 10 s."""
    question = question_of(case(settings=held))
    with pytest.raises(InputError, match=problem):
        question.figures(question.start)
    with pytest.raises(InputError, match=problem):
        question.device.series(**question.start)


def test_a_pulse_is_made_no_longer_than_fits_between_two_stamps() -> None:
    question = question_of(case(settings={"stamps": 4, "stamp_interval": "4 s"}))
    most = question.method.high(question, "duration")
    assert question.start["duration"] < most < question.device.settings["duration"].high
    for spray in (question.start["spray_during"], question.method.high(question, "spray_during")):
        question.placed({**question.start, "duration": most, "spray_during": spray}, question.facts)
    with pytest.raises(InputError, match="stamp_interval"):
        question.placed({**question.start, "duration": 1.01 * most}, question.facts)
    alone = question_of(case())
    assert alone.method.high(alone, "duration") == alone.device.settings["duration"].high


@pytest.mark.parametrize(
    ("given", "most"),
    [
        ({"stamps": 3, "lines": 2, "overlap": "2 mm"}, 4.0),
        ({"stamps": 3, "overlap": "8.6 mm", "passes": 2}, 4.0),
        ({"stamps": 3, "lines": 2}, 1.0),
    ],
)
def test_overlap_counts_the_stamps_over_one_place(given, most) -> None:
    question = question_of(case(settings=given))
    assert electric.times_over(question, question.start)[1] == most


def test_overlap_of_most_of_a_stamp_is_counted_or_refused() -> None:
    """17.3 mm every 5.3 mm lie four deep; the device refuses to lay them."""
    question = question_of(case(settings={"stamps": 5, "lines": 2}))
    wide = {**question.start, "overlap": 12e-3}
    assert electric.times_over(question, wide)[1] == 4.0 * 2.0
    with pytest.raises(InputError, match=r"exposure\.overlap"):
        question.placed(wide, question.facts)


@pytest.mark.parametrize(
    ("device", "condition", "verdict"),
    [
        ("rf-monopolar-3cm2", "metal_implant_in_current_path", "stop"),
        ("rf-bipolar-12x25mm", "metal_implant_in_current_path", "clear"),
        ("rf-monopolar-3cm2", "cold_disease", "stop"),
        ("rf-bipolar-12x25mm", "cold_disease", "refer"),
        ("rf-bipolar-12x25mm", "active_implant_elsewhere", "stop"),
    ],
)
def test_screening_goes_by_the_way_of_the_current(device, condition, verdict) -> None:
    answers = EXAMPLE["answers"] | {condition: "yes"}
    assert screened(case(device=device, answers=answers)).verdict == verdict


def test_every_device_is_screened_by_a_column_that_exists() -> None:
    found = {way for machine in catalogue().values() for way in screened_as(machine)}
    assert found == {"infrared", "ultrasound", "rf_monopolar", "rf_multipolar", "rf_microneedling"}


def test_rows_that_a_pulse_cannot_feel_cost_no_run() -> None:
    question = question_of(case())
    felt = question.method.felt
    assert not felt(question, question.facts.with_value("tissue/composition/oxygenation", 50.0))
    assert felt(question, question.facts.with_value("tissue/dielectrics/dermis.conductivity_scale", 0.9))
    assert isinstance(question, Question)
