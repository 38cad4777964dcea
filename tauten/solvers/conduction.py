"""Bioheat in time: Pennes' equation on a grid, with cooling, boiling, damage and pulses. The public face of the solver.

Finite volumes; perfusion that rises with temperature and stops with damage; water that boils off at 100 °C; a contact
plate stepped as a column of its own cells above every surface cell (heat that spreads sideways in the plate is
neglected). Steps adapt to the error and end on every pulse edge, contact edge and asked time; the running maximum and
all rate integrals are kept inside the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.devices.cooling import Contact, ContactPlate, Convective, Fixed, Insulated, Spray
from tauten.errors import InputError
from tauten.facts import load
from tauten.grid import Grid
from tauten.physics.bioheat import enthalpy_rise
from tauten.skin.thermal import Thermal
from tauten.solvers.bands import Endpoint
from tauten.solvers.coefficients import assemble, cross_sections
from tauten.solvers.contact_rows import plate_widths
from tauten.solvers.heat_inputs import (
    Boundaries,
    Source,
    check_memory,
    check_start,
    endpoints_of,
    pulses_of,
    sides_of,
    threads_for,
    total_heat,
)
from tauten.solvers.march import March
from tauten.solvers.properties import box, properties_of
from tauten.solvers.rows import GAIN, GZ, LOSS, PERF
from tauten.solvers.state import Deposition, TissueState

__all__ = [
    "ContactPlate",
    "Convective",
    "Deposition",
    "Fixed",
    "Insulated",
    "Spray",
    "Thermal",
    "TissueState",
    "advance",
    "evolve",
    "resting",
    "stored_heat",
]


def evolve(
    grid: Grid,
    medium: Thermal,
    source: Source = None,
    *,
    times: Sequence[float],
    initial: ArrayLike = 310.15,
    boundaries: Boundaries | None = None,
    endpoints: Sequence[str | Endpoint] = (),
    start: TissueState | None = None,
    begin: float | None = None,
    reference: float = 310.15,
    tolerance: float = 0.01,
    stasis: str | Endpoint | None = None,
    dtype: str = "float64",
    progress: Callable[[float], None] | None = None,
    threads: int | None = None,
    longest_step: float = inf,
    keep: Callable[[TissueState], Any] | None = None,
) -> list[Any]:
    """Return what the tissue has become at each of `times` [s], by ρ c ∂T/∂t = ∇·(k ∇T) + w ρb cb (Ta - T) + q.

    `source`: None, heat of the grid's shape [W/m³] that is always on, a Deposition or several (they add where they
    overlap). `initial` [K], of the grid's shape or one that broadcasts to it, holds at `begin` [s]: by default 0, or
    the first edge of a pulse or contact where that is earlier. `start` resumes an earlier state instead:
    it must have the same grid and the same endpoints.

    `boundaries` by side ("top", "bottom" and "side", or "left", "right", "front", "back"): one contact or several with
    their times; the last of those that hold counts, and where none holds the side is insulated. `endpoints` are names
    of kinetic sets or objects with `name` and `bands`; `stasis` names the one whose exp(-Ω) stops perfusion.

    `tolerance` [K] bounds the error of each step in every column; `longest_step` [s] caps the step. float32 steps the
    rise above `reference` [K] and leaves out 1e-4 of an integral's unit as too cold (float64: 1e-6). `threads` share
    large grids and never change a bit. `progress` is called with the share done. `keep` returns what is wanted of a
    state: a run that looks often need not keep every state whole.

    Raises InputError, TooLarge, NotConverged (tolerance missed at any step) and Unphysical (not a number).
    """
    pulses, sides = pulses_of(source, grid), sides_of(boundaries, grid)
    sets = endpoints_of(endpoints, stasis)
    brake = next(
        (e for e in sets if stasis is not None and e.name == (stasis if isinstance(stasis, str) else stasis.name)), None
    )
    if start is not None:
        check_start(start, grid, sets)
    asked = [float(t) for t in times]
    edges = sorted(
        {e for p in pulses for e in (p.start, p.stop)}
        | {e for s in sides.values() for c in s for e in (c.start, c.stop)}
    )
    edges = [e for e in edges if isfinite(e)]
    first = start.time if start is not None else float(begin) if begin is not None else min([0.0, *edges])
    if not asked or any(not isfinite(t) for t in asked) or sorted(set(asked)) != asked or asked[0] < first:
        raise InputError(
            "are not rising times after the start",
            key="times",
            value=asked[:5],
            allowed=f"{first:g} or later",
            unit="s",
        )
    if dtype not in ("float64", "float32"):
        raise InputError("is unknown", key="dtype", value=dtype, allowed="float64 | float32")
    for key, value, unit in (("tolerance", tolerance, "K"), ("longest_step", longest_step, "s")):
        if not value > 0.0:
            raise InputError("is not positive", key=key, value=value, allowed="above 0", unit=unit)
    check_memory(grid, medium, len(sets), len(asked), bool(pulses), dtype)
    march = March(
        grid, medium, sets, brake, reference=start.reference if start is not None else reference, tolerance=tolerance,
        duration=asked[-1] - first, dtype=dtype, threads=threads_for(threads, grid), longest=longest_step,
    )  # fmt: skip
    plate = _put(march, grid, first, initial, start)

    states: list[Any] = []
    stops = sorted({t for t in (*edges, *asked) if t > first} | ({first} if asked[0] == first else set()))
    held: dict[str, Contact] | None = None
    heating: list[Deposition] | None = None
    span = max(asked[-1] - first, 1e-300)
    for stop in (t for t in stops if t <= asked[-1]):
        if stop > march.time:
            middle = 0.5 * (march.time + stop)
            now = {side: next((c for c in reversed(s) if c.holds_at(middle)), Insulated()) for side, s in sides.items()}
            on = [p for p in pulses if p.start <= middle < p.stop]
            if now != held:
                plate = _touch(march, now, plate)
                heating, held = None, now
            if heating is None or [id(p) for p in on] != [id(p) for p in heating]:
                march.warm(total_heat(on))
                heating = on
            march.run(stop, None if progress is None else lambda t: progress((t - first) / span))
            if stop in edges:
                march.step = None
        if stop in asked:
            state = _snapshot(march, plate, last=stop == asked[-1])
            states.append(keep(state) if keep else state)
    return states


def advance(state: TissueState, medium: Thermal, source: Source, until: float, **options: object) -> TissueState:
    """Return what `state` has become at `until` [s]: one leg of `evolve`, which takes the same `options`."""
    return evolve(state.grid, medium, source, times=[until], start=state, **options)[0]  # type: ignore[arg-type]


def resting(
    grid: Grid, medium: Thermal, boundaries: Boundaries | None = None, *, core: float = 310.15
) -> NDArray[np.float64]:
    """Return the temperature [K] at rest, of the grid's shape: 0 = d/dz(k dT/dz) + w ρb cb (Ta - T) in each column.

    The deepest face is held at `core` [K] and the surface by the contact that has no beginning; heat that flows
    sideways is neglected. Perfusion is that at rest.
    """
    sides = sides_of(boundaries, grid)
    top = next((c for c in reversed(sides.get("top", ())) if c.start == -inf), Insulated())
    columns = assemble(grid, medium, {"top": top, "bottom": Fixed(core)}, core, np.dtype("float64"))
    coef = columns.coef
    below, held = coef[:, GZ], coef[:, LOSS] + coef[:, PERF]
    size = coef.shape[2]
    # Thomas' algorithm down the column, all classes at once; unknown is the rise above the core.
    ratio, value = np.zeros_like(below), np.zeros_like(below)
    for k in range(1, size - 1):
        pivot = below[1:, k - 1] * (1.0 - ratio[1:, k - 1]) + below[1:, k] + held[1:, k]
        drive = coef[1:, GAIN, k] + coef[1:, PERF, k] * (medium.arterial - core)
        ratio[1:, k] = below[1:, k] / pivot
        value[1:, k] = (drive + below[1:, k - 1] * value[1:, k - 1]) / pivot
    for k in range(size - 3, 0, -1):
        value[1:, k] += ratio[1:, k] * value[1:, k + 1]
    return (core + value[columns.classes][:, :, columns.skip : -1]).reshape(grid.shape)


def stored_heat(state: TissueState, medium: Thermal) -> float:
    """Return the heat [J] the tissue holds above `state.reference`, latent heat of the water it lost included."""
    kinds, of_kind = properties_of(state.grid, medium)
    boiling = load().si("tissue/heat/boiling") - state.reference
    shape = box(state.grid)
    rise = state.rise.reshape(shape).astype(np.float64)
    capacity, latent, ratio = (of_kind[name][kinds] for name in ("capacity", "latent", "ratio"))
    gained = rise
    if state.water is not None:
        lost = 1.0 - state.water.reshape(shape).astype(np.float64)
        gained = enthalpy_rise(0.0, rise, lost, latent / capacity, boiling, ratio, lost >= 1.0)
    volume = cross_sections(state.grid)[:, :, None] * state.grid.spacings[-1]
    return float(np.sum(gained * capacity * volume))


def _put(
    march: March, grid: Grid, time: float, initial: ArrayLike, start: TissueState | None
) -> tuple[ContactPlate | None, NDArray | None]:
    if start is not None:
        march.put(time, np.asarray(start.rise), np.asarray(start.maximum), start.integrals, start.water)
        march.step = start.step
        return start.contact, start.plate
    field = np.asarray(initial, dtype=np.float64)
    try:
        field = np.broadcast_to(field, grid.shape)
    except ValueError:
        raise InputError("does not fit the grid", key="initial", value=field.shape, allowed=str(grid.shape)) from None
    if not np.isfinite(field.sum()) or field.min() <= 0.0:
        raise InputError(
            "is not an absolute temperature", key="initial", value=float(field.min()), allowed="above 0", unit="K"
        )
    march.put(time, field - march.reference, None, {}, None)
    return None, None


def _touch(
    march: March, contacts: Mapping[str, Contact], laid: tuple[ContactPlate | None, NDArray | None]
) -> tuple[ContactPlate | None, NDArray | None]:
    """Lay the contacts; a plate that stays, or is the one a state was saved with, keeps the temperatures inside it."""
    before, inside = laid
    if before is not None and inside is None:
        skip = march.columns.skip
        inside = march.rise[:, :, 1:skip].copy()
    plate = contacts.get("top")
    if not isinstance(plate, ContactPlate):
        march.touch(contacts, None)
        return None, None
    cells = plate_widths(plate, float(march.grid.spacings[-1][0])).size
    if before is None or inside is None or _material(before) != _material(plate) or inside.shape[-1] != cells:
        inside = np.full((*march.shape[:2], cells), plate.temperature - march.reference)
    march.touch(contacts, inside.reshape(*march.shape[:2], cells))
    return plate, None


def _material(plate: ContactPlate) -> tuple[object, ...]:
    return plate.conductivity, plate.density, plate.specific_heat, plate.thickness


def _snapshot(march: March, laid: tuple[ContactPlate | None, NDArray | None], *, last: bool) -> TissueState:
    """Copy the march's arrays into a state; the last state takes over those that are its alone."""
    shape = march.grid.shape
    if last:
        march.release()

    def keep(values: NDArray, *, own: bool) -> NDArray:
        kept = (values if own else values.copy()).reshape(shape)
        kept.setflags(write=False)
        return kept

    contact, inside = laid
    if contact is not None and inside is None:
        inside = march.rise[:, :, 1 : march.columns.skip].copy()
    water = None if march.water is None else keep(march.water[:, :, -march.shape[2] - 1 : -1], own=False)
    return TissueState(
        march.grid,
        march.time,
        keep(march.tissue, own=False),
        march.reference,
        keep(march.maximum, own=last),
        MappingProxyType({e.name: keep(march.integrals[n], own=last) for n, e in enumerate(march.endpoints)}),
        water,
        inside,
        contact,
        march.step,
    )
