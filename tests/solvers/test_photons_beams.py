"""Beams and boxes: what a pencil, a convolution and the voxel tally say of the same light."""

import numpy as np
import pytest
from photon_sample import FEW, SKIN, within

from tauten.grid import Grid
from tauten.solvers import convolve, photons
from tauten.solvers.photons import Flat, Gaussian, Optics, Pencil, Rectangle, trace


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
