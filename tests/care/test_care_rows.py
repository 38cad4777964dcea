"""The rows of limits and goals: each endpoint warns before it stops, each goal points at rows that exist."""

import tomllib
from importlib.resources import files

import pytest

from tauten.facts import load

LIMITS = load().under("care/limits")
GOALS = tomllib.loads((files("tauten") / "data" / "care" / "goals.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("stop", [key for key in LIMITS if key.endswith(".stop")])
def test_every_stop_has_a_warning_before_it(stop):
    assert LIMITS[stop.removesuffix("stop") + "warn"].si < LIMITS[stop].si


def test_first_degree_burn_and_fat_thresholds_are_the_published_ones():
    assert LIMITS["epidermal_burn.henriques_moritz_1947.stop"].si == 0.53
    assert (LIMITS["fat_necrosis.cem43.warn"].si, LIMITS["fat_necrosis.cem43.stop"].si) == (15.0, 60.0)
    assert LIMITS["skin_surface.peak_temperature.warn"].si == pytest.approx(318.15)
    assert LIMITS["tissue.peak_temperature.stop"].si == pytest.approx(373.15)


def test_discomfort_never_stops_a_plan():
    assert [key for key in LIMITS if key.startswith("comfort")] == ["comfort.time_hot.warn"]


@pytest.mark.parametrize("method", list(GOALS))
def test_a_goal_plans_on_a_figure_it_shows_and_every_number_is_a_row(method):
    goal = GOALS[method]
    assert goal["planned_on"] in goal["figures"]
    assert load().si(goal["band_top"]) < load().si(goal["band_bottom"])
    for figure in goal["figures"].values():
        target = load()[figure["target"]]
        assert target.low <= target.value <= target.high
        assert target.si > 0


def test_infrared_is_planned_on_the_heat_stimulus_at_one_to_two_millimetres():
    assert GOALS["infrared"]["planned_on"] == "stimulus"
    assert (load().si(GOALS["infrared"]["band_top"]), load().si(GOALS["infrared"]["band_bottom"])) == (1e-3, 2e-3)
