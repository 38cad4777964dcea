"""One focused shot: worked out finer, on the threshold of the shock, and its zone against published bounds.

What is shot, and into what, is in `reference_shot`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tauten.facts import load
from tauten.solvers.state import TissueState
from tauten.units import celsius
from tauten.validation.case import Check, Claim
from tauten.validation.reference_shot import (
    DOSE,
    GRID,
    OMEGA,
    SKIN,
    field,
    marched,
    rise,
    shot,
    zone,
)

__all__ = ["CLAIMS"]

Floats = NDArray[np.floating]

_FUBINI = "Fubini 1935, closed form 2 Jn(nσ)/nσ"
_HITU = "HITU_Simulator 2 (J. E. Soneson), 32 harmonics, 1461 x 745 points, run in Octave"
_SELF = "the same shot, worked out finer"
_BALANCE = "conservation of energy"
_FABI = "bounds of Fabi 2015, doi:10.2147/CCID.S69118: over 60 °C at the focus, under 1 mm³, epidermis spared"
_NAMES = {OMEGA: "Ω = 1", DOSE: "240 CEM43"}
_BOILING = celsius(100.0)


def _refined() -> Iterator[Check]:
    for power, duration in ((3.0, 0.06), (4.0, 0.025)):
        sound, finer = field(power), field(power, 128)
        state, fine = shot(power, duration), shot(power, duration, 128)
        note = "4 W lies on the threshold of the shock" if power == 4.0 else ""
        named = f"{power:g} W x {1e3 * duration:g} ms"
        yield _same(f"peak heat, {named}, 64 over 128 harmonics", sound.heat.max(), finer.heat.max(), note)
        yield _same(f"rise, {named}, 64 over 128 harmonics", rise(state), rise(fine), note)
        (one, coarse), (half, steps) = (marched(power, duration, step) for step in (1.0, 0.5))
        cells = f"{one.z.size} over {half.z.size} cells"
        yield _same(f"peak heat, {named}, {cells}", one.heat.max(), half.heat.max(), note)
        yield _same(f"rise, {named}, {cells}", rise(coarse), rise(steps), note)
        for kinetics, words in _NAMES.items():
            formed = zone(state, kinetics)
            yield Check(f"volume, {words}, {named}", formed, None, None, "mm3", "", _told(state))
            # By the shot's end nothing, or a part of one cell, is coagulated: the same power on, until it can be told.
            later = f"{power:g} W x 100 ms ({f'{formed:.4f} mm³' if formed else 'none'} by {1e3 * duration:g} ms)"
            long, longer = (zone(shot(power, 0.1, count), kinetics) for count in (None, 128))
            yield _same(f"volume, {words}, {later}, 64 over 128 harmonics", long, longer, note)
            long, longer = (zone(marched(power, 0.1, step)[1], kinetics) for step in (1.0, 0.5))
            yield _same(f"volume, {words}, {later}, {cells}", long, longer, note)


def _same(name: str, coarse: float, fine: float, note: str) -> Check:
    return Check(name, float(coarse) / float(fine) if fine else math.nan, 1.0, 0.03, "1", _SELF, note)


def _threshold() -> Iterator[Check]:
    """On the threshold of the shock a result is an interval: what dispersion and the skin's attenuation make of it."""
    row = load()["tissue/acoustics/skin.attenuation"]
    least, most = (replace(SKIN, attenuation=value) for value in (row.si_low, row.si_high))
    for power, duration in ((4.0, 0.025), (4.0, 0.05), (3.0, 0.06)):
        for name, dispersion, skin in (
            ("as it is", True, SKIN), ("no dispersion", False, SKIN),
            (f"skin fades {row.si_low:.3g} Np/m at 1 MHz, its row's low end", True, least),
            (f"skin fades {row.si_high:.3g} Np/m at 1 MHz, its row's high end", True, most),
        ):  # fmt: skip
            state, sound = shot(power, duration, None, dispersion, skin), field(power, None, dispersion, skin)
            note = f"{_told(state)}, {zone(state):.4f} mm³ by Ω = 1; peak heat {sound.heat.max() / 1e9:.3g} W/mm³"
            yield Check(f"rise, {power:g} W x {1e3 * duration:g} ms, {name}", rise(state), None, None, "K", "", note)


def _told(state: TissueState) -> str:
    """Return how hot the hottest place became, and whether it would boil."""
    hottest = celsius(34.0) + rise(state)
    boils = "boils; were it not to, " if hottest >= _BOILING else ""
    return f"{boils}hottest place {hottest - celsius(0.0):.1f} °C"


def _energy() -> Iterator[Check]:
    source = "a shorter pulse loses less heat sideways and steepens more"
    for energy, strong, weak in ((0.16, 4.0, 2.0), (0.20, 4.0, 2.0), (0.28, 3.5, 3.0), (0.30, 3.5, 3.0)):
        for kinetics, words in _NAMES.items():
            states = [shot(power, energy / power) for power in (strong, weak)]
            short, long = (zone(state, kinetics) for state in states)
            for power, state, volume in zip((strong, weak), states, (short, long), strict=True):
                yield Check(f"volume, {words}, {energy:g} J as {power:g} W x {1e3 * energy / power:.1f} ms", volume,
                            None, None, "mm3", "", _told(state))  # fmt: skip
            yield _less(f"volume, {words}, {energy:g} J: {weak:g} W over {strong:g} W", long, short, source)


def _less(name: str, smaller: float, larger: float, source: str) -> Check:
    share = smaller / larger if larger > 0.0 else math.nan
    return Check(
        name, share, 0.0, math.nextafter(1.0, 0.0), "1", source, f"below 1: {smaller:.4f} and {larger:.4f} mm³"
    )


def _bounds() -> Iterator[Check]:
    for duration in (0.06, 0.08):
        state, named = shot(3.0, duration), f"3 W x {1e3 * duration:g} ms"
        yield Check(
            f"{named}: hottest place", 34.0 + rise(state), 77.5, 17.5, "degC", _FABI, "60 to 95 °C, below boiling"
        )
        yield Check(f"{named}: coagulated volume", zone(state), 0.5, 0.5, "mm3", _FABI, "0 to 1 mm³")
        burn = float(state.integrals[OMEGA][:, GRID.centres[1] < 0.1e-3].max())
        yield Check(f"{named}: Ω in the uppermost 0.1 mm", burn, 0.0, 1.0, "1", _FABI, "below 1")
    source = "more power, or the same for longer, never makes less"
    for low, high in ((3.0, 3.5), (3.5, 4.0), (4.0, 5.0)):
        less, more = (zone(shot(power, 0.08)) for power in (low, high))
        yield _less(f"volume of {low:g} W over that of {high:g} W, 80 ms", less, more, source)
    for brief, long in ((0.04, 0.06), (0.06, 0.08), (0.08, 0.1)):
        less, more = (zone(shot(4.0, duration)) for duration in (brief, long))
        yield _less(f"volume after {1e3 * brief:g} ms over that after {1e3 * long:g} ms, 4 W", less, more, source)


CLAIMS = (
    Claim("Shots: twice the harmonics, half the steps", _refined, seconds=8.0),
    Claim("Shots: the interval on the threshold of the shock", _threshold, seconds=4.0),
    Claim("Shots: equal energy, unequal zones", _energy, seconds=2.0),
    Claim("Shots: bounds of published points", _bounds, seconds=3.0),
)
