"""The whole physics: what must hold for any skin and any pulse of light."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest

from tauten.care.goals import read_goals
from tauten.care.limits import read_limits
from tauten.devices.catalogue import catalogue
from tauten.devices.exposure import Placed, passes
from tauten.errors import InputError, OutsideValidity, Unphysical
from tauten.facts import load
from tauten.simulate import grid_for, simulate
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers import convolve, illuminate

FEW = {"photon_count": 3000, "frames": 24, "rest": 10.0}
BAND = (0.3e-3, 0.8e-3)  # inside the dermis of this cheek
LAMP = catalogue()["ir-lamp-1100-1800"]


@pytest.fixture(scope="module")
def skin() -> Skin:
    return Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24.0)


@pytest.fixture(scope="module")
def pulse():
    return LAMP.exposure(fluence="30 J/cm2")


@pytest.fixture(scope="module")
def treatment(skin, pulse):
    return simulate(skin, pulse, band=BAND, **FEW)


def test_heat_put_in_is_the_share_of_the_pulse_the_layers_took(treatment, pulse) -> None:
    heat = treatment.depositions[0]
    found = heat.heat.integral * pulse.duration / pulse.energy
    layers = sum(heat.shares[layer.name].value for layer in treatment.skin.layers)
    assert found <= layers + 1e-9
    assert found == pytest.approx(layers, rel=0.02)  # what strays beyond the grid's 19 mm


def test_every_pulse_of_a_train_is_counted_once(skin) -> None:
    pulse = catalogue()["er-glass-1540-sapphire"].exposure(pulses=3)
    train = simulate(skin, pulse, extent="axis", **FEW)
    lit = sorted((d.start, d.stop) for d in train.depositions)
    assert sum(stop - start for start, stop in lit) == pytest.approx(3 * pulse.duration)
    assert all(after[0] >= before[1] - 1e-12 for before, after in pairwise(lit))
    assert len(lit) >= 3


def test_shares_of_the_light_add_up_to_all_of_it(treatment) -> None:
    assert sum(share.value for share in treatment.depositions[0].shares.values()) == pytest.approx(1.0, abs=1e-6)


def test_no_light_and_no_window_leave_the_skin_as_it_was(skin, pulse) -> None:
    still = simulate(skin, pulse.with_(fluence=0.0, cooling=()), extent="axis", **FEW)
    assert np.ptp(still.trace.temperature, axis=0).max() < 0.02


def test_more_light_is_never_cooler(skin, pulse) -> None:
    low, high = (simulate(skin, pulse.with_(fluence=f * 1e4), extent="axis", **FEW) for f in (20, 30))
    assert np.all(high.state.maximum >= low.state.maximum - 1e-6)
    for name, figure in low.summary.items():
        if name.startswith(("epidermal_burn", "fat_necrosis", "peak.")):
            assert high.summary[name].value >= figure.value


def test_colder_window_never_burns_deeper(skin) -> None:
    warm, cold = (
        simulate(skin, LAMP.exposure(fluence="40 J/cm2", plate_temperature=f"{t} degC"), extent="axis", **FEW)
        for t in (25, 5)
    )
    assert np.all(cold.state.maximum <= warm.state.maximum + 1e-6)
    assert cold.damage.epidermal_burn.peak <= warm.damage.epidermal_burn.peak


def test_second_pass_starts_from_what_the_first_left(skin, pulse) -> None:
    first, second = passes(pulse, 2, 20.0)
    together = simulate(skin, [first, second], extent="axis", **FEW)
    gap = second.begins_at - first.ends_at
    alone = simulate(skin, first, extent="axis", **{**FEW, "rest": gap})
    after = simulate(skin, second, start=alone.state, **FEW)
    assert after.state.time == pytest.approx(together.state.time)
    assert np.allclose(after.state.rise, together.state.rise, atol=0.05)
    assert after.damage.fat_dose.peak == pytest.approx(together.damage.fat_dose.peak, rel=0.02)
    assert together.damage.fat_dose.peak > 1.5 * alone.damage.fat_dose.peak


def test_axis_alone_peaks_like_the_axis_of_the_whole_beam(skin, pulse, treatment) -> None:
    axis = simulate(skin, pulse, extent="axis", **FEW)
    top = axis.state.grid.centres[1] < 4e-3
    rise, whole = axis.state.maximum[0, top], treatment.state.maximum[0, top]
    assert np.allclose(rise, whole, atol=0.03 * rise.max())
    assert np.all(axis.state.rise[0, top] >= treatment.state.rise[0, top] - 0.3)  # nothing is lost sideways


def test_round_stand_in_lights_the_axis_like_the_window(skin, pulse) -> None:
    grid = grid_for(skin, [Placed(pulse)], "axis")
    scene = illuminate._Scene.of(skin, pulse, grid, [310.15] * len(skin.layers), None)
    tally = illuminate._tally(scene, 20_000, 1, None)
    window, _ = convolve.on_axis(tally, pulse.beam)
    disc, _ = convolve.on_axis(tally, illuminate.round_equivalent(pulse.beam))
    shallow = grid.centres[1] < 2.5e-3
    assert np.allclose(disc[shallow], window[shallow], rtol=0.03)


def test_epidermis_has_three_cells_or_more(skin, pulse) -> None:
    grid = grid_for(skin, [Placed(pulse)])
    edges = grid.edges[1]
    inside = (edges >= skin.top_of("epidermis") - 1e-9) & (edges <= skin.bottom_of("epidermis") + 1e-9)
    assert inside.sum() >= 4
    for depth in skin.depths[:-1]:
        assert np.abs(edges - depth).min() < 1e-12


def test_skin_without_an_epidermis_is_refused(pulse) -> None:
    bare = Skin.of(Layer("papillary_dermis", 1e-3), Layer("fat", 5e-3))
    with pytest.raises(InputError, match="epidermis"):
        simulate(bare, pulse, **FEW)


def test_exposures_that_overlap_in_time_are_refused(skin, pulse) -> None:
    with pytest.raises(InputError, match="before the exposure before it has ended"):
        simulate(skin, [Placed(pulse), Placed(pulse, time=3.0)], **FEW)


@pytest.mark.parametrize(("moved", "deposits"), [(0.0, 1), (1.0, 5)])
def test_deposits_again_only_when_properties_have_moved(skin, pulse, monkeypatch, moved, deposits) -> None:
    asked = []

    def deposit(*args, **options):
        asked.append(args)
        return illuminate.deposit(*args, **options)

    table = import_module("tauten.simulate").METHODS
    method = replace(table[type(pulse)], deposit=deposit, drift=lambda *_: moved)
    monkeypatch.setitem(table, type(pulse), method)
    simulate(skin, pulse, extent="axis", **{**FEW, "frames": 60})
    assert len(asked) == deposits


@pytest.mark.parametrize("key", sorted(key for key, device in catalogue().items() if device.method == "infrared"))
def test_few_kept_frames_give_the_same_surface_peak_as_many(skin, key) -> None:
    exposure = catalogue()[key].exposure()
    held = load().with_value("simulate/coupling.drift_tolerance", 1000.0)  # frames also say when optics are looked at
    options = {"extent": "axis", "photon_count": 1500, "rest": 3.0, "facts": held}
    few, many = (simulate(skin, exposure, frames=n, **options) for n in (12, 600))
    name = "skin_surface.peak_temperature"
    assert few.summary[name].value == pytest.approx(many.summary[name].value, abs=0.1)
    assert many.summary[name].value >= many.trace.surface.max() - 0.05


def test_exposures_at_several_points_are_refused(skin, pulse) -> None:
    with pytest.raises(OutsideValidity, match="several points"):
        simulate(skin, [Placed(pulse), Placed(pulse, at=(0.05, 0.0), time=60.0)], **FEW)


def test_second_pass_takes_the_optics_of_the_warm_skin(skin) -> None:
    hot = LAMP.exposure(fluence="50 J/cm2", plate_temperature="30 degC")
    strict = load().with_value("simulate/coupling.drift_tolerance", 1.0)
    both = simulate(skin, passes(hot, 2, 12.0), extent="axis", facts=strict, **FEW)
    starts = {d.start: d.seen for d in reversed(both.depositions)}
    assert max(starts[12.0]) > max(starts[0.0]) + 5.0


@pytest.mark.parametrize("tolerance", [1.0, 2.0])
def test_the_drift_tolerance_hardly_moves_the_answer(skin, pulse, tolerance) -> None:
    """Absorption off by the 5 % that is let pass moves the hottest rise by no more than 5 %."""
    hot = pulse.with_(fluence=40e4)
    few = {**FEW, "frames": 60}
    usual = simulate(skin, hot, extent="axis", **few)
    facts = load().with_value("simulate/coupling.drift_tolerance", tolerance)
    finer = simulate(skin, hot, extent="axis", facts=facts, **few)
    assert np.abs(finer.state.maximum - usual.state.maximum).max() < 0.05 * usual.state.maximum.max()


def test_every_limit_and_goal_finds_its_figure_in_the_summary(treatment) -> None:
    wanted = [limit.figure for limit in read_limits(load())]
    wanted += [goal.figure for goal in read_goals("infrared", load(), BAND)]
    assert not [name for name in wanted if name not in treatment.summary]


def test_labelled_dataset_says_its_units(treatment) -> None:
    data = treatment.to_xarray()
    assert data["temperature"].attrs["units"] == "K"
    assert data["axis_temperature"].dims == ("time", "depth")
    assert data["cem43"].attrs["units"] == "min"
    assert data["heat_stimulus"].attrs["units"] == "s"
    assert data["henriques_moritz_1947"].attrs["units"] == "1"
    assert data.attrs["peak.epidermis.units"] == "K"
    assert float(data["peak_temperature"].max()) == pytest.approx(treatment.summary["tissue.peak_temperature"].value)


def test_same_seed_gives_the_same_bits(skin, pulse) -> None:
    illuminate._tally.cache_clear()
    one = simulate(skin, pulse, extent="axis", **FEW)
    illuminate._tally.cache_clear()
    two = simulate(skin, pulse, extent="axis", threads=1, **FEW)
    assert np.array_equal(one.state.rise, two.state.rise)


def test_a_pulse_before_the_state_it_starts_from_is_refused(skin, pulse, treatment) -> None:
    with pytest.raises(InputError, match="begins before the state"):
        simulate(skin, pulse, start=treatment.state, **FEW)


def test_another_skins_state_is_refused(pulse, treatment) -> None:
    back = Skin.at("back", age=52, sex="female", phototype=3, bmi=24.0)
    with pytest.raises(InputError, match="another skin"):
        simulate(back, Placed(pulse, time=treatment.state.time + 10.0), start=treatment.state, **FEW)


def test_an_unknown_extent_or_keep_is_refused(skin, pulse) -> None:
    with pytest.raises(InputError, match=r"beam \| axis"):
        simulate(skin, pulse, extent="x", **FEW)
    with pytest.raises(InputError, match="fields"):
        simulate(skin, pulse, keep="x", **FEW)


def test_a_dose_no_tissue_takes_is_refused(skin, pulse) -> None:
    with pytest.raises(Unphysical, match="no tissue takes this dose"):
        simulate(skin, pulse.with_(fluence=1e9), extent="axis", **FEW)


@pytest.mark.parametrize("thickness", [5e-6, 20e-6, 120e-6])
def test_any_epidermis_gets_four_cells(skin, pulse, thickness) -> None:
    thin = skin.with_layer("epidermis", thickness=thickness)
    edges = grid_for(thin, [Placed(pulse)]).edges[1]
    inside = (edges >= thin.top_of("epidermis") - 1e-12) & (edges <= thin.bottom_of("epidermis") + 1e-12)
    assert inside.sum() == 5
    assert np.all(np.diff(edges) > 0.0)
