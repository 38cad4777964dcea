"""What both electric methods show of the generator: the course of a pulse, and its figures."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tauten.devices.exposure import NeedlePulse, RfPulse
from tauten.report.canvas import GREY, PALETTE, Drawing, sheet
from tauten.report.numbers import number, quantity
from tauten.report.tables import Cell, Table
from tauten.report.timeline import on
from tauten.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan
    from tauten.solvers.state import Electric

__all__ = ["course", "generator", "heating"]

_LIMITS = {"volts": "its most volts", "amperes": "its most amperes", "watts": "its most watts"}


def course(plan: Plan) -> Drawing | None:
    """Draw impedance, power with energy, and the hottest tissue at the metal, over the time of the current."""
    known = plan.treatment.electric
    if not known or not any(each.power > 0.0 for each in known):
        return None
    with sheet("current", "Impedance, power, energy and temperature over the time of the current", 5.2) as drawn:
        above, middle, below = drawn.figure.subplots(3, 1, sharex=True)
        beside = middle.twinx()
        for part in _runs(known):
            time, end = [each.time for each in part], _end(plan, part)
            edges = [*time, end]
            looks = edges if end > time[-1] else time
            above.plot(looks, _held([abs(each.impedance) for each in part], looks), color=PALETTE[0])
            middle.stairs([each.power for each in part], edges, baseline=None, color=PALETTE[4], lw=1.8)
            last = part[-1]
            energy = [*(each.energy for each in part), last.energy + last.power * (end - last.time)]
            beside.plot(edges, energy, color=PALETTE[1], ls="--")
            hot = [each.hottest - ZERO_CELSIUS for each in part]
            below.plot(time, hot, color=PALETTE[1], marker="o", ms=3)
        _labels(above, middle, beside, below)
        for axes in (above, middle, below):
            low, high = axes.get_ylim()
            axes.set_ylim(max(0.0, low - 0.1 * (high - low)), high + 0.1 * (high - low))
        middle.set_ylim(0.0, None)
        beside.set_ylim(0.0, None)
        below.set_xlabel("time from first current [s]")
    caption = (
        "The points are the moments at which the generator's load was worked out anew. Impedance falls as tissue warms "
        "and rises where it dries. The temperature is the hottest tissue at the metal, as a sensor in it would have it."
        + _held_back(plan)
    )
    return Drawing("current", "Impedance, power, energy and temperature during the current", caption, drawn.svg)


def _runs(known: Sequence[Electric]) -> Iterator[list[Electric]]:
    """The looks of each pulse: energy begins anew with every one."""
    part: list[Electric] = []
    for each in known:
        if part and (each.energy < part[-1].energy or (each.energy == 0.0 and part[-1].time < each.time)):
            yield part
            part = []
        part.append(each)
    if part:
        yield part


def _end(plan: Plan, part: Sequence[Electric]) -> float:
    """When the current that `part` tells of ended: its last interval's stop, or what cut it off."""
    last = part[-1]
    if last.ended:
        return last.time
    stops = [span.stop for span in on(plan) if span.start <= last.time + 1e-9]
    return max([last.time, *stops[-1:]])


def _held(values: list[float], looks: Sequence[float]) -> list[float]:
    return values if len(values) == len(looks) else [*values, values[-1]]


def _labels(above: Any, middle: Any, beside: Any, below: Any) -> None:
    above.set_ylabel("impedance [Ω]")
    middle.set_ylabel("power [W]", color=PALETTE[4])
    beside.set_ylabel("energy [J], dashed", color=PALETTE[1])
    beside.spines["right"].set_visible(True)
    beside.spines["right"].set_color(GREY)
    below.set_ylabel("hottest at metal [°C]")


def _held_back(plan: Plan) -> str:
    known = plan.treatment.electric
    held = {_LIMITS[each.limited] for each in known if each.limited in _LIMITS}
    ended = {each.ended for each in known if each.ended}
    told = f" The generator is held back by {' and '.join(sorted(held))}." if held else ""
    return told + (f" The pulse is cut off early by its limit of {' and '.join(sorted(ended))}." if ended else "")


def generator(plan: Plan) -> Table:
    """Return what the generator gives: energy, power, volts by terminal, current and its density where it leaves."""
    figures = plan.treatment.summary

    def cell(name: str, unit: str | None = None, note: str = "") -> Iterator[tuple[Cell | str, ...]]:
        figure = figures.get(f"electric.{name}")
        if figure is not None:
            yield (_NAMES[name], Cell(quantity(figure.value, figure.unit, unit), "figure", note=note))

    rows = [
        *cell("energy", note=_over(plan)),
        *cell("power"),
        *((f"voltage at the {_pole(n)}, root mean square", Cell(quantity(f.value, f.unit), "figure"))
          for n, f in figures.items() if n.startswith("electric.volts.") and f.value > 0.0),
        *cell("amperes", "mA"),
        *cell("impedance.first"),
        *cell("impedance.last"),
        *cell("density.metal", "mA/cm2", "mean over the bare metal; at its edges it is several times more"),
        *cell("density.return", "mA/cm2", "mean over the pad; a pad that lifts has more under its edge"),
        *cell("hottest"),
    ]  # fmt: skip
    return Table("What the generator gives as planned", ("What", "Value"), rows)


_NAMES = {
    "energy": "energy of one stamp or pulse",
    "power": "most power",
    "amperes": "most current, root mean square",
    "impedance.first": "impedance at the start",
    "impedance.last": "impedance at the end",
    "density.metal": "current density at the metal",
    "density.return": "current density at the return electrode",
    "hottest": "hottest tissue at the metal",
}


def _pole(name: str) -> str:
    word = name.removeprefix("electric.volts.")
    return {"+": "pole +", "-": "pole −"}.get(word, "return electrode")


def _over(plan: Plan) -> str:
    """What the energy comes to on the skin: joules a square centimetre under a tip, joules a needle in a stamp."""
    energy = plan.treatment.summary["electric.energy"].value
    pulse = plan.treatment.exposures[0].exposure
    if isinstance(pulse, NeedlePulse):
        return f"{number(energy / pulse.array.count * 1e3)} mJ a needle"
    if isinstance(pulse, RfPulse):
        return f"{quantity(energy / pulse.area, 'J/m2')} under the tip"
    return ""


def heating(plan: Plan) -> Table:
    """Return what a stamp or a pulse leaves: zones, spared skin, channels, lost fat, and what lies near the tips."""
    figures = plan.treatment.summary
    rows: list[tuple[Cell | str, ...]] = []
    for name, (words, unit, note) in _LEFT.items():
        figure = figures.get(name)
        if figure is not None and math.isfinite(figure.value):
            least = " or more" if figure.lower_bound else ""
            told = quantity(100.0 * figure.value, "1") + " %" if unit == "%" else quantity(figure.value, figure.unit)
            rows.append((words, Cell(f"{told}{least}", "figure", note=note)))
    formed = [zone for zone in plan.treatment.zones if zone.formed]
    if plan.treatment.zones:
        sizes = np.array([[z.width, z.length, z.volume] for z in formed]) if formed else np.zeros((1, 3))
        rows.insert(0, ("needles with a zone", Cell(f"{len(formed)} of {len(plan.treatment.zones)}", "figure")))
        if formed:
            middle = np.median(sizes, axis=0)
            rows.insert(1, ("middle zone", Cell(
                f"{number(middle[0] * 1e3, 2)} mm wide, {number(middle[1] * 1e3, 2)} mm long", "figure",
                note=f"{quantity(float(middle[2]), 'm3', digits=2)} each",
            )))  # fmt: skip
    return Table("What one stamp leaves as planned", ("What", "Value"), rows)


_LEFT = {
    "dermis.coagulated": ("footprint coagulated at the depth where it is most", "%", ""),
    "dermis.spared": ("columns of the dermis with nothing coagulated", "%", "skin heals from these bridges"),
    "epidermis.channels": ("skin opened by the needles", "%", "an injury of every stamp"),
    "epidermis.burnt": ("epidermis burnt", "%", ""),
    "fat.henriques_moritz_1947": ("fat coagulated (Henriques and Moritz 1947)", "", ""),
    "fat.cem43_15": ("fat past 15 CEM43", "", ""),
    "fat.cem43_60": ("fat past 60 CEM43", "", ""),
    "tip.to_fascia": ("tips to the superficial fascia", "", ""),
    "tip.to_nerve": (
        "tips to where the facial nerve may begin",
        "",
        "taken at the fascia itself where nothing else is known",
    ),
    "overlap": ("largest damage integral where stamps overlap, over its threshold", "", ""),
}
