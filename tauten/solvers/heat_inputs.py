"""What `conduction.evolve` is given, checked and put in order before anything is allocated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import Contact
from tauten.errors import InputError
from tauten.grid import Field, Grid
from tauten.physics import damage
from tauten.skin.thermal import Thermal
from tauten.solvers.bands import Endpoint
from tauten.solvers.coefficients import SIDES
from tauten.solvers.state import Deposition, TissueState
from tauten.workers import cores

__all__ = [
    "Boundaries",
    "Source",
    "check_memory",
    "check_start",
    "endpoints_of",
    "pulses_of",
    "sides_of",
    "threads_for",
    "total_heat",
]

Boundaries = Mapping[str, Contact | Sequence[Contact]]
Source = Deposition | Sequence[Deposition] | NDArray[np.floating] | None

_SHARED_ABOVE = 200_000  # cells; below it threads cost more than they save


def pulses_of(source: Source, grid: Grid) -> list[Deposition]:
    """Return the source as a list of pulses; a plain array is one that never ends.

    Raises `InputError` for heat of another shape, heat that is not finite, and a pulse that ends before it begins.
    """
    if source is None:
        return []
    if isinstance(source, Deposition):
        pulses = [source]
    elif isinstance(source, np.ndarray):
        pulses = [Deposition(Field(source, grid, "W/m3"), -inf, inf)]
    else:
        pulses = list(source)
    for pulse in pulses:
        if pulse.heat.values.shape != grid.shape:
            raise InputError(
                "does not fit the grid", key="heat", value=pulse.heat.values.shape, allowed=str(grid.shape)
            )
        if not pulse.stop > pulse.start:
            raise InputError(
                "ends before it begins", key="deposition", value=f"{pulse.start} to {pulse.stop}", unit="s"
            )
        if not np.isfinite(np.sum(pulse.heat.values, dtype=np.float64)):
            raise InputError("is not finite everywhere", key="heat", unit="W/m3", remedy="Look for NaN in the source.")
    return pulses


def total_heat(pulses: Sequence[Deposition]) -> NDArray[np.floating] | None:
    """Return the heat [W/m³] of pulses that are on together; None without any."""
    if len(pulses) < 2:
        return pulses[0].heat.values if pulses else None
    total = np.array(pulses[0].heat.values, dtype=np.float64)
    for pulse in pulses[1:]:
        total += pulse.heat.values
    return total


def sides_of(boundaries: Boundaries | None, grid: Grid) -> dict[str, tuple[Contact, ...]]:
    """Return the contacts of each side that was given one, in their order; raises `InputError` for an unknown side."""
    given = dict(boundaries or {})
    unknown = set(given) - set(SIDES[grid.kind])
    if unknown:
        raise InputError(
            "is not a side", key="boundaries", value=sorted(unknown)[0], allowed=" | ".join(SIDES[grid.kind])
        )
    return {side: (c,) if isinstance(c, Contact) else tuple(c) for side, c in given.items()}


def endpoints_of(endpoints: Sequence[str | Endpoint], stasis: str | Endpoint | None) -> list[Endpoint]:
    """Return the endpoints, those given by name looked up, each name once, that of `stasis` among them.

    Raises `InputError` for an unknown name.
    """
    wanted = [*endpoints, *([] if stasis is None else [stasis])]
    found = {e.name: e for e in (damage.endpoint(e) if isinstance(e, str) else e for e in wanted)}
    return list(found.values())


def check_start(start: TissueState, grid: Grid, endpoints: Sequence[Endpoint]) -> None:
    """Raise `InputError` when `start` has another grid, or other endpoints than those asked for now.

    An integral whose history is unknown would begin at 0 and read as "no damage so far"; one that is not asked for
    again would stand still while the tissue is heated.
    """
    alike = start.grid.kind == grid.kind and start.grid.shape == grid.shape
    if not alike or not all(map(np.array_equal, start.grid.edges, grid.edges)):
        raise InputError(
            "has another grid", key="start", value=f"{start.grid.kind} {start.grid.shape}",
            allowed=f"{grid.kind} {grid.shape} with the same edges", remedy="Resume on the grid of the state itself.",
        )  # fmt: skip
    asked = {e.name for e in endpoints}
    unknown, dropped = sorted(asked - set(start.integrals)), sorted(set(start.integrals) - asked)
    if unknown:
        raise InputError(
            "has no history in `start`", key="endpoints", value=", ".join(unknown),
            allowed=", ".join(start.integrals) or "none",
            remedy="Ask for it in the run that made `start` too, so that damage done before is not lost.",
        )  # fmt: skip
    if dropped:
        raise InputError(
            "was integrated in `start` and is not asked for again", key="endpoints", value=", ".join(dropped),
            allowed=", ".join(start.integrals),
            remedy="Ask for it, or take it out of the state with dataclasses.replace(start, integrals=...).",
        )  # fmt: skip


def threads_for(threads: int | None, grid: Grid) -> int:
    """Return how many threads share the grid: all this process may use unless told, one where the grid is small.

    Raises `InputError` for less than one.
    """
    if threads is not None and threads < 1:
        raise InputError("is not a number of threads", key="threads", value=threads, allowed="1 or more")
    most = threads or cores()
    return min(most, grid.shape[0]) if grid.cells >= _SHARED_ABOVE else 1


def check_memory(grid: Grid, medium: Thermal, endpoints: int, states: int, heated: bool, dtype: str) -> None:
    """Raise `TooLarge` when the working arrays and the states to return would not fit."""
    size = 8 if dtype == "float64" else 4
    arrays = 6 + heated + endpoints + (states - 1) * (2 + endpoints) + 1
    mixed = medium.labels is None and any(
        np.ndim(v) > 1 for v in (medium.conductivity, medium.density, medium.specific_heat)
    )
    grid.check_memory(size * (arrays + (7 if mixed else 0)))
