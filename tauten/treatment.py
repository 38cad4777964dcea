"""What one treatment did: the final state, the trace on the axis, the damage, and a flat summary with units."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import Placed
from tauten.facts import Facts
from tauten.grid import Grid
from tauten.skin.skin import Skin
from tauten.solvers.coagulation import Coagulation
from tauten.solvers.kinetics import Damage
from tauten.solvers.state import Deposition, Electric, TissueState
from tauten.solvers.zones import Zone

if TYPE_CHECKING:
    import xarray

__all__ = ["Figure", "Trace", "Treatment", "layer_of_cell", "nearest_column", "summarise"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a summary: `value` and `spread` (one standard error of the computation) in `unit`, SI.

    NaN says that the error was not computed: doses grow with the exponential of a temperature. `lower_bound` says that
    tissue came so near to boiling, or boiled, that the number is only the least it may be.
    """

    value: float
    unit: str
    spread: float = math.nan
    lower_bound: bool = False


@dataclass(frozen=True, eq=False)
class Trace:
    """Temperature [K] on the beam's axis, shape (time, depth), at `time` [s] and cell-centre `depth` [m].

    Time 0 is the first exposure's start; pre-cooling comes before it. `surface` [K] is the skin's surface itself.
    """

    time: NDArray[np.float64]
    depth: NDArray[np.float64]
    temperature: NDArray[np.float64]
    surface: NDArray[np.float64]

    def at_depth(self, depth: float) -> NDArray[np.float64]:
        """Return the temperature [K] against time at one `depth` [m], linear between cells."""
        return np.array([np.interp(depth, self.depth, row) for row in self.temperature])


@dataclass(frozen=True, eq=False)
class Treatment:
    """What `simulate` returns: everything later stages read, nothing they write.

    `state` is the tissue at the end (pass it on as `start` for a later session of the same hour), `depositions` the
    heat that went in (each with its `shares` of the emitted energy; of a box of points the first shot's alone unless
    fields were asked for), `damage` the endpoints in their own tissues, `zones` what each point coagulated, `electric`
    what a generator gave from each look on, `coagulation` what a stamp of needles left.
    """

    skin: Skin
    exposures: tuple[Placed, ...]
    state: TissueState
    depositions: tuple[Deposition, ...]
    trace: Trace
    damage: Damage
    summary: Mapping[str, Figure]
    zones: tuple[Zone, ...] = ()
    electric: tuple[Electric, ...] = ()
    coagulation: Coagulation | None = None

    def to_xarray(self) -> xarray.Dataset:
        """Return one labelled dataset: (time, depth) on the axis and (r, z) or (x, y, z) at the end, units in attrs."""
        import xarray

        grid = self.state.grid
        axes = {n: (n, c, {"units": "m"}) for n, c in zip(grid.names, grid.centres, strict=True)}
        energy = sum((d.heat.values * (d.stop - d.start) for d in self.depositions), np.zeros(grid.shape))
        units = {each.set_name: each.kinetics.unit for each in self.damage}
        fields = {
            "temperature": (self.state.temperature, "K"),
            "peak_temperature": (self.state.reference + self.state.maximum, "K"),
            "energy_density": (energy, "J/m3"),
        }
        fields |= {name: (values, units.get(name, "1")) for name, values in self.state.integrals.items()}
        summary = {name: figure.value for name, figure in self.summary.items()}
        return xarray.Dataset(
            {name: (grid.names, values, {"units": unit}) for name, (values, unit) in fields.items()}
            | {
                "axis_temperature": (("time", "depth"), self.trace.temperature, {"units": "K"}),
                "surface_temperature": (("time",), self.trace.surface, {"units": "K"}),
            },
            coords=axes
            | {
                "time": ("time", self.trace.time, {"units": "s"}),
                "depth": ("depth", self.trace.depth, {"units": "m"}),
            },
            attrs=summary | {f"{name}.units": figure.unit for name, figure in self.summary.items()},
        )


def layer_of_cell(skin: Skin, depths: Sequence[float] | NDArray[np.float64]) -> NDArray[np.int64]:
    """Return, for each depth [m], the number of the layer it lies in (0 is the outermost)."""
    bottoms = np.cumsum([layer.thickness for layer in skin.layers])
    return np.minimum(np.searchsorted(bottoms, np.asarray(depths), side="right"), len(skin.layers) - 1)


def nearest_column(grid: Grid, at: tuple[float, float]) -> tuple[int, ...]:
    """Return the index of the column under the point `at` (x, y) [m]; round an axis, the innermost."""
    if grid.kind == "axisymmetric":
        return (0,)
    x, y = (int(np.argmin(np.abs(c - p))) for c, p in zip(grid.centres[:2], at, strict=True))
    return x, y


def summarise(
    skin: Skin,
    state: TissueState,
    damage: Damage,
    depositions: Sequence[Deposition],
    trace: Trace,
    band: tuple[float, float],
    facts: Facts,
    zones: Sequence[Zone] = (),
    column: tuple[int, ...] = (0,),
    copies: int = 1,
) -> Mapping[str, Figure]:
    """Return the flat figures of a treatment by name, SI.

    `skin_surface.rest_temperature` and `.peak_temperature`, `tissue.peak_temperature` and `peak.<layer>` [K];
    `<endpoint>.<set>`, the worst value in its own tissue; `mean.<endpoint>.<set>`, the mean on the axis over the
    target `band` of depth [m]; `volume.heat_stimulus` [m³] of dermis that got warm enough to count (beam runs only);
    `comfort.time_warm` and `.time_hot`, seconds above 43 and 45 °C where nerve endings lie; `water.left`. Of focused
    points also the figures of `_of_zones`. `column` is the one under the first point; `copies` of the grid make up
    the whole where mirror planes cut it.
    """
    grid, axis = state.grid, state.grid.centres[-1]
    layers = layer_of_cell(skin, axis)
    hottest = state.reference + np.maximum(state.maximum, state.rise)
    noise = _relative_noise(depositions)
    # The running maximum of the topmost cells, some micrometres thick: kept frames would step over a short peak.
    surface, tissue = float(hottest[..., 0].max()), float(hottest.max())
    figures = {
        "skin_surface.peak_temperature": Figure(surface, "K", noise * (surface - float(trace.surface[0]))),
        "skin_surface.rest_temperature": Figure(float(trace.surface[0]), "K"),
        "tissue.peak_temperature": Figure(tissue, "K", noise * max(0.0, tissue - state.reference)),
    }
    for number, layer in enumerate(skin.layers):
        peak = float(hottest[..., layers == number].max())
        figures[f"peak.{layer.name}"] = Figure(peak, "K", noise * max(0.0, peak - state.reference))
    inside = _overlap(grid.edges[-1], *band)
    for each in damage:
        name = f"{each.endpoint}.{each.set_name}".replace(" ", "_")
        figures[name] = Figure(each.peak, each.unit)
        values = each.values[column]
        weight = inside * np.isfinite(values)
        if weight.sum() > 0.0:
            figures[f"mean.{name}"] = Figure(float(np.sum(np.nan_to_num(values) * weight) / weight.sum()), each.unit)
    if grid.shape[0] > 1:
        warm = hottest >= facts.si("tissue/kinetics/heat_stimulus.low")
        dermis = np.array([layer.tissue == "dermis" for layer in skin.layers])[layers]
        figures["volume.heat_stimulus"] = Figure(copies * float(grid.volumes[warm & dermis].sum()), "m3", math.nan)
    depth = facts.si("simulate/comfort.depth")
    for name, set_name in (("comfort.time_warm", "comfort_43"), ("comfort.time_hot", "comfort_45")):
        figures[name] = Figure(float(np.interp(depth, axis, state.integrals[set_name][column])), "s")
    figures["water.left"] = Figure(1.0 if state.water is None else float(np.min(state.water)), "1")
    boiling = facts.si("tissue/heat/boiling") * (1.0 - 1e-6)  # where water boils: nothing beyond is predicted
    boiled = {
        f"{each.endpoint}.{each.set_name}".replace(" ", "_")
        for each in damage
        if np.max(hottest[np.isfinite(each.values)], initial=0.0) > boiling
    }
    least = {
        n for n, f in figures.items() if n.removeprefix("mean.") in boiled or (f.unit == "K" and f.value > boiling)
    }
    bounded = {name: replace(f, lower_bound=name in least) for name, f in figures.items()}
    return MappingProxyType(bounded | _of_zones(zones, band))


def _of_zones(zones: Sequence[Zone], band: tuple[float, float]) -> dict[str, Figure]:
    """Return the figures of the points that coagulated, by name: means of width, length and volume over all points,
    the shallowest top and deepest bottom, the hottest peak, and `zone.band_share`, the mean share of the target
    band's depth that a zone crosses. Where nothing coagulated, sizes are 0 and there is neither top nor bottom."""
    if not zones:
        return {}
    formed = [zone for zone in zones if zone.formed]
    least = any(zone.lower_bound for zone in zones)
    count = len(zones)

    def mean(values: list[float]) -> float:
        return sum(values) / count

    crossed = [max(0.0, min(z.bottom, band[1]) - max(z.top, band[0])) / (band[1] - band[0]) for z in formed]
    sizes = {
        "zone.width": Figure(mean([z.width for z in zones]), "m"),
        "zone.length": Figure(mean([z.length for z in zones]), "m"),
        "zone.volume": Figure(mean([z.volume for z in zones]), "m3"),
        "zone.peak_temperature": Figure(max(z.peak_temperature for z in zones), "K"),
        "zone.band_share": Figure(mean(crossed), "1"),
    }
    if formed:
        sizes["zone.top"] = Figure(min(z.top for z in formed), "m")
        sizes["zone.bottom"] = Figure(max(z.bottom for z in formed), "m")
    return {name: replace(figure, lower_bound=least) for name, figure in sizes.items()} | {
        "zone.formed": Figure(float(sum(z.formed for z in zones)), "1"),
        "zone.merged": Figure(float(sum(bool(z.merged) for z in zones)), "1"),
    }


def _overlap(edges: NDArray[np.floating], top: float, bottom: float) -> NDArray[np.float64]:
    """Length [m] of each cell that lies between two depths."""
    return np.clip(np.minimum(edges[1:], bottom) - np.maximum(edges[:-1], top), 0.0, None)


def _relative_noise(depositions: Sequence[Deposition]) -> float:
    """Relative standard error of the heat on the axis: what photon noise does to a rise."""
    errors = [
        float(np.linalg.norm(d.error.values[0]) / np.linalg.norm(d.heat.values[0]))
        for d in depositions
        if d.error is not None and np.any(d.heat.values[0])
    ]
    return max(errors, default=0.0)
