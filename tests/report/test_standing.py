"""Where a plan stands: the words at the top of the page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_sample import goals, margins, rows, sample, screening

from tauten.care.limits import Margin
from tauten.report.missed import why_missed
from tauten.report.standing import blocked, held, limit_value, most_headroom, verdict
from tauten.units import celsius

inside = tuple(replace(m, upper=m.value) for m in margins())


def crossing(margin: Margin) -> Margin:
    return replace(margin, upper=2.0 * margin.limit.stop, headroom=0.6)


def test_a_plan_inside_every_limit_says_so() -> None:
    found = verdict(sample(margins=inside))
    assert (found.word, found.headline) == ("clear", "36 J/cm² is inside every limit")


def test_a_warning_is_read_from_the_upper_end() -> None:
    found = verdict(sample())
    assert found.word == "warn"
    told = "limits are past warn: epidermal burn (Henriques and Moritz 1947); fat necrosis (CEM43); comfort"
    assert any(told in sentence for sentence in found.sentences)


def test_a_single_limit_past_its_warning_is_told_with_its_numbers() -> None:
    found = verdict(sample(margins=(margins()[0], *inside[1:])))
    told = "Epidermal burn (Henriques and Moritz 1947) reaches 0.17 at the upper end of the spread; warn is at 0.1."
    assert told in found.sentences


def test_limits_of_one_endpoint_are_told_apart_by_their_set() -> None:
    burn = margins()[0]
    other = replace(burn.limit, figure="epidermal_burn.weaver_stoll_1969", set_name="weaver_stoll_1969")
    found = verdict(sample(margins=(burn, replace(burn, limit=other, binding=False), *inside[1:])))
    assert any("(Henriques and Moritz 1947); epidermal burn (Weaver and Stoll 1969)" in s for s in found.sentences)


def test_headroom_looked_for_no_further_is_not_called_the_stop() -> None:
    first, *others = inside
    far = verdict(sample(margins=(replace(first, headroom=most_headroom()), *others))).sentences[0]
    assert far.endswith("is not there yet at 4 times this fluence.")
    near = verdict(sample(margins=(replace(first, headroom=1.2), *others))).sentences[0]
    assert near.endswith("is there at 1.2 times this fluence.")


def test_settings_given_by_the_case_are_not_said_to_be_the_best() -> None:
    plan = sample()
    given = tuple(replace(s, chosen_by="case") for s in plan.settings)
    missed = next(s for s in verdict(replace(plan, settings=given)).sentences if "missed" in s)
    assert "the case gives the settings, none was sought" in missed
    assert "no allowed setting" not in missed


@pytest.mark.parametrize(("answers", "told"), [({"pregnant": None}, "not cleared"), ({}, "cross a stop limit")])
def test_what_must_not_be_done_is_held(answers: dict[str, None], told: str) -> None:
    first, *others = margins()
    assert told in held(sample(margins=(crossing(first), *others), screening=screening(**answers)))
    assert held(sample()) == ""


def test_a_crossed_stop_limit_forbids_treatment() -> None:
    first, *others = margins()
    found = verdict(sample(margins=(crossing(first), *others)))
    assert found.word == "stop"
    assert found.headline.endswith("do not treat with these settings")
    assert found.sentences[0].startswith("Epidermal burn (Henriques and Moritz 1947) binds: ")
    assert "the fluence would have to fall to 60 % of this" in found.sentences[0]


def test_a_crossed_stop_is_not_hidden_behind_open_questions() -> None:
    first, *others = margins()
    found = verdict(sample(margins=(crossing(first), *others), screening=screening(pregnant=None)))
    assert found.headline == "Not cleared: 1 question open; a stop limit is crossed"


def test_far_past_a_limit_no_figures_are_claimed() -> None:
    burn = replace(margins()[0], upper=7.63e5)
    assert limit_value(burn, burn.upper) == "over 1000 × stop"
    assert limit_value(burn, burn.value) == "0.021"


@pytest.mark.parametrize(
    ("answers", "headline"),
    [
        ({"pregnant": None}, "Not cleared: 1 question open"),
        ({"pregnant": None, "open_wound": None, "nursing": None}, "Not cleared: 3 questions open"),
        ({"isotretinoin": True, "pregnant": None}, "Not cleared: 1 finding, 1 question open"),
        ({"isotretinoin": True}, "Not cleared: 1 finding"),
    ],
)
def test_unknown_is_not_clear(answers: dict[str, bool | None], headline: str) -> None:
    plan = sample(margins=inside, screening=screening(**answers))
    found = verdict(plan)
    assert blocked(plan)
    assert (found.word, found.headline) == ("blocked", headline)
    assert found.sentences[0].startswith("Do not treat.")


def test_a_missed_goal_says_by_how_much_and_a_reached_one_does_not() -> None:
    assert any("missed by 23 %" in s and "No threshold was moved" in s for s in verdict(sample()).sentences)
    planned, other = goals()
    reached = verdict(sample(goals=(replace(planned, value=10.0), other)))
    told = "The goal planned on (heat stimulus) is reached: 10 s, over the spread 5.1 s to 9.6 s, target 10 s."
    assert told in reached.sentences


def test_a_missed_goal_says_which_settings_are_held_and_which_can_go_no_further() -> None:
    plan = sample()
    fluence, *others = plan.settings
    others = [replace(s, chosen_by="device default") for s in others]
    at_most = replace(fluence, value=fluence.high, chosen_by="optimised")
    told = why_missed(replace(plan, settings=(at_most, *others)))
    assert "; fluence (" in told
    assert told.endswith("stands at the high end of what this device allows")
    case = replace(others[0], chosen_by="case")
    told = why_missed(replace(plan, settings=(at_most, case, *others[1:])))
    assert f"; the case holds {case.name.replace('_', ' ')} (" in told
    inside = replace(at_most, value=0.5 * (fluence.low + fluence.high))
    free = why_missed(replace(plan, settings=(inside, *others)))
    assert free == "none of the settings tried inside the limits does more"
    near = replace(plan.margins[0].limit, figure="pattern.filled", warn=0.6)
    close = replace(plan.margins[0], limit=near, upper=0.6)
    told = why_missed(replace(plan, settings=(inside, *others), margins=(*plan.margins, close)))
    assert told.endswith("zones may come no nearer to each other")


def test_unverified_rows_are_counted_at_the_top() -> None:
    assert "2 of the 5 data rows used are unverified: not checked in a source." in verdict(sample()).sentences


def test_rows_that_are_a_product_s_choice_are_not_said_to_have_a_source() -> None:
    choices = tuple(replace(r, confidence="product choice") for r in rows())
    assert "None of the 5 data rows used is unverified." in verdict(sample(rows=choices)).sentences


def test_a_temperature_uses_up_its_limit_from_rest_not_from_absolute_zero() -> None:
    surface = margins()[2]
    half_way = replace(surface, upper=0.5 * (celsius(34.0) + surface.limit.stop), rest=celsius(34.0))
    assert half_way.used == pytest.approx(0.5)


def test_off_label_use_is_told_at_the_top() -> None:
    plan = sample()
    told = "Off-label use. Tightening of lax skin and treatment of wrinkles are off-label."
    assert told in verdict(plan).sentences
    assert told in verdict(sample(screening=screening(pregnant=None))).sentences
    cleared = tuple(use for use in plan.device.cleared_uses if use.kind == "cleared")
    assert not any(
        "ff-label" in s for s in verdict(sample(device=replace(plan.device, cleared_uses=cleared))).sentences
    )
