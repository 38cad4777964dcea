"""The optimiser on answers that can be checked by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.care.limits import Limit
from tauten.care.optimise import Free, excess, most_of, optimise, within_all


def limit(stop: float, logarithmic: bool = True) -> Limit:
    return Limit("burn", "burn", "set", stop / 10.0, stop, "1", "a test", "product choice", logarithmic)


def burn(fluence: float) -> float:
    """Ω that grows by e for every 10 J/m² and reaches 1 at 200."""
    return math.exp((fluence - 200.0) / 10.0)


def past(stop: float):
    return lambda fluence: excess(limit(stop), burn(fluence))


@given(st.floats(min_value=60.0, max_value=390.0))
def test_most_of_is_allowed_and_close_to_the_limit(where: float) -> None:
    stop = burn(where)
    found = most_of(Free("fluence", 50.0, 400.0), past(stop))
    assert found is not None
    assert burn(found) <= stop
    assert found >= where - 0.02 * 400.0


def test_all_of_the_range_is_allowed_where_no_limit_is_met() -> None:
    assert most_of(Free("fluence", 50.0, 400.0), past(1e30)) == 400.0


def test_no_fluence_is_named_when_even_the_lowest_is_too_much() -> None:
    assert most_of(Free("fluence", 50.0, 400.0), past(1e-30)) is None


def test_the_machines_step_rounds_down_never_up() -> None:
    found = most_of(Free("fluence", 50.0, 400.0, step=25.0), past(1.0))
    assert found == 200.0 or found == 175.0
    assert Free("fluence", 50.0, 400.0, step=25.0).snap(224.9) == 200.0


def test_excess_is_a_log_ratio_for_doses_and_tenths_of_a_kelvin_for_temperatures() -> None:
    hot = Limit("surface", "surface", "peak", 318.0, 321.0, "K", "a test", "product choice")
    assert excess(hot, 331.0) == pytest.approx(1.0)
    assert excess(limit(1.0), math.e) == pytest.approx(1.0)


def test_the_tightest_of_several_limits_decides() -> None:
    limits = [limit(burn(300.0)), limit(burn(150.0)), limit(burn(250.0))]
    found = within_all(lambda s, m: burn(s["fluence"]), {}, limits, Free("fluence", 50.0, 400.0))
    assert found == pytest.approx(150.0, rel=0.02)
    assert found <= 150.0


def test_colder_window_is_chosen_where_it_lets_more_light_in() -> None:
    def at_limit(settings, _limit):
        return burn(settings["fluence"] + 5.0 * settings["plate"])

    best = optimise(
        lambda s: s["fluence"], at_limit, [limit(1.0)], [Free("fluence", 50.0, 400.0), Free("plate", 0.0, 20.0)], {}
    )
    assert best.allowed
    assert best.settings["plate"] == 0.0
    assert best.settings["fluence"] == pytest.approx(200.0, rel=0.03)


def test_nothing_allowed_gives_the_gentlest_and_says_so() -> None:
    best = optimise(
        lambda s: s["fluence"], lambda s, m: burn(s["fluence"]), [limit(1e-30)], [Free("fluence", 50.0, 400.0)], {}
    )
    assert not best.allowed
    assert best.settings["fluence"] == 50.0


def test_settings_the_case_holds_are_tried_as_given() -> None:
    held = {"fluence": 300.0}
    best = optimise(lambda s: s["fluence"], lambda s, m: burn(s["fluence"]), [limit(1.0)], [], held)
    assert best.settings == held
    assert not best.allowed
