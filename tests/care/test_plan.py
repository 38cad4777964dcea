"""A plan from a case: what a clinician must be able to rely on."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path

import pytest

from tauten.care.plan import plan
from tauten.errors import Contraindicated, InputError
from tauten.files.case import case_from

EXAMPLE = tomllib.loads((Path(__file__).parents[2] / "examples" / "lower_face.toml").read_text(encoding="utf-8"))


def case(*, settings=None, answers=None, as_given=False, **tables):
    """The example with fewer photons and all but the fluence held, so that a test takes seconds."""
    held = {"passes": 1, "plate_temperature": "20 degC", "duration": "5 s", "pre_cooling": "1 s"} | (settings or {})
    data = EXAMPLE | {
        "treatment": {
            "method": "infrared",
            "device": "ir-lamp-1100-1800",
            "plan": "as given" if as_given else "optimise",
            "settings": held,
        },
        "answers": EXAMPLE["answers"] | (answers or {}),
        "run": {"photons": 3000},
    }
    return case_from(data | tables)


@pytest.fixture(scope="module")
def made():
    return plan(case())


def test_a_known_contraindication_stops_before_anything_is_simulated() -> None:
    with pytest.raises(Contraindicated, match="pregnant"):
        plan(case(answers={"pregnant": "yes"}))


def test_no_limit_is_passed_at_its_adverse_point(made) -> None:
    for margin in made.margins:
        assert margin.upper < margin.limit.stop
        assert margin.upper >= margin.value * (1 - 1e-6)


def test_the_binding_limit_has_the_least_headroom(made) -> None:
    assert made.binding.headroom == min(m.headroom for m in made.margins)
    assert sum(m.binding for m in made.margins) == 1


def test_the_choice_uses_most_of_what_the_limits_allow(made) -> None:
    """One step of the machine more, or 10 %, would pass the binding limit."""
    fluence = next(s for s in made.settings if s.name == "fluence")
    step = 1e4
    assert made.binding.headroom >= 1.0 - 0.02
    assert (
        made.binding.headroom * fluence.value <= fluence.value + 2.0 * step + 0.1 * fluence.value
        or fluence.value == fluence.high
    )


def test_settings_the_case_holds_are_kept_and_the_rest_named(made) -> None:
    chosen = {s.name: s for s in made.settings}
    assert chosen["plate_temperature"].value == pytest.approx(293.15)
    assert chosen["plate_temperature"].chosen_by == "case"
    assert chosen["fluence"].chosen_by == "optimised"
    assert all(s.low - 1e-9 <= s.value <= s.high + 1e-9 for s in made.settings)


def test_a_missed_goal_is_said_and_by_how_much(made) -> None:
    for result in made.goals:
        assert result.low <= result.value <= result.high
        assert result.reached == (result.value >= result.goal.target)
        if not result.reached:
            assert result.shortfall == pytest.approx(1.0 - result.value / result.goal.target)
    assert [r.goal.planned_on for r in made.goals] == [True, False]


def test_test_spot_is_gentler_than_the_plan(made) -> None:
    fluence = next(s.value for s in made.settings if s.name == "fluence")
    assert made.test_spot.value < fluence
    assert made.test_spot.limit_used < made.binding.used


def test_safer_steps_lower_the_binding_limit(made) -> None:
    assert made.safer
    assert all(step.limit_after < step.limit_before for step in made.safer)


def test_the_tornado_is_led_by_what_moves_the_result_most(made) -> None:
    first, last = made.effects[0], made.effects[-1]
    assert abs(first.goal_high - first.goal_low) > 10.0 * abs(last.goal_high - last.goal_low)
    assert any("output" in effect.row.name for effect in made.effects[:6])


def test_every_row_used_is_listed_and_the_unverified_flagged(made) -> None:
    names = [row.name for row in made.rows]
    assert len(set(names)) == len(names)
    assert "devices/cooling/contact_resistance" in {row.name for row in made.unverified}
    assert all(row.source for row in made.rows)


def test_the_document_is_json_with_units_and_no_infinities(made) -> None:
    text = json.dumps(made.to_dict(), allow_nan=False)
    again = json.loads(text)
    assert again["record"]["digest"] == made.record.digest
    assert all(figure["unit"] for figure in again["summary"].values())
    assert len(text) < 1_000_000


def test_same_case_gives_the_same_plan(made) -> None:
    again = plan(case())
    assert again.record.digest == made.record.digest
    assert [m.upper for m in again.margins] == [m.upper for m in made.margins]
    assert [s.value for s in again.settings] == [s.value for s in made.settings]


def test_an_unanswered_question_leaves_the_person_not_cleared() -> None:
    open_question = plan(case(answers={"epilepsy": "unknown"}, as_given=True, settings={"fluence": "20 J/cm2"}))
    assert open_question.screening.verdict == "unknown"
    assert not open_question.screening.clear
    assert open_question.screening.unanswered == ("epilepsy",)


def test_a_protocol_as_given_is_judged_not_changed() -> None:
    """45 J/cm² on thin facial skin: published, and past the (unverified) fat limit; the plan says so."""
    given = plan(case(as_given=True, settings={"fluence": "45 J/cm2"}))
    assert next(s.value for s in given.settings if s.name == "fluence") == 45e4
    assert given.binding.headroom < 1.0
    assert given.binding.verdict == "stop"


def test_a_goal_below_the_dermis_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match="holds no dermis"):
        plan(case(goal={"depth": ["3 mm", "4 mm"]}))


def test_a_limit_without_a_stop_never_binds(made) -> None:
    comfort = next(m for m in made.margins if m.limit.endpoint == "comfort")
    assert math.isinf(comfort.limit.stop)
    assert not comfort.binding


def test_an_eyelid_is_never_planned() -> None:
    with pytest.raises(Contraindicated, match="eyelid"):
        plan(case(area={"site": "eyelid"}, answers={"zone_eye_eyelid": "unknown"}))


def test_dark_skin_under_a_light_phototype_is_not_cleared() -> None:
    tanned = EXAMPLE["person"] | {"phototype": 2, "melanin": "35 %"}
    made = plan(case(person=tanned, as_given=True, settings={"fluence": "10 J/cm2"}))
    assert not made.screening.clear


def test_the_tornado_hangs_on_the_planned_values(made) -> None:
    """Rows that push one way only aside, a row's two ends lie either side of the plan."""
    planned = made.binding.value
    astride = [min(e.limit_low, e.limit_high) <= planned <= max(e.limit_low, e.limit_high) for e in made.effects]
    assert sum(astride) > 0.8 * len(astride)


def test_a_layer_lies_inside_its_own_spread(made) -> None:
    assert all(layer.peak_low <= layer.peak_temperature <= layer.peak_high for layer in made.layers)


def test_the_optimiser_never_cools_less_than_the_devices_default() -> None:
    data = EXAMPLE | {
        "treatment": {"method": "infrared", "device": "ir-lamp-1100-1800", "settings": {"duration": "5 s"}}
    }
    free = plan(case_from(data | {"run": {"photons": 3000}}))
    lamp = free.device.settings
    chosen = {s.name: s.value for s in free.settings}
    assert chosen["pre_cooling"] >= lamp["pre_cooling"].default
    assert chosen["plate_temperature"] <= lamp["plate_temperature"].default


def test_the_choice_keeps_a_guard_under_every_stop(made) -> None:
    for margin in made.margins:
        if math.isfinite(margin.limit.stop):
            assert margin.used <= 1.0
    dose = next(m for m in made.margins if m.limit.endpoint == "fat necrosis")
    assert dose.upper <= 0.8 * dose.limit.stop


def test_headroom_and_upper_end_tell_the_same_story(made) -> None:
    for margin in made.margins:
        assert (margin.headroom >= 1.0 - 0.02) == (margin.upper < margin.limit.stop)


def test_a_goal_not_reached_at_all_still_has_an_upper_end() -> None:
    cool = plan(case(as_given=True, settings={"fluence": "20 J/cm2"}))
    assert cool.goals[0].value == 0.0
    assert cool.goals[0].high > 0.0
