"""The flat figures of a treatment by current: what the generator gave, and what a stamp of needles left."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from tauten.devices.exposure import Placed
from tauten.devices.needles import NeedlePulse
from tauten.devices.rf import RfPulse
from tauten.facts import Facts
from tauten.solvers.coagulation import Coagulation
from tauten.solvers.state import Electric
from tauten.treatment import Figure

__all__ = ["electric_summary"]


def electric_summary(
    placed: Sequence[Placed], electric: Sequence[Electric], coagulation: Coagulation | None, facts: Facts
) -> Mapping[str, Figure]:
    """Return figures by name, SI; empty where no current flowed.

    `electric.energy` [J] of all pulses, the largest `electric.power` [W], `electric.volts.<terminal>` [V] and
    `electric.amperes` [A], both root mean square, the first and last `electric.impedance.<first|last>` [ohm];
    `electric.density.return` [A/m²] in the return electrode, by its row's area, and `electric.density.metal` [A/m²],
    the mean over the first terminal's bare metal; `electric.hottest` [K] as the generator reads it. Of stamps also
    `dermis.coagulated` (the share at the depth where it is largest), `dermis.spared`, `epidermis.channels` and
    `epidermis.burnt` as shares of the footprint [1], `fat.<limit>` [m³], `tip.to_fascia` and `tip.to_nerve` [m], and
    `overlap` [1] where stamps share skin.
    """
    on = [each for each in electric if each.power > 0.0]
    if not on:
        return MappingProxyType({})
    pulse = placed[0].exposure
    assert isinstance(pulse, (NeedlePulse, RfPulse))
    amperes = max(each.amperes for each in on)
    figures = {
        "electric.energy": Figure(_energy(placed, electric), "J"),
        "electric.power": Figure(max(each.power for each in on), "W"),
        "electric.amperes": Figure(amperes, "A"),
        "electric.impedance.first": Figure(abs(on[0].impedance), "ohm"),
        "electric.impedance.last": Figure(abs(on[-1].impedance), "ohm"),
        "electric.hottest": Figure(max(each.hottest for each in electric if not math.isnan(each.hottest)), "K"),
        "electric.density.metal": Figure(amperes / _bare(pulse), "A/m2"),
    }
    for terminal in on[0].volts:
        figures[f"electric.volts.{terminal}"] = Figure(max(each.volts[terminal] for each in on), "V")
    if pulse.monopolar:
        area = facts.si("devices/electric/return_pad.area")
        figures["electric.density.return"] = Figure(amperes / area, "A/m2")
    if coagulation is not None:
        figures |= {
            "dermis.coagulated": Figure(float(coagulation.fraction.max()), "1"),
            "dermis.spared": Figure(coagulation.spared, "1"),
            "epidermis.channels": Figure(coagulation.channels / coagulation.area, "1"),
            "epidermis.burnt": Figure(coagulation.burnt / coagulation.area, "1"),
            "tip.to_fascia": Figure(coagulation.to_fascia, "m"),
            "tip.to_nerve": Figure(coagulation.to_nerve, "m"),
            "overlap": Figure(coagulation.overlap, "1"),
        }
        figures |= {f"fat.{name}": Figure(volume, "m3") for name, volume in coagulation.fat.items()}
    # A figure that does not exist here (no fascia published, no overlap) is left out, not told as a number.
    return MappingProxyType({name: figure for name, figure in figures.items() if not math.isnan(figure.value)})


def _energy(placed: Sequence[Placed], electric: Sequence[Electric]) -> float:
    """Return the energy of all pulses [J]: of each exposure what it had given at its last look, and since."""
    total = 0.0
    for n, each in enumerate(electric):
        last = n + 1 == len(electric) or electric[n + 1].energy < each.energy or electric[n + 1].time < each.time
        if last or electric[n + 1].energy == 0.0:
            end = max((s for shot in placed for s in _stops(shot) if shot.time <= each.time), default=each.time)
            total += each.energy + each.power * max(end - each.time, 0.0)
    return total


def _stops(shot: Placed) -> list[float]:
    return [shot.time + stop for _, stop in shot.exposure.intervals]


def _bare(pulse: NeedlePulse | RfPulse) -> float:
    """Return the area [m²] of the metal that current leaves from: bare sides and ends, or the tip."""
    if isinstance(pulse, RfPulse):
        return pulse.area
    array, first = pulse.array, pulse.terminals[0]
    count = sum(each.terminal == first for each in pulse.electrodes())
    return count * math.pi * (2.0 * array.radius * min(array.active, pulse.depth) + array.radius**2)
