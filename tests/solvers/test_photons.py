import dataclasses

import numpy as np
import pytest

from tauten.errors import InputError, NotConverged, TooLarge
from tauten.grid import Grid
from tauten.physics import light
from tauten.solvers import convolve, photons
from tauten.solvers.photons import Flat, Gaussian, Optics, Pencil, Rectangle, Spectrum, trace

SKIN = [
    Optics(1e-4, 180.0, 11600.0, 0.9, 1.4),
    Optics(1.5e-3, 120.0, 11600.0, 0.9, 1.4),
    Optics(5e-3, 25.0, 9600.0, 0.9, 1.4),
]
STEPS = [Optics(2e-4, 300.0, 9000.0, 0.8, 1.5), Optics(1e-3, 100.0, 5000.0, 0.0, 1.37), Optics(2e-3, 50.0, 8000.0, 0.9)]
FEW = 20_000


def within(a, b, errors=4.0):
    """Two estimates, or an estimate and a number, agree within `errors` standard errors."""
    other, error = (b.value, b.error) if hasattr(b, "error") else (b, 0.0)
    assert abs(a.value - other) <= errors * np.hypot(a.error, error) + 1e-12, (a, b)


def parts(tally):
    return [tally.specular, tally.reflected.value, tally.transmitted.value, tally.sides.value] + [
        share.value for share in tally.absorbed
    ]


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"above": 1.75, "below": 1.4},
        {"return_fraction": 0.7},
        {"beam": Pencil(divergence=0.6)},
        {"layers": STEPS, "return_fraction": 0.3},
        {"grid": Grid.uniform((10, 10, 8), 4e-4, (-2e-3, -2e-3, 0.0)), "absorbing_sides": True},
    ],
    ids=["plain", "sapphire", "returned", "cone", "index steps", "box"],
)
def test_every_bit_of_energy_is_accounted_for(how):
    # `trace` itself raises if a single unit of 2^-30 photon is missing; the shares then add up to 1.
    tally = trace(how.pop("layers", SKIN), how.pop("beam", Flat(1e-3)), FEW, **how)
    assert sum(parts(tally)) == pytest.approx(1.0, abs=1e-14)
    assert min(parts(tally)) >= 0.0
    assert abs(tally.roulette) < 0.01


def test_first_reflection_is_fresnel_s():
    assert trace(SKIN, Pencil(), FEW).specular == pytest.approx((0.4 / 2.4) ** 2, abs=1e-8)
    assert trace(SKIN, Pencil(), FEW, above=1.75).specular == pytest.approx((0.35 / 3.15) ** 2, abs=1e-8)
    assert trace(SKIN, Pencil(), FEW, above=1.4).specular == pytest.approx(0.0, abs=1e-12)


def test_clear_absorber_follows_beer_lambert():
    layers = [Optics(1e-3, 800.0, 0.0, 0.0, 1.0), Optics(2e-3, 300.0, 0.0, 0.0, 1.0)]
    tally = trace(layers, Pencil(), 200_000)
    first = light.transmittance(800.0, 0.0, 1e-3)
    both = first * light.transmittance(300.0, 0.0, 2e-3)
    within(tally.absorbed[0], 1.0 - first)
    within(tally.absorbed[1], first - both)
    within(tally.transmitted, both)
    assert tally.reflected.value == 0.0


def test_clear_gel_over_skin_costs_nothing():
    # A clear matched layer 50 mm deep neither takes nor turns light, however far the photons fly.
    bare, covered = (
        trace(SKIN, Pencil(), 100_000),
        trace([Optics(0.05, 0.0, 0.0, 0.0, 1.4), *SKIN], Pencil(), 100_000, seed=2),
    )
    assert covered.absorbed[0].value == 0.0
    for a, b in zip(bare.absorbed, covered.absorbed[1:], strict=True):
        within(a, b)


def test_clear_pane_between_air_passes_by_fresnel():
    tally = trace([Optics(1e-3, 0.0, 0.0, 0.0, 1.5)], Pencil(), 200_000)
    pane = light.window_reflectance(0.04, 0.04)
    assert tally.specular == pytest.approx(0.04, abs=1e-8)
    within(tally.reflected, pane - 0.04)
    within(tally.transmitted, 1.0 - pane)


def test_clear_panes_of_two_glasses_add_their_reflections():
    tally = trace([Optics(1e-3, 0.0, 0.0, 0.0, 1.8), Optics(1e-3, 0.0, 0.0, 0.0, 1.2)], Pencil(), 200_000)
    steps = [light.reflectance(1.0, 1.0, a, b) for a, b in ((1.0, 1.8), (1.8, 1.2), (1.2, 1.0))]
    stack = light.window_reflectance(steps[0], light.window_reflectance(steps[1], steps[2]))
    within(tally.reflected, stack - tally.specular)
    within(tally.transmitted, 1.0 - stack)


def test_cut_layer_is_the_same_layer():
    one = [Optics(2e-3, 200.0, 5000.0, 0.8, 1.4)]
    two = [Optics(5e-4, 200.0, 5000.0, 0.8, 1.4), Optics(1.5e-3, 200.0, 5000.0, 0.8, 1.4)]
    a, b = trace(one, Pencil(), 200_000), trace(two, Pencil(), 200_000, seed=2)
    within(a.reflected, b.reflected)
    within(a.transmitted, b.transmitted)


def test_faint_absorption_does_not_round_away():
    # One part in 10⁸ of each collision: a few units of 2^-30 photon at a time.
    layers = [Optics(2e-3, 1e-4, 1e4, 0.9, 1.0)]
    tally = trace(layers, Pencil(), 100_000, paths=True)
    path = (tally.paths * tally.grid.volumes).sum()
    assert tally.absorbed[0].value == pytest.approx(1e-4 * path, rel=0.02)


@pytest.mark.parametrize("seed", [1, 2**40 + 7])
def test_threads_and_stops_change_no_bit(seed):
    one, two = (trace(SKIN, Flat(3e-3), 40_000, seed, threads=n) for n in (1, 2))
    assert np.array_equal(one.response.energy, two.response.energy)
    assert parts(one) == parts(two)
    from tauten.solvers.lanes.rings import Rings

    run = Rings.begin(photons.Scene.of(SKIN, 1.0, 1.0, 0.0, None), Flat(3e-3), seed, one.grid, False)
    for stop in (1_000, 17_003, 40_000):
        run.walk(stop, 1)
    assert np.array_equal(run.response().energy, one.response.energy)


def test_threads_change_no_bit_of_a_box():
    grid = Grid.uniform((20, 20, 16), 4e-4, (-4e-3, -4e-3, 0.0))
    one, two = (trace(SKIN, Flat(3e-3), FEW, grid=grid, threads=n, paths=True) for n in (1, 2))
    assert np.array_equal(one.cells, two.cells)
    assert np.array_equal(one.cells_error, two.cells_error)
    assert np.array_equal(one.paths, two.paths)


def test_seeds_differ():
    assert trace(SKIN, Pencil(), FEW, 1).absorbed != trace(SKIN, Pencil(), FEW, 2).absorbed


def test_spectrum_is_the_weighted_sum_of_its_colours():
    weights = np.array([0.2, 0.5, 0.3])
    absorption, scattering, index = (
        np.array([50.0, 150.0, 900.0]),
        np.array([9e3, 7e3, 5e3]),
        np.array([1.41, 1.4, 1.38]),
    )
    above = np.array([1.75, 1.74, 1.7])
    spectrum = Spectrum([1.0e-6, 1.2e-6, 1.45e-6], weights)
    layers = [Optics(5e-4, absorption, scattering, 0.8, index), Optics(2e-3, absorption / 2, scattering, 0.8, index)]
    mixed = trace(layers, Pencil(), 200_000, above=above, spectrum=spectrum)
    single = []
    for c in range(3):
        one = [Optics(x.thickness, x.absorption[c], x.scattering[c], 0.8, index[c]) for x in layers]
        single.append(trace(one, Pencil(), 200_000, 5 + c, above=above[c]))
    for pick in (lambda t: t.reflected, lambda t: t.transmitted, lambda t: t.absorbed[0], lambda t: t.absorbed[1]):
        found = [pick(t) for t in single]
        sum_, error = weights @ [f.value for f in found], np.sqrt(weights**2 @ [f.error**2 for f in found])
        within(pick(mixed), photons.Estimate(sum_, error), errors=3.5)
    assert mixed.specular == pytest.approx(weights @ [t.specular for t in single], abs=2e-6)


def test_returned_light_is_absorbed_and_less_is_lost():
    losses = [trace(SKIN, Pencil(), 50_000, return_fraction=r).reflected.value for r in (0.0, 0.4, 0.8)]
    assert losses[0] > losses[1] > losses[2] > 0.0


def test_sapphire_lets_more_light_out_than_air():
    # Air throws light back by total reflection; sapphire, denser than skin, cannot.
    air, sapphire = trace(SKIN, Pencil(), 50_000), trace(SKIN, Pencil(), 50_000, above=1.75)
    assert sapphire.reflected.value > air.reflected.value + 0.05


def test_path_length_fluence_agrees_with_absorption():
    tally = trace(SKIN, Pencil(), 100_000, paths=True)
    depths, rings = tally.response.depths, slice(None)
    absorption = np.array([180.0, 120.0, 25.0])[np.searchsorted([1e-4, 1.6e-3], 0.5 * (depths[1:] + depths[:-1]))]
    by_path = tally.response.path[:, rings, :-1].sum(axis=1) * absorption
    by_deposit = tally.response.energy[:, rings, :-1].sum(axis=1)
    difference, error = photons.convolve.estimate(by_path - by_deposit)
    assert np.mean(np.abs(difference) <= 3.0 * error) > 0.97
    assert by_path.sum() == pytest.approx(by_deposit.sum(), rel=3e-3)


def test_fluence_of_one_colour_is_density_over_absorption():
    tally = trace(SKIN, Flat(5e-3), FEW, grid=Grid((np.linspace(0, 8e-3, 9), np.linspace(0, 1e-4, 4)), "axisymmetric"))
    assert np.allclose(tally.fluence.values * 180.0, tally.density.values)
    assert tally.fluence.attrs["units"] == "1/m2"
    assert tally.density.dims == ("r", "z")


def test_fluence_of_a_transparent_layer_needs_paths_and_is_the_beam_s():
    layers = [Optics(1e-3, 0.0, 0.0, 0.0, 1.0), Optics(np.inf, 1e4, 0.0, 0.0, 1.0)]
    grid = Grid((np.array([0.0, 2e-3]), np.linspace(0.0, 1e-3, 5)), "axisymmetric")
    tally = trace(layers, Flat(5e-3), FEW, grid=grid)
    off = (tally.fluence.values - 1 / (np.pi * 25e-6)) / tally.fluence_error.values
    assert np.all(np.abs(off) < 4.0)
    assert np.all(tally.fluence_error.values < 0.03 * tally.fluence.values)


def test_endless_layer_ends_all_light():
    tally = trace([Optics(np.inf, 100.0, 5000.0, 0.8)], Pencil(), FEW)
    assert tally.transmitted.value == 0.0
    assert sum(parts(tally)) == pytest.approx(1.0, abs=1e-14)


def test_voxels_agree_with_rings_layer_by_layer():
    grid = Grid((np.linspace(-0.03, 0.03, 31), np.linspace(-0.03, 0.03, 31), np.array([0, 2e-4, 1e-3, 3e-3, 6.6e-3])))
    box, rings = trace(SKIN, Flat(5e-3), 60_000, grid=grid), trace(SKIN, Flat(5e-3), 100_000, 2)
    for a, b in zip(box.absorbed, rings.absorbed, strict=True):
        within(a, b)
    total = float((box.cells * grid.volumes).sum())
    assert total == pytest.approx(sum(share.value for share in box.absorbed), rel=2e-3)


@pytest.mark.parametrize("beam", [Rectangle(6e-3, 3e-3), Rectangle(2e-3, 8e-3, divergence=0.3)])
def test_rectangle_by_convolution_equals_voxels(beam):
    grid = Grid((np.linspace(-6e-3, 6e-3, 13), np.linspace(-6e-3, 6e-3, 13), np.array([0.0, 5e-4, 1.6e-3, 6.6e-3])))
    smooth, box = trace(SKIN, beam, 60_000, grid=grid), trace(SKIN, beam, 200_000, 2, grid=grid, voxels=True)
    off = (smooth.cells - box.cells) / np.hypot(smooth.cells_error, box.cells_error)
    assert np.sqrt(np.mean(off**2)) == pytest.approx(1.0, abs=0.25)


@pytest.mark.parametrize("beam", [Flat(3e-3), Gaussian(3e-3)])
def test_round_beams_by_convolution_equal_voxels(beam):
    edges = np.linspace(-6e-3, 6e-3, 25)
    depths = np.array([0.0, 5e-4, 1.6e-3, 6.6e-3])
    box = trace(SKIN, beam, 200_000, 2, grid=Grid((edges, edges, depths)))
    pencil = trace(SKIN, Pencil(), 100_000)
    same = 1e-3 * np.sqrt(4 / 3)  # a disc with the mean squared radius of the box's middle 2 x 2 mm
    across, error = convolve.onto(pencil, beam, Grid((np.array([0.0, same]), depths), "axisymmetric"))
    middle = (np.abs(0.5 * (edges[1:] + edges[:-1]))[:, None] < 8e-4) & (np.abs(0.5 * (edges[1:] + edges[:-1])) < 8e-4)
    found, spread = box.cells[middle].mean(axis=0), np.sqrt((box.cells_error[middle] ** 2).mean(axis=0) / middle.sum())
    assert np.all(np.abs(found - across[0]) < 4.0 * np.hypot(spread, error[0]) + 0.004 * found)


def test_convolution_keeps_energy_on_any_grid():
    pencil = trace(SKIN, Pencil(), FEW)
    absorbed = sum(share.value for share in pencil.absorbed)
    uneven = Grid((np.array([0.0, 1e-4, 2e-3, 2.2e-3, 9e-3, 0.12]), np.array([0.0, 3e-5, 8e-4, 7e-3])), "axisymmetric")
    for beam in (Pencil(), Flat(2e-3), Gaussian(4e-3)):
        density, _ = convolve.onto(pencil, beam, uneven)
        assert (density * uneven.volumes).sum() == pytest.approx(absorbed, rel=2e-4)
    wide = Grid((np.linspace(-0.08, 0.08, 9), np.linspace(-0.1, 0.1, 8), np.array([0.0, 8e-4, 7e-3])))
    density, _ = convolve.onto(pencil, Rectangle(5e-3, 1e-3), wide)
    assert (density * wide.volumes).sum() == pytest.approx(absorbed, rel=2e-4)


def test_axis_is_the_limit_of_small_cells():
    pencil = trace(SKIN, Pencil(), 50_000)
    for beam in (Flat(3e-3), Gaussian(2e-3)):
        narrow = Grid((np.array([0.0, 2e-4]), pencil.grid.edges[1]), "axisymmetric")
        across, _ = convolve.onto(pencil, beam, narrow)
        axis, _ = convolve.on_axis(pencil, beam)
        assert across[0, :40] == pytest.approx(axis[:40], rel=0.03)
    square, _ = convolve.on_axis(pencil, Rectangle(4e-3, 4e-3))
    inner, outer = (convolve.on_axis(pencil, Flat(r))[0] * np.pi * r**2 for r in (2e-3, 2e-3 * np.sqrt(2)))
    assert np.all(inner <= square * 16e-6 * (1 + 1e-9))
    assert np.all(square * 16e-6 <= outer * (1 + 1e-9))


def test_wider_beams_reach_the_endless_beam():
    pencil = trace(SKIN, Pencil(), 50_000)
    endless, _ = convolve.wide(pencil)
    axis, _ = convolve.on_axis(pencil, Flat(0.06))
    assert axis * np.pi * 0.06**2 == pytest.approx(endless, rel=1e-3)


def test_asked_accuracy_is_reached():
    tally = trace(SKIN, Flat(5e-3), accuracy=0.01, depth=1e-3)
    density, error = tally.on_axis()
    cell = np.searchsorted(tally.grid.edges[1], 1e-3, side="right") - 1
    assert error[cell] / density[cell] <= 0.01
    with pytest.raises(NotConverged) as caught:
        trace(SKIN, Flat(5e-3), 5_000, accuracy=1e-4)
    assert caught.value.residual > 1e-4


BAD_LAYERS = {
    "nothing": [],
    "negative thickness": [dataclasses.replace(SKIN[0], thickness=-1e-4)],
    "no thickness": [dataclasses.replace(SKIN[0], thickness=0.0)],
    "thickness not a number": [dataclasses.replace(SKIN[0], thickness=np.nan)],
    "endless layer on top": [dataclasses.replace(SKIN[0], thickness=np.inf), SKIN[1]],
    "endless and clear": [Optics(np.inf, 0.0, 100.0)],
    "negative absorption": [dataclasses.replace(SKIN[0], absorption=-1.0)],
    "absorption not a number": [dataclasses.replace(SKIN[0], absorption=np.nan)],
    "endless scattering": [dataclasses.replace(SKIN[0], scattering=np.inf)],
    "anisotropy above one": [dataclasses.replace(SKIN[0], anisotropy=1.1)],
    "index under one": [dataclasses.replace(SKIN[0], index=0.9)],
    "colours without a spectrum": [dataclasses.replace(SKIN[0], absorption=np.array([1.0, 2.0]))],
}


@pytest.mark.parametrize("layers", BAD_LAYERS.values(), ids=BAD_LAYERS.keys())
def test_layers_out_of_order_are_refused_by_name(layers):
    with pytest.raises(InputError) as caught:
        trace(layers, Pencil(), FEW)
    assert "layers" in caught.value.key


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ({"photons": 10}, "photons"),
        ({"seed": -1}, "seed"),
        ({"above": 0.5}, "above"),
        ({"below": np.nan}, "below"),
        ({"return_fraction": 1.0}, "return_fraction"),
        ({"accuracy": 0.0}, "accuracy"),
        ({"accuracy": 0.1, "depth": 1.0}, "depth"),
        ({"voxels": True}, "grid"),
        ({"grid": Grid.uniform((4, 4, 4), 1e-3)}, "grid"),
        ({"grid": Grid((np.array([0.0, 1e-3]), np.array([-1e-3, 1e-3])), "axisymmetric")}, "grid.z"),
        ({"grid": Grid((np.array([0.0, 1e-3]), np.array([0.0, 1e-8, 1e-2])), "axisymmetric")}, "grid"),
    ],
)
def test_requests_out_of_order_are_refused_by_name(how, key):
    with pytest.raises(InputError) as caught:
        trace(SKIN, Flat(1e-3), **{"photons": FEW, **how})
    assert caught.value.key == key


def test_a_box_beyond_the_memory_is_refused():
    with pytest.raises(TooLarge):
        trace(SKIN, Flat(1e-3), FEW, grid=Grid.uniform((20_000, 20_000, 300), 1e-6, (-0.01, -0.01, 0.0)))


def test_fluence_that_was_not_scored_says_what_to_do():
    layers = [Optics(1e-3, 0.0, 100.0), Optics(1e-3, 10.0, 100.0)]
    with pytest.raises(InputError, match="paths=True"):
        _ = trace(layers, Pencil(), FEW, paths=False).fluence
