"""Sound's deposit: the heat kept for each power, and read between powers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tauten.devices.catalogue import catalogue
from tauten.devices.exposure import Placed
from tauten.devices.pattern import line
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl, Piston, Ring
from tauten.errors import InputError
from tauten.facts import load
from tauten.grid import Field, Grid
from tauten.simulate import grid_for, simulate
from tauten.skin import acoustics
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers import beams, insonify
from tauten.solvers.focal import cone, focal_grid
from tauten.solvers.state import Deposition

SKIN = Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 1.7e-3), Layer("fat", 2.2e-3), Layer("muscle", 20e-3))
SHOT = FocusedShot(Bowl(15e-3, 5.5e-3, 7e6), 3.0, 0.05, 10.5e-3)
WARM = [307.0, 308.0, 309.0, 310.0]


def scene(harmonics=None):
    return insonify.stack_of(SKIN, SHOT, WARM), SHOT.transducer, harmonics, True


@pytest.fixture
def counted(monkeypatch):
    """Count the calls of `radiate`, with every store empty before and after."""
    asked = []
    kept = (insonify.heard, insonify._linear, insonify._direct, insonify._bend, insonify._block)

    def radiate(*given, **options):
        asked.append((options["power"], options["harmonics"]))
        return beams_radiate(*given, **options)

    beams_radiate = beams.radiate
    monkeypatch.setattr(beams, "radiate", radiate)
    for store in kept:
        store.cache_clear()
    yield asked
    for store in kept:
        store.cache_clear()


def steepening(sound, power, threshold=4.0):
    """Return a sound whose heat over power climbs threefold across a shock threshold, and moves and narrows with it."""
    risen = 1.0 / (1.0 + math.exp(-(power - threshold) / 0.35))
    r, z = sound.r[:, None], sound.z
    peak = np.exp(-((r / 0.1e-3) ** 2) - ((z - 14.4e-3 - 0.2e-3 * risen) / 0.5e-3) ** 2)
    heat = sound.heat * (1.0 + 0.02 * power) + 2.0 * risen * peak * sound.heat.max()
    return replace(sound.scaled(power), heat=heat * power / sound.emitted, harmonics=8)


def test_energy_on_the_grid_is_what_the_sound_left_in_the_skin() -> None:
    grid = grid_for(SKIN, [Placed(SHOT)])
    (heat,) = insonify.deposit(SKIN, SHOT, grid, WARM, harmonics=1)
    left = sum(heat.shares[layer.name].value for layer in SKIN.layers) * SHOT.energy
    assert heat.heat.integral * (heat.stop - heat.start) == pytest.approx(left, rel=0.01)
    assert sum(share.value for share in heat.shares.values()) == pytest.approx(1.0, abs=0.01)


def test_a_box_holds_the_same_energy_in_its_half() -> None:
    placed = line(SHOT, 1.1e-3, 3, 0.2)
    box = grid_for(SKIN, placed)
    (heat,) = insonify.deposit(SKIN, SHOT, box, WARM, at=placed[1].at, harmonics=1)
    left = sum(heat.shares[layer.name].value for layer in SKIN.layers) * SHOT.power
    assert 2.0 * heat.heat.integral == pytest.approx(left, rel=0.015)


def test_points_of_a_line_share_one_block_of_heat(counted) -> None:
    placed = line(SHOT, 1.1e-3, 20, 0.2)
    box = grid_for(SKIN, placed)
    heats = [insonify.deposit(SKIN, SHOT, box, WARM, at=p.at, harmonics=1)[0].heat.values for p in placed[9:12]]
    assert insonify._block.cache_info().misses == 1
    columns = np.searchsorted(box.edges[0], placed[10].at[0]) - np.searchsorted(box.edges[0], placed[9].at[0])
    assert np.allclose(np.roll(heats[0], columns, axis=0), heats[1], atol=1e-6 * heats[0].max())


def test_no_power_is_no_heat() -> None:
    grid = grid_for(SKIN, [Placed(SHOT)])
    (heat,) = insonify.deposit(SKIN, SHOT.with_(power=0.0), grid, WARM)
    assert not heat.heat.values.any()


def test_another_duration_or_place_radiates_nothing_anew(counted) -> None:
    grid = grid_for(SKIN, [Placed(SHOT)])
    for duration in (0.03, 0.06):
        insonify.deposit(SKIN, SHOT.with_(duration=duration), grid, WARM, harmonics=2)
    insonify.deposit(SKIN, SHOT, grid_for(SKIN, line(SHOT, 1e-3, 2, 0.2)), WARM, at=(1e-3, 0.0), harmonics=2)
    assert counted == [(3.0, 2)]


def test_a_linear_field_serves_every_power(counted) -> None:
    low, high = (insonify.heard(scene(1), power) for power in (1.0, 6.0))
    assert counted == [(1.0, 1)]
    assert np.allclose(high.heat, 6.0 * low.heat, rtol=1e-6)


def test_heat_between_kept_powers_is_within_two_per_cent_across_a_shock_threshold(monkeypatch) -> None:
    linear = insonify.heard(scene(1), 1.0)
    monkeypatch.setattr(insonify, "_rung", lambda _, power: linear if power == 0.0 else steepening(linear, power))
    insonify._bend.cache_clear()
    worst = 0.0
    for power in np.geomspace(0.5, 12.0, 60):
        direct = steepening(linear, power).heat
        read = insonify._between(scene(), insonify._rungs(scene(), power), power).heat
        worst = max(worst, float(np.max(np.abs(read - direct)) / direct.max()))
    insonify._bend.cache_clear()
    assert worst <= 0.02


@pytest.mark.parametrize(
    ("head", "power"),
    [
        *(("mfu-7mhz-4.5mm", power) for power in (0.7, 3.3, 5.3, 11.0)),
        *(("mfu-7mhz-3.0mm", power) for power in (1.9, 2.6)),
        *(("mfu-4mhz-4.5mm", power) for power in (5.3, 8.9, 11.0)),
        ("mfu-10mhz-1.5mm", 1.7),
    ],
)
def test_sound_read_between_powers_is_within_two_per_cent_of_the_direct_run(head, power) -> None:
    """Heads of 4 and 10 MHz at the powers that boil their focus, where harmonics come in."""
    shot = SHOT.with_(transducer=catalogue()[head].transducer, standoff=catalogue()[head].standoff)
    of_head = insonify.stack_of(SKIN, shot, WARM), shot.transducer, None, True
    direct = insonify.heard(of_head, power)
    read = insonify.heard(of_head, power, False)
    assert np.max(np.abs(read.heat - direct.heat)) <= 0.02 * direct.heat.max()
    assert read.absorbed == pytest.approx(direct.absorbed, rel=0.01)
    assert read.emitted == direct.emitted


def test_a_rung_is_its_own_direct_run(counted) -> None:
    assert insonify.heard(scene(2), 2.0, False).heat is insonify.heard(scene(2), 2.0).heat


def test_ladder_depends_on_the_power_alone() -> None:
    first = insonify._rungs(scene(), 3.3)
    for power in (0.7, 5.3, 11.0):
        insonify._rungs(scene(), power)
    insonify._bend.cache_clear()
    assert insonify._rungs(scene(), 3.3) == first


def test_drift_is_the_change_of_the_speed_of_fat() -> None:
    slope = load()["tissue/acoustics/fat.speed_per_kelvin"].si
    before = insonify.stack_of(SKIN, SHOT, WARM)[3].speed
    warmer = [*WARM[:2], WARM[2] + 10.0, WARM[3]]
    assert insonify.drift(SKIN, SHOT, WARM, warmer) == pytest.approx(abs(10.0 * slope) / before)


def test_skin_at_the_temperature_of_its_rows_is_heard_at_their_very_speeds() -> None:
    body = load()["tissue/acoustics/body.temperature"].si
    for warmth in ([body] * 4, [body + 0.4] * 4):
        assert insonify.stack_of(SKIN, SHOT, warmth)[1:] == acoustics.layers(SKIN, standoff=SHOT.standoff)[1:]


def test_no_drift_where_no_row_says_how_sound_changes() -> None:
    bare = Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 4e-3), Layer("muscle", 20e-3))
    assert insonify.drift(bare, SHOT, [307.0] * 3, [340.0] * 3) == 0.0


def test_air_in_the_path_is_refused() -> None:
    grid = grid_for(SKIN, [Placed(SHOT)])
    with pytest.raises(InputError, match="air"):
        insonify.deposit(SKIN, SHOT.with_(couplant="air"), grid, WARM)


def test_residual_is_the_heat_kernel_of_a_line() -> None:
    """A line of heat with a Gaussian cross-section, Carslaw and Jaeger 1959, 10.3."""
    grid = Grid((np.linspace(0.0, 3e-3, 601), np.linspace(0.0, 1e-3, 5)), "axisymmetric")
    w, power, capacity, diffusivity = 0.3e-3, 100.0, 3.7e6, 1e-7
    heat = power / (math.pi * w * w) * np.exp(-((grid.centres[0] / w) ** 2))[:, None] * np.ones(4)
    deposition = Deposition(Field(heat, grid, "W/m3"), 0.0, 0.02)
    placed = [Placed(SHOT), Placed(SHOT, (0.5e-3, 0.0), 0.4)]
    found = insonify.residual_rise(deposition, placed, np.full(4, capacity), np.full(4, diffusivity))
    spread = w * w + 4.0 * diffusivity * 0.39
    exact = power * 0.02 / (capacity * math.pi * spread) * math.exp(-(0.5e-3**2) / spread)
    assert found == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize(
    "transducer",
    [Bowl(15e-3, 5.5e-3, 7e6), Ring(15e-3, 2e-3, 5.5e-3, 4e6), Bowl(13.5e-3, 4e-3, 10e6), Piston(3e-3, 4e6)],
)
def test_grid_fits_layers_focus_and_cone(transducer) -> None:
    shot = SHOT.with_(transducer=transducer, standoff=min(10.5e-3, transducer.focus - 1.5e-3))
    grid = focal_grid(SKIN, [Placed(shot)])
    r, z = grid.edges
    for depth in SKIN.depths[:-1]:
        assert np.abs(z - depth).min() < 1e-12
    assert np.count_nonzero((z > 0.0) & (z < 0.1e-3 - 1e-9)) == 2  # three cells of epidermis
    assert r[1] <= 40e-6
    assert r[-1] >= cone(shot) + 5e-3
    ratio = np.diff(z)[1:] / np.diff(z)[:-1]
    assert np.all(ratio < 2.0)


def test_box_of_a_line_is_the_half_with_a_point_in_the_middle_of_a_cell() -> None:
    placed = line(SHOT, 1.1e-3, 3, 0.2, at=(1e-3, 2e-3))
    x, y, _ = focal_grid(SKIN, placed).edges
    assert y[0] == 2e-3
    for shot in placed:
        cell = int(np.searchsorted(x, shot.at[0])) - 1
        assert 0.5 * (x[cell] + x[cell + 1]) == pytest.approx(shot.at[0], abs=1e-12)
    assert np.allclose(np.diff(x), np.diff(x)[::-1])


@pytest.mark.parametrize(
    ("skin", "focus"),
    [
        (SKIN, 24.01e-3),
        (Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 1.7e-3), Layer("fat", 2e-3)), 4.5e-3),
        (Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 1.7e-3), Layer("fat", math.inf)), 40e-3),
    ],
)
@pytest.mark.parametrize("power", [0.0, 3.0])
def test_a_focus_beyond_the_layers_is_one_clear_error(skin, focus, power):
    radius = 60e-3
    shot = FocusedShot(Bowl(radius, 5.5e-3, 4e6), power, 0.05, radius - focus)
    with pytest.raises(InputError, match="beyond the layers of this skin") as caught:
        simulate(skin, shot, frames=2, rest=0.1)
    told = caught.value
    assert (told.key, told.unit) == ("exposure.standoff", "m")
    assert "take a head that focuses above that" in told.remedy
