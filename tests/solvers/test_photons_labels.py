"""Materials voxel by voxel: the plane layers again, exact columns, and a bar of another tissue walked by hand."""

import dataclasses

import numpy as np
import pytest
from photon_sample import FEW, SKIN, STEPS, parts, within

from tauten.errors import InputError
from tauten.grid import Grid
from tauten.solvers.photons import Flat, Optics, Pencil, Rectangle, Spectrum, trace

BOX = Grid.uniform((20, 20, 33), 2e-4, (-2e-3, -2e-3, 0.0))
RNG = np.random.default_rng(7)


def layers_as_labels(grid, layers):
    """Number of the layer that each cell's middle lies in, from 1; the last goes on below."""
    planes = np.cumsum([layer.thickness for layer in layers])
    number = 1 + np.searchsorted(planes, grid.centres[2])
    return np.broadcast_to(np.minimum(number, len(layers)), grid.shape).copy()


def alike(a, b):
    for one, other in zip(*([t.reflected, t.transmitted, *t.absorbed] for t in (a, b)), strict=True):
        within(one, other)
    depth, other = a.cells.sum(axis=(0, 1)), b.cells.sum(axis=(0, 1))
    error = np.hypot(*(np.sqrt((t.cells_error**2).sum(axis=(0, 1))) for t in (a, b)))
    # Neighbouring columns share photons, so their errors add up to more than the root of squares.
    assert np.all(np.abs(depth - other) <= 8.0 * error + 1e-9 * depth.max())


def test_labels_that_repeat_the_layers_change_nothing():
    layers = [Optics(2e-4, 300.0, 9000.0, 0.8, 1.4), Optics(1e-3, 100.0, 5000.0, 0.0, 1.4), Optics(2e-3, 50.0, 800.0)]
    layers[2] = dataclasses.replace(layers[2], index=1.4)
    plane = trace(layers, Flat(1e-3), 100_000, grid=BOX)
    labels = layers_as_labels(BOX, layers)
    alike(plane, trace(layers, Flat(1e-3), 100_000, 2, grid=BOX, labels=labels, materials=layers))
    # The same under other numbers.
    alike(plane, trace(layers, Flat(1e-3), 100_000, 3, grid=BOX, labels=4 - labels, materials=layers[::-1]))


def test_any_mixture_of_one_material_is_that_material():
    same = [dataclasses.replace(SKIN[1], thickness=t) for t in (6.6e-3, 1e-3, np.inf)]
    plane = trace(same[:1], Flat(1e-3), 100_000, grid=BOX)
    mixed = trace(same[:1], Flat(1e-3), 100_000, 2, grid=BOX, labels=RNG.integers(0, 3, BOX.shape), materials=same[1:])
    alike(plane, mixed)


def test_a_dense_voxel_out_of_reach_changes_nothing_but_the_walk():
    # Flights are drawn for it all through the layer; most of them must then end at no collision.
    layer = [Optics(6.6e-3, 2000.0, 3000.0, 0.5, 1.4)]
    labels = np.zeros(BOX.shape, int)
    labels[0, 0, -1] = 1
    plane = trace(layer, Flat(5e-4), 100_000, grid=BOX)
    far = trace(layer, Flat(5e-4), 100_000, 2, grid=BOX, labels=labels, materials=[Optics(1.0, 1e4, 2e4, 0.9, 1.4)])
    assert far.collisions > 4 * plane.collisions
    alike(plane, far)


def test_columns_of_absorbers_follow_beer_lambert():
    grid = Grid((np.linspace(-1e-3, 1e-3, 6), np.linspace(-5e-4, 5e-4, 4), np.array([0.0, 2e-4, 3e-4, 7e-4, 1.5e-3])))
    absorption = np.array([300.0, 0.0, 900.0, 2500.0])  # [1/m] of the layer and of the materials
    labels = RNG.integers(0, 4, grid.shape)
    materials = [Optics(1.0, a, 0.0, 0.0, 1.0) for a in absorption[1:]]
    tally = trace(
        [Optics(5e-4, 300.0, 0.0, 0.0, 1.0), Optics(1e-3, 300.0, 0.0, 0.0, 1.0)], Rectangle(2e-3, 1e-3), 400_000,
        grid=grid, labels=labels, materials=materials, paths=True,
    )  # fmt: skip
    taken, depth = absorption[labels], np.diff(grid.edges[2])
    through = np.exp(-np.cumsum(taken * depth, axis=2))
    before = np.concatenate([np.ones((5, 3, 1)), through[:, :, :-1]], axis=2)
    share = (before - through) / 15.0
    assert np.all(np.abs(tally.cells * grid.volumes - share) <= 5.0 * tally.cells_error * grid.volumes + 1e-12)
    within(tally.transmitted, through[:, :, -1].mean())
    # Fluence too, where nothing is absorbed as well: its mean over the cell.
    mean = np.where(taken > 0.0, (before - through) / np.where(taken > 0.0, taken * depth, 1.0), before)
    area = 2e-6
    assert np.all(np.abs(tally.paths * area - mean) <= 5.0 * tally.paths_error * area)
    spread = ((tally.paths * area - mean) / (tally.paths_error * area)).std()
    assert 0.5 < spread < 2.0


SLAB, BAR = (100.0, 3000.0), (2000.0, 800.0)  # absorption and scattering [1/m]
DEPTH, HALF, ROOF, FLOOR = 1.5e-3, 2e-4, 4e-4, 8e-4  # [m] of the slab; half width, top and bottom of the bar in it


def by_hand(photons, seed):
    """Walk from face to face, each photon taken whole: shares absorbed in slab and bar, reflected and transmitted."""
    rng = np.random.default_rng(seed)
    place, way = np.zeros((photons, 3)), np.zeros((photons, 3))
    place[:, :2], way[:, 2] = rng.uniform(-3e-4, 3e-4, (photons, 2)), 1.0
    depth = rng.exponential(size=photons)  # optical depth left to the next interaction
    ends = np.zeros(4)
    while photons:
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = (np.abs(place[:, 0]) < HALF) & (place[:, 2] > ROOF) & (place[:, 2] < FLOOR)
            low = (np.array([-HALF, ROOF]) - place[:, ::2]) / way[:, ::2]
            high = (np.array([HALF, FLOOR]) - place[:, ::2]) / way[:, ::2]
            enter, leave = np.minimum(low, high).max(axis=1), np.maximum(low, high).min(axis=1)
            out = np.where(way[:, 2] > 0.0, DEPTH - place[:, 2], -place[:, 2]) / way[:, 2]
        bar = np.where(inside, leave, np.where((enter < leave) & (enter > 0.0), enter, np.inf))
        total = np.where(inside, sum(BAR), sum(SLAB))
        free = depth / total
        nearest = np.minimum(np.minimum(free, bar), out)
        place = place + way * (nearest + np.where(nearest == bar, 1e-12, 0.0))[:, None]  # just past the face
        depth = depth - nearest * total
        met, gone = nearest == free, nearest == out
        taken = met & (rng.random(photons) < np.where(inside, BAR[0] / sum(BAR), SLAB[0] / sum(SLAB)))
        ends += [np.sum(taken & ~inside), np.sum(taken & inside), np.sum(gone & (way[:, 2] < 0)), np.sum(gone)]
        cosine, azimuth = rng.uniform(-1.0, 1.0, photons), rng.uniform(0.0, 2.0 * np.pi, photons)
        sine = np.sqrt(1.0 - cosine**2)
        fresh = np.stack([sine * np.cos(azimuth), sine * np.sin(azimuth), cosine], axis=1)
        way, depth = np.where(met[:, None], fresh, way), np.where(met, rng.exponential(size=photons), depth)
        stay = ~(taken | gone)
        place, way, depth, photons = place[stay], way[stay], depth[stay], int(stay.sum())
    ends[3] -= ends[2]
    return ends


def test_a_bar_in_a_slab_is_walked_as_by_hand():
    count = 60_000
    expected = by_hand(count, 3) / count
    grid = Grid.uniform((60, 2, 15), (1e-4, 1.0, 1e-4), (-3e-3, -1.0, 0.0))  # endless along y
    labels = np.zeros(grid.shape, np.uint8)
    labels[28:32, :, 4:8] = 1
    tally = trace(
        [Optics(DEPTH, *SLAB, 0.0, 1.0)], Rectangle(6e-4, 6e-4), 200_000, grid=grid, labels=labels,
        materials=[Optics(np.inf, *BAR, 0.0, 1.0)],
    )  # fmt: skip
    energy, error = tally.cells * grid.volumes, tally.cells_error * grid.volumes
    bar = energy[labels == 1].sum()
    found = [tally.absorbed[0].value - bar, bar, tally.reflected.value, tally.transmitted.value]
    assert expected[1] > 0.2  # the bar matters
    for share, other in zip(found, expected, strict=True):
        assert abs(share - other) <= 4.5 * np.sqrt(other * (1.0 - other) / count) + error[labels == 1].max()


@pytest.mark.parametrize(
    "how", [{}, {"absorbing_sides": True}, {"return_fraction": 0.5, "above": 1.75}], ids=["open", "walls", "returned"]
)
def test_every_bit_of_energy_is_accounted_for_and_threads_change_none(how):
    materials = [Optics(1.0, 4e3, 1e4, 0.9, n) for n in (1.5, 1.37, 1.4)]
    labels = np.zeros(BOX.shape, np.int64)
    for number, layer in enumerate((slice(0, 1), slice(1, 6), slice(6, 16))):
        labels[5:10, :, layer] = number + 1
    grid = Grid((BOX.edges[0], BOX.edges[1], BOX.edges[2][:17]))
    one, two = (
        trace(STEPS, Flat(1e-3), FEW, grid=grid, labels=labels[:, :, :16], materials=materials, threads=n, **how)
        for n in (1, 2)
    )
    assert sum(parts(one)) == pytest.approx(1.0, abs=1e-14)
    assert min(parts(one)) >= 0.0
    assert np.array_equal(one.cells, two.cells)


def test_colours_find_their_own_material():
    # One colour passes the labelled half untouched, the other is taken there.
    grid = Grid.uniform((2, 1, 4), (1e-3, 2e-3, 1e-3), (-1e-3, -1e-3, 0.0))
    labels = np.zeros(grid.shape, int)
    labels[1] = 1
    tally = trace(
        [Optics(4e-3, 0.0, 0.0, 0.0, 1.0)], Rectangle(2e-3, 2e-3), 100_000, grid=grid, labels=labels,
        spectrum=Spectrum([1e-6, 1.2e-6], [0.25, 0.75]), materials=[Optics(1.0, np.array([0.0, 1e5]), 0.0, 0.0, 1.0)],
    )  # fmt: skip
    energy = (tally.cells * grid.volumes).sum(axis=(1, 2))
    assert energy[0] == 0.0
    assert energy[1] == pytest.approx(0.375, abs=0.005)


def test_fluence_is_density_over_each_voxels_own_absorption():
    labels = RNG.integers(0, 2, BOX.shape)
    how = {"grid": BOX, "labels": labels, "materials": [Optics(1.0, 900.0, 2000.0, 0.8, 1.4)]}
    layer = [Optics(6.6e-3, 120.0, 6000.0, 0.9, 1.4)]
    free, paths = (trace(layer, Flat(1e-3), 10 * FEW, paths=p, **how) for p in (None, True))
    assert np.allclose(free.paths * np.where(labels, 900.0, 120.0), free.cells)
    for label in (0, 1):
        here = labels == label
        assert free.paths[here].sum() == pytest.approx(paths.paths[here].sum(), rel=0.01)


VESSEL = [Optics(np.inf, 2e4, 5e4, 0.98, 1.4)]
NONE = np.zeros(BOX.shape, int)


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ({"labels": NONE[:-1]}, "labels"),
        ({"labels": NONE.astype(float)}, "labels"),
        ({"labels": NONE - 1}, "labels"),
        ({"labels": NONE + 2}, "labels"),
        ({"labels": NONE, "materials": []}, "materials"),
        ({"labels": NONE, "materials": VESSEL * 256}, "materials"),
        ({"labels": None}, "materials"),
        ({"labels": NONE, "voxels": False}, "labels"),
        ({"labels": NONE, "grid": None}, "labels"),
        ({"labels": NONE[:, 0], "grid": Grid((BOX.edges[0] + 2e-3, BOX.edges[2]), "axisymmetric")}, "labels"),
        ({"labels": NONE + 1, "materials": [dataclasses.replace(VESSEL[0], index=1.5)]}, "materials[0].index"),
        ({"labels": NONE, "materials": [dataclasses.replace(VESSEL[0], absorption=-1.0)]}, "materials[0].absorption"),
        ({"labels": NONE, "accuracy": 0.1}, "accuracy"),
    ],
)
def test_labels_out_of_order_are_refused_by_name(how, key):
    with pytest.raises(InputError) as caught:
        trace(SKIN, Flat(1e-3), FEW, **{"grid": BOX, "materials": VESSEL, **how})
    assert caught.value.key == key


def test_another_index_is_refused_only_where_its_layer_meets_it():
    labels = NONE.copy()
    labels[:, :, 6:8] = 1  # in the second layer, whose index is 1.37
    glass = [dataclasses.replace(VESSEL[0], index=1.37)]
    with pytest.raises(InputError, match=r"1\.5, as layers\[0\]"):
        trace(STEPS, Pencil(), FEW, grid=BOX, labels=labels + (labels == 0), materials=glass)
    within_layer = np.where((np.arange(33) >= 1) & (np.arange(33) < 6), 1, NONE)
    assert trace(STEPS, Pencil(), FEW, grid=BOX, labels=within_layer, materials=glass).absorbed[1].value > 0.0
