"""The electric potential against exact fields: disc, sphere, needles between the cells, layers as capacitors."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.grid import Grid
from tauten.physics import current
from tauten.solvers import potential
from tauten.solvers.electric.edges import edges_about
from tauten.solvers.potential import Disc, Layered, Needle, Open, Plate, Potential, Sphere, Voltage
from tauten.validation.case import Check, Claim
from tauten.validation.current import stack

__all__ = ["CLAIMS"]

Floats = NDArray[np.float64]

_NEWMAN = "exact: Newman 1966, doi:10.1149/1.2424003"
_SPHERE = "exact: 1/(4πσa)"
_PAIR = "exact: arcosh(d/2r)/(πσL), the walls' part by images"
_FINE = "the same needle on an axisymmetric grid whose faces lie on it, 5 µm"
_SERIES = "exact: impedances in series"
_LAW = "energy in = energy out"
_DRIVE = Voltage(30.0, rms=True)
_OPEN = {"side": Open(), "bottom": Open()}
_SEED = 20251015


def _balance(field: Potential) -> Check:
    return Check("power and currents, largest mismatch", field.balance, 0.0, 1e-6, "1", _LAW, "asked of every solve")


def _disc() -> Iterator[Check]:
    radius, sigma = 1e-3, 0.22
    for share, tolerance in ((25, None), (50, None), (100, 0.01)):
        fine = radius / share
        r = np.concatenate([[0.0], edges_about([radius], 0.0, 100 * radius, fine, 1.12)[1:]])
        z = edges_about([], 0.0, 100 * radius, fine, 1.12)[::-1]
        grid = Grid((r, 100 * radius - z), "axisymmetric")
        field = potential.solve(grid, sigma, [Disc((0.0, 0.0), radius, "+")], drive=_DRIVE, boundaries=_OPEN)
        exact = current.disc_resistance(radius, sigma)
        allowed = None if tolerance is None else tolerance * exact
        yield Check(f"disc on a half-space, cells a/{share} at the rim: resistance", field.impedance.real, exact,
                    allowed, "ohm", _NEWMAN, "1 %")  # fmt: skip
    # Current through the disc out to a radius, from the drop over the upper half of the first cells.
    first, edges = grid.spacings[1][0] / 2, grid.edges[0]
    drop = sigma * (field.voltage - field.potential[:, 0].real) / first
    inside = np.concatenate([[0.0], np.cumsum(drop * math.pi * np.diff(edges**2))])[
        : np.searchsorted(edges, radius) + 1
    ]
    total = inside[-1]
    for part in (0.5, 0.9):
        found = float(np.interp((part * radius) ** 2, edges[: inside.size] ** 2, inside)) / total
        exact = float(current.disc_current_share(part * radius, radius))
        yield Check(f"current inside {part:g} of its radius", found, exact, 0.01, "1", _NEWMAN)
    yield _balance(field)


def _sphere() -> Iterator[Check]:
    radius, sigma, far = 0.5e-3, 0.22, 100.0
    exact = float(current.sphere_resistance(radius, sigma))
    walls = {side: Open() for side in ("top", "bottom", "side")}
    r = np.concatenate([[0.0], edges_about([radius], 0.0, far * radius, radius / 100, 1.15)[1:]])
    z = edges_about([-radius, radius], -far * radius, far * radius, radius / 100, 1.15)
    ball = Sphere((0.0, 0.0, 0.0), radius, "+")
    field = potential.solve(Grid((r, z), "axisymmetric"), sigma, [ball], drive=_DRIVE, boundaries=walls)
    yield Check("sphere in endless tissue, cells a/100: resistance", field.impedance.real, exact, 0.01 * exact, "ohm",
                _SPHERE, "1 %")  # fmt: skip
    inner = np.arange(-10, 11) * radius / 7
    outer = 10 * radius - edges_about([], 0.0, 10 * radius - inner[-1], radius / 7, 1.2)[::-1][1:]
    axis = np.concatenate([-outer[::-1], inner, outer])
    place = (0.021e-3, -0.013e-3, 0.034e-3)
    field = potential.solve(
        Grid((axis, axis, axis)), sigma, [Sphere(place, radius, "+")], drive=_DRIVE, boundaries=walls
    )
    yield Check("the same between Cartesian cells of a/7: resistance", field.impedance.real, exact, 0.01 * exact, "ohm",
                _SPHERE, "1 %")  # fmt: skip
    yield _balance(field)


def _images(one: Floats, other: Floats, radius: float, wide: float) -> float:
    """Return what the mirror images of two needles in four insulated walls add to R σ L.

    Each needle as a line at its electrical axis, √(d²/4 - r²) from the middle.
    """
    middle, way = (one + other) / 2, one - other
    long = float(np.linalg.norm(way))
    axis = way / long * math.sqrt(long**2 / 4 - radius**2)
    order = np.arange(-30, 31)

    def seen(place: Floats, line: Floats) -> float:
        x, y = (order * wide + np.where(order % 2 == 0, c, -c) for c in line)
        far = np.hypot(x[:, None] - place[0], y[None, :] - place[1])
        far[30, 30] = 1.0
        return float(-np.log(far).sum() / (2 * math.pi))

    plus, minus = middle + axis, middle - axis
    return (seen(one, plus) - seen(one, minus)) - (seen(other, plus) - seen(other, minus))


def _pair_error(size: float, rng: np.random.Generator) -> tuple[float, float]:
    """Return the relative error of the resistance of a pair drawn anew, and the balance."""
    apart, radius, wide, thick, sigma = 1e-3, 0.15e-3, 16e-3, 0.2e-3, 0.221
    inner = np.arange(-round(1.5e-3 / size), round(1.5e-3 / size) + 1) * size
    outer = edges_about([], 0.0, wide / 2 - inner[-1], size, 1.15)[::-1]
    outer = inner[-1] + (wide / 2 - inner[-1] - outer)[1:]
    axis = np.concatenate([-outer[::-1], inner, outer])
    grid = Grid((axis, axis, np.linspace(0.0, thick, 3)))
    turn, shift = rng.uniform(0.0, math.pi), rng.uniform(-size / 2, size / 2, 2)
    way = np.array([math.cos(turn), math.sin(turn)]) * apart / 2
    ends = [shift + way, shift - way]
    needles = [
        Needle((float(x), float(y), thick), (0.0, 0.0, 1.0), radius, 1e-3, 1e-3, label)
        for (x, y), label in zip(ends, "+-", strict=True)
    ]
    field = potential.solve(grid, sigma, needles, drive=_DRIVE)
    found = field.impedance.real * sigma * thick
    exact = float(current.pair_resistance(apart, radius, sigma, thick)) * sigma * thick
    return found / (exact + _images(ends[0], ends[1], radius, wide)) - 1.0, field.balance


def _pair() -> Iterator[Check]:
    rng = np.random.default_rng(_SEED)
    drawn = [_pair_error(50e-6, rng) for _ in range(8)]
    errors = [100 * abs(e) for e, _ in drawn]
    text = "8 offsets and turns drawn; a voxel needle misses by 4 to 41 %"
    yield Check("needle pair through a slab, 50 µm: mean error of the resistance", float(np.mean(errors)), 0.0, 1.0,
                "%", _PAIR, text)  # fmt: skip
    yield Check("needle pair through a slab, 50 µm: worst error", max(errors), 0.0, 2.0, "%", _PAIR, text)
    coarse = [100 * abs(_pair_error(100e-6, rng)[0]) for _ in range(4)]
    yield Check("needle pair through a slab, 100 µm: worst error", max(coarse), 0.0, None, "%", _PAIR, "4 drawn")
    yield Check("power and currents, largest mismatch", max(b for _, b in drawn), 0.0, 1e-6, "1", _LAW)


_RADIUS, _ACTIVE, _DEPTH, _FAR, _NEAR = 0.15e-3, 0.3e-3, 1.5e-3, 80e-3, 0.3e-3
_SKIN = Layered((1e-4, 1.8e-3, math.inf), (0.0132, 0.221, 0.0251))
"""A dry outer layer, dermis and fat at 1 MHz, real part."""


def _near_tip(field: Potential, tip: tuple[float, ...], parts: int = 5) -> float:
    """Return the heat within 0.3 mm of the tip [W], each cell counted by the part of it that lies there."""
    rays = (np.arange(parts) + 0.5) / parts
    edges = field.grid.edges
    if field.grid.kind == "axisymmetric":
        r = np.sqrt(edges[0][:-1, None] ** 2 + np.diff(edges[0] ** 2)[:, None] * rays).ravel()
        squares: list[Any] = [r**2, (_spread(edges[1], rays) - tip[2]) ** 2]
    else:
        squares = [(_spread(e, rays) - t) ** 2 for e, t in zip(edges, tip, strict=True)]
    total = sum(s.reshape([-1 if a == n else 1 for a in range(len(squares))]) for n, s in enumerate(squares))
    inside = (np.asarray(total) < _NEAR**2).reshape([n for size in field.grid.shape for n in (size, parts)])
    share = inside.mean(axis=tuple(range(1, 2 * len(squares), 2)))
    return float(np.sum(field.heat * field.grid.volumes * share))


def _spread(edges: NDArray[Any], rays: Floats) -> Floats:
    return np.asarray((edges[:-1, None] + np.diff(edges)[:, None] * rays).ravel())


@lru_cache(maxsize=4)
def _fine(size: float, far: float) -> tuple[float, float]:
    """Return impedance [ohm] and heat near the tip [W] with cell faces on the needle."""
    r = np.concatenate([[0.0], edges_about([_RADIUS], 0.0, far, size, 1.1)[1:]])
    z = edges_about([1e-4, _DEPTH - _ACTIVE, _DEPTH, 1.9e-3], 0.0, far, size, 1.1)
    tip = (0.0, 0.0, _DEPTH)
    needle = Needle(tip, (0.0, 0.0, 1.0), _RADIUS, 3e-3, _ACTIVE, "+")
    field = potential.solve(Grid((r, z), "axisymmetric"), _SKIN, [needle], drive=_DRIVE, boundaries=_OPEN)
    return field.impedance.real, _near_tip(field, tip)


def _cells(size: float, deep: float, first: float = 1.0) -> Grid:
    """Return cells of `size` within 0.9 mm of the axis and down to `deep`, widening out to the walls.

    The uppermost layer has `first` of the height of the others, which shifts all below it.
    """

    def outward(start: float) -> Floats:
        return np.asarray(_FAR - edges_about([], 0.0, _FAR - start, size, 1.25)[::-1])[1:]

    inner = np.arange(-round(0.9e-3 / size), round(0.9e-3 / size) + 1) * size
    side = np.concatenate([-outward(inner[-1])[::-1], inner, outward(inner[-1])])
    down = np.concatenate([[0.0], (first + np.arange(round(deep / size))) * size])
    return Grid((side, side, np.concatenate([down, outward(down[-1])])))


def _needle() -> Iterator[Check]:
    rng = np.random.default_rng(_SEED)
    ohms, watts = _fine(5e-6, _FAR)
    wider = _fine(5e-6, 2 * _FAR)
    finer = _fine(2.5e-6, _FAR)
    impedances, heats, balances = [], [], []
    for _ in range(4):
        x, y = rng.uniform(-25e-6, 25e-6, 2)
        tip = (float(x), float(y), _DEPTH)
        needle = Needle(tip, (0.0, 0.0, 1.0), _RADIUS, 3e-3, _ACTIVE, "+")
        grid = _cells(50e-6, 2.4e-3, float(rng.uniform(0.5, 1.5)))
        field = potential.solve(grid, _SKIN, [needle], drive=_DRIVE, boundaries=_OPEN)
        impedances.append(100 * (field.impedance.real / ohms - 1))
        heats.append(100 * (_near_tip(field, tip) / watts - 1))
        balances.append(field.balance)
    text = "4 offsets drawn; worst"
    yield Check("insulated needle, 3 layers, 50 µm: impedance", _worst(impedances), 0.0, 2.0, "%", _FINE, text)
    yield Check("heat within 0.3 mm of its tip", _worst(heats), 0.0, 3.0, "%", _FINE, text)
    yield Check("power and currents, largest mismatch", max(balances), 0.0, 1e-6, "1", _LAW)
    yield Check(
        "the fine grid itself, walls twice as far: impedance", 100 * (wider[0] / ohms - 1), 0.0, None, "%", _FINE
    )
    yield Check("the fine grid itself, 2.5 µm: impedance", 100 * (finer[0] / ohms - 1), 0.0, None, "%", _FINE)
    yield Check("the fine grid itself, 2.5 µm: heat near the tip", 100 * (finer[1] / watts - 1), 0.0, None, "%", _FINE)


def _tilt() -> Iterator[Check]:
    rng = np.random.default_rng(_SEED)
    grid = _cells(50e-6, 5e-3)
    upright: list[float] = []
    tilted: list[float] = []
    for degrees in (0.0, 0.0, 0.0, 0.0, 10.0, 20.0, 30.0):
        tilt, turn = math.radians(degrees), rng.uniform(0.0, 2 * math.pi)
        x, y, z = rng.uniform(-25e-6, 25e-6, 3)
        way = (math.sin(tilt) * math.cos(turn), math.sin(tilt) * math.sin(turn), math.cos(tilt))
        needle = Needle((float(x), float(y), 4.1e-3 + float(z)), way, _RADIUS, 6e-3, _ACTIVE, "+")
        field = potential.solve(grid, 0.221, [needle], drive=_DRIVE, boundaries=_OPEN)
        (tilted if degrees else upright).append(field.impedance.real)
    mean = float(np.mean(upright))
    yield Check("upright needle, homogeneous, 50 µm: worst of 4 over their mean",
                _worst([100 * (r / mean - 1) for r in upright]), 0.0, None, "%", "exact: no place is special",
                "what the place between the cells does alone")  # fmt: skip
    worst = _worst([100 * (r / mean - 1) for r in tilted])
    yield Check("needle tilted by 10, 20 and 30°, homogeneous, 50 µm: impedance over the mean upright", worst, 0.0,
                2.0, "%", "exact: no direction is special", "worst of the three, offsets and turns drawn")  # fmt: skip


def _worst(errors: list[float]) -> float:
    return max(errors, key=abs)


def _layers() -> Iterator[Check]:
    for megahertz, size, angle in ((1.0, 0.2877, -32.55), (2.0, 0.2525, -21.74), (6.78, 0.2176, -17.00)):
        thick, values = stack(1e6 * megahertz)
        wide = 2e-3
        depth = np.concatenate([np.linspace(0.0, 2e-3, 41), np.linspace(2e-3, sum(thick), 41)[1:]])
        grid = Grid((np.linspace(0.0, wide, 4), np.linspace(0.0, wide, 3), depth))
        plates = [Plate("top", "+"), Plate("bottom", "-")]
        field = potential.solve(grid, Layered(thick, values), plates, drive=_DRIVE, frequency=1e6 * megahertz)
        found = field.impedance * wide**2
        at = f"{megahertz:g} MHz, layers between plates, cells across the borders"
        yield Check(f"{at}: |Z| A", abs(found), size, 2e-3 * size, "ohm m2", _SERIES, "0.2 %")
        yield Check(f"{at}: phase", math.degrees(cmath.phase(found)), angle, 0.1, "deg", _SERIES)
        bounds = np.cumsum(thick)
        on_borders = Grid((grid.edges[0], grid.edges[1], np.concatenate([[0.0], bounds])))
        field = potential.solve(on_borders, Layered(thick, values), plates, drive=_DRIVE, frequency=1e6 * megahertz)
        heat = np.sum(field.heat * on_borders.volumes, axis=(0, 1)) / field.power
        exact = current.stack_shares(thick, values)
        for name, layer in (("dermis", 2), ("fat", 3), ("muscle", 4)):
            yield Check(f"{megahertz:g} MHz: share of the power in {name}", float(heat[layer]), float(exact[layer]),
                        0.01 * float(exact[layer]), "1", _SERIES, "1 %")  # fmt: skip
        yield _balance(field)


CLAIMS = (
    Claim("disc electrode on a half-space", _disc, 3.0),
    Claim("sphere electrode in endless tissue", _sphere, 5.0),
    Claim("needle pair at any place between the cells", _pair, 10.0),
    Claim("insulated needle in three layers", _needle, 30.0),
    Claim("tilted needle", _tilt, 20.0),
    Claim("layers that are capacitors, through the solver", _layers, 2.0),
)
