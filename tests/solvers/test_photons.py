"""Light in layers: energy, exact limits, colours, and the same bits from any number of threads."""

import numpy as np
import pytest
from photon_sample import FEW, SKIN, STEPS, parts, within

from tauten.errors import NotConverged
from tauten.grid import Grid
from tauten.physics import light
from tauten.solvers import photons
from tauten.solvers.photons import Flat, Optics, Pencil, Spectrum, trace


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


def test_endless_layer_ends_all_light():
    tally = trace([Optics(np.inf, 100.0, 5000.0, 0.8)], Pencil(), FEW)
    assert tally.transmitted.value == 0.0
    assert sum(parts(tally)) == pytest.approx(1.0, abs=1e-14)


def test_asked_accuracy_is_reached():
    tally = trace(SKIN, Flat(5e-3), accuracy=0.01, depth=1e-3)
    density, error = tally.on_axis()
    cell = np.searchsorted(tally.grid.edges[1], 1e-3, side="right") - 1
    assert error[cell] / density[cell] <= 0.01
    with pytest.raises(NotConverged) as caught:
        trace(SKIN, Flat(5e-3), 5_000, accuracy=1e-4)
    assert caught.value.residual > 1e-4
