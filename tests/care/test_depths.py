"""What another depth would change: moved by trials, within what the device can be set to, the plan in the middle."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from tauten.care.depths import depths
from tauten.care.limits import Limit, Margin
from tauten.errors import NotConverged
from tauten.units import celsius

FAT = Limit("fat loss", "fat", "thickness", 2e-5, 1e-4, "m", "none", "product choice")
HOT = Limit("tissue", "tissue.peak_temperature", "peak_temperature", celsius(95), celsius(100), "K", "none", "seen")
PLANNED = (
    Margin(FAT, 1e-5, 3e-5, 1.5, rest=0.0),
    Margin(HOT, celsius(80), celsius(88), 1.2, True, rest=celsius(34)),
)
SHALLOW, DEEP = 0.5e-3, 3.5e-3


def made(depth: float, extra: float, fail: float = math.inf) -> dict[str, float]:
    if depth > fail:
        raise NotConverged("did not settle", residual=1.0)
    return {"fat": 1e-5 * depth / 1e-3 * (1 + extra), "tissue.peak_temperature": celsius(70 + 5e3 * depth + 8 * extra)}


def choice(depth: float, fail: float = math.inf) -> SimpleNamespace:
    """A device whose lost fat grows with depth, and its heat by 5 K a millimetre; adverse points have more."""

    def treatment(settings, run):
        assert run == "check"
        pulse = SimpleNamespace(depth=0.9 * settings["depth"])
        return SimpleNamespace(depth=settings["depth"], zones=(), exposures=(SimpleNamespace(exposure=pulse),))

    method = SimpleNamespace(
        check="check", finish=lambda question, settings, figures: figures,
        read=lambda question, settings, run: made(run.depth, 0.0, fail) | {"not.known": math.nan},
    )  # fmt: skip
    question = SimpleNamespace(
        method=method, treatment=treatment, facts=SimpleNamespace(si=lambda name: 0.5e-3),
        device=SimpleNamespace(settings={"depth": SimpleNamespace(low=SHALLOW, high=DEEP)}),
        figures=lambda settings, facts: made(settings["depth"], facts, fail),
    )  # fmt: skip
    best = SimpleNamespace(settings={"depth": depth, "power": 10.0})
    return SimpleNamespace(question=question, best=best, adverse={"fat": 1.0, "tissue.peak_temperature": 0.5})


def test_one_step_either_side_with_the_plan_in_the_middle() -> None:
    found = depths(choice(1.5e-3), PLANNED)
    assert [d.step for d in found] == [-1, 0, 1]
    assert [d.setting for d in found] == pytest.approx([1e-3, 1.5e-3, 2e-3])
    assert [d.tips for d in found] == pytest.approx([0.9e-3, 1.35e-3, 1.8e-3])
    assert found[1].margins == PLANNED
    assert all("not.known" not in d.figures for d in found)


def test_sizes_move_by_the_factor_of_trials_and_temperatures_by_their_kelvin() -> None:
    shallow, _, deep = depths(choice(1.5e-3), PLANNED)
    assert deep.margin("fat").upper == pytest.approx(3e-5 * 2.0 / 1.5)
    assert shallow.margin("fat").upper == pytest.approx(3e-5 * 1.0 / 1.5)
    assert deep.margin("tissue.peak_temperature").upper == pytest.approx(celsius(88 + 2.5))
    assert deep.margin("tissue.peak_temperature").rest == celsius(34)
    assert math.isnan(deep.margin("fat").headroom)


def test_what_was_nothing_as_planned_grows_by_what_trials_add() -> None:
    none = (Margin(FAT, 0.0, 0.0, 1.5), PLANNED[1])
    deep = depths(choice(1.5e-3), none)[-1]
    assert deep.margin("fat").upper == pytest.approx(max(2.0 * (2.0 - 1.5) * 1e-5, 2.0e-5))


def test_an_upper_end_is_never_below_the_run_itself() -> None:
    low = (Margin(FAT, 1e-9, 1e-9, 1.5), PLANNED[1])
    for depth in depths(choice(1.5e-3), low)[::2]:
        assert depth.margin("fat").upper >= depth.figures["fat"]


def test_the_verdict_is_that_of_the_worst_limit() -> None:
    near = (PLANNED[0], Margin(HOT, celsius(88), celsius(94), 1.02, True, rest=celsius(34)))
    assert [d.verdict for d in depths(choice(1.5e-3), near)] == ["warn", "warn", "warn"]
    past = (PLANNED[0], Margin(HOT, celsius(90), celsius(98), 1.02, True, rest=celsius(34)))
    assert [d.verdict for d in depths(choice(1.5e-3), past)] == ["warn", "warn", "stop"]


@pytest.mark.parametrize(("depth", "steps"), [(0.7e-3, [0, 1]), (3.4e-3, [-1, 0]), (1.0e-3, [-1, 0, 1])])
def test_a_depth_that_the_device_cannot_be_set_to_is_left_out(depth: float, steps: list[int]) -> None:
    assert [d.step for d in depths(choice(depth), PLANNED)] == steps


def test_a_depth_nobody_can_compute_is_left_out() -> None:
    assert [d.step for d in depths(choice(1.5e-3, fail=1.8e-3), PLANNED)] == [-1, 0]
