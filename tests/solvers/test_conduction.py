"""The heat solver against exact solutions, against itself in other coordinates, and stopped and resumed."""

import math

import numpy as np
import pytest

from tauten.errors import InputError, NotConverged, TooLarge, Unphysical
from tauten.grid import Field, Grid, graded_edges
from tauten.physics import damage
from tauten.solvers import conduction
from tauten.solvers.conduction import ContactPlate, Convective, Deposition, Fixed, Insulated, Spray, Thermal

K, RHO, C = 0.37, 1109.0, 3391.0
ALPHA = K / (RHO * C)
BODY = 310.15
BLOOD = 1050.0 * 3617.0
SKIN = Thermal(K, RHO, C)


def column(depth=5e-3, first=5e-5, growth=1.1, radius=1e-3):
    return Grid((np.array([0.0, radius]), graded_edges([0.0, depth], first, 1e-3, growth)), "axisymmetric")


def pulse(grid, values, start=0.0, stop=1.0):
    return Deposition(Field(np.broadcast_to(values, grid.shape).astype(float), grid, "W/m3"), start, stop)


def cosine(cells, length=1e-3):
    """A slab's slowest mode: rise, and its decay rate, exact in the continuum and on the grid of cells."""
    grid = Grid((np.array([0.0, 1e-3]), np.linspace(0.0, length, cells + 1)), "axisymmetric")
    mode = np.cos(math.pi * grid.centres[1] / length)
    h = length / cells
    return grid, mode, ALPHA * (math.pi / length) ** 2, 4.0 * ALPHA / h**2 * math.sin(0.5 * math.pi / cells) ** 2


def test_order_in_space_is_two():
    errors = []
    for cells in (8, 16, 32):
        grid, mode, rate, _ = cosine(cells)
        state = conduction.evolve(grid, SKIN, times=[1.0], initial=BODY + 10.0 * mode, tolerance=1e-7)[0]
        errors.append(np.abs(state.rise[0] - 10.0 * mode * math.exp(-rate)).max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx([2.0, 2.0], abs=0.05)


def test_order_in_time_is_two():
    grid, mode, _, rate = cosine(24)
    errors = []
    for step in (0.2, 0.1, 0.05):
        state = conduction.evolve(
            grid, SKIN, times=[1.0], initial=BODY + 10.0 * mode, tolerance=1e9, longest_step=step,
            start=conduction.TissueState(grid, 0.0, 10.0 * mode[None, :], BODY, 10.0 * mode[None, :], step=step),
        )[0]  # fmt: skip
        errors.append(np.abs(state.rise[0] - 10.0 * mode * math.exp(-rate)).max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx([2.0, 2.0], abs=0.2)


def test_error_follows_the_tolerance_as_a_second_order_step_must():
    # A step's error falls as its cube, the whole run's as its square: as tolerance to the power 2/3.
    grid, mode, _, rate = cosine(40)
    tolerances, errors = np.array([0.1, 0.01, 0.001]), []
    for tolerance in tolerances:
        state = conduction.evolve(grid, SKIN, times=[1.0], initial=BODY + 10.0 * mode, tolerance=tolerance)[0]
        errors.append(np.abs(state.rise[0] - 10.0 * mode * math.exp(-rate)).max())
    assert errors[1] < 0.01  # the default
    assert np.polyfit(np.log(tolerances), np.log(errors), 1)[0] == pytest.approx(2.0 / 3.0, abs=0.15)


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


def test_stopped_and_resumed_run_is_the_same_run():
    grid = column(first=1e-5)
    medium = Thermal(K, RHO, C, perfusion=0.002, water=0.65, perfusion_rise=4.0, blood_heat_capacity=BLOOD)
    sides = {
        "top": (
            Convective(temperature=295.15, coefficient=10.0),
            ContactPlate(temperature=273.15, start=-0.5, stop=2.0),
        )
    }
    shots = [pulse(grid, 4e7 * np.exp(-grid.centres[1] / 2e-3), 0.0, 1.0), pulse(grid, 1e7, 0.5, 1.5)]
    options = {
        "boundaries": sides,
        "endpoints": ["henriques_moritz_1947", "comfort_43"],
        "stasis": "henriques_moritz_1947",
    }
    whole = conduction.evolve(grid, medium, shots, times=[0.7, 1.5, 4.0], **options)
    parts = [conduction.evolve(grid, medium, shots, times=[0.7], **options)[0]]
    for until in (1.5, 4.0):
        parts.append(conduction.advance(parts[-1], medium, shots, until, **options))
    for one, other in zip(whole, parts, strict=True):
        # The integrals differ where each run leaves out what is too cold to count within its own length.
        assert np.abs(one.rise - other.rise).max() < 1e-6
        assert np.abs(one.maximum - other.maximum).max() < 1e-6
        for name in one.integrals:
            assert np.abs(one.integrals[name] - other.integrals[name]).max() < 5e-6
        assert (one.plate is None) == (other.plate is None)
        if one.plate is not None:
            assert np.abs(one.plate - other.plate).max() < 1e-6
    assert whole[0].plate is not None
    assert whole[-1].plate is None


def test_resuming_without_endpoints_gives_the_same_bits():
    grid = column(first=1e-5)
    sides = {"top": ContactPlate(temperature=273.15)}
    shot = pulse(grid, 4e7 * np.exp(-grid.centres[1] / 2e-3), 0.0, 1.0)
    whole = conduction.evolve(grid, SKIN, shot, times=[0.7, 4.0], boundaries=sides)
    first = conduction.evolve(grid, SKIN, shot, times=[0.7], boundaries=sides)[0]
    second = conduction.advance(first, SKIN, shot, 4.0, boundaries=sides)
    assert np.array_equal(whole[1].rise, second.rise)
    assert np.array_equal(whole[1].plate, second.plate)


def test_a_resumed_run_may_change_everything_but_the_tissue():
    grid = column()
    hot = conduction.evolve(grid, SKIN, pulse(grid, 4e7), times=[1.0], endpoints=["cem43"])[0]
    other = Thermal(0.2, RHO, C, perfusion=0.01, blood_heat_capacity=BLOOD)
    later = conduction.advance(hot, other, None, 5.0, boundaries={"top": Fixed(283.15)}, endpoints=["cem43"])
    assert later.time == 5.0
    assert later.temperature[0, 0] < BODY
    assert np.all(later.maximum >= hot.maximum)
    assert np.all(later.integrals["cem43"] >= hot.integrals["cem43"])


def test_step_and_trace_agree_on_one_pulse():
    grid = column(first=2e-5, depth=6e-3)
    shot = pulse(grid, 2.2e8 * np.exp(-grid.centres[1] / 1.5e-3), 0.0, 1.0)
    names = [
        "henriques_moritz_1947",
        "weaver_stoll_1969",
        "maitland_walsh_1997",
        "cem43",
        "comfort_43",
        "heat_stimulus",
    ]
    sides = {"top": ContactPlate(temperature=278.15)}
    times = np.unique(np.concatenate([np.linspace(0.0, 1.0, 801), np.linspace(1.0, 12.0, 2201)]))
    frames = conduction.evolve(grid, SKIN, shot, times=times, boundaries=sides)
    trace = np.array([f.temperature[0] for f in frames])
    last = conduction.evolve(grid, SKIN, shot, times=[12.0], boundaries=sides, endpoints=names)[0]
    assert 60.0 < trace.max() - 273.15 < 75.0
    for name in names:
        expected = damage.arrhenius_integral(trace, times, name)
        worth = expected > 1e-3 * expected.max()  # the rest adds nothing anyone could measure
        assert worth.sum() > 5
        assert last.integrals[name][0][worth] == pytest.approx(expected[worth], rel=0.005)
    assert last.maximum[0] + BODY == pytest.approx(trace.max(axis=0), abs=0.02)


def test_float32_tables_agree_with_float64_formulas():
    grid = column(first=2e-5, depth=6e-3)
    shot = pulse(grid, 1.3e8 * np.exp(-grid.centres[1] / 1.5e-3), 0.0, 1.0)
    names = ["henriques_moritz_1947", "weaver_stoll_1969", "pearce_rat_skin", "cem43", "comfort_43"]
    double, single = (
        conduction.evolve(grid, SKIN, shot, times=[12.0], endpoints=names, dtype=dtype)[0]
        for dtype in ("float64", "float32")
    )
    assert single.rise == pytest.approx(double.rise, abs=2e-3)
    for name in names:
        worth = double.integrals[name] > max(1e-3 * double.integrals[name].max(), 0.05)
        assert single.integrals[name][worth] == pytest.approx(double.integrals[name][worth], rel=0.005)


def test_threads_never_change_a_bit():
    grid = Grid.uniform((70, 60, 52), 1e-4)
    x, y, z = grid.centres
    spot = np.exp(-((x[:, None, None] - 3e-3) ** 2 + (y[None, :, None] - 3e-3) ** 2 + z[None, None, :] ** 2) / 2e-6)
    run = {
        threads: conduction.evolve(
            grid, SKIN, pulse(grid, 1e8 * spot, stop=0.3), times=[0.5], dtype="float32", threads=threads,
            endpoints=["henriques_moritz_1947"], boundaries={"top": Fixed(283.15)},
        )[0]
        for threads in (1, 2, 3)
    }  # fmt: skip
    for threads in (2, 3):
        assert np.array_equal(run[1].rise, run[threads].rise)
        assert np.array_equal(
            run[1].integrals["henriques_moritz_1947"], run[threads].integrals["henriques_moritz_1947"]
        )


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


def test_ideal_contact_is_the_limit_of_a_thin_gap():
    grid = column(first=1e-5)
    coldest = [
        conduction.evolve(
            grid, SKIN, times=[1.0], initial=306.15,
            boundaries={"top": ContactPlate(temperature=278.15, resistance=gap)},
        )[0].temperature[0, 0]
        for gap in (0.0, 1e-9, 1e-4, 6.5e-4)
    ]  # fmt: skip
    assert coldest[0] == pytest.approx(coldest[1], abs=1e-3)
    assert coldest[0] < coldest[2] < coldest[3]


def test_steady_flow_crosses_skin_gap_and_window_in_series():
    grid = column(depth=1e-3)
    window = ContactPlate(
        280.15, resistance=6.5e-4, conductivity=1.0, density=2500.0, specific_heat=800.0, thickness=2e-3
    )
    sides = {"top": window, "bottom": Fixed(BODY)}
    state = conduction.evolve(grid, SKIN, times=[120.0], boundaries=sides, tolerance=1e-3)[0]
    skin, gap, glass = 1e-3 / K, 6.5e-4, 2e-3 / 1.0
    expected = BODY - 30.0 * (1e-3 - grid.centres[1]) / K / (skin + gap + glass)
    assert state.temperature[0] == pytest.approx(expected, abs=2e-3)


def test_six_degree_window_cools_skin_as_read_in_vivo():
    # The shipped resistance is derived from this reading (Anvari): 30 °C falls to 14-19 °C in about 1 s under 6-12 °C.
    grid = column(first=1e-5, depth=2e-2)
    for plate in (279.15, 285.15):
        state = conduction.evolve(grid, SKIN, times=[1.0], initial=303.15, boundaries={"top": ContactPlate(plate)})[0]
        assert 14.0 <= state.temperature[0, 0] - 273.15 <= 19.5


def test_the_last_contact_listed_wins_and_none_is_insulated():
    grid = column()
    air, plate = Convective(temperature=295.15, coefficient=10.0), Fixed(278.15, start=1.0, stop=2.0)
    both = conduction.evolve(grid, SKIN, times=[1.0, 2.0], boundaries={"top": (air, plate)})
    only_air = conduction.evolve(grid, SKIN, times=[1.0], boundaries={"top": air})[0]
    assert np.array_equal(both[0].rise, only_air.rise)
    assert both[1].temperature[0, 0] < 285.0
    still = conduction.evolve(grid, SKIN, times=[5.0], boundaries={"top": plate.__class__(278.15, start=9.0)})[0]
    assert np.all(still.rise == 0.0)
    assert np.all(conduction.evolve(grid, SKIN, times=[5.0], boundaries={"top": Insulated()})[0].rise == 0.0)


def test_pre_cooling_begins_before_the_pulse():
    grid = column(first=1e-5)
    plate = {"top": ContactPlate(temperature=278.15, start=-1.0, stop=1.0)}
    early, late = conduction.evolve(grid, SKIN, times=[-1.0, 0.0], boundaries=plate)
    assert early.time == -1.0
    assert np.all(early.rise == 0.0)
    assert late.rise[0, 0] < -5.0


def test_pulses_that_overlap_add_and_pauses_cool():
    grid = column()
    q = 1e7 * np.exp(-grid.centres[1] / 1e-3)
    apart = [pulse(grid, q, 0.0, 1.0), pulse(grid, q, 0.5, 1.5)]
    together = [pulse(grid, q, 0.0, 0.5), pulse(grid, 2 * q, 0.5, 1.0), pulse(grid, q, 1.0, 1.5)]
    one, two = (conduction.evolve(grid, SKIN, s, times=[3.0])[0] for s in (apart, together))
    assert one.rise == pytest.approx(two.rise, abs=1e-3)


def test_resting_skin_stays_at_rest():
    grid = column(depth=2e-2, first=2e-5, growth=1.2)
    medium = Thermal(K, RHO, C, perfusion=0.002, blood_heat_capacity=BLOOD)
    air = {"top": Convective(temperature=295.15, coefficient=10.0)}
    rest = conduction.resting(grid, medium, air, core=BODY)
    assert rest.shape == grid.shape
    assert 300.0 < rest[0, 0] < 308.0
    later = conduction.evolve(grid, medium, times=[60.0], initial=rest, boundaries={**air, "bottom": Fixed(BODY)})[0]
    assert later.temperature == pytest.approx(rest, abs=2e-3)


def test_perfusion_that_rises_cools_more_and_damage_stops_it():
    grid = Grid.uniform((1, 1, 1), 1e-3)
    shared = {"perfusion": 0.05, "blood_heat_capacity": BLOOD}
    exchange = 0.05 * BLOOD / (RHO * C)

    def cooled(initial, stasis=None, **more):
        medium = Thermal(K, RHO, C, **shared, **more)
        return conduction.evolve(grid, medium, times=[10.0], initial=initial, stasis=stasis, tolerance=1e-4)[
            0
        ].rise.item()

    assert cooled(316.15) == pytest.approx(6.0 * math.exp(-10.0 * exchange), rel=1e-3)
    # Above 45 °C Lang's factor is flat, so the fall begins four times as fast.
    medium = Thermal(K, RHO, C, **shared, perfusion_rise=4.0)
    brisk = conduction.evolve(grid, medium, times=[0.1], initial=323.15, tolerance=1e-5)[0].rise.item()
    assert brisk == pytest.approx(13.0 * math.exp(-0.4 * exchange), rel=1e-4)
    assert cooled(316.15, perfusion_rise=4.0) < cooled(316.15)
    assert cooled(343.15, stasis="henriques_moritz_1947") == pytest.approx(33.0, abs=0.05)
    assert cooled(316.15, stasis="henriques_moritz_1947") == pytest.approx(cooled(316.15), rel=5e-3)


def test_half_the_blood_is_lost_when_damage_reaches_ln_2():
    grid = Grid.uniform((1, 1, 1), 1e-3)
    slow = damage.time_within(300.0, name="clock")  # Ω = t: the flow is w exp(-t)
    medium = Thermal(K, RHO, C, perfusion=0.05, blood_heat_capacity=BLOOD)
    state = conduction.evolve(grid, medium, times=[3.0], initial=323.15, stasis=slow, tolerance=1e-6)[0]
    exchange = 0.05 * BLOOD / (RHO * C)
    assert state.rise.item() == pytest.approx(13.0 * math.exp(-exchange * (1.0 - math.exp(-3.0))), rel=1e-5)
    assert state.integrals["clock"].item() == pytest.approx(3.0, rel=1e-9)


def test_peak_between_two_steps_is_not_missed():
    grid = Grid.uniform((30, 1, 1), 1e-4)
    initial = np.full(grid.shape, BODY)
    initial[:3] += 30.0
    times = np.linspace(0.0, 3.0, 1501)
    fine = conduction.evolve(grid, SKIN, times=times, initial=initial, tolerance=1e-5)
    expected = np.max([f.rise for f in fine], axis=0)
    coarse = conduction.evolve(grid, SKIN, times=[3.0], initial=initial, tolerance=0.02)[0]
    assert coarse.maximum == pytest.approx(expected, abs=0.02)


def test_drying_cells_change_their_properties_and_close_their_energy():
    grid = Grid.uniform((8, 1, 12), 5e-5)
    heat = np.zeros(grid.shape)
    heat[:2, :, :3] = 3e10
    shot = pulse(grid, heat, 0.0, 0.2)
    wet = Thermal(K, RHO, C, water=0.65)
    dry = Thermal(K, RHO, C, water=0.65, dry_conductivity=0.06, dry_density=400.0, dry_specific_heat=1500.0)
    a, b = (conduction.evolve(grid, m, shot, times=[0.2, 1.0]) for m in (wet, dry))
    assert np.any(a[0].water == 0.0)
    assert np.any((a[0].water > 0.0) & (a[0].water < 1.0))
    assert b[0].temperature.max() > a[0].temperature.max() + 10.0  # char insulates and holds less
    for states, medium in ((a, wet), (b, dry)):
        assert np.all(states[1].water <= states[0].water)
        assert np.all(states[0].temperature[states[0].water > 0.0] <= 373.15 + 1e-9)
        for state in states:
            assert conduction.stored_heat(state, medium) == pytest.approx(shot.heat.integral * 0.2, rel=1e-9)


def test_tissue_without_water_does_not_boil():
    grid = Grid.uniform((1, 1, 1), 1e-3)
    state = conduction.evolve(grid, SKIN, np.full(grid.shape, 1e9), times=[0.5])[0]
    assert state.water is None
    assert state.rise.item() == pytest.approx(0.5e9 / (RHO * C), rel=1e-6)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"times": []}, "times"),
        ({"times": [1.0, 0.5]}, "times"),
        ({"times": [math.nan]}, "times"),
        ({"initial": math.nan}, "initial"),
        ({"initial": np.ones(7)}, "initial"),
        ({"source": np.full((1, 3), 1.0)}, "values"),
        ({"source": np.full((1, 10), math.nan)}, "heat"),
        ({"medium": Thermal(-1.0, RHO, C)}, "medium.conductivity"),
        ({"medium": Thermal(K, math.nan, C)}, "medium.density"),
        ({"medium": Thermal(K, RHO, C, water=1.5)}, "medium.water"),
        ({"medium": Thermal(K, RHO, C, labels=np.zeros((2, 2), int))}, "labels"),
        ({"medium": Thermal([K, K], RHO, C, labels=np.full((1, 10), 2))}, "conductivity"),
        ({"medium": Thermal(np.ones(3), RHO, C)}, "conductivity"),
        ({"boundaries": {"left": Fixed(300.0)}}, "boundaries"),
        ({"boundaries": {"bottom": ContactPlate(280.0)}}, "boundaries.bottom"),
        ({"endpoints": ["no_such_set"]}, "endpoint"),
        ({"dtype": "float16"}, "dtype"),
        ({"tolerance": 0.0}, "tolerance"),
        ({"threads": 0}, "threads"),
    ],
)
def test_bad_input_names_its_key(change, key):
    grid = Grid((np.array([0.0, 1e-3]), np.linspace(0.0, 1e-3, 11)), "axisymmetric")
    arguments = {"grid": grid, "medium": SKIN, "source": None, "times": [1.0], **change}
    with pytest.raises(InputError) as caught:
        conduction.evolve(**arguments)
    assert caught.value.key == key


def test_runaway_heat_and_hopeless_tolerances_are_no_results():
    grid = column()
    with pytest.raises((Unphysical, NotConverged)):
        conduction.evolve(grid, SKIN, pulse(grid, 1e300), times=[1.0])
    with pytest.raises(NotConverged) as caught:
        conduction.evolve(grid, SKIN, times=[1.0], boundaries={"top": Fixed(283.15)}, tolerance=1e-18)
    assert caught.value.residual > 0.0


def test_grid_too_large_for_this_machine_is_refused_before_it_is_made():
    with pytest.raises(TooLarge):
        conduction.evolve(Grid.uniform((30000, 30000, 3000), 1e-5), SKIN, times=[1.0])


def test_progress_runs_up_to_one():
    seen = []
    conduction.evolve(column(), SKIN, pulse(column(), 1e7), times=[2.0], progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)
