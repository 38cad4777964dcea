"""Damage after a run: the integrals that the heat solver stored become endpoints, each read in its own tissue.

Nothing is integrated here: the solver adds up every rate inside its own steps. `READINGS` is the table of what is read
where and with which set; `needed` names the integrals the solver must carry for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError
from tauten.facts import Facts
from tauten.grid import Grid
from tauten.physics import collagen, damage
from tauten.physics.damage import KineticSet
from tauten.solvers.state import TissueState

__all__ = ["READINGS", "SHOT_READINGS", "Damage", "Endpoint", "Reading", "injure", "needed", "tissue_of"]

Quantity = Literal["integral", "fraction", "shrinkage"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read: `endpoint`, in which `tissues`, from the integral of `kinetics` (a name or a set), as `quantity`.

    "integral" is the stored number itself (Ω, minutes or seconds), "fraction" is 1 - exp(-Ω), "shrinkage" the master
    curve of collagen.
    """

    endpoint: str
    tissues: tuple[str, ...]
    kinetics: str | KineticSet
    quantity: Quantity = "integral"


NEGLIGIBLE = 1e-3
"""An Ω or fraction that changes no decision."""

CELLS_OF_EPIDERMIS = 3
"""Fewest cells along depth that resolve the epidermis: with fewer, its hottest cell is too blunt for a burn."""

LIVING = ("epidermis", "dermis", "fat", "muscle")

READINGS: tuple[Reading, ...] = (
    # Three epidermal sets side by side: their spread is larger than any error of the computation.
    Reading("epidermal burn", ("epidermis",), "henriques_moritz_1947"),
    Reading("epidermal burn", ("epidermis",), "weaver_stoll_1969"),
    Reading("epidermal burn", ("epidermis",), "mehta_wong_epidermis"),
    Reading("dermal burn", ("dermis",), "mehta_wong_dermis"),
    # No Arrhenius set for fat cells has a source, so fat is judged by thermal dose alone.
    Reading("fat necrosis", ("fat",), "cem43"),
    # Skin's own collagen first (unverified), then tendon, whose numbers were seen in print.
    Reading("collagen denaturation", ("dermis",), "pearce_rat_skin", "fraction"),
    Reading("collagen denaturation", ("dermis",), "maitland_walsh_1997", "fraction"),
    Reading("collagen shrinkage", ("dermis",), "chen_1998", "shrinkage"),
    Reading("heat stimulus", ("dermis",), "heat_stimulus"),
    Reading("heat stimulus", ("dermis",), "heat_stimulus_or_above"),
    Reading("heat discomfort", ("epidermis", "dermis"), "comfort_43"),
    Reading("heat discomfort", ("epidermis", "dermis"), "comfort_45"),
)  # fmt: skip
"""What is read where. The first set of an endpoint is the one it is judged by unless a limit names another."""

SHOT_READINGS: tuple[Reading, ...] = (
    *(replace(r, tissues=(*r.tissues, "smas")) if r.endpoint.startswith("collagen") else r for r in READINGS),
    # No coagulation threshold of fat, fascia or muscle has a source: the skin's own set stands for all of them.
    Reading("coagulation", ("dermis", "fat", "smas", "muscle"), "henriques_moritz_1947", "fraction"),
)
"""The same for focused shots: collagen is read in the superficial fascia too, coagulation wherever a focus may lie."""


@dataclass(frozen=True, eq=False)
class Endpoint:
    """One endpoint in its own tissue: `values` on the grid in `unit`, NaN in every other tissue.

    `extrapolated` says why the set's source does not cover this heating ("" when it does), `peak` is the largest value.
    """

    endpoint: str
    kinetics: KineticSet
    quantity: Quantity
    tissues: tuple[str, ...]
    values: NDArray[np.float64]
    unit: str
    extrapolated: str

    @property
    def set_name(self) -> str:
        """Name of the kinetic set."""
        return self.kinetics.name

    @property
    def peak(self) -> float:
        """The largest value in the tissue."""
        return float(np.nanmax(self.values))


@dataclass(frozen=True, eq=False)
class Damage:
    """The endpoints of one treatment, never mixed: each has its own tissue, set and unit."""

    grid: Grid
    endpoints: tuple[Endpoint, ...]

    def __iter__(self) -> Iterator[Endpoint]:
        return iter(self.endpoints)

    def of(self, endpoint: str, set_name: str | None = None) -> Endpoint:
        """Return one endpoint, by the first set that reads it or by `set_name`; raises `InputError` for none."""
        for found in self.endpoints:
            if found.endpoint == endpoint and set_name in (None, found.set_name):
                return found
        known = ", ".join(f"{e.endpoint} ({e.set_name})" for e in self.endpoints)
        wanted = f"{endpoint} ({set_name})" if set_name else endpoint
        raise InputError("was not read in this treatment", key="endpoint", value=wanted, allowed=known or "none")

    @property
    def epidermal_burn(self) -> Endpoint:
        """Ω of the epidermis [1]; 1 is a second-degree burn at the surface."""
        return self.of("epidermal burn")

    @property
    def dermal_burn(self) -> Endpoint:
        """Ω of the dermis as a burn [1]."""
        return self.of("dermal burn")

    @property
    def fat_dose(self) -> Endpoint:
        """Thermal dose of fat [min at 43 °C]."""
        return self.of("fat necrosis")

    @property
    def denatured(self) -> Endpoint:
        """Fraction of dermal collagen denatured [1]."""
        return self.of("collagen denaturation")

    @property
    def shrinkage(self) -> Endpoint:
        """Shortening of dermal collagen as a fraction of length [1]."""
        return self.of("collagen shrinkage")

    @property
    def stimulus(self) -> Endpoint:
        """Time of the dermis in the range that stimulates repair [s]."""
        return self.of("heat stimulus")


def needed(readings: Sequence[Reading] = READINGS, facts: Facts | None = None) -> tuple[KineticSet, ...]:
    """Return the kinetic sets that the heat solver must integrate for `readings`, each once."""
    sets = [r.kinetics if isinstance(r.kinetics, KineticSet) else damage.endpoint(r.kinetics, facts) for r in readings]
    return tuple({each.name: each for each in sets}.values())


def tissue_of(layer: str) -> str:
    """Return the tissue that a layer's name stands for: epidermis, dermis, fat, muscle, or the name itself.

    >>> [tissue_of(name) for name in ("stratum corneum", "epidermis", "papillary dermis", "subcutaneous_fat")]
    ['stratum corneum', 'epidermis', 'dermis', 'fat']
    """
    words = layer.lower().replace("_", " ").split()
    return next((tissue for tissue in LIVING if tissue in words), " ".join(words))


def injure(
    state: TissueState,
    layer_of_cell: ArrayLike,
    layer_names: Sequence[str],
    readings: Sequence[Reading] = READINGS,
    facts: Facts | None = None,
) -> Damage:
    """Return the endpoints that `state` has reached, each read in its own tissue.

    `layer_of_cell` holds for every cell (or for every depth: it is broadcast to the grid) its index in `layer_names`. A
    reading whose tissues are absent is left out. Raises `InputError` when the state lacks an integral or a reading of
    the epidermis finds fewer than three cells of it in a column, and `OutsideValidity` when a set has no sourced law at
    the temperature its tissue reached.
    """
    layers = np.broadcast_to(np.asarray(layer_of_cell), state.grid.shape)
    tissues = np.array([tissue_of(name) for name in layer_names])
    if layers.size and not (layers.min() >= 0 and layers.max() < len(tissues)):
        raise InputError(
            "points beyond the layers", key="layer_of_cell", value=f"{layers.min()} to {layers.max()}",
            allowed=f"0 to {len(tissues) - 1}",
        )  # fmt: skip
    if any("epidermis" in reading.tissues for reading in readings):
        _require_resolved(np.count_nonzero((tissues == "epidermis")[layers], axis=-1))
    peaks = state.reference + np.maximum(state.maximum, state.rise).astype(float)
    found = []
    for reading, kinetics in ((r, needed([r], facts)[0]) for r in readings):
        here = np.isin(tissues, reading.tissues)[layers]
        if here.any():
            found.append(_read(state, reading, kinetics, here, float(peaks[here].max()), facts))
    return Damage(state.grid, tuple(found))


def _require_resolved(cells: NDArray[np.intp]) -> None:
    """Raise `InputError` where a column crosses the epidermis in too few `cells`."""
    fewest = int(cells[cells > 0].min(initial=CELLS_OF_EPIDERMIS))
    if fewest < CELLS_OF_EPIDERMIS:
        raise InputError(
            "is too coarse to read a burn", key="layer_of_cell", value=f"{fewest} cells of epidermis along depth",
            allowed=f"{CELLS_OF_EPIDERMIS} or more", remedy="Make the grid's cells near the surface thinner.",
        )  # fmt: skip


def _read(
    state: TissueState, reading: Reading, kinetics: KineticSet, here: NDArray, peak: float, facts: Facts | None
) -> Endpoint:
    if kinetics.name not in state.integrals:
        raise InputError(
            "was not integrated", key="state.integrals", value=kinetics.name,
            allowed=", ".join(state.integrals) or "none",
            remedy="Pass kinetics.needed() as the endpoints of conduction.evolve.",
        )  # fmt: skip
    damage.require_sourced(kinetics, peak)
    values = np.where(here, np.asarray(state.integrals[kinetics.name], dtype=float), math.nan)
    reached = float(values[here].max())
    if reading.quantity == "shrinkage":
        text = collagen.extrapolated(reached, peak, facts=facts)
        values[here] = collagen.shrinkage_from_theta(values[here], facts)
    else:
        text = damage.extrapolated(kinetics, peak)
        if reading.quantity == "fraction":
            values = np.where(here, damage.denatured_fraction(values), math.nan)
    if peak < kinetics.valid[0] and np.nanmax(values) < NEGLIGIBLE:
        text = ""  # tissue too cool for the set, and nothing happened: no reader needs the warning
    unit = kinetics.unit if reading.quantity == "integral" else "1"
    return Endpoint(reading.endpoint, kinetics, reading.quantity, reading.tissues, values, unit, text)
