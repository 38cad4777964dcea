"""Spreads on a question whose answer is linear in the rows, so that the combined spread is known."""

from __future__ import annotations

import math
from types import MappingProxyType

import pytest

from tauten.care.sensitivity import adverse_facts, combined, swings
from tauten.facts import Facts, Row

SLOPES = {"a": 3.0, "b": -4.0, "c": 0.0}


def row(name: str, value: float, low: float, high: float) -> Row:
    return Row(name, value, low, high, "1", "a test", "product choice")


def facts() -> Facts:
    rows = {name: row(name, 1.0, 0.0, 2.0) for name in SLOPES} | {"fixed": row("fixed", 1.0, 1.0, 1.0)}
    return Facts(MappingProxyType(rows))


def ask(given: Facts) -> dict[str, float]:
    return {"burn": 10.0 + sum(slope * given[name].value for name, slope in SLOPES.items())}


def test_rows_without_a_spread_are_left_out() -> None:
    assert [s.row.name for s in swings(ask, facts(), [*SLOPES, "fixed"], ["burn"])] == ["a", "b", "c"]


def test_spreads_of_a_linear_answer_combine_as_root_sum_square() -> None:
    found = swings(ask, facts(), list(SLOPES), ["burn"])
    assert combined(found, ask(facts()), "burn", 1.0) == pytest.approx(5.0)
    assert combined(found, ask(facts()), "burn", -1.0) == pytest.approx(5.0)


def test_run_at_the_adverse_point_gives_the_combined_spread() -> None:
    found = swings(ask, facts(), list(SLOPES), ["burn"])
    worst = adverse_facts(facts(), found, ask(facts()), "burn")
    assert ask(worst)["burn"] - ask(facts())["burn"] == pytest.approx(5.0)
    assert worst["a"].value == pytest.approx(1.0 + 3.0 / 5.0)
    assert worst["b"].value == pytest.approx(1.0 - 4.0 / 5.0)
    assert worst["c"].value == 1.0


def test_favourable_point_is_the_adverse_one_turned_round() -> None:
    found = swings(ask, facts(), list(SLOPES), ["burn"])
    best = adverse_facts(facts(), found, ask(facts()), "burn", sign=-1.0)
    assert ask(facts())["burn"] - ask(best)["burn"] == pytest.approx(5.0)


def test_a_weak_rows_other_end_is_mirrored_and_a_strong_ones_asked() -> None:
    def bent(given: Facts) -> dict[str, float]:
        return {"burn": math.exp(given["a"].value) + 0.01 * given["b"].value ** 2}

    found = {s.row.name: s for s in swings(bent, facts(), ["a", "b"], ["burn"], both_ends=1)}
    assert found["a"].at_low["burn"] == pytest.approx(1.0 + 0.01)
    # Asked, the low end of b would give e + 0; the mirror image of its high end, e + 0.04, gives e - 0.02.
    assert found["b"].at_low["burn"] == pytest.approx(math.e - 0.02)


def test_one_sided_row_pushes_one_way_only() -> None:
    one_sided = Facts(MappingProxyType({"a": row("a", 1.0, 1.0, 2.0)}))
    found = swings(lambda f: {"burn": f["a"].value}, one_sided, ["a"], ["burn"])
    assert combined(found, {"burn": 1.0}, "burn", 1.0) == pytest.approx(1.0)
    assert combined(found, {"burn": 1.0}, "burn", -1.0) == 0.0
