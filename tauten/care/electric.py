"""What both electric methods share in the care story: settings, output, and what a run did where it counts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.applicator import Applicator
from tauten.devices.drive import Power
from tauten.devices.exposure import NeedlePulse, Placed, RfPulse
from tauten.devices.generator import SERIES
from tauten.devices.stamp import Stamp
from tauten.facts import Facts
from tauten.skin import dielectrics, thermal
from tauten.skin.skin import Skin
from tauten.solvers.kinetics import Damage
from tauten.solvers.state import Electric, TissueState
from tauten.solvers.zones import threshold_of
from tauten.treatment import layer_of_cell

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = [
    "SHOWN", "TIMING", "Seen", "factor_to", "felt", "finish", "held_row", "longest", "machine_of", "placed", "read",
    "return_current", "rows", "times_over",
]  # fmt: skip

Settings = Mapping[str, Any]
Floats = NDArray[np.float64]

SHOWN = "henriques_moritz_1947"
"""The set that draws a zone."""
COLLAGEN = "maitland_walsh_1997"
TIMING = ("pass_interval",)
"""Settings that change no figure of a trial: passes are taken over skin that has cooled."""
_CLOSE = 1.0  # K
_ONCE = ("stamps", "lines", "passes")


def machine_of(question: Question) -> Applicator | Stamp:
    """Return the device, which `find_device` refuses when it is of another method."""
    assert isinstance(question.device, (Applicator, Stamp))
    return question.device


def held_row(question: Question) -> str:
    """Name of the row that says how the rise a feedback holds lies about the one set."""
    return f"devices/{question.device.key}/held"


def placed(question: Question, settings: Settings, facts: Facts) -> tuple[Placed, ...]:
    """Return one stamp, or one pulse of a tip, with what `facts` say the generator and its feedback really give."""
    device = machine_of(question)
    _in_time(question, settings)
    one = {name: value for name, value in settings.items() if name not in SERIES}
    one |= {name: 1 for name in _ONCE if name in device.settings}
    return tuple(replace(p, exposure=delivered(question, p.exposure, facts)) for p in device.series(facts=facts, **one))


def _in_time(question: Question, settings: Settings) -> None:
    """Raise the device's own `InputError` where a stamp or a pass would begin before the last has ended.

    A trial lays one stamp, which would never tell.
    """
    timed = {name: value for name, value in settings.items() if name != question.method.driver}
    key = ("in time", *sorted(timed.items()))
    if key not in question._kept:
        machine_of(question).series(**timed)
        question._kept[key] = {}


def longest(question: Question) -> float:
    """Return how long a pulse may be [s] by the device and by the times from stamp to stamp and from pass to pass."""
    device, at = machine_of(question), question.start
    shots = device.series(**{name: value for name, value in at.items() if name not in ("fluence", "power")})
    stamps = int(at.get("stamps", 1) * at.get("lines", 1))
    first = shots[: len(shots) // int(at.get("passes", 1))]
    one = first[: len(first) // stamps]
    spare = math.inf
    if stamps > 1:
        spare = at["stamp_interval"] - (one[-1].ends_at - one[0].begins_at)
    if at.get("passes", 1) > 1:
        spare = min(spare, at["pass_interval"] - (first[-1].ends_at - first[0].begins_at))
    return min(device.settings["duration"].high, (at["duration"] + spare) * (1.0 - 1e-9))


def delivered(question: Question, pulse: Any, facts: Facts) -> NeedlePulse | RfPulse:
    """Return `pulse` at the output and the held temperature that `facts` say."""
    assert isinstance(pulse, (NeedlePulse, RfPulse))
    drive = pulse.drive
    energy = facts.si(f"devices/{question.device.key}/output")
    share = energy if isinstance(drive, Power) else energy**0.5  # heat goes by the square of a voltage
    changed = replace(drive, value=drive.value * share)
    if pulse.hold is None:
        return pulse.with_(drive=changed)
    rest = facts.si("tissue/thermal/core.temperature")
    bounds = facts["devices/electric/hold.allowed"]
    hold = rest + (pulse.hold - rest) * facts.si(held_row(question))
    return pulse.with_(drive=changed, hold=min(max(hold, bounds.si_low), bounds.si_high))


def times_over(question: Question, settings: Settings) -> tuple[float, float]:
    """Return how often a place is treated: everywhere (passes), and at most where stamps overlap.

    Along each side of a stamp as many lie over a place as their step goes into it, and no more than there are.
    """

    def of(name: str) -> float:
        return float(settings[name] if name in settings else question.start.get(name, 1.0))

    passes = of("passes")
    if "overlap" not in question.start or of("overlap") <= 0.0:
        return passes, passes
    most = passes
    for name, side in zip(("stamps", "lines"), machine_of(question).exposure().footprint, strict=True):
        step = side - of("overlap")
        most *= min(of(name), max(1.0, math.ceil(side / step - 1e-9)) if step > 0.0 else math.inf)
    return passes, most


@dataclass(frozen=True, eq=False)
class Seen:
    """What a run left, ready to be read.

    `open` are the columns that a figure of the surface counts (shape of a layer of cells), `metal` the cells that are
    no tissue, `copies` how many times the grid's volumes stand for the whole, `served` [m²] the skin, `rest` [K] the
    surface at rest.
    """

    skin: Skin
    state: TissueState
    damage: Damage
    electric: Sequence[Electric]
    open: NDArray[np.bool_]
    metal: NDArray[np.bool_]
    copies: float
    served: float
    rest: float


def read(question: Question, settings: Settings, seen: Seen, facts: Facts) -> dict[str, float]:
    """Return the figures both methods are judged by [SI].

    Burns of epidermis and papillary dermis and the surface's peak are read in the `open` columns, everything else
    everywhere; `fat.peak_temperature` [K] is what fat's dose follows before there is any; `fat_loss.thickness` [m] is
    the volume below the dermis past `care/planning/fat.dose`, over the skin served, after all passes and overlaps of
    `settings`; `fat_at_risk.thickness` [m] the same from the dose's lower end; `fat_loss.volume` [m³] is that of one
    stamp alone; `band.*` are means over the band.
    """
    state, grid = seen.state, seen.state.grid
    hottest = state.reference + np.maximum(state.maximum, state.rise)
    open_ = seen.open[..., None]
    found = {
        "tissue.peak_temperature": float(hottest.max()),
        "skin_surface.peak_temperature": float(hottest[..., 0][seen.open].max()),
        "skin_surface.rest_temperature": seen.rest,
    }
    layers = layer_of_cell(seen.skin, grid.centres[-1])
    names = [layer.name for layer in seen.skin.layers]
    tissues = [layer.tissue for layer in seen.skin.layers]
    fat = np.isin(layers, [n for n, tissue in enumerate(tissues) if tissue == "fat"])
    found["fat.peak_temperature"] = float(hottest[..., fat].max()) if fat.any() else seen.rest
    first = np.isin(layers, [n for n, name in enumerate(names) if name in ("papillary_dermis", "dermis")][:1])
    for each in seen.damage:
        name = f"{each.endpoint}.{each.set_name}".replace(" ", "_")
        values = np.nan_to_num(np.asarray(each.values, dtype=float))
        thin = each.endpoint in ("epidermal burn", "heat discomfort")
        found[name] = float((values * open_).max() if thin else values.max())
        if each.endpoint == "dermal burn":
            found[f"papillary_burn.{each.set_name}"] = float((values * open_)[..., first].max())
    depth = facts.si("simulate/comfort.depth")
    column = np.where(open_, state.integrals["comfort_45"], 0.0).reshape(-1, grid.shape[-1]).max(axis=0)
    found["comfort.time_hot"] = float(np.interp(depth, grid.centres[-1], column))
    return found | _volumes(question, settings, seen, facts) | {"electric.volts": _volts(seen.electric)}


def _volumes(question: Question, settings: Settings, seen: Seen, facts: Facts) -> dict[str, float]:
    state, grid = seen.state, seen.state.grid
    volumes = grid.volumes * seen.copies * ~seen.metal
    border = seen.skin.bottom_of("dermis")
    edges = grid.edges[-1]
    top, bottom = question.band
    inside = np.clip(np.minimum(edges[1:], bottom) - np.maximum(edges[:-1], top), 0.0, None) / np.diff(edges)
    # The share of cells killed, not the cells past a threshold: a trial has few of them.
    solid = -np.expm1(-state.integrals[SHOWN] / threshold_of(SHOWN, facts))
    band = seen.served * (bottom - top)
    areas = (volumes * solid).reshape(-1, grid.shape[-1]).sum(axis=0) / np.diff(edges) / seen.served
    dermis = (grid.centres[-1] > seen.skin.top_of("dermis")) & (grid.centres[-1] < border)
    dose, most = state.integrals["cem43"], times_over(question, settings)[1]

    def lost(threshold: float) -> float:
        return float(np.sum(volumes * ((dose >= threshold) & (grid.centres[-1] > border))))

    def after_all(threshold: float) -> float:
        coinciding = lost(threshold / most)
        # Needles of a later pass stand elsewhere: their zones may add instead.
        return max(coinciding, most * lost(threshold)) if isinstance(question.device, Stamp) else coinciding

    limit = facts["care/planning/fat.dose"]
    return {
        "band.denatured": min(1.0, float(np.sum(volumes * inside * -np.expm1(-state.integrals[COLLAGEN]))) / band),
        "band.coagulated": min(1.0, float(np.sum(volumes * inside * solid)) / band),
        "pattern.coagulated": min(1.0, float(areas[dermis].max(initial=0.0))),
        "fat_loss.thickness": after_all(limit.value) / seen.served,
        "fat_at_risk.thickness": after_all(limit.low) / seen.served,
        "fat_loss.volume": lost(limit.value),
    }


def _volts(electric: Sequence[Electric]) -> float:
    """Return the most between the two terminals [V, root mean square]."""
    return float(max((sum(each.volts.values()) for each in electric if each.volts), default=0.0))


def return_current(electric: Sequence[Electric], off: float, period: float) -> float:
    """Return the root mean square current [A] in the return electrode over the time from one pulse to the next."""
    ends = [*(each.time for each in electric[1:]), off]
    squares = sum(e.amperes**2 * max(0.0, end - e.time) for e, end in zip(electric, ends, strict=True))
    return float((squares / max(period, off - electric[0].time)) ** 0.5) if electric else 0.0


def finish(question: Question, settings: Settings, figures: Mapping[str, float]) -> dict[str, float]:
    """Return the figures with what passes and overlap add: doses of one place add up, zones fall anywhere.

    Lost fat has all of them already: its dose adds up before it is held against a threshold.
    """
    passes, most = times_over(question, settings)
    done = dict(figures)
    for name in done:
        if name.startswith(("epidermal_burn.", "papillary_burn.", "comfort.", "fat_necrosis.")):
            done[name] *= most
    for name, count in (("pattern.coagulated", most), ("band.denatured", passes), ("band.coagulated", passes)):
        done[name] = 1.0 - (1.0 - figures[name]) ** count
    return done


def factor_to(question: Question, settings: Settings, target: float) -> float:
    """Return how many times the output brings the hottest tissue to `target` [K], by secants of the rise.

    Only nearly: it is where spreads are read and searches begin.
    """
    facts, name = question.facts, question.output
    given, rest = facts[name].value, facts.si("tissue/thermal/core.temperature")
    times, wanted = 1.0, target - rest
    for _ in range(6):
        peak = question.figures(settings, facts.with_value(name, times * given))["tissue.peak_temperature"]
        if abs(peak - target) <= _CLOSE:
            break
        times *= min(4.0, max(0.25, wanted / max(peak - rest, 1e-3)))
    return times


_IDLE = (
    "tissue/pigment/", "tissue/composition/oxygenation", "tissue/dielectrics/frequency.allowed",
    "tissue/dielectrics/skin_", "tissue/thermal/blood.", "perfusion", ".blood", "tissue/thickness/reference_",
    "muscle.thickness",
)  # fmt: skip
"""Parts of the names of rows that move nothing in the seconds of a pulse: colour, flow of blood, mere bounds."""


def felt(question: Question, facts: Facts, more: tuple[str, ...] = ()) -> bool:
    """Whether a pulse feels what differs between `facts` and the central ones; `more` are other names that it does not.

    Of layers below `care/planning/<method>.reach` only how deep they lie is felt.
    """
    skin = question.skin(question.facts)
    depth = question.method.reach(question)[1]
    tops = {layer.tissue: float(top) for layer, top in reversed(list(zip(skin.layers, skin.depths[:-1], strict=True)))}
    far = tuple(f"composition/{tissue}." for tissue, top in tops.items() if top >= depth)
    idle = (*_IDLE, *more, *far)
    changed = {name for name in facts.changed if facts[name].value != question.facts[name].value}
    return not changed or not all(any(part in name for part in idle) for name in changed)


def rows(question: Question, skin: Skin, reach: float) -> list[str]:
    """Return the names of the rows of what current and heat meet down to the depth `reach` [m]."""
    facts = question.facts
    far = {layer.tissue for layer, top in zip(skin.layers, skin.depths[:-1], strict=True) if top >= reach}
    near = {layer.tissue for layer, top in zip(skin.layers, skin.depths[:-1], strict=True) if top < reach}
    beyond = tuple(f"/{tissue}." for tissue in far - near)
    found = [row.name for row in (*dielectrics.rows(skin, facts), *thermal.rows(skin, facts))]
    cooling = question.start.get("cooling", "none")
    wet = {"spray": True, "plate": False}.get(str(cooling))
    if wet is not None:
        found += [
            f"devices/cooling/{name}" for name in facts.under("devices/cooling") if name.startswith("spray.") is wet
        ]
    return [name for name in found if not any(part in name for part in beyond)]
