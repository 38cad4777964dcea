"""Focused shots on a skin: what must hold of one, of passes over one place, and of several points."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tauten import box
from tauten.devices.catalogue import catalogue
from tauten.devices.exposure import Placed, passes
from tauten.devices.pattern import depths, line, lines
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl
from tauten.errors import InputError
from tauten.simulate import carried_over, independent, simulate
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers import conduction
from tauten.tissue import tissue_of

SKIN = Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 1.7e-3), Layer("fat", 2.2e-3), Layer("muscle", 20e-3))
SHOT = FocusedShot(Bowl(15e-3, 5.5e-3, 7e6), 8.0, 0.06, 10.5e-3)
FEW = {
    "frames": 8,
    "rest": 2.0,
    "band": (3e-3, 5e-3),
    "harmonics": 1,
}  # the linear field: the heat solver is asked here


@pytest.fixture(scope="module")
def treatment():
    return simulate(SKIN, SHOT, **FEW)


@pytest.fixture(scope="module")
def pair():
    return simulate(SKIN, line(SHOT, 1.1e-3, 2, 0.2), **FEW)


def test_a_shot_coagulates_a_slim_zone_at_its_focus(treatment) -> None:
    (zone,) = treatment.zones
    assert zone.formed
    assert zone.width < zone.length
    assert zone.top < SHOT.focal_depth < zone.bottom
    assert zone.layers == ("fat", "muscle")
    assert treatment.summary["zone.volume"].value == zone.volume
    assert treatment.summary["zone.peak_temperature"].value == treatment.summary["tissue.peak_temperature"].value


def test_epidermis_and_fat_are_read_beside_the_zone(treatment) -> None:
    assert treatment.damage.epidermal_burn.peak < 1.0 < treatment.damage.fat_dose.peak
    assert all(np.isfinite(figure.value) for figure in treatment.summary.values())


def test_heat_that_went_in_is_still_there_when_the_sound_stops(treatment) -> None:
    """No blood carries off a hundredth of it in 60 ms, and no side is near."""
    heat = treatment.depositions[0]
    still, done = (simulate(SKIN, SHOT.with_(power=p), **{**FEW, "rest": 1e-4}).state for p in (0.0, SHOT.power))
    medium = tissue_of(SKIN, done.grid, SKIN.facts).medium
    gained = conduction.stored_heat(done, medium) - conduction.stored_heat(still, medium)
    assert gained == pytest.approx(heat.heat.integral * SHOT.duration, rel=0.01)


@pytest.mark.parametrize("change", ["power", "duration"])
def test_more_is_never_cooler_and_never_coagulates_less(change) -> None:
    values = {"power": (4.0, 6.0, 8.0, 10.0), "duration": (0.02, 0.04, 0.06, 0.08)}[change]
    runs = [simulate(SKIN, SHOT.with_(**{change: value}), **FEW) for value in values]
    for less, more in pairwise(runs):
        assert np.all(more.state.maximum >= less.state.maximum - 0.02)
        for name in ("zone.volume", "zone.width", "zone.length", "zone.bottom", "zone.band_share"):
            if less.zones[0].formed or name != "zone.bottom":
                assert more.summary[name].value >= less.summary[name].value, name
    assert [run.zones[0].formed for run in runs][::3] == [False, True]


def test_where_nothing_coagulates_there_is_neither_top_nor_bottom() -> None:
    run = simulate(SKIN, SHOT.with_(power=0.5, duration=0.02), **FEW)
    assert not run.zones[0].formed
    assert not {"zone.top", "zone.bottom"} & set(run.summary)
    assert run.summary["zone.volume"].value == 0.0
    assert not any(figure.lower_bound for figure in run.summary.values())


@pytest.mark.parametrize("power", [40.0, 50.0], ids=["still wet", "dry"])
def test_a_figure_at_boiling_or_beyond_says_that_it_is_a_lower_bound(power: float) -> None:
    run = simulate(SKIN, SHOT.with_(power=power, duration=0.1), **FEW)
    boils = [n for n, f in run.summary.items() if f.unit == "K" and f.value > 373.149]
    assert {"tissue.peak_temperature", "zone.peak_temperature"} <= set(boils)
    assert all(run.summary[name].lower_bound for name in boils)
    assert all(run.summary[f"zone.{size}"].lower_bound for size in ("volume", "width", "length", "top", "bottom"))
    assert not run.summary["skin_surface.peak_temperature"].lower_bound


def test_equal_energy_in_half_the_time_makes_the_larger_zone() -> None:
    slow, quick = (simulate(SKIN, SHOT.with_(power=p, duration=0.48 / p), **FEW) for p in (6.0, 12.0))
    assert quick.zones[0].volume > slow.zones[0].volume


def test_a_shot_that_boils_is_a_lower_bound() -> None:
    boiled = simulate(SKIN, SHOT.with_(power=30.0, duration=0.03), **{**FEW, "rest": 0.1})
    assert boiled.zones[0].boils
    assert boiled.zones[0].lower_bound
    assert boiled.summary["water.left"].value < 1.0


def test_a_line_that_boils_dry_still_has_finite_figures() -> None:
    boiled = simulate(SKIN, line(SHOT.with_(power=60.0, duration=0.08), 1.1e-3, 2, 0.1), **{**FEW, "rest": 0.02})
    assert boiled.summary["water.left"].value == 0.0
    assert all(zone.boils and np.isfinite(zone.volume) for zone in boiled.zones)
    assert boiled.summary["coagulation.henriques_moritz_1947"].value == 1.0


def test_collagen_of_the_fascia_is_read_with_the_dermis() -> None:
    fascia = Layer("smas", 1.5e-3)
    skin = Skin.of(*SKIN.layers[:2], Layer("fat", 1.5e-3), fascia, SKIN.layers[3])
    found = simulate(skin, SHOT, **FEW).damage.denatured
    assert found.tissues == ("dermis", "smas")
    assert found.peak > 0.0


def test_finer_heat_steps_do_not_move_the_zone(treatment) -> None:
    finer = simulate(SKIN, SHOT, tolerance=0.002, **FEW)
    assert finer.zones[0].volume == pytest.approx(treatment.zones[0].volume, rel=0.005)


def test_second_shot_over_one_place_starts_from_what_the_first_left(treatment) -> None:
    twice = simulate(SKIN, passes(SHOT, 2, 0.3), **FEW)
    assert len(twice.zones) == 1
    assert twice.zones[0].volume > treatment.zones[0].volume
    first = simulate(SKIN, SHOT, **{**FEW, "rest": 0.3 - SHOT.duration})
    after = simulate(SKIN, Placed(SHOT, time=0.3), start=first.state, **FEW)
    assert after.zones[0].volume == pytest.approx(twice.zones[0].volume, rel=0.01)


@pytest.mark.parametrize("key", sorted(key for key, device in catalogue().items() if device.method == "ultrasound"))
def test_every_head_of_the_catalogue_can_be_simulated(key) -> None:
    skin = Skin.at("cheek", age=52, sex="female", phototype=3)
    run = simulate(skin, catalogue()[key].exposure(), frames=4, rest=1.0, harmonics=1)
    assert run.zones[0].peak_temperature > 312.0


def test_two_points_apart_are_two_of_the_same(treatment, pair) -> None:
    """The box's cells are wider than one point's: its peak is 2 % lower, its zone 4 % smaller."""
    alone = treatment.zones[0]
    for zone in pair.zones:
        assert zone.merged == ()
        assert zone.peak_temperature - 308.0 == pytest.approx(alone.peak_temperature - 308.0, rel=0.025)
        assert zone.volume == pytest.approx(alone.volume, rel=0.06)
        assert zone.centre == pytest.approx(alone.centre, abs=20e-6)


def test_zones_of_points_too_close_are_told_as_merged() -> None:
    close = simulate(SKIN, line(SHOT, 0.2e-3, 2, 0.2), **FEW)
    assert [zone.merged for zone in close.zones] == [(1,), (0,)]


def test_heat_is_carried_from_shot_to_shot_where_points_lie_close() -> None:
    first, *_, last = simulate(SKIN, line(SHOT, 0.35e-3, 4, 0.1), **FEW).zones
    assert last.peak_temperature > first.peak_temperature + 2.0


@pytest.mark.parametrize(("pitch", "interval", "apart"), [(2.5e-3, 1.0, True), (0.35e-3, 0.1, False)])
def test_points_are_independent_on_one_side_of_the_criterion_only(pitch, interval, apart) -> None:
    """Where it says so, the last of four zones is the first's within 5 %; where not, it is larger by more than that."""
    drawn = line(SHOT, pitch, 4, interval)
    assert independent(SKIN, drawn, harmonics=1) is apart
    first, *_, last = simulate(SKIN, drawn, **FEW).zones
    assert (abs(last.volume / first.volume - 1.0) < 0.05) is apart


def test_carried_over_is_an_upper_bound_of_what_the_box_finds() -> None:
    drawn = line(SHOT, 0.7e-3, 4, 0.15)
    bound = carried_over(SKIN, drawn, harmonics=1)
    run = simulate(SKIN, drawn[:3], **{**FEW, "rest": drawn[3].time - drawn[2].ends_at})
    rest = simulate(SKIN, SHOT.with_(power=0.0), **FEW)
    column = int(np.argmin(np.abs(run.state.grid.centres[0] - drawn[3].at[0])))
    resting = np.interp(run.state.grid.centres[2], rest.trace.depth, rest.trace.temperature[0])
    left = float(np.max(run.state.temperature[column, 0] - resting))
    assert 0.5 * bound < left < 1.05 * bound


def test_stepping_near_the_shot_alone_changes_nothing_that_matters(monkeypatch) -> None:
    drawn = line(SHOT, 0.9e-3, 6, 0.15)
    near = simulate(SKIN, drawn, **FEW)
    monkeypatch.setattr(box, "_ASIDE", 1.0)  # no cut lies inside the box
    whole = simulate(SKIN, drawn, **FEW)
    assert np.abs(near.state.maximum - whole.state.maximum).max() < 0.1  # of 50 K; cuts without overlap miss 0.5
    for one, other in zip(near.zones, whole.zones, strict=True):
        assert one.volume == pytest.approx(other.volume, rel=0.005)


def test_lines_side_by_side_and_two_depths_have_a_zone_for_every_place() -> None:
    field = simulate(SKIN, lines(SHOT, 1.1e-3, 2, 0.2, 1.5e-3, 2, 0.5), **FEW)
    assert [zone.at for zone in field.zones] == [(0.0, 0.0), (1.1e-3, 0.0), (0.0, 1.5e-3), (1.1e-3, 1.5e-3)]
    volumes = [zone.volume for zone in field.zones]
    assert max(volumes) < 1.1 * min(volumes)
    shallow = SHOT.with_(standoff=12e-3)
    both = simulate(SKIN, depths(line(SHOT, 1.1e-3, 1, 0.2), [Placed(shallow)], 1.0), **FEW)
    assert both.zones[0].length > 0.0


def test_dataset_of_a_box_has_three_axes_and_says_its_units(pair) -> None:
    data = pair.to_xarray()
    assert data["peak_temperature"].dims == ("x", "y", "z")
    assert data["axis_temperature"].dims == ("time", "depth")
    assert data["energy_density"].attrs["units"] == "J/m3"
    assert data.attrs["zone.width.units"] == "m"


def test_fields_of_every_shot_are_kept_when_asked(pair) -> None:
    assert len(pair.depositions) == 1
    kept = simulate(SKIN, line(SHOT, 1.1e-3, 2, 0.2), keep="fields", **FEW)
    assert len({d.start for d in kept.depositions}) == 2


def test_cooling_holds_over_a_whole_box(pair) -> None:
    from tauten.devices.cooling import Convective

    cold = SHOT.with_(cooling=(Convective(278.15, 5000.0, start=0.0, stop=0.06),))
    cooled = simulate(SKIN, line(cold, 1.1e-3, 2, 0.2), **FEW)
    assert cooled.summary["skin_surface.peak_temperature"].value < pair.summary["skin_surface.peak_temperature"].value
    assert cooled.zones[0].volume == pytest.approx(pair.zones[0].volume, rel=0.01)


def test_light_and_sound_at_once_are_refused() -> None:
    pulse = catalogue()["ir-lamp-1100-1800"].exposure()
    with pytest.raises(InputError, match="mixes methods"):
        simulate(SKIN, [Placed(SHOT), Placed(pulse, time=60.0)], **FEW)


def test_a_state_of_another_kind_of_grid_is_refused(treatment) -> None:
    with pytest.raises(InputError, match="another kind"):
        simulate(SKIN, line(SHOT, 1.1e-3, 2, 0.2, time=10.0), start=treatment.state, **FEW)
    with pytest.raises(InputError, match="same shot"):
        carried_over(SKIN, [Placed(SHOT), Placed(SHOT.with_(power=2.0), (1e-3, 0.0), 1.0)])
