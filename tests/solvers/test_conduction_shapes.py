"""The same heat in rings, boxes and mirror images is the same heat."""

import numpy as np
import pytest
from heat_sample import BLOOD, BODY, RHO, SKIN, C, K, pulse

from tauten.grid import Grid, graded_edges
from tauten.solvers import conduction
from tauten.solvers.conduction import ContactPlate, Convective, Fixed, Spray, Thermal


def test_column_of_rings_and_box_of_cells_agree_with_one_slab():
    z = graded_edges([0.0, 4e-3], 5e-5, 1e-3, 1.15)
    slab = Grid((np.array([0.0, 1e-3]), z), "axisymmetric")
    rings = Grid((np.array([0.0, 1e-4, 4e-4, 1e-3]), z), "axisymmetric")
    box = Grid((np.array([0.0, 1e-4, 5e-4]), np.array([0.0, 2e-4, 3e-4, 9e-4]), z))
    heat = 2e7 * np.exp(-slab.centres[1] / 1e-3)
    medium = Thermal(K, RHO, C, perfusion=0.002, blood_heat_capacity=BLOOD)
    sides = {"top": ContactPlate(temperature=278.15, stop=1.0), "bottom": Fixed(BODY)}
    runs = [
        conduction.evolve(
            g, medium, pulse(g, heat), times=[1.0, 3.0], boundaries=sides, endpoints=["cem43"], tolerance=1e-4
        )
        for g in (slab, rings, box)
    ]
    for one, two, three in zip(*runs, strict=True):
        assert two.rise == pytest.approx(np.broadcast_to(one.rise, rings.shape), abs=1e-3)
        assert three.rise == pytest.approx(np.broadcast_to(one.rise[0], box.shape), abs=1e-3)
        assert three.integrals["cem43"] == pytest.approx(
            np.broadcast_to(one.integrals["cem43"][0], box.shape), rel=2e-3
        )


def test_round_spot_agrees_in_rings_and_in_a_box():
    width, z = 4e-4, np.linspace(0.0, 1e-3, 11)
    rings = Grid((np.linspace(0.0, 3e-3, 61), z), "axisymmetric")
    box = Grid((np.linspace(0.0, 3e-3, 61), np.linspace(0.0, 3e-3, 61), z))  # a quarter
    r2 = box.centres[0][:, None] ** 2 + box.centres[1][None, :] ** 2
    round_heat = 3e7 * np.exp(-(rings.centres[0] ** 2) / (2 * width**2))[:, None]
    square_heat = 3e7 * np.exp(-r2 / (2 * width**2))[:, :, None]
    one = conduction.evolve(rings, SKIN, pulse(rings, round_heat), times=[1.5])[0]
    two = conduction.evolve(box, SKIN, pulse(box, square_heat), times=[1.5])[0]
    at = np.sqrt(r2)
    near = at < 2e-3
    expected = np.interp(at[near], rings.centres[0], one.rise[:, 0])
    assert two.rise[:, :, 0][near] == pytest.approx(expected, abs=0.01 * one.rise.max())


def test_labels_and_cell_by_cell_properties_are_the_same_medium():
    grid = Grid.uniform((6, 5, 12), 1e-4)
    labels = np.random.default_rng(3).integers(0, 3, grid.shape)
    tables = {
        "conductivity": np.array([0.2, 0.37, 0.5]), "density": np.array([900.0, 1100.0, 1050.0]),
        "specific_heat": np.array([2300.0, 3400.0, 3500.0]), "perfusion": np.array([0.0, 2e-3, 5e-4]),
    }  # fmt: skip
    heat = np.random.default_rng(4).uniform(0.0, 5e7, grid.shape)
    runs = [
        conduction.evolve(
            grid, medium, heat, times=[0.5], boundaries={"left": Fixed(300.0), "back": Spray(253.15, 1e4)}
        )[0]
        for medium in (
            Thermal(**tables, labels=labels, blood_heat_capacity=BLOOD),
            Thermal(**{k: v[labels] for k, v in tables.items()}, blood_heat_capacity=BLOOD),
        )
    ]
    assert np.array_equal(runs[0].rise, runs[1].rise)


def test_uneven_box_keeps_its_heat_and_its_mirror_image():
    edges = np.array([0.0, 1e-4, 3e-4, 4e-4, 8e-4, 9e-4])
    flipped = (edges[-1] - edges)[::-1]
    labels = np.random.default_rng(5).integers(0, 2, (5, 5, 5))
    heat = np.random.default_rng(6).uniform(0.0, 5e7, (5, 5, 5))
    sides = {"left": Fixed(300.0), "right": Convective(290.0, 500.0)}
    mirrored = {"right": Fixed(300.0), "left": Convective(290.0, 500.0)}
    for axis, (a, b) in enumerate((("left", "right"), ("front", "back"), ("top", "bottom"))):
        one = {a: sides["left"], b: sides["right"]}
        other = {a: mirrored["left"], b: mirrored["right"]}
        straight, turned = [edges] * 3, [flipped if n == axis else edges for n in range(3)]
        runs = [
            conduction.evolve(Grid(tuple(e)), Thermal([0.2, 0.5], RHO, C, labels=lab), q, times=[0.3], boundaries=s)[0]
            for e, lab, q, s in (
                (straight, labels, heat, one), (turned, np.flip(labels, axis), np.flip(heat, axis), other),
            )
        ]  # fmt: skip
        assert np.flip(runs[1].rise, axis) == pytest.approx(runs[0].rise, abs=1e-9)
