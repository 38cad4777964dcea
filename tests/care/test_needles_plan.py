"""A plan of RF microneedling: what a clinician must be able to rely on. Few rows are moved, to spare time."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tauten.care import needles
from tauten.care.limits import Margin
from tauten.care.methods import METHODS
from tauten.care.needle_cell import unevenness
from tauten.care.needle_warnings import warnings
from tauten.care.optimise import excess
from tauten.care.plan import plan, screened
from tauten.care.question import Question, question_of
from tauten.errors import InputError
from tauten.files.case import case_from
from tauten.units import celsius

EXAMPLES = Path(__file__).parents[2] / "examples"
EXAMPLE = tomllib.loads((EXAMPLES / "microneedling_cheek.toml").read_text(encoding="utf-8"))
MOVED = ("output", "depth_reached", "power_share")


def case(*, device="needles-37-hexagonal", settings=None, as_given=True, **tables):
    about = {"method": "microneedling", "device": device, "plan": "as given" if as_given else "optimise"}
    return case_from(EXAMPLE | {"treatment": about | {"settings": settings or {}}} | tables)


def asked(**given) -> Question:
    return question_of(case(**given))


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        knobs = property(lambda self: tuple(f"devices/{self.device.key}/{n}" for n in MOVED))
        patch.setattr(Question, "knobs", knobs)
        coarse = {**needles.METHOD.options(asked(), "check"), "spacing": 0.2e-3}
        quick = replace(needles.METHOD, check="quick", options=lambda question, run: {**coarse, "band": question.band})
        patch.setattr("tauten.care.question.METHODS", {**METHODS, "microneedling": quick})
        return plan(case(as_given=False, settings={"depth": "1.3 mm", "stamps": 4, "lines": 2}))


def test_no_limit_is_passed_at_its_adverse_point(made) -> None:
    for margin in made.margins:
        assert margin.upper < margin.limit.stop, margin.limit.figure
        assert margin.upper >= margin.value * (1 - 1e-6)


def test_limits_are_read_over_the_spread_of_depth_not_at_its_mean(made) -> None:
    """Tips may come to lie at 0.7 to 1.0 of the depth set, 0.9 as taken; the fascia at 4.8 mm was measured."""
    tip = next(m for m in made.margins if m.limit.figure == "tip_depth.of_fascia")
    assert tip.value == pytest.approx(0.9 * 1.3 / 4.8, rel=1e-3)
    assert tip.upper == pytest.approx(1.0 * 1.3 / 4.8, rel=1e-3)


def test_the_driver_is_chosen_and_what_the_case_holds_is_kept(made) -> None:
    chosen = {s.name: (s.value, s.chosen_by) for s in made.settings}
    assert chosen["depth"] == (pytest.approx(1.3e-3), "case")
    assert chosen["power"][1] == "optimised"
    assert made.binding.headroom == min(m.headroom for m in made.margins)
    assert made.binding.headroom >= 1.0


def test_plan_is_on_denatured_collagen_and_says_by_how_much_it_falls_short(made) -> None:
    planned = made.goals[0]
    assert planned.goal.planned_on
    assert (planned.goal.figure, planned.goal.set_name) == ("band.denatured", "maitland_walsh_1997")
    assert planned.low <= planned.value <= planned.high
    assert 0.0 < planned.shortfall < 1.0


def test_the_document_is_json_and_warns_of_the_reports(made) -> None:
    again = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    told = [finding["reason"] for finding in again["findings"]]
    words = ("burns", "scarring", "fat loss", "nerve damage")
    assert any("15 October 2025" in reason and all(word in reason for word in words) for reason in told)


def test_test_spot_and_safer_steps_lower_the_driver(made) -> None:
    assert made.test_spot.setting == "power"
    assert 0.6 < made.test_spot.share <= 0.7 + 1e-9
    steps = {advice.setting: advice for advice in made.safer}
    assert steps["power"].after == pytest.approx(0.9 * steps["power"].before)
    assert all(advice.limit_after < advice.limit_before for advice in made.safer)


def test_cell_and_whole_stamp_tell_the_same_of_one_treatment() -> None:
    """A trial is one cell of the pattern: its hottest needle within a tenth of the whole stamp's rise."""
    question = asked(settings={"depth": "1.3 mm", "power": "9 W"})
    trial, whole = (question.figures(question.start, run=run) for run in ("quick", "check"))
    rise = [found["tissue.peak_temperature"] - celsius(37.0) for found in (trial, whole)]
    assert rise[0] == pytest.approx(rise[1], rel=0.1)
    assert unevenness(question, question.start) > 1.05  # the rim has fewer neighbours
    assert trial["band.coagulated"] == pytest.approx(whole["band.coagulated"], rel=0.6)
    assert trial["channels.area_share"] == pytest.approx(whole["channels.area_share"])
    assert trial["electric.volts"] == pytest.approx(whole["electric.volts"], rel=0.05)


def test_passes_and_overlap_add_up() -> None:
    held = {"depth": "1.3 mm", "power": "9 W", "stamps": 4, "lines": 2}
    once, thrice, overlapped = (
        question.figures(question.start)
        for question in (
            asked(settings=held), asked(settings=held | {"passes": 3}), asked(settings=held | {"overlap": "1 mm"})
        )
    )  # fmt: skip
    assert thrice["band.denatured"] == pytest.approx(1.0 - (1.0 - once["band.denatured"]) ** 3)
    assert overlapped["band.denatured"] == once["band.denatured"]  # the goal counts a place that is treated once
    assert overlapped["pattern.coagulated"] == pytest.approx(1.0 - (1.0 - once["pattern.coagulated"]) ** 4)


def test_fat_that_passes_and_overlap_cost_is_never_less_than_that_of_zones_apart() -> None:
    held = {"depth": "2.6 mm", "power": "9 W", "stamps": 4, "lines": 2}
    lost = [
        question.figures(question.start)["fat_loss.thickness"]
        for question in (
            asked(settings=held), asked(settings=held | {"passes": 3}), asked(settings=held | {"overlap": "1 mm"})
        )
    ]  # fmt: skip
    assert lost[0] > 0.0
    assert lost[1] >= 3.0 * lost[0] * (1.0 - 1e-9)
    assert lost[2] >= 4.0 * lost[0] * (1.0 - 1e-9)


def test_deeper_tips_reach_more_fat_and_less_surface() -> None:
    found = [
        question.figures(question.start)
        for question in (asked(settings={"depth": depth, "power": "9 W"}) for depth in ("0.8 mm", "1.6 mm", "2.6 mm"))
    ]
    for figure, way in (("fat.peak_temperature", 1), ("skin_surface.peak_temperature", -1), ("fat_loss.thickness", 1)):
        values = [way * each[figure] for each in found]
        assert values == sorted(values), figure
    assert found[-1]["fat_loss.thickness"] > 0.0


def test_a_device_that_holds_a_temperature_is_driven_by_it() -> None:
    question = asked(device="needles-5-pairs")
    assert question.method.driver == "hold"
    assert question.output == "devices/needles-5-pairs/held"
    warmer = question.facts.with_value(question.output, 1.1)
    hold = question.placed(question.start, warmer)[0].exposure.hold
    assert hold - celsius(37.0) == pytest.approx(1.1 * (question.start["hold"] - celsius(37.0)))
    assert asked().method.driver == "power"


def warned(question: Question) -> dict[str, list[str]]:
    run = type("Run", (), {"exposures": question.placed(question.start, question.facts), "electric": ()})
    found: dict[str, list[str]] = {}
    for finding in warnings(question, question.start, (run,)):
        found.setdefault(f"{finding.verdict} {finding.check}", []).append(finding.reason)
    return found


def test_tips_below_the_dermis_are_warned_of_and_beyond_the_fascia_stop() -> None:
    below = warned(asked(settings={"depth": "3 mm"}))
    assert "fat that dies leaves a hollow" in below["warn tip depth"][0]
    beyond = warned(asked(settings={"depth": "3 mm"}, imaging={"smas_depth": "2.9 mm"}, skin={}))
    assert "facial nerve" in beyond["stop tip depth"][0]
    near = warned(asked(settings={"depth": "3 mm"}, imaging={"danger": [{"name": "nerve", "depth": "4.5 mm"}]}))
    assert "nerve" in near["stop danger zone"][0]
    assert "warn tip depth" not in warned(asked(settings={"depth": "1.3 mm"}))


def test_bare_or_shallow_needles_and_overlap_are_warned_of() -> None:
    bare = warned(asked(device="needles-37-hexagonal-bare"))
    assert "bare along their whole length" in bare["warn surface"][0]
    shallow = warned(asked(settings={"depth": "0.5 mm"}))
    assert "just under the epidermis" in shallow["warn surface"][0]
    both = warned(asked(settings={"overlap": "0.5 mm", "stamps": 3, "lines": 2, "passes": 2}))["warn overlap"]
    assert "four times" in both[0]
    assert both[1].startswith("2 passes")


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("active_implant_elsewhere", "stop"), ("pregnant", "stop"), ("keloid_history", "stop"),
        ("gold_nickel_allergy", "stop"), ("isotretinoin", "defer"),
    ],
)  # fmt: skip
def test_screening_is_that_of_needles(condition, verdict) -> None:
    answers = EXAMPLE["answers"]
    assert screened(case(answers=answers)).verdict == "clear"
    assert screened(case(answers=answers | {condition: "yes"})).verdict == verdict


def test_a_site_without_a_known_fascia_is_not_planned_before_it_is_measured() -> None:
    forehead = {"area": EXAMPLE["area"] | {"site": "forehead", "side": "middle"}, "skin": {"layers": []}, "imaging": {}}
    with pytest.raises(InputError, match=r"imaging\.smas_depth .*forehead"):
        _ = asked(**forehead).start
    measured = asked(**(forehead | {"imaging": {"smas_depth": "4 mm"}}))
    assert measured.start["depth"] > 0.0


@pytest.mark.parametrize(("polarity", "verdict"), [("rows", "clear"), ("monopolar", "stop")])
def test_needles_of_one_pole_are_screened_by_the_way_through_the_body(polarity, verdict) -> None:
    metal = {"answers": EXAMPLE["answers"] | {"metal_implant_in_current_path": "yes"}}
    assert screened(case(settings={"polarity": polarity}, **metal)).verdict == verdict


def test_water_that_boils_in_single_precision_is_a_stop() -> None:
    hottest = next(m for m in asked().limits if m.figure == "tissue.peak_temperature")
    plateau = float(np.float32(hottest.stop - 310.15)) + 310.15 - 6e-6
    assert plateau < hottest.stop
    assert Margin(hottest, 350.0, plateau, 1.0).verdict == "stop"
    assert excess(hottest, plateau) > 0.0 > excess(hottest, plateau - 0.1)
