import numpy as np
import pytest

from tauten.validation import metrics
from tauten.validation.sound import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_sound_claim_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.8g}, not {c.expected:.8g} {c.unit}" for c in checks if not c.passes] == []


def test_equal_fields_are_not_apart():
    field = np.random.default_rng(1).uniform(size=(5, 7))
    axes = [np.arange(5.0), np.arange(7.0)]
    assert metrics.max_pos(field, field, axes) == 0.0
    assert [measure(field, field) for measure in (metrics.max_amp, metrics.l2, metrics.linf)] == [0.0, 0.0, 0.0]


def test_metrics_of_a_field_ten_percent_higher_and_one_cell_off():
    field = np.zeros((9, 9))
    field[4, 4] = 2.0
    moved = 1.1 * np.roll(field, 1, axis=1)
    axes = [1e-3 * np.arange(9), 5e-4 * np.arange(9)]
    assert metrics.max_amp(moved, field) == pytest.approx(0.1)
    assert metrics.max_pos(moved, field, axes) == pytest.approx(5e-4)
    assert metrics.linf(moved, field) == pytest.approx(1.1)
    assert metrics.l2(moved, field) == pytest.approx(np.hypot(1.0, 1.1))


def test_focal_size_and_volume_of_a_gaussian():
    # exp(-x²/2) is half its height at x = √(2 ln 2); a ball of that radius has the volume 4/3 π r³.
    x = np.linspace(-3.0, 3.0, 121)
    half = np.sqrt(2.0 * np.log(2.0))
    assert metrics.focal_size(np.exp(-0.5 * x**2), x) == pytest.approx(2.0 * half, rel=1e-3)
    ball = np.exp(-0.5 * (x[:, None, None] ** 2 + x[:, None] ** 2 + x**2))
    volume = metrics.focal_volume(ball, np.full(ball.shape, 0.05**3))
    assert volume == pytest.approx(4.0 / 3.0 * np.pi * half**3, rel=0.01)


def test_a_second_peak_that_is_not_joined_is_no_part_of_the_focus():
    assert metrics.focal_volume([0.9, 0.1, 1.0, 0.8], np.ones(4)) == 2.0


def test_a_profile_that_does_not_fall_has_no_size():
    assert np.isnan(metrics.focal_size([1.0, 0.9, 0.8], [0.0, 1.0, 2.0]))
