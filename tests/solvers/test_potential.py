"""The electric potential: exact fields, symmetry, balance, and the nouns of its electrodes."""

import math

import numpy as np
import pytest

from tauten.grid import Grid
from tauten.physics import current
from tauten.solvers import potential as electric
from tauten.solvers.electric.edges import edges_about
from tauten.solvers.potential import (
    Current,
    Earthed,
    Layered,
    Limits,
    Membrane,
    Needle,
    Open,
    Plate,
    Power,
    Rectangle,
    Sphere,
    Voltage,
)  # fmt: skip

DRIVE = Voltage(10.0, rms=True)
PLATES = [Plate("top", "+"), Plate("bottom", "-")]
DOWN = (0.0, 0.0, 1.0)


def block(shape=(6, 5, 8), size=1e-4):
    return Grid.uniform(shape, size)


def uneven(shape=(7, 6, 9), seed=3):
    rng = np.random.default_rng(seed)
    return Grid(tuple(np.concatenate([[0.0], np.cumsum(rng.uniform(0.5e-4, 3e-4, n))]) for n in shape))


def needle(x, y, z, terminal, radius=1.5e-4, length=3e-3, active=None, direction=DOWN):
    return Needle((x, y, z), direction, radius, length, length if active is None else active, terminal)


def heat_of(field):
    return float(np.sum(field.heat * field.grid.volumes))


def test_block_between_plates_meets_ohms_law():
    grid = uneven()
    field = electric.solve(grid, 0.2, PLATES, drive=DRIVE)
    lengths = [e[-1] - e[0] for e in grid.edges]
    exact = lengths[2] / (0.2 * lengths[0] * lengths[1])
    assert field.impedance == pytest.approx(exact, rel=1e-6)
    assert field.power == pytest.approx(100.0 / exact, rel=1e-6)
    assert field.heat == pytest.approx(0.2 * (10.0 / lengths[2]) ** 2 * np.ones(grid.shape), rel=1e-5)
    depth = grid.centres[2]
    assert field.potential[2, 3] == pytest.approx(5.0 - 10.0 * depth / lengths[2], abs=1e-5)


def test_tube_between_axis_and_wall_meets_the_logarithm():
    edges = np.array([0.0, 1e-3, 1.3e-3, 2.1e-3, 4e-3])
    grid = Grid((edges, np.linspace(0.0, 1e-3, 4)), "axisymmetric")
    metal = [needle(0.0, 0.0, 1e-3, "+", radius=1e-3), Plate("side", "-")]
    field = electric.solve(grid, 0.3, metal, drive=DRIVE)
    assert field.impedance == pytest.approx(math.log(4.0) / (2 * math.pi * 0.3 * 1e-3), rel=1e-6)


@pytest.mark.parametrize("megahertz", [1.0, 6.78])
def test_membrane_is_a_capacitor_in_series(megahertz):
    grid = block()
    sheet = Membrane(25e-6, 3.4)
    y = 0.2 + 0.1j
    metal = [Plate("top", "+", sheet), Plate("bottom", "-")]
    field = electric.solve(grid, y, metal, drive=DRIVE, frequency=1e6 * megahertz)
    area, thick = 6e-4 * 5e-4, 8e-4
    exact = (25e-6 / current.capacitive_admittivity(1e6 * megahertz, 3.4) + thick / y) / area
    assert field.impedance == pytest.approx(exact, rel=1e-6)
    assert field.power == pytest.approx(100.0 * (1 / exact).real, rel=1e-6)


def test_real_tissue_under_a_membrane_has_a_phase():
    field = electric.solve(block(), 0.2, [Plate("top", "+", Membrane(25e-6, 3.4)), PLATES[1]], drive=DRIVE,
                           frequency=1e6)  # fmt: skip
    assert field.impedance.imag < -1.0
    assert np.iscomplexobj(field.potential)


def test_layers_need_not_end_on_faces():
    layers = Layered((1.3e-4, 2.45e-4, math.inf), (0.01 + 0.05j, 0.2 + 0.1j, 0.03))
    field = electric.solve(block(), layers, PLATES, drive=DRIVE)
    exact = current.stack_impedance([1.3e-4, 2.45e-4, 4.25e-4], layers.values) / (6e-4 * 5e-4)
    assert field.impedance == pytest.approx(exact, rel=1e-6)


def test_layers_side_by_side_conduct_in_parallel():
    layers = Layered((1.3e-4, math.inf), (0.01, 0.2))
    field = electric.solve(block(), layers, [Plate("left", "+"), Plate("right", "-")], drive=DRIVE)
    through = 5e-4 * (0.01 * 1.3e-4 + 0.2 * 6.7e-4) / 6e-4
    assert field.impedance == pytest.approx(1 / through, rel=1e-6)


@pytest.mark.parametrize("kind", [float, complex])
def test_power_and_currents_balance_in_any_tissue(kind):
    grid = uneven((12, 11, 10), 5)
    rng = np.random.default_rng(8)
    values = np.exp(rng.uniform(-4, 0, grid.shape)) * (1 + (0.7j if kind is complex else 0))
    x, y = (0.5 * (e[0] + e[-1]) for e in grid.edges[:2])
    metal = [needle(x - 4e-4, y, 7e-4, "+"), needle(x + 4e-4, y + 1e-4, 8e-4, "-"),
             Sphere((x, y - 5e-4, 6e-4), 1.7e-4, None)]  # fmt: skip
    field = electric.solve(grid, values, metal, drive=DRIVE, boundaries={"bottom": Open(), "left": Earthed()})
    assert heat_of(field) + field.beyond == pytest.approx(field.power, rel=1e-6)
    assert field.power == pytest.approx((10.0 * np.conj(field.currents["+"])).real, rel=1e-6)
    assert field.currents["+"] == -field.currents["-"]
    # What floats: the generator's far side of ground, and the ball.
    assert abs(field.electrode_currents.sum()) < 1e-6 * abs(field.currents["+"])
    assert abs(field.electrode_currents[2]) < 1e-6 * abs(field.currents["+"])
    assert field.balance < 1e-6
    assert np.all(field.heat >= 0.0)


def test_floating_ball_takes_the_level_of_the_middle():
    grid = Grid.uniform((21, 21, 20), 1e-4)
    metal = [*PLATES, Sphere((1.05e-3, 1.05e-3, 1e-3), 3e-4, None)]
    field = electric.solve(grid, 0.2, metal, drive=DRIVE)
    assert field.electrode_voltages[2] == pytest.approx(0.0, abs=1e-6)
    assert np.all(np.abs(field.potential[field.metal]) < 1e-6)
    without = electric.solve(grid, 0.2, PLATES, drive=DRIVE)
    # A ball that conducts without end raises the conductance of what holds it by 1 + 3 f of its share f (Maxwell).
    share = 4 / 3 * math.pi * 3e-4**3 / (2.1e-3**2 * 2e-3)
    assert without.impedance.real / field.impedance.real == pytest.approx(1 + 3 * share, rel=0.005)


def test_shifted_and_mirrored_needles_are_the_same_needles():
    grid = Grid.uniform((40, 30, 12), 1e-4)
    pair = [needle(1.53e-3, 1.51e-3, 6.2e-4, "+", active=3e-4), needle(2.47e-3, 1.51e-3, 6.2e-4, "-", active=3e-4)]
    here = electric.solve(grid, 0.2, pair, drive=DRIVE)
    swapped = electric.solve(grid, 0.2, pair[::-1], drive=DRIVE)
    assert swapped.impedance == pytest.approx(here.impedance, rel=1e-6)
    mirrored = [needle(4e-3 - 1.53e-3, 1.49e-3, 6.2e-4, "+", active=3e-4),
                needle(4e-3 - 2.47e-3, 1.49e-3, 6.2e-4, "-", active=3e-4)]  # fmt: skip
    there = electric.solve(grid, 0.2, mirrored, drive=DRIVE)
    assert there.impedance == pytest.approx(here.impedance, rel=1e-5)
    assert there.heat[::-1, ::-1] == pytest.approx(here.heat, rel=1e-3, abs=1e-5 * here.heat.max())


def test_needle_no_wider_than_a_cell_is_still_a_needle():
    wide, thick, size = 8e-3, 2e-4, 8e-3 / 41
    grid = Grid.uniform((41, 41, 2), (size, size, thick / 2))
    walls = {side: Earthed() for side in ("left", "right", "front", "back")}
    rng = np.random.default_rng(2)
    for radius in (0.5 * size, size):
        x, y = wide / 2 + rng.uniform(-size / 2, size / 2, 2)
        field = electric.solve(grid, 0.2, [needle(float(x), float(y), thick, "+", radius=radius)], drive=DRIVE,
                               boundaries=walls)  # fmt: skip
        # A square earthed wall looks like a circle of 1.0787 half sides to a wire in its middle (Wheeler 1979).
        exact = math.log(1.0787 * wide / 2 / radius) / (2 * math.pi * 0.2 * thick)
        assert field.impedance.real == pytest.approx(exact, rel=0.02)


def test_insulated_shaft_lets_no_current_out():
    grid = Grid.uniform((30, 30, 30), 1e-4)
    bare = needle(1.51e-3, 1.47e-3, 2e-3, "+", active=3e-3)
    covered = needle(1.51e-3, 1.47e-3, 2e-3, "+", active=3e-4)
    walls = {"bottom": Earthed(), "side": Earthed()}
    all_of_it, tip = (electric.solve(grid, 0.2, [n], drive=DRIVE, boundaries=walls) for n in (bare, covered))
    assert tip.impedance.real > 2.5 * all_of_it.impedance.real
    depth = grid.centres[2]
    high = depth < 1e-3
    assert np.sum((tip.heat * grid.volumes)[:, :, high]) < 0.02 * tip.power
    assert np.sum((all_of_it.heat * grid.volumes)[:, :, high]) > 0.3 * all_of_it.power


def test_insulated_shaft_stands_in_the_way_alike_wherever_it_lies():
    grid = Grid.uniform((30, 30, 12), 1e-4)
    alone = 0.2 * 30 * 1e-4 * 12 * 1e-4 / (30 * 1e-4)
    in_the_way = []
    for x, y in np.random.default_rng(0).uniform(1.45e-3, 1.55e-3, (5, 2)):
        shaft = needle(float(x), float(y), 1.15e-3, None, radius=3e-4, active=2e-5)
        walls = [Plate("left", "+"), Plate("right", "-"), shaft]
        in_the_way.append(electric.solve(grid, 0.2, walls, drive=DRIVE).impedance.real * alone - 1)
    # A thin rod that does not conduct raises the resistance by twice its share of the volume (Maxwell).
    assert np.mean(in_the_way) == pytest.approx(2 * math.pi * 0.1**2, rel=0.2)
    assert np.ptp(in_the_way) < 0.07 * np.mean(in_the_way)


def test_quarter_with_even_mirrors_is_the_whole():
    whole = Grid.uniform((24, 20, 8), 1e-4)
    places = [(0.9e-3, 0.7e-3), (1.5e-3, 0.7e-3), (0.9e-3, 1.3e-3), (1.5e-3, 1.3e-3)]
    metal = [needle(x, y, 5e-4, "+", active=2e-4) for x, y in places]
    full = electric.solve(whole, 0.2, metal, drive=DRIVE, boundaries={"bottom": Earthed()})
    quarter = Grid.uniform((12, 10, 8), 1e-4)
    part = electric.solve(quarter, 0.2, metal[:1], drive=DRIVE, boundaries={"bottom": Earthed()},
                          symmetry={"right": "even", "back": "even"})  # fmt: skip
    assert part.impedance == pytest.approx(full.impedance, rel=1e-6)
    assert part.power == pytest.approx(full.power, rel=1e-6)
    assert part.currents["+"] == pytest.approx(full.currents["+"], rel=1e-6)
    assert part.heat == pytest.approx(full.heat[:12, :10], rel=1e-4, abs=1e-6 * full.heat.max())


def test_half_with_an_odd_mirror_is_the_whole():
    whole = Grid.uniform((24, 12, 8), 1e-4)
    metal = [needle(0.9e-3, 0.6e-3, 5e-4, "+", active=2e-4), needle(1.5e-3, 0.6e-3, 5e-4, "-", active=2e-4)]
    full = electric.solve(whole, 0.2 + 0.1j, metal, drive=Power(3.0))
    part = electric.solve(Grid.uniform((12, 12, 8), 1e-4), 0.2 + 0.1j, metal[:1], drive=Power(3.0),
                          symmetry={"right": "odd"})  # fmt: skip
    assert part.impedance == pytest.approx(full.impedance, rel=1e-6)
    assert part.voltages["+"] == pytest.approx(full.voltages["+"], rel=1e-6)
    assert part.currents["-"] == pytest.approx(full.currents["-"], rel=1e-6)
    assert part.heat == pytest.approx(full.heat[:12], rel=1e-4, abs=1e-6 * full.heat.max())


def test_open_walls_of_a_quarter_look_to_the_middle_of_the_whole():
    whole = Grid.uniform((24, 20, 8), 1e-4)
    places = [(0.7e-3, 0.5e-3), (1.7e-3, 0.5e-3), (0.7e-3, 1.5e-3), (1.7e-3, 1.5e-3)]
    metal = [needle(x, y, 5e-4, "+", active=2e-4) for x, y in places]
    walls = {side: Open() for side in ("left", "front", "bottom")}
    full = electric.solve(whole, 0.2, metal, drive=DRIVE, boundaries=walls | {"right": Open(), "back": Open()})
    part = electric.solve(Grid.uniform((12, 10, 8), 1e-4), 0.2, metal[:1], drive=DRIVE, boundaries=walls,
                          symmetry={"right": "even", "back": "even"})  # fmt: skip
    assert part.impedance == pytest.approx(full.impedance, rel=1e-6)
    assert part.beyond == pytest.approx(full.beyond, rel=1e-5)


def test_needle_on_a_mirror_is_half_a_needle():
    whole = Grid.uniform((25, 25, 8), 1e-4, (-12.5e-4, -12.5e-4, 0.0))
    metal = [needle(0.0, 0.0, 5e-4, "+", active=2e-4)]
    full = electric.solve(whole, 0.2, metal, drive=DRIVE, boundaries={"side": Earthed()})
    edges = np.concatenate([[0.0], np.arange(1, 26, 2) * 0.5e-4])
    half = Grid((edges, whole.edges[1], whole.edges[2]))
    part = electric.solve(half, 0.2, metal, drive=DRIVE, symmetry={"left": "even"},
                          boundaries={side: Earthed() for side in ("right", "front", "back")})  # fmt: skip
    assert part.impedance.real == pytest.approx(full.impedance.real, rel=0.01)


def test_square_meets_the_resistance_of_a_square():
    side, far = 1e-3, 20e-3
    across = edges_about([-side / 2, side / 2], -far, far, side / 80, 1.35)
    down = far - edges_about([], 0.0, far, side / 80, 1.35)[::-1]
    field = electric.solve(Grid((across, across, down)), 0.2, [Rectangle((0.0, 0.0), side, side, "+")], drive=DRIVE,
                           boundaries={"side": Open(), "bottom": Open()})  # fmt: skip
    # A square plate's capacity is 0.3667 · 4πε0 · side (Reitan and Higgins 1951); σ in the place of ε, half the space.
    assert field.impedance.real == pytest.approx(1 / (2 * math.pi * 0.3667 * 0.2 * side), rel=0.02)


def test_open_walls_stand_for_endless_tissue():
    radius, sigma = 0.5e-3, 0.22
    ball = [Sphere((0.0, 0.0, 0.0), radius, "+")]
    found = []
    for far in (2e-3, 4e-3):
        count = round(far / 1e-4)
        grid = Grid.uniform((count, 2 * count), 1e-4, (0.0, -far), "axisymmetric")
        walls = {side: Open() for side in ("top", "bottom", "side")}
        found.append(electric.solve(grid, sigma, ball, drive=DRIVE, boundaries=walls).impedance.real)
    exact = float(current.sphere_resistance(radius, sigma))
    assert found == pytest.approx([exact, exact], rel=0.01)


def test_warm_start_is_the_same_answer():
    grid = Grid.uniform((30, 30, 30), 1e-4)
    metal = [needle(1.1e-3, 1.5e-3, 1e-3, "+", active=3e-4), needle(1.9e-3, 1.5e-3, 1e-3, "-", active=3e-4)]
    cold = electric.solve(grid, 0.2, metal, drive=DRIVE)
    warmer = 0.2 * (1 + 0.05 * np.exp(-cold.heat / cold.heat.max()))
    again = electric.solve(grid, warmer, metal, drive=DRIVE, start=cold)
    afresh = electric.solve(grid, warmer, metal, drive=DRIVE)
    assert again.impedance == pytest.approx(afresh.impedance, rel=1e-6)
    assert again.iterations < afresh.iterations


def test_nothing_given_is_edited():
    values = np.full((6, 5, 8), 0.2)
    kept = values.copy()
    field = electric.solve(block(), values, PLATES, drive=DRIVE)
    electric.solve(block(), values, PLATES, drive=Current(1.0, rms=True), limits=Limits(volts=1.0))
    assert np.array_equal(values, kept)
    assert field.voltage == 10.0
