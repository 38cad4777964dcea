"""The layer tables: what each layer meets, by endpoint and set."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_sample import sample

from tauten.report.layers import damage, temperatures
from tauten.report.numbers import quantity


@pytest.fixture(scope="module")
def plan():
    return sample()


def told(plan, endpoint: str, set_words: str) -> dict[str, str]:
    table = damage(plan)
    row = next(r for r in table.cells if (r[0].text, r[0].note) == (endpoint, set_words))
    return dict(zip(table.head, (cell.text for cell in row), strict=True))


def test_every_layer_is_in_the_table_of_temperatures(plan) -> None:
    assert [row[0].text for row in temperatures(plan).cells] == [
        "stratum corneum", "epidermis", "papillary dermis", "reticular dermis", "fat", "muscle",
    ]  # fmt: skip


def test_damage_is_told_in_its_own_layers_and_nowhere_else(plan) -> None:
    fat = told(plan, "fat necrosis", "CEM43")
    assert fat["fat"].endswith(" min")
    assert fat["epidermis"] == fat["reticular dermis"] == "–"
    assert "muscle" not in fat  # nothing is read there


def test_a_burn_is_told_by_each_set_with_its_own_limits(plan) -> None:
    first = told(plan, "epidermal burn", "Henriques and Moritz 1947")
    second = told(plan, "epidermal burn", "Weaver and Stoll 1969")
    peak = plan.layers[1].facts["epidermal_burn.henriques_moritz_1947"]
    assert first["epidermis"] == quantity(peak, "1", digits=2)
    assert second["epidermis"] == quantity(30 * peak, "1", digits=2)
    assert (first["Limit: warn"], first["Limit: stop"]) == ("0.1", "0.53")
    assert (second["Limit: warn"], second["Limit: stop"]) == ("–", "–")


def test_the_spread_in_a_layer_is_that_of_the_layer(plan) -> None:
    peak = plan.layers[1].facts["epidermal_burn.henriques_moritz_1947"]
    row = next(r for r in damage(plan).cells if r[0].note == "Henriques and Moritz 1947")
    assert row[1].note == f"{quantity(peak / 7, '1', digits=2)} to {quantity(7 * peak, '1', digits=2)}"


def test_a_share_of_collagen_is_told_in_percent(plan) -> None:
    assert told(plan, "collagen denaturation", "Maitland and Walsh 1997")["papillary dermis"].endswith(" %")


def test_a_planned_value_never_lies_outside_its_spread(plan) -> None:
    # Time between two temperatures falls again when the skin gets hotter than the upper one.
    stimulus = next(p for p in plan.profiles if p.name == "heat stimulus")
    inverted = replace(stimulus, low=stimulus.value / 3, high=stimulus.value / 2)
    row = damage(replace(plan, profiles=(inverted,))).cells[0]
    cell = row[damage(replace(plan, profiles=(inverted,))).head.index("reticular dermis")]
    assert cell.note.endswith(f"to {cell.text}")


def test_layers_without_damage_make_no_table(plan) -> None:
    bare = replace(plan, layers=tuple(replace(layer, facts={}) for layer in plan.layers))
    assert damage(bare).rows == []
