"""Heat: exact solutions of conduction, perfusion, contact and boiling, and what the solver makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from math import erfc, exp, inf, pi, sin, sinh, sqrt

import numpy as np
from numpy.typing import NDArray

from tauten.facts import load
from tauten.grid import Field, Grid, graded_edges
from tauten.physics.bioheat import contact_temperature, effusivity, exchange, face_conductance, perfusion_per_volume
from tauten.solvers import conduction
from tauten.solvers.contact_rows import plate_widths
from tauten.units import celsius
from tauten.validation.case import Check, Claim

__all__ = ["CLAIMS", "constant_flux", "gaussian_peak", "pennes_slab"]

CONDUCTIVITY, DENSITY, SPECIFIC_HEAT, WATER = 0.37, 1109.0, 3391.0, 0.65  # the skin all these cases are worked out for
DIFFUSIVITY = CONDUCTIVITY / (DENSITY * SPECIFIC_HEAT)
BODY = celsius(37.0)
_CARSLAW = "Carslaw and Jaeger 1959, Conduction of Heat in Solids, 2nd edition"


def constant_flux(flux: float, depth: float, time: float) -> float:
    """Rise [K] of a half-space under a constant `flux` q [W/m²] (Carslaw and Jaeger 2.9).

    (2q/k) (√(αt/π) exp(-z²/4αt) - z/2 erfc(z/2√(αt))), `depth` z [m], `time` t [s].

    >>> round(constant_flux(1e4, 0.0, 10.0), 4)
    30.2499
    """
    spread = sqrt(DIFFUSIVITY * time)
    shape = spread / sqrt(pi) * exp(-((depth / (2.0 * spread)) ** 2)) - 0.5 * depth * erfc(depth / (2.0 * spread))
    return 2.0 * flux / CONDUCTIVITY * shape


def gaussian_peak(width: float, time: float) -> float:
    """Peak of a hot spot exp(-r²/2s²) in an endless body over its first peak: (s²/(s² + 2αt))^1.5, `width` s [m]. [1]

    >>> round(gaussian_peak(3e-4, 0.1), 6)
    0.743339
    """
    return float((width**2 / (width**2 + 2.0 * DIFFUSIVITY * time)) ** 1.5)


def pennes_slab(depth: float, thickness: float, surface: float, blood: float, perfusion: float) -> float:
    """Steady temperature [K] in a perfused slab held at `surface` above and at `blood` [K] below (Pennes 1948).

    Tb - (Tb - Ts) sinh(m (L - z)) / sinh(m L), m = √(w ρb cb / k), `perfusion` w ρb cb [W/m³/K].
    """
    m = sqrt(perfusion / CONDUCTIVITY)
    return blood - (blood - surface) * sinh(m * (thickness - depth)) / sinh(m * thickness)


def _column(depth: float, first: float, largest: float = 1e-3) -> Grid:
    return Grid((np.array([0.0, 1e-3]), graded_edges([0.0, depth], first, largest, 1.08)), "axisymmetric")


def _skin(**more: float) -> conduction.Thermal:
    return conduction.Thermal(CONDUCTIVITY, DENSITY, SPECIFIC_HEAT, **more)  # type: ignore[arg-type]


def _half_space() -> Iterator[Check]:
    grid = _column(0.06, 1e-5)
    heat = np.zeros(grid.shape)
    heat[:, 0] = 1e4 / grid.spacings[1][0]
    states = conduction.evolve(grid, _skin(), heat, times=[1.0, 10.0, 30.0], tolerance=0.003)
    for depth, state, expected in (
        (0.0, states[0], 9.5659), (0.0, states[1], 30.2499), (1e-3, states[1], 10.5996), (2e-3, states[2], 15.1530),
    ):  # fmt: skip
        # At the surface the gradient is the flux's own, from the first cell's middle up.
        skin = grid.centres[1][0]
        found = float(np.interp(depth, grid.centres[1], state.rise[0])) + max(skin - depth, 0.0) * 1e4 / CONDUCTIVITY
        yield Check(
            f"rise at {depth * 1e3:g} mm after {state.time:g} s of 1 W/cm²", found, expected, 0.005 * expected, "K",
            f"{_CARSLAW}, 2.9", "0.5 %: cells of 10 µm growing by 8 %",
        )  # fmt: skip


def _gaussian() -> Iterator[Check]:
    spacing, width, times = 5e-5, 3e-4, [0.1, 0.5, 1.0]
    # One eighth of the hot spot: its planes of symmetry are insulated sides.
    grid = Grid.uniform((44, 44, 44), spacing)
    x, y, z = (np.exp(-(c**2) / (2.0 * width**2)) for c in grid.centres)
    initial = BODY + 20.0 * x[:, None, None] * y[None, :, None] * z[None, None, :]
    corner = exp(-3.0 * (0.5 * spacing) ** 2 / (2.0 * width**2))
    states = conduction.evolve(grid, _skin(), times=times, initial=initial, tolerance=0.003, dtype="float32")
    for state, expected in zip(states, (0.743339, 0.330205, 0.175812), strict=True):
        spread = width**2 + 2.0 * DIFFUSIVITY * state.time
        own = exp(-3.0 * (0.5 * spacing) ** 2 / (2.0 * spread))
        found = float(state.rise[0, 0, 0]) / 20.0 / own
        yield Check(
            f"peak of a 0.3 mm hot spot after {state.time:g} s", found, expected, 0.005 * expected, "1",
            f"{_CARSLAW}, 10.3 (Green's function)",
            f"0.5 %: second order at a sixth of the width; the corner cell's middle stands at {corner:.4f} of the peak",
        )  # fmt: skip


def _perfused_slab() -> Iterator[Check]:
    perfusion, blood = perfusion_per_volume(106e-6 / 60.0, DENSITY), 1050.0 * 3617.0
    coefficient = exchange(perfusion, blood)
    yield Check(
        "106 ml/min/kg in skin", coefficient, 7440.9, 0.05, "W/m3/K", "Pennes 1948, doi:10.1152/jappl.1948.1.2.93",
        "rounding of the expected value",
    )  # fmt: skip
    grid = Grid((np.array([0.0, 1e-3]), np.linspace(0.0, 0.01, 201)), "axisymmetric")
    sides = {"top": conduction.Fixed(celsius(20.0)), "bottom": conduction.Fixed(BODY)}
    medium = _skin(perfusion=perfusion, blood_heat_capacity=blood)
    last = conduction.evolve(grid, medium, times=[900.0], initial=BODY, boundaries=sides, tolerance=0.003)[0]
    resting = conduction.resting(grid, medium, {"top": sides["top"]}, core=BODY)
    for depth, expected in ((1e-3, 22.5490), (2e-3, 24.8070), (5e-3, 30.2651)):
        for how, profile in (("marched for 15 min", last.temperature), ("at rest", resting)):
            found = float(np.interp(depth, grid.centres[1], profile[0])) - celsius(0.0)
            yield Check(
                f"perfused slab at {depth * 1e3:g} mm, {how}", found, expected, 0.02, "degC",
                "Pennes 1948, doi:10.1152/jappl.1948.1.2.93", "0.02 K: a tenth of what a thermocouple resolves",
            )  # fmt: skip


def _contact() -> Iterator[Check]:
    grid = _column(0.03, 1e-5)
    first = float(grid.spacings[1][0])
    for degrees, expected in ((-10.0, -5.6), (5.0, 7.9), (20.0, 21.3)):
        plate = conduction.ContactPlate(
            temperature=celsius(degrees), resistance=0.0, conductivity=35.0, density=3980.0, specific_heat=760.0,
            thickness=inf,
        )  # fmt: skip
        state = conduction.evolve(grid, _skin(), times=[1.0], initial=celsius(33.0), boundaries={"top": plate})[0]
        assert state.plate is not None
        above = state.reference + float(state.plate[0, 0, -1])
        # The face lies between the two innermost cells, nearer in temperature to the better conductor.
        inward = face_conductance(CONDUCTIVITY, first, inf, 0.0)
        outward = face_conductance(35.0, plate_widths(plate, first)[-1], inf, 0.0)
        face = (inward * state.temperature[0, 0] + outward * above) / (inward + outward) - celsius(0.0)
        yield Check(
            f"skin at 33 °C under sapphire at {degrees:g} °C, ideal contact", float(face), expected, 0.3, "degC",
            f"{_CARSLAW}, 2.15", "0.3 K: sapphire's tabulated heat capacity spreads 4 %",
        )  # fmt: skip
        exact = float(
            contact_temperature(
                33.0, effusivity(CONDUCTIVITY, DENSITY, SPECIFIC_HEAT), degrees, effusivity(35.0, 3980.0, 760.0)
            )
        )
        yield Check(
            f"the same, against the two effusivities, plate {degrees:g} °C", float(face), exact, 0.02, "degC",
            f"{_CARSLAW}, 2.15", "0.02 K: the solver's own error",
        )  # fmt: skip


def _closure() -> Iterator[Check]:
    grid = Grid.uniform((12, 10, 16), 1e-4)
    x, y, z = grid.centres
    shape = np.exp(-((x - 5e-4)[:, None, None] ** 2 + (y - 4e-4)[None, :, None] ** 2 + z[None, None, :] ** 2) / 2e-7)
    medium = _skin(water=WATER, dry_conductivity=0.12, dry_density=450.0, dry_specific_heat=1500.0)
    for power, duration, kind in ((1e6, 10.0, "weak"), (1e9, 3.0, "strong, boiling")):
        heat = Field(power * shape, grid, "W/m3")
        given = heat.integral * duration
        for dtype, tolerance in (("float64", 1e-6), ("float32", 1e-4)):
            pulse = conduction.Deposition(heat, 0.0, duration)
            state = conduction.evolve(grid, medium, pulse, times=[duration + 1.0], dtype=dtype)[0]
            yield Check(
                f"heat found over heat put in, {kind} source, {dtype}", conduction.stored_heat(state, medium) / given,
                1.0, tolerance, "1", "first law", "rounding: the same number leaves one cell and enters the next",
            )  # fmt: skip


def _boiling() -> Iterator[Check]:
    grid = Grid.uniform((1, 1, 1), 1e-3)
    medium = _skin(water=WATER)
    power = 1e9
    heat = np.full(grid.shape, power)
    latent = load().si("tissue/heat/latent_heat")
    reaches, dries = 0.23692, 1.86388
    near = np.array([-0.005, -1e-5, 1e-5, 0.005])
    times = sorted([*(reaches * (1 + near)), 1.0, *(dries * (1 + near))])
    states = conduction.evolve(grid, medium, heat, times=times)
    wet = [s for s in states if s.water is None or s.water.item() > 0.0]
    boiling = next(s for s in states if s.water is not None)
    late = states[-1]
    sensible = power / (DENSITY * SPECIFIC_HEAT)
    source = f"enthalpy: ρ c ΔT and ρ w L over q, L {latent:.4g} J/kg after Wagner and Pruss 2002"
    early = states[0]
    yield Check(
        "an adiabatic cell reaches 100 °C", early.time + (celsius(100.0) - float(early.temperature.item())) / sensible,
        reaches, 0.005 * reaches, "s", source, "0.5 %, as the expected value is given",
    )  # fmt: skip
    assert boiling.water is not None
    rate = (1.0 - states[5].water.item()) / (states[5].time - reaches) if states[5].water is not None else 0.0
    yield Check("its water is gone", reaches + 1.0 / rate, dries, 0.005 * dries, "s", source, "0.5 %, as above")
    yield Check(
        "hottest before it is dry", max(float(s.temperature.max()) for s in wet) - celsius(0.0), 100.0, 1e-9, "degC",
        source, "rounding: temperature stands still while water boils",
    )  # fmt: skip
    expected = 100.0 + (late.time - dries) * sensible
    yield Check(
        "temperature 9 ms after it is dry", float(late.temperature.item()) - celsius(0.0), expected, 0.01, "degC",
        source, "0.01 K: five figures of the drying time",
    )  # fmt: skip


def _mode(cells: int) -> tuple[Grid, NDArray[np.float64], float, float]:
    """A 1 mm slab of equal cells, its slowest mode cos(πz/L), and its decay rate [1/s] in truth and on the cells."""
    length = 1e-3
    grid = Grid((np.array([0.0, 1e-3]), np.linspace(0.0, length, cells + 1)), "axisymmetric")
    exact, on_cells = pi / length, 2.0 * cells / length * sin(0.5 * pi / cells)  # wave numbers [1/m]
    return grid, np.cos(exact * grid.centres[1]), DIFFUSIVITY * exact**2, DIFFUSIVITY * on_cells**2


def _orders(what: str, sizes: tuple[str, ...], errors: list[float], note: str, tolerance: float) -> Iterator[Check]:
    for n in range(len(errors) - 1):
        yield Check(
            f"order in {what}, {sizes[n]} to {sizes[n + 1]}", float(np.log2(errors[n] / errors[n + 1])), 2.0, tolerance,
            "1", f"{_CARSLAW}, 3.3: exact decay of a slab's mode", note,
        )  # fmt: skip


def _order_in_space() -> Iterator[Check]:
    errors = []
    for cells in (8, 16, 32, 64):
        grid, mode, decay, _ = _mode(cells)
        state = conduction.evolve(grid, _skin(), times=[1.0], initial=BODY + 10.0 * mode, tolerance=1e-7)[0]
        errors.append(float(np.abs(state.rise[0] - 10.0 * mode * exp(-decay)).max()))
    yield from _orders(
        "space", ("125 µm", "62.5 µm", "31.3 µm", "15.6 µm"), errors, "0.05: the fourth-order term of 8 cells", 0.05
    )


def _order_in_time() -> Iterator[Check]:
    grid, mode, _, decay = _mode(24)
    errors = []
    for step in (0.2, 0.1, 0.05, 0.025):
        start = conduction.TissueState(grid, 0.0, 10.0 * mode[None, :], BODY, 10.0 * mode[None, :], step=step)
        # A tolerance that never binds, so that every step is as long as it is told.
        state = conduction.evolve(grid, _skin(), times=[1.0], start=start, tolerance=1e9, longest_step=step)[0]
        # The cells' own decay is known exactly, so that only the error of the steps is left.
        errors.append(float(np.abs(state.rise[0] - 10.0 * mode * exp(-decay)).max()))
    yield from _orders(
        "time", ("200 ms", "100 ms", "50 ms", "25 ms"), errors,
        "0.2: shorter steps take fewer stages, which changes the error's factor", 0.2,
    )  # fmt: skip


CLAIMS = (
    Claim("constant flux on a half-space", _half_space, 0.5),
    Claim("spreading of a Gaussian hot spot", _gaussian, 1.0),
    Claim("perfused slab at steady state", _perfused_slab, 0.5),
    Claim("ideal contact with a cooled window", _contact, 0.5),
    Claim("heat closure", _closure, 1.0),
    Claim("order of convergence in space", _order_in_space, 0.5),
    Claim("order of convergence in time", _order_in_time, 0.2),
    Claim("water boils off at 100 °C", _boiling, 0.2),
)
