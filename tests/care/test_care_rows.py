"""The rows of limits and goals: each endpoint warns before it stops, each goal points at rows that exist."""

import tomllib
from importlib.resources import files

import pytest

from tauten.care.limits import read_limits
from tauten.facts import load

LIMITS = load().under("care/limits")
GOALS = tomllib.loads((files("tauten") / "data" / "care" / "goals.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("stop", [key for key in LIMITS if key.endswith(".stop")])
def test_every_stop_has_a_warning_before_it(stop):
    assert LIMITS[stop.removesuffix("stop") + "warn"].si < LIMITS[stop].si


def test_first_degree_burn_and_fat_thresholds_are_the_published_ones():
    assert LIMITS["epidermal_burn.henriques_moritz_1947.stop"].si == 0.53
    assert tuple(LIMITS[f"infrared.fat_necrosis.cem43.{end}"].si for end in ("warn", "stop")) == (15.0, 60.0)
    assert LIMITS["skin_surface.peak_temperature.warn"].si == pytest.approx(318.15)
    assert LIMITS["tissue.peak_temperature.stop"].si == pytest.approx(373.15)


def test_discomfort_never_stops_a_plan():
    assert [key for key in LIMITS if key.startswith("comfort")] == ["comfort.time_hot.warn"]


@pytest.mark.parametrize("method", list(GOALS))
def test_a_goal_plans_on_a_figure_it_shows_and_every_number_is_a_row(method):
    goal = GOALS[method]
    assert goal["planned_on"] in goal["figures"]
    for band in goal["bands"]:
        assert load().si(f"{band['row']}_top") < load().si(f"{band['row']}_bottom")
    for figure in goal["figures"].values():
        target = load()[figure["target"]]
        assert target.low <= target.value <= target.high
        assert target.si > 0


def test_infrared_is_planned_on_the_heat_stimulus_at_one_to_two_millimetres():
    assert GOALS["infrared"]["planned_on"] == "stimulus"
    band = GOALS["infrared"]["bands"][0]["row"]
    assert (load().si(f"{band}_top"), load().si(f"{band}_bottom")) == (1e-3, 2e-3)


def test_ultrasound_is_planned_on_the_coagulated_share_at_each_heads_own_depth():
    goal = GOALS["ultrasound"]
    assert goal["planned_on"] == "coagulated"
    assert [load()[f"{band['row']}_focus"].value for band in goal["bands"]] == [1.5, 3.0, 4.5]
    for band in goal["bands"]:
        assert load().si(f"{band['row']}_top") < load().si(f"{band['row']}_focus") < load().si(f"{band['row']}_bottom")


def test_a_methods_own_limit_replaces_the_one_for_all_and_holds_for_no_other():
    light, sound = ({m.figure: m for m in read_limits(load(), method)} for method in ("infrared", "ultrasound"))
    assert light["tissue.peak_temperature"].warn < sound["tissue.peak_temperature"].warn  # its zones lie near boiling
    assert "dermal_burn.mehta_wong_dermis" in light
    assert "dermal_burn.mehta_wong_dermis" not in sound  # coagulating the dermis is what it is for
    assert light["epidermal_burn.weaver_stoll_1969"].rows == sound["epidermal_burn.weaver_stoll_1969"].rows
    assert sound["zone.volume"].stop == pytest.approx(1e-9)  # Fabi 2015: points below 1 mm3
