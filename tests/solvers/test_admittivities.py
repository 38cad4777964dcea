"""The admittivity of every cell is that of its layer, warmed and dried by the scalar laws."""

import math

import numpy as np
import pytest

from tauten.errors import InputError, Unphysical
from tauten.physics import current
from tauten.skin.dielectrics import admittivity, dielectrics
from tauten.skin.skin import Skin
from tauten.solvers.admittivities import per_cell

FREQUENCY = 1e6
TURN = 2.0 * math.pi * FREQUENCY * current.VACUUM_PERMITTIVITY


@pytest.fixture(scope="module")
def skin():
    return Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24)


@pytest.fixture(scope="module")
def layers(skin):
    return dielectrics(skin, FREQUENCY)


@pytest.fixture(scope="module")
def cells(layers):
    rng = np.random.default_rng(4)
    shape = (5, 4, 23)
    labels = rng.integers(0, len(layers.conductivity), shape)
    rise = rng.uniform(-40.0, 60.0, shape).astype(np.float32)
    water = np.where(rng.uniform(size=shape) < 0.3, rng.uniform(0.0, 1.0, shape), 1.0).astype(np.float32)
    water[0] = 1.0  # rows with all their water go another way
    water[1, 1, :5] = 0.0
    return labels, rise, water


def by_hand(layers, label, rise, water):
    share = current.drying_factor(water, layers.dry_share, layers.exponent)
    warmer = current.conductivity_factor(310.15 + rise, layers.reference, layers.coefficient)
    epsilon = current.dry_permittivity(layers.permittivity[label], layers.dry[label], share)
    return layers.conductivity[label] * warmer * share + 1j * TURN * epsilon


def test_every_cell_follows_the_scalar_laws(layers, cells):
    labels, rise, water = cells
    found = per_cell(layers, labels, rise, water, reference=310.15)
    assert (found.dtype, found.shape) == (np.complex64, rise.shape)
    expected = [by_hand(layers, *cell) for cell in zip(labels.flat, rise.flat, water.flat, strict=True)]
    assert found.ravel() == pytest.approx(np.array(expected), rel=1e-6)


def test_cells_at_rest_have_what_the_skin_has(skin, layers):
    labels = np.arange(len(skin.layers))
    assert per_cell(layers, labels) == pytest.approx(np.array(admittivity(skin, FREQUENCY)), rel=1e-6)
    warm = np.full((2, 3, len(labels)), 330.15)
    found = per_cell(layers, labels, warm)
    assert found == pytest.approx(np.broadcast_to(admittivity(skin, FREQUENCY, 330.15), warm.shape), rel=1e-6)


def test_plane_labels_are_those_of_every_column(layers, cells):
    labels, rise, water = cells
    column = np.sort(labels[0, 0])
    shown = np.broadcast_to(column, rise.shape)
    for wet in (None, water):
        for whole in (shown, shown.copy()):
            assert np.array_equal(per_cell(layers, column, rise, wet), per_cell(layers, whole, rise, wet))
    assert np.array_equal(per_cell(layers, shown), per_cell(layers, shown.copy()))
    assert np.array_equal(per_cell(layers, column.astype(np.uint8), rise), per_cell(layers, column, rise))


def test_real_cells_are_the_real_part(layers, cells):
    labels, rise, water = cells
    for wet in (None, water):
        real = per_cell(layers, labels, rise, wet, reference=310.15, real=True)
        assert real.dtype == np.float32
        assert np.array_equal(real, per_cell(layers, labels, rise, wet, reference=310.15).real)


def test_absolute_temperature_and_rise_give_the_same(layers, cells):
    labels, rise, _ = cells
    absolute = per_cell(layers, labels, 310.15 + rise.astype(np.float64))
    assert per_cell(layers, labels, rise, reference=310.15) == pytest.approx(absolute, rel=1e-5)


def test_all_water_is_as_good_as_no_word_of_water(layers, cells):
    labels, rise, _ = cells
    assert np.array_equal(per_cell(layers, labels, rise, np.ones_like(rise)), per_cell(layers, labels, rise))


def test_dry_cells_keep_a_hundredth(layers):
    labels = np.arange(len(layers.conductivity))
    rested = per_cell(layers, labels).real
    boiling = np.full(labels.shape, layers.reference)
    dry = per_cell(layers, labels, boiling, np.zeros(labels.shape))
    assert dry.real == pytest.approx(0.01 * rested, rel=1e-5)
    assert np.all(dry.imag >= TURN)  # of vacuum
    below = per_cell(layers, labels, boiling, np.full(labels.shape, -1e-7))
    assert np.array_equal(below, dry)


def test_a_given_array_is_filled_and_nothing_else_touched(layers, cells):
    labels, rise, water = cells
    before = [a.copy() for a in cells]
    out = np.empty(rise.shape, np.complex64)
    found = per_cell(layers, labels, rise, water, out=out)
    assert found is out
    assert np.array_equal(out, per_cell(layers, labels, rise, water))
    assert all(np.array_equal(a, b) for a, b in zip(before, cells, strict=True))


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_cell_without_a_temperature_or_water_is_noticed(layers, cells, bad):
    labels, rise, water = (a.copy() for a in cells)
    rise[2, 1, 7] = bad
    for wet in (None, water):
        with pytest.raises(Unphysical, match="no number"):
            per_cell(layers, labels, rise, wet)
    water[3, 2, 1] = math.nan
    with pytest.raises(Unphysical, match="no number"):
        per_cell(layers, labels, np.zeros_like(rise), water)


@pytest.mark.parametrize("key", ["labels", "layer", "water", "out", "kind"])
def test_arrays_that_do_not_fit_are_refused(layers, cells, key):
    labels, rise, water = cells
    told = {"labels": "labels", "layer": "labels", "water": "water", "out": "out", "kind": "out"}[key]
    with pytest.raises(InputError, match=told):
        per_cell(
            layers,
            labels[:, :, :-1] if key == "labels" else np.full_like(labels, 6) if key == "layer" else labels,
            rise,
            water[:-1] if key == "water" else water,
            out={"out": np.empty(3, np.complex64), "kind": np.empty(rise.shape, np.complex128)}.get(key),
        )
