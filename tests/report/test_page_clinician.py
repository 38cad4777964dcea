"""The clinician's part: what is said of settings, limits, goals, the camera, and why nothing may be done."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_reader import Read, words
from plan_sample import goals, margins, sample, screening

from tauten.care.plan_types import ChosenSetting
from tauten.report import advice, clinician
from tauten.units import celsius


def test_a_series_of_one_has_no_gap() -> None:
    def told(count: float) -> str:
        extra = (
            ChosenSetting("passes", count, "1", "count", 1.0, 8.0, "case", "seen"),
            ChosenSetting("pass_interval", 60.0, "s", "s", 10.0, 600.0, "device default", "product choice"),
        )
        return words(sample(settings=(*sample().settings, *extra)))

    assert "from one pass to the next" not in told(1.0)
    assert "from one pass to the next" in told(3.0)


def test_a_test_spot_of_a_series_is_one_pass() -> None:
    def spot(count: float) -> list[tuple[str, str]]:
        passes = ChosenSetting("passes", count, "1", "count", 1.0, 8.0, "case", "seen")
        table = advice.test_spot(sample(settings=(*sample().settings, passes)))
        return [(row[0].text, row[1].text) for row in table.cells]

    assert ("passes", "1") in spot(6.0)
    assert ("passes", "1") not in spot(1.0)


def test_headroom_beyond_the_machine_is_not_a_fluence() -> None:
    first, *others = margins()
    assert "beyond this device (3 times)" in words(sample(margins=(replace(first, headroom=3.0), *others)))
    assert "4 times or more" in words(sample(margins=(replace(first, headroom=4.0), *others)))


def test_a_person_not_cleared_is_told_at_the_top_before_any_setting() -> None:
    html = words(sample(screening=screening(pregnant=None, open_wound=None)))
    headline = html.index("Not cleared: 2 questions open")
    assert headline < html.index("fluence, each pulse")
    assert headline < html.index("<table")
    assert "Are you or could you be pregnant?" in html
    assert html.count("not cleared: do not treat") == 2


def test_a_published_protocol_stands_beside_what_is_computed() -> None:
    assert "Beside a published protocol" not in words(sample())
    html = words(sample(published={"citation": "Chua et al. 2007", "claims": ("7 blisters in 63 sessions",)}))
    box = html[html.index("Beside a published protocol") :]
    assert "7 blisters in 63 sessions" in box
    assert "computed here" in box


def test_a_plan_past_a_stop_is_not_to_be_carried_out_or_signed() -> None:
    first, *others = margins()
    html = words(sample(margins=(replace(first, upper=9.0, headroom=0.4), *others)))
    assert html.count("These settings cross a stop limit: do not treat with them.") == 3
    assert "Date and signature" not in html
    assert "Date and signature" in words(sample())


def test_a_choice_at_the_edge_of_an_unverified_range_is_marked() -> None:
    def noted(**changes: object) -> bool:
        edge = ChosenSetting("duration", 10.0, "s", "s", 1.0, 10.0, "optimised", "unverified")
        return "at the edge of an unverified range" in words(sample(settings=(replace(edge, **changes),)))

    assert noted()
    assert noted(value=1.0, chosen_by="case")
    assert not noted(value=9.0)
    assert not noted(confidence="seen")
    assert not noted(chosen_by="device default")
    assert not noted(low=10.0)  # fixed: there is no edge


def test_advice_far_past_a_limit_still_says_what_it_gains() -> None:
    plan = sample()
    step = replace(plan.safer[0], limit_before=8e6, limit_after=2e5)
    assert "40 times less, still over 1000 × stop" in words(replace(plan, safer=(step,)))
    idle = replace(step, limit_after=7.9e6)
    assert "barely less, still over 1000 × stop" in words(replace(plan, safer=(idle,)))


def test_an_open_question_stands_with_the_name_that_answers_it() -> None:
    told = Read(words(sample(screening=screening(pregnant=None)))).text
    assert "Are you or could you be pregnant? pregnant" in told
    assert "in the case file under [answers]" in told


def test_upper_end_and_stop_stand_side_by_side() -> None:
    head = list(clinician.limits(sample()).head)
    assert head[:3] == ["Endpoint", "Upper end", "Stop"]
    burn = clinician.limits(sample()).cells[0]
    assert [cell.text for cell in burn[1:6]] == ["0.17", "0.53", "warning", "0.021", "0.1"]


@pytest.mark.parametrize(
    ("confidence", "note"),
    [
        ("unverified", "of an unverified target"),
        ("product choice", "of a target that is a product choice"),
        ("seen", ""),
    ],
)
def test_a_missed_goal_says_what_its_target_is_worth(confidence: str, note: str) -> None:
    planned, other = goals()
    judged = replace(planned, goal=replace(planned.goal, confidence=confidence))
    cell = clinician.goals(sample(goals=(judged, other))).cells[0][1]
    assert (cell.text, cell.note) == ("missed by 23 %", note)


def test_a_safer_step_tells_what_becomes_of_the_goal_not_by_how_much_it_falls() -> None:
    table = advice.safer(sample())
    assert table.head[-1] == "Goal (heat stimulus) becomes"
    assert [row[-1].text for row in table.cells] == ["6.39 s", "7.24 s"]  # 7.7 s times 0.83 and 0.94
    same = replace(sample().safer[0], goal_factor=1.0)
    assert advice.safer(sample(safer=(same,))).cells[0][-1].text == "7.7 s, unchanged"


def test_a_camera_calls_before_the_stop_limit() -> None:
    """The sample's surface warns at 45 and stops at 48 °C: half-way is 46.5, told as 46."""
    first, fat, surface, hot = margins()

    def told(upper: float) -> str:
        return Read(words(sample(margins=(first, fat, replace(surface, upper=celsius(upper)), hot)))).text

    assert "Stop if it reads above 45 °C: the upper end of what this plan expects of the surface." in told(45.9)
    assert "the hottest reading to expect is 43 °C" in told(41.4)
    assert "Stop if it reads above 43 °C" in told(41.4)  # what is expected is no alarm
    for past in (47.0, 60.0):
        assert "Stop if it reads above 46 °C: half-way from the surface limit's warning to its stop." in told(past)


def test_a_reading_above_the_call_forbids_going_on() -> None:
    first, fat, surface, hot = margins()
    cold = replace(surface, limit=replace(surface.limit, warn=celsius(20), stop=celsius(21)))
    told = Read(words(sample(margins=(first, fat, cold, hot)))).text
    assert "That is above 20 °C, half-way from the surface limit's warning to its stop: do not go on." in told
