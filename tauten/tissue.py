"""A skin laid on a grid, as the solvers want it: cells that fit its layers, its properties, its state at rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import Contact, Convective, Fixed
from tauten.devices.exposure import FocusedShot, LightPulse, Placed
from tauten.devices.needles import NeedlePulse
from tauten.devices.rf import RfPulse
from tauten.errors import InputError, OutsideValidity
from tauten.facts import Facts
from tauten.grid import Grid, graded_edges
from tauten.physics import damage
from tauten.skin import thermal
from tauten.skin.skin import Skin
from tauten.solvers import conduction, illuminate, kinetics
from tauten.solvers.electrify import metal_in
from tauten.solvers.electrode_grid import electrode_grid
from tauten.solvers.focal import focal_grid, footprint
from tauten.solvers.state import TissueState
from tauten.treatment import layer_of_cell

__all__ = ["Extent", "Tissue", "at_rest", "grid_for", "tissue_of"]

Extent = Literal["beam", "axis"]

STASIS = "mehta_wong_dermis"
"""The set whose exp(-Ω) stops perfusion: vessels close as the dermis around them burns."""


def grid_for(skin: Skin, placed: Sequence[Placed], extent: Extent = "beam", spacing: float | None = None) -> Grid:
    """Return the grid that fits exposures: light round its axis, sound round its focus or in a box, current in a box.

    `spacing` [m] is the width of the finest cells for current; None takes the usual one. Raises `InputError` when a
    layer-by-layer skin has no epidermis (there is nothing a burn could be read in), methods are mixed or a spacing is
    given to another method, and `OutsideValidity` for light at several points.
    """
    currents = [isinstance(shot.exposure, (NeedlePulse, RfPulse)) for shot in placed]
    if spacing is not None and not all(currents):
        raise InputError("is for pulses of current", key="spacing", value=spacing, allowed="None", unit="m")
    if all(currents) and len({type(shot.exposure) for shot in placed}) == 1:
        if extent == "axis":
            raise InputError("is for light", key="extent", value=extent, allowed="beam")
        return electrode_grid(skin, placed, spacing)
    if any(currents):
        raise InputError("mixes methods", key="exposures", remedy="Simulate each by itself: no grid serves both.")
    sounds = [isinstance(shot.exposure, FocusedShot) for shot in placed]
    if all(sounds):
        if extent == "axis":
            raise InputError(
                "is for light: a focus is as narrow as it is hot", key="extent", value=extent, allowed="beam"
            )
        return focal_grid(skin, placed)
    if any(sounds):
        raise InputError("mixes methods", key="exposures", remedy="Simulate each by itself: no grid serves both.")
    if len({shot.at for shot in placed}) > 1:
        raise OutsideValidity("simulate heats one place round its axis: light at several points is not yet solved")
    return _beam_grid(skin, placed, extent)


def _beam_grid(skin: Skin, placed: Sequence[Placed], extent: Extent) -> Grid:
    """Return an axisymmetric grid that resolves the epidermis (4 cells) and reaches the core."""
    depths = np.append(skin.depths[:-1], max(20e-3, skin.depths[-2] + 2e-3))  # 20 mm: no pulse of minutes is felt below
    names = [layer.name for layer in skin.layers]
    thin = names.index(skin.layer("epidermis").name) + 1
    cells = [4 if name == "epidermis" else 2 for name in names[:thin]]
    outer = [np.linspace(depths[i], depths[i + 1], n + 1)[:-1] for i, n in enumerate(cells)]
    first = skin.layers[thin - 1].thickness / 4.0
    inner = graded_edges(depths[thin:], first=first, largest=1.5e-3, growth=1.18)
    depth = np.concatenate([*outer, inner])
    if extent == "axis":
        return Grid((np.array([0.0, 1.0]), depth), "axisymmetric")
    beams = [shot.exposure.beam for shot in placed if isinstance(shot.exposure, LightPulse)]
    radius = max(illuminate.round_equivalent(beam).radius for beam in beams)
    rings = graded_edges([0.0, radius, radius + 12e-3], first=min(radius / 12.0, 2e-3), largest=2e-3, growth=1.2)
    return Grid((rings, depth), "axisymmetric")


@dataclass(frozen=True, eq=False)
class Tissue:
    """A skin laid on a grid, with everything the heat solver needs to know of it: built once a simulation."""

    skin: Skin
    grid: Grid
    facts: Facts
    layers: NDArray[np.int64]
    medium: conduction.Thermal
    endpoints: tuple[damage.KineticSet, ...]
    stasis: damage.KineticSet
    air: Convective
    core: float
    boiling: float
    drift_tolerance: float
    dtype: str = "float64"
    cuts: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    def on(self, grid: Grid) -> Tissue:
        """Return the same tissue on another grid with the same cells along depth."""
        medium = replace(self.medium, labels=np.broadcast_to(self.layers, grid.shape))
        return replace(self, grid=grid, medium=medium)

    def pierced(self, shot: Placed) -> Tissue:
        """Return the same tissue with the needles of `shot` in it: metal with its own conductivity, and no water."""
        metal = metal_in(self.grid, shot)
        if not metal.any():
            return self
        steel = self.facts.under("devices/electric")
        own = {name: steel[f"needle.metal.{name}"].si for name in ("conductivity", "density", "specific_heat")}
        own |= {f"dry_{name}": value for name, value in own.items()}
        own |= {"perfusion": 0.0, "water": 0.0, "perfusion_rise": 1.0}
        values: dict[str, Any] = {
            name: np.append(np.asarray(getattr(self.medium, name)), value) for name, value in own.items()
        }
        labels = np.where(metal, len(self.skin.layers), self.layers)
        return replace(self, medium=replace(self.medium, labels=labels, **values))

    def sides(self, contacts: Sequence[Contact] = ()) -> dict[str, Contact | Sequence[Contact]]:
        """Return what touches the tissue: room air and the core; of `contacts` the last that holds counts."""
        return {"top": [self.air, *contacts], "bottom": Fixed(self.core)}

    def layer_temperatures(self, state: TissueState, shot: Placed) -> list[float]:
        """Return each layer's mean temperature [K] as `shot` meets it: light on its axis, sound across its whole cone.

        Tissue that has boiled dry is hotter than any water: it counts as boiling, whose properties are the last known.
        """
        if isinstance(shot.exposure, FocusedShot):
            column = np.tensordot(footprint(self.grid, shot), state.temperature, axes=len(self.grid.edges) - 1)
        else:
            column = state.temperature[0]
        heat = np.bincount(self.layers, column * self.grid.spacings[-1])
        mean = heat / np.bincount(self.layers, self.grid.spacings[-1])
        return np.minimum(mean, self.boiling).tolist()


def tissue_of(
    skin: Skin, grid: Grid, facts: Facts, readings: tuple[kinetics.Reading, ...] = kinetics.READINGS
) -> Tissue:
    """Lay `skin` on `grid`, to be followed by `readings`. A box of points is stepped in single precision."""
    layers = layer_of_cell(skin, grid.centres[-1])
    air = facts.under("tissue/thermal/air")
    return Tissue(
        skin=skin,
        grid=grid,
        facts=facts,
        layers=layers,
        medium=thermal.medium(skin, labels=np.broadcast_to(layers, grid.shape), facts=facts),
        endpoints=kinetics.needed(readings, facts),
        stasis=damage.endpoint(STASIS, facts),
        air=Convective(air["temperature"].si, air["coefficient"].si),
        core=facts.si("tissue/thermal/core.temperature"),
        boiling=facts.si("tissue/heat/boiling"),
        drift_tolerance=facts.si("simulate/coupling.drift_tolerance"),
        dtype="float32" if grid.kind == "cartesian" else "float64",
    )


def at_rest(tissue: Tissue, time: float) -> TissueState:
    """Return the skin before anything touches it: steady between core and room air, at `time` [s]."""
    profile = conduction.resting(tissue.grid, tissue.medium, tissue.sides(), core=tissue.core)
    return conduction.evolve(
        tissue.grid,
        tissue.medium,
        initial=profile,
        begin=time,
        times=[time],
        reference=tissue.core,
        endpoints=tissue.endpoints,
        stasis=tissue.stasis,
        dtype=tissue.dtype,
    )[0]
