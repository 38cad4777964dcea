"""Potentials by multigrid against SciPy's sparse LU, and against what every balance of currents obeys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from electric_sample import blocks, matrix_solution, plates

from tauten.errors import InputError, NotConverged
from tauten.solvers.electric.multigrid import Multigrid, solve_system
from tauten.solvers.electric.system import Ground, Links


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("floats", [0, 2])
@pytest.mark.parametrize("shape", [(12, 14, 10), (17, 9, 13), (1, 15, 20), (16, 1, 21), (14, 30, 1), (22, 19, 21)])
def test_random_media_agree_with_sparse_lu(shape, floats, complex_):
    system, voltages = blocks(shape, complex_, floats, seed=sum(shape))
    potential, residual, _ = solve_system(system, voltages, 1e-10)
    exact = matrix_solution(system, voltages)
    alive = system.diagonal() != 0
    assert residual <= 1e-10
    assert np.abs(potential - exact)[alive].max() < 3e-8 * np.abs(voltages).max()


def test_residual_told_is_the_true_one():
    system, voltages = blocks((20, 18, 16), False, 0, seed=3)
    potential, residual, _ = solve_system(system, voltages, 1e-6)
    sent = np.zeros(potential.size)
    links = system.links
    np.add.at(sent, links.cells, links.conductances * voltages[links.electrodes])
    true = np.linalg.norm(system.excess(potential, voltages)) / np.linalg.norm(sent)
    assert residual == pytest.approx(true, rel=1e-3)
    assert residual <= 1e-6


def test_two_threads_find_what_one_finds():
    system, voltages = blocks((50, 40, 40), False, 1, seed=5)
    one = solve_system(system, voltages, 1e-11, threads=1)
    two = solve_system(system, voltages, 1e-11, threads=2)
    assert np.abs(one[0] - two[0]).max() < 1e-8 * np.abs(voltages).max()
    assert abs(one[2] - two[2]) <= 1


@pytest.mark.parametrize("complex_", [False, True])
def test_plates_across_layers_are_resistors_in_series(complex_):
    system, expected = plates(complex_)
    potential, _, _ = solve_system(system, [1.0, 0.0], 1e-11)
    assert np.abs(potential - expected[:, None, None]).max() < 1e-9


def test_no_cell_leaves_the_range_of_the_electrodes():
    system, voltages = blocks((24, 20, 22), False, 2, seed=8)
    potential, _, _ = solve_system(system, voltages, 1e-9)
    fixed = voltages[~np.array(system.floating)]
    assert potential.max() <= max(fixed.max(), 0.0) + 1e-6
    assert potential.min() >= min(fixed.min(), 0.0) - 1e-6


def test_what_one_electrode_does_to_another_the_other_does_to_it():
    system, _ = blocks((18, 16, 15), True, 0, seed=9)
    first, second = (system.currents(solve_system(system, v, 1e-10)[0], np.array(v)) for v in np.eye(3)[:2])
    assert first[1] == pytest.approx(second[0], rel=1e-6)


def test_a_medium_alike_from_both_sides_gives_a_potential_alike():
    system, _ = plates(False)
    up, _, _ = solve_system(system, [1.0, 0.0], 1e-11)
    down, _, _ = solve_system(system, [0.0, 1.0], 1e-11)
    assert np.abs(up + down - 1.0).max() < 1e-9


def test_potential_is_linear_in_the_voltages():
    system, voltages = blocks((16, 15, 14), False, 1, seed=11)
    grids = Multigrid(system)
    once, _, _ = grids.solve(voltages, 1e-11)
    twice, _, _ = grids.solve(2.0 * voltages, 1e-11)
    assert np.abs(twice - 2.0 * once).max() < 1e-8 * np.abs(voltages).max()


def test_flat_and_graded_cells_converge_only_with_their_widths():
    from electric_sample import flat

    system = flat()
    cycles = solve_system(system, [1.0, -1.0], 1e-8)[2]
    assert cycles <= 45
    with pytest.raises(NotConverged):
        solve_system(replace(system, widths=None), [1.0, -1.0], 1e-8)


def test_a_start_near_the_answer_takes_fewer_cycles():
    system, voltages = blocks((32, 30, 28), False, 0, seed=12)
    answer, _, cold = solve_system(system, voltages, 1e-8)
    near = replace(system, faces=tuple(1.01 * f for f in system.faces))
    _, residual, warm = solve_system(near, voltages, 1e-8, start=answer)
    assert warm < cold
    assert residual <= 1e-8
    assert solve_system(system, voltages, 1e-7, start=answer)[2] == 0


def test_a_part_that_nothing_holds_stays_where_it_began():
    system, voltages = blocks((15, 16, 14), False, 0, seed=13)
    faces = [f.copy() for f in system.faces]
    faces[0][9] = 0.0  # cuts the last five planes off
    cells = system.links.cells
    near = cells // (16 * 14) <= 9
    links = Links(cells[near], system.links.electrodes[near], system.links.conductances[near])
    ground = Ground(system.ground.cells, system.ground.conductances)
    cut = replace(system, faces=tuple(faces), links=links, ground=ground)
    potential, residual, _ = solve_system(cut, voltages, 1e-9)
    assert residual <= 1e-9
    whole = np.abs(cut.excess(potential, voltages))
    assert np.isfinite(potential).all()
    assert whole[10:].max() <= 1e-9 * np.abs(links.conductances).max() * np.abs(voltages).max()


def test_electrodes_at_nothing_give_nothing():
    system, voltages = blocks((10, 9, 8), False, 1, seed=14)
    potential, residual, cycles = solve_system(system, 0.0 * voltages)
    assert not potential.any()
    assert (residual, cycles) == (0.0, 0)


def test_what_does_not_converge_is_an_error_with_its_residual():
    system, voltages = blocks((20, 21, 19), False, 0, seed=15)
    with pytest.raises(NotConverged) as caught:
        solve_system(system, voltages, 1e-19)
    assert 1e-19 < caught.value.residual < 1e-8


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
@pytest.mark.parametrize("where", ["faces", "links", "ground"])
def test_a_conductance_that_is_no_number_is_never_a_result(where, wrong):
    system, voltages = blocks((12, 11, 10), False, 0, seed=16)
    faces = [f.copy() for f in system.faces]
    links = replace(system.links, conductances=system.links.conductances.copy())
    ground = replace(system.ground, conductances=system.ground.conductances.copy())
    for values in {"faces": [faces[1][3, 3]], "links": [links.conductances], "ground": [ground.conductances]}[where]:
        values[3] = wrong
    with pytest.raises(NotConverged, match="no numbers"):
        solve_system(replace(system, faces=tuple(faces), links=links, ground=ground), voltages)


def test_voltages_and_start_must_fit():
    system, voltages = blocks((10, 9, 8), False, 0, seed=17)
    with pytest.raises(InputError, match="one number an electrode"):
        solve_system(system, voltages[:-1])
    with pytest.raises(InputError, match="does not fit"):
        solve_system(system, voltages, start=np.zeros((10, 9, 7)))
    with pytest.raises(InputError, match="complex"):
        solve_system(system, voltages * 1j)
