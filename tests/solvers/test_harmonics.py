"""The march of harmonics against exact fields, conservation and its own limits."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import jv

from tauten.devices.transducer import Bowl, Piston, Ring
from tauten.errors import InputError, NotConverged, TooLarge
from tauten.physics.sound import attenuation_at, fubini, interface_reflection, oneil_axis
from tauten.physics.steepening import distortion_rate, steepening_rate
from tauten.skin.acoustics import Acoustics
from tauten.solvers import harmonics
from tauten.solvers.distort import BLOCK, PAIR, _slope, cell, distort, transform
from tauten.solvers.harmonics import March, march
from tauten.solvers.propagators import prepare

BOWL = Bowl(15e-3, 5.5e-3, 7e6)
WATER = Acoustics(math.inf, 1500.0, 1000.0, 0.0, nonlinearity=3.5)
WATER_WITH_LOSS = Acoustics(math.inf, 1500.0, 1000.0, 0.025, 2.0, 3.5)
COUPLANT = Acoustics(10.5e-3, 1500.0, 1000.0, 0.025, 2.0, 3.5)
SKIN = Acoustics(math.inf, 1624.0, 1109.0, 21.158, 1.0, 4.5)


def pressure(power: float) -> float:
    return math.sqrt(2.0 * 1000.0 * 1500.0 * power / BOWL.area)


def block(count: int, *values: complex) -> np.ndarray:
    room = np.zeros((count, 2, BLOCK), dtype=np.float32)
    for n, value in enumerate(values):
        room[n, 0], room[n, 1] = np.real(value), np.imag(value)
    return room


def steepened(room: np.ndarray, sigma: float, peak: float, steps: int, fade: float = 1.0) -> np.ndarray:
    """Let a block go `sigma` shock distances of `peak`; return complex harmonics of its first row and what was lost."""
    medium = (7e6, 3.5, 1000.0, 1500.0)
    distance = sigma / distortion_rate(peak, *medium)
    lost = np.zeros(BLOCK, np.float32)
    keep = np.full(room.shape[0], fade, np.float32)
    wave, was, slope = room.ravel().copy(), np.empty(room.size, np.float32), np.empty(room.size, np.float32)
    rate = np.float32(steepening_rate(1, *medium))
    distort(wave, was, slope, room.shape[0], rate, distance, steps, keep, lost)
    return np.append(amplitudes(wave.reshape(room.shape)), lost[0])


def amplitudes(room: np.ndarray) -> np.ndarray:
    return room[:, 0, 0] + 1j * room[:, 1, 0]


def axis(found: March) -> np.ndarray:
    one, two = found.r[:2] ** 2
    values = np.abs(found.pressure[0])
    return (values[0] * two - values[1] * one) / (two - one) / found.surface_pressure


def on_axis(found: March) -> float:
    """Return the largest heat on the axis: even in r, from the first two rings, for other nodes lie elsewhere."""
    one, two = found.r[:2] ** 2
    return float(((found.heat[0] * two - found.heat[1] * one) / (two - one)).max())


# ---- the sub-step ----


@pytest.mark.parametrize("phase", [0.0, 0.7, 2.5])
def test_plane_wave_steepens_as_fubini_has_it(phase: float) -> None:
    found = steepened(block(48, 2e6 * np.exp(1j * phase)), 0.5, 2e6, 48)[:-1] / 2e6
    exact = [float(fubini(0.5, n, jv(n, 0.5 * n))) for n in range(1, 11)]
    assert np.abs(found[:10]) == pytest.approx(exact, abs=2e-6)
    # A crest runs ahead: harmonic n keeps in step with the n-th power of the first.
    assert np.angle(found[:6] * np.exp(-1j * np.arange(1, 7) * np.angle(found[0])) * 1j ** -np.arange(6)) == (
        pytest.approx(0.0, abs=1e-3)
    )


def test_plane_wave_steepens_as_fubini_has_it_in_the_cells_and_sub_steps_of_a_march() -> None:
    # Half way to the shock, in cells as long and sub-steps as few as a march takes.
    most, peak, medium = 64, 2e6, (7e6, 3.5, 1000.0, 1500.0)
    cells = math.ceil(0.5 / harmonics._TURN)
    width = 0.5 / distortion_rate(peak, *medium) / cells
    wave, half = np.zeros((2, 2 * most, BLOCK), np.float32)
    wave[0] = peak
    heat, filtered, sums = np.zeros((3, BLOCK), np.float32)
    tops, none = np.zeros((most, 1), np.float32), np.zeros(most, np.float32)
    work = [
        cell(
            wave, most, np.ones(BLOCK, np.float32), steepening_rate(1, *medium), width, none, none, harmonics._FLOOR,
            harmonics._LIMIT, harmonics._ORDER, 0.0, half, heat, filtered, sums, tops,
            np.empty((3, most * PAIR), np.float32),
        ) // BLOCK
        for _ in range(cells)
    ]  # fmt: skip
    assert max(work) <= 2  # 64 of them would hide an error of the sub-step
    found = np.hypot(wave[0::2, 0], wave[1::2, 0]) / peak
    exact = [float(fubini(0.5, n, jv(n, 0.5 * n))) for n in range(1, 7)]
    assert found[:6] == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize("count", [1, 6, 7, 8, 9, 10])
def test_slope_is_the_sum_over_pairs(count: int) -> None:
    random = np.random.default_rng(count)
    room = random.normal(size=(count, 2, BLOCK)).astype(np.float32)
    found = np.empty(room.size, np.float32)
    _slope(room.ravel(), found, count, np.float32(0.3))
    p = np.concatenate([np.zeros((1, BLOCK)), room[:, 0] + 1j * room[:, 1]])
    for n in range(1, count + 1):
        pairs = sum(p[m] * p[n - m] for m in range(1, n)) + 2.0 * sum(
            p[m] * p[m - n].conj() for m in range(n + 1, count + 1)
        )
        given = found.reshape(count, 2, BLOCK)[n - 1]
        assert given[0] + 1j * given[1] == pytest.approx(0.3j * n * pairs * np.ones(BLOCK), abs=1e-3)


def test_steepening_keeps_the_power() -> None:
    room = block(24, 1e6, 4e5 - 2e5j, 1e5j)
    before = np.sum(np.abs(amplitudes(room)) ** 2)
    after = np.sum(np.abs(steepened(room, 0.4, 1.6e6, 64)[:-1]) ** 2)
    assert after == pytest.approx(before, rel=1e-5)


def test_sub_step_is_second_order() -> None:
    exact = steepened(block(12, 1e6, 5e5j), 0.5, 1.5e6, 400)[:-1]
    coarse, fine = (np.abs(steepened(block(12, 1e6, 5e5j), 0.5, 1.5e6, n)[:-1] - exact).max() for n in (4, 8))
    assert 3.0 < coarse / fine < 6.0


def test_what_the_filter_takes_is_told() -> None:
    room = block(12, 1e6, 4e5j)
    before = np.sum(np.abs(amplitudes(room)) ** 2)
    found = steepened(room, 0.3, 1.4e6, 20, fade=0.99)
    assert found[-1].real > 0.1 * before
    assert np.sum(np.abs(found[:-1]) ** 2) + found[-1].real == pytest.approx(before, rel=1e-4)


def test_transform_is_a_matrix_product() -> None:
    random = np.random.default_rng(3)
    a, b = random.normal(size=(8, 32)).astype(np.float32), random.normal(size=(32, 32)).astype(np.float32)
    c = np.full((8, 32), np.nan, np.float32)
    transform(a, b, c, np.array([32, 12]), np.array([32, 20]))
    assert c[:4] == pytest.approx(a[:4] @ b, abs=1e-4)
    assert c[4:, :20] == pytest.approx(a[4:, :12] @ b[:12, :20], abs=1e-4)
    assert np.all(c[4:, 20:] == 0.0)


# ---- the march ----


def test_axis_of_a_bowl_in_water() -> None:
    found = march([WATER], BOWL, 1e5, harmonics=1, depth=20e-3)
    exact = oneil_axis(found.z, 15e-3, 5.5e-3, 2.0 * np.pi * 7e6 / 1500.0)
    deep = found.z > 10e-3
    assert np.linalg.norm((axis(found) - exact)[deep]) < 0.004 * np.linalg.norm(exact[deep])
    assert axis(found).max() == pytest.approx(exact.max(), rel=0.003)


def test_axis_of_a_ring_and_of_a_piston() -> None:
    ring = march([WATER], Ring(15e-3, 2e-3, 5.5e-3, 7e6), 1e5, harmonics=1, depth=18e-3)
    k = 2.0 * np.pi * 7e6 / 1500.0
    rims = [np.sqrt((ring.z - (15e-3 - np.sqrt(225e-6 - a**2))) ** 2 + a**2) for a in (2e-3, 5.5e-3)]
    # Two edge waves of one sphere: |(exp(-ik r₁) - exp(-ik r₂)) / (1 - z/R)|
    exact = np.abs((np.exp(-1j * k * rims[0]) - np.exp(-1j * k * rims[1])) / (1.0 - ring.z / 15e-3))
    deep = (ring.z > 10e-3) & (np.abs(ring.z - 15e-3) > 1e-4)
    assert np.linalg.norm((axis(ring) - exact)[deep]) < 0.01 * np.linalg.norm(exact[deep])

    piston = march([WATER], Piston(2e-3, 5e6), 1e5, harmonics=1, depth=25e-3)
    k = 2.0 * np.pi * 5e6 / 1500.0
    exact = 2.0 * np.abs(np.sin(0.5 * k * (np.hypot(piston.z, 2e-3) - piston.z)))
    deep = piston.z > 10e-3
    assert np.linalg.norm((axis(piston) - exact)[deep]) < 0.02 * np.linalg.norm(exact[deep])


def test_skin_takes_what_a_wave_straight_down_loses_there_and_passes_what_its_impedance_lets() -> None:
    # Inside the beam of a wide piston the wave is plane, but for the ripple of its edge.
    above, below = Acoustics(2e-3, 1500.0, 1000.0, 0.0), Acoustics(math.inf, 1624.0, 1109.0, 21.158)
    found = march([above, below], Piston(5e-3, 5e6), 1e5, harmonics=1, depth=4e-3)
    through = 1.0 + interface_reflection(1.5e6, 1624.0 * 1109.0)
    lossless = march([above, Acoustics(math.inf, 1624.0, 1109.0, 0.0)], Piston(5e-3, 5e6), 1e5, harmonics=1, depth=4e-3)
    inside = (found.r < 4e-3, found.z > 2e-3)
    ratio = np.abs(found.pressure[0][inside[0]][:, inside[1]]) / np.abs(lossless.pressure[0][inside[0]][:, inside[1]])
    loss = attenuation_at(5e6, 21.158, 1.0)
    assert np.median(ratio, axis=0) == pytest.approx(np.exp(-loss * (found.z[inside[1]] - 2e-3)), rel=5e-3)
    assert float(prepare((above, below), Piston(5e-3, 5e6), depth=4e-3).through(0)[0][0, 0]) == (
        pytest.approx(through, rel=1e-4)
    )
    # Waves of the edge meet the skin flat, some past the angle of total reflection: a little more turns back.
    reflected = 1.0 - through**2 * 1.5e6 / (1624.0 * 1109.0)
    assert reflected < lossless.reflected / lossless.emitted < 1.2 * reflected


@pytest.mark.parametrize("watts", [0.01, 3.0, 60.0])
def test_all_power_is_found_again(watts: float) -> None:
    found = march([COUPLANT, SKIN], BOWL, pressure(watts))
    assert found.emitted == pytest.approx(watts, rel=0.01)
    assert found.balance == pytest.approx(1.0, abs=0.01)
    assert np.all(np.isfinite(found.heat))
    assert np.all(found.heat >= 0.0)
    cells = found.areas @ found.heat @ np.diff(found.edges)
    assert cells == pytest.approx(found.absorbed, rel=1e-12)


def test_scattered_part_is_no_heat() -> None:
    half = Acoustics(math.inf, 1624.0, 1109.0, 21.158, 1.0, 4.5, absorbed_fraction=0.5)
    whole, part = (march([COUPLANT, layer], BOWL, pressure(0.1), harmonics=1) for layer in (SKIN, half))
    skin = whole.z > 10.5e-3
    assert part.heat[:, skin] == pytest.approx(0.5 * whole.heat[:, skin], rel=1e-6)
    assert part.scattered[:, skin] == pytest.approx(part.heat[:, skin], rel=1e-6)
    assert not np.any(part.scattered[:, ~skin])


def test_weak_wave_is_linear() -> None:
    many, one = (march([COUPLANT, SKIN], BOWL, pressure(0.01), harmonics=n) for n in (None, 1))
    assert many.heat.max() == pytest.approx(one.heat.max(), rel=0.005)
    assert many.heat.max() > one.heat.max()


def test_strong_wave_has_a_high_crest_a_shallow_trough_and_more_heat() -> None:
    many = march([COUPLANT, SKIN], BOWL, pressure(4.0), keep=(1, 2))
    one = march([COUPLANT, SKIN], BOWL, pressure(4.0), harmonics=1, like=many)
    assert np.array_equal(many.edges, one.edges)
    assert many.heat.max() > 1.1 * one.heat.max()
    assert many.peak_positive.max() > one.peak_positive.max() > many.peak_negative.max() > 0.0
    assert many.pressure.shape == (2, many.r.size, many.z.size)
    assert many.harmonics.max() > many.harmonics[0] == 6


def test_crest_and_trough_are_those_of_the_sum_of_kept_harmonics() -> None:
    found = march([COUPLANT, SKIN], BOWL, pressure(3.0), harmonics=6, keep=(1, 2, 3, 4, 5, 6))
    moment = np.exp(2j * np.pi * np.multiply.outer(np.arange(1, 7), np.arange(2000) / 2000))
    at = int(np.argmax(found.peak_positive[0]))
    wave = (found.pressure[:, 0, at] @ moment).real
    assert found.peak_positive[0, at] == pytest.approx(wave.max(), rel=0.01)
    assert found.peak_negative[0, at] == pytest.approx(-wave.min(), rel=0.01)


def test_single_precision_gives_the_heat_of_double_to_four_digits() -> None:
    one, other = (march([COUPLANT, SKIN], BOWL, pressure(3.0), dtype=dtype) for dtype in ("float32", "float64"))
    assert other.pressure.dtype == np.complex128
    assert one.heat.max() == pytest.approx(other.heat.max(), rel=1e-4)
    assert one.absorbed == pytest.approx(other.absorbed, rel=1e-4)
    assert one.peak_positive.max() == pytest.approx(other.peak_positive.max(), rel=1e-4)


def test_half_the_steps_and_more_nodes_change_little() -> None:
    one, half, more = (
        march([COUPLANT, SKIN], BOWL, pressure(2.0), step=step, nodes=nodes)
        for step, nodes in ((1.0, None), (0.5, None), (1.0, 480))
    )
    for other in (half, more):
        assert one.absorbed == pytest.approx(other.absorbed, rel=1e-3)
    assert one.heat.max() == pytest.approx(half.heat.max(), rel=2e-3)
    assert on_axis(one) == pytest.approx(on_axis(more), rel=2e-3)


def test_rows_left_out_below_the_floor_are_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = march([COUPLANT, SKIN], BOWL, pressure(3.0))
    monkeypatch.setattr(harmonics, "_FLOOR", 1e4)
    monkeypatch.setattr(harmonics, "_FELT", 1e-12)
    every = march([COUPLANT, SKIN], BOWL, pressure(3.0))
    assert every.substeps.sum() > 1.5 * kept.substeps.sum()
    assert kept.heat.max() == pytest.approx(every.heat.max(), rel=2e-3)
    assert kept.absorbed == pytest.approx(every.absorbed, rel=1e-3)


def test_past_the_shock_the_filter_stands_in_for_more_harmonics(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (march([COUPLANT, SKIN], BOWL, pressure(30.0), harmonics=n).heat.max() for n in (64, 128))
    assert few == pytest.approx(many, rel=0.03)
    monkeypatch.setattr(harmonics, "_STRENGTH", 0.0)
    piled = march([COUPLANT, SKIN], BOWL, pressure(30.0), harmonics=64).heat.max()
    assert abs(piled - many) > abs(few - many)


def test_heat_grows_smoothly_with_power_where_the_filter_sets_in() -> None:
    """Were the filter switched on whole, its first cell would take what had gathered: a peak that moves with power."""
    layers = (COUPLANT, replace(SKIN, thickness=1.8e-3), Acoustics(math.inf, 1440.0, 911.0, 7.0, 1.0, 6.0))
    powers, z = (1.95, 2.0, 2.05, 2.1, 2.15, 2.2), np.linspace(12e-3, 17e-3, 500)
    found = [(w, march(layers, BOWL, pressure(w), depth=18e-3, peaks=False)) for w in powers]
    per_watt = [np.array([np.interp(z, m.z, m.heat[n]) for n in range(8)]) / w for w, m in found]
    triples = zip(per_watt, per_watt[1:], per_watt[2:], strict=False)
    assert max(np.max(np.abs(a - 2.0 * b + c)) / (2.0 * b.max()) for a, b, c in triples) < 0.006


@pytest.mark.parametrize("layers", [(COUPLANT, SKIN), (WATER_WITH_LOSS,)], ids=["skin", "water"])
def test_few_harmonics_miss_heat_and_make_none(layers: tuple[Acoustics, ...]) -> None:
    # 1 W is far from a shock: each harmonic that is left out takes some heat away, a filter would put some there.
    counts = (1, 2, 3, 4, 6, 64)
    found = [march(layers, BOWL, pressure(1.0), harmonics=n, depth=18e-3, peaks=False).heat.max() for n in counts]
    assert found == sorted(found)
    assert found[-2] == pytest.approx(found[-1], rel=0.005)
    weak = [march(layers, BOWL, pressure(0.02), harmonics=n, depth=18e-3, peaks=False).heat.max() for n in (2, 64)]
    assert weak[0] == pytest.approx(weak[1], rel=1e-3)


def test_a_shocks_own_loss_is_heat_where_half_of_the_attenuation_scatters() -> None:
    half = Acoustics(math.inf, 1624.0, 1109.0, 21.158, 1.0, 4.5, absorbed_fraction=0.5)
    found = march([COUPLANT, half], BOWL, pressure(30.0), peaks=False)
    skin = found.z > 10.5e-3
    own = found.heat[:, skin] - found.scattered[:, skin]
    assert own.min() >= -1e-5 * found.heat.max()
    assert own.max() > 0.3 * found.heat.max()


def test_interfaces_are_edges_of_cells() -> None:
    layers = [COUPLANT, Acoustics(1.83e-3, 1624.0, 1109.0, 21.158, 1.0, 4.5), SKIN]
    found = march(layers, BOWL, pressure(6.0))
    for depth in (10.5e-3, 12.33e-3):
        assert np.abs(found.edges - depth).min() < 1e-9
    assert np.all(np.diff(found.edges) > 0.0)
    assert found.edges[0] == pytest.approx(BOWL.depth)


def test_dispersion_speeds_high_harmonics_up_and_heats_more() -> None:
    with_, without = (march([COUPLANT, SKIN], BOWL, pressure(3.0), dispersion=d) for d in (True, False))
    assert with_.heat.max() > 1.02 * without.heat.max()
    assert (
        prepare((COUPLANT, SKIN), BOWL).axial[1, 7, 0].real
        < prepare((COUPLANT, SKIN), BOWL, dispersion=False).axial[1, 7, 0].real
    )


def test_head_and_stack_are_prepared_once_for_every_power() -> None:
    layers = (COUPLANT, SKIN)
    assert prepare(layers, BOWL) is prepare((COUPLANT, SKIN), Bowl(15e-3, 5.5e-3, 7e6))
    first, again = (march(layers, BOWL, pressure(1.0)) for _ in range(2))
    assert np.array_equal(first.heat, again.heat)
    assert prepare(layers, BOWL) is not prepare(layers, BOWL, depth=18e-3)


def test_too_fast_a_wave_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harmonics, "_FINEST", 0)
    with pytest.raises(NotConverged, match="steepens too fast"):
        march([COUPLANT, SKIN], BOWL, 1e12)


def test_cells_that_would_have_to_be_finer_than_they_may_be_are_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    march([COUPLANT, SKIN], BOWL, pressure(30.0), peaks=False)
    monkeypatch.setattr(harmonics, "_FINEST", 0)
    with pytest.raises(NotConverged, match="too fast for its cells"):
        march([COUPLANT, SKIN], BOWL, pressure(30.0), peaks=False)


def test_a_field_too_wide_for_its_rows_is_refused() -> None:
    water = [Acoustics(math.inf, 1500.0, 1000.0, 0.025, 2.0, 3.5)]
    for wide in (Bowl(60e-3, 35e-3, 7e6), Bowl(15e-3, 13e-3, 7e6)):
        with pytest.raises(TooLarge, match="wavelengths across"):
            march(water, wide, 1e5)
    with pytest.raises(TooLarge, match="nodes"):
        march(water, BOWL, 1e5, nodes=5000)


def test_a_wide_bowl_has_the_rows_its_harmonics_need() -> None:
    wide = Bowl(15e-3, 9e-3, 7e6)
    watts = math.sqrt(2.0 * 1000.0 * 1500.0 * 3.0 / wide.area)
    one, more = (march([COUPLANT, SKIN], wide, watts, nodes=n, peaks=False) for n in (None, 1184))
    assert one.r.size > 768
    assert on_axis(one) == pytest.approx(on_axis(more), rel=2e-3)


def test_harmonics_that_fade_within_a_cell_give_the_heat_they_have() -> None:
    # Loss so strong that a wave made in the middle of a cell is gone at its end: its heat is its power.
    gel = (Acoustics(math.inf, 1500.0, 1000.0, 1.0, 2.0, 3.5),)
    prepared, width = prepare(gel, BOWL, depth=14e-3), 1.0
    leave = prepared.losses(0, width)[1][:20].astype(float)
    assert leave * width == pytest.approx(1.0 / (2.0 * 1000.0 * 1500.0), rel=1e-5)


def test_nan_is_no_result() -> None:
    with pytest.raises(InputError, match="surface_pressure"):
        march([COUPLANT, SKIN], BOWL, math.nan)


def test_bad_input_is_named() -> None:
    for options, word in (
        ({"harmonics": 0}, "harmonics"), ({"harmonics": 1000}, "harmonics"), ({"keep": (7,), "harmonics": 6}, "keep"),
        ({"depth": 0.5e-3}, "depth"), ({"step": 0.0}, "step"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=word):
            march([COUPLANT, SKIN], BOWL, 1e5, **options)
    with pytest.raises(InputError, match=r"layers\.thickness"):
        march([Acoustics(1e-3, 1500.0, 1000.0, 0.0), SKIN], BOWL, 1e5)
    with pytest.raises(InputError, match="depth"):
        march([Acoustics(12e-3, 1500.0, 1000.0, 0.0)], BOWL, 1e5, depth=14e-3)
    with pytest.raises(InputError, match="layers"):
        march([], BOWL, 1e5)
