"""Current that heats what it flows through, round the one loop: a relation that holds for any shape of metal.

Kohlrausch 1900: where current and heat leave by the same walls and by no other, the hottest place of a body in balance
is the metal that no heat leaves by, and its temperature follows from the voltage alone, ∫ (k/σ) dT = V²/2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from tauten.coupling import couple
from tauten.devices.cooling import Convective
from tauten.devices.drive import Voltage
from tauten.devices.exposure import Placed
from tauten.devices.needles import NeedleArray, NeedlePulse
from tauten.facts import Facts, load
from tauten.grid import Grid
from tauten.physics import current
from tauten.simulate import METHODS, simulate
from tauten.skin import dielectrics
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers.potential import Earthed
from tauten.tissue import Tissue, at_rest, tissue_of
from tauten.treatment import Treatment
from tauten.validation.case import Check, Claim

__all__ = ["CLAIMS"]

_SIGMA, _K, _VOLTS, _RISE = 0.22, 0.37, 10.0, 0.02  # S/m, W/m/K, V root mean square, 1/K
_TALL = 1.5e-3  # m
_STILL = 0.01  # K in one diffusion time is called steady
_SOURCE = "exact: Kohlrausch 1900, the rise from the voltage alone"


def _body(coefficient: float) -> tuple[Tissue, Placed]:
    """Return a block of one tissue, insulated but for its floor, and three bare needles of uneven places leaning in it.

    The floor is earthed and held at body temperature, that at which the conductivity is `_SIGMA`.
    """
    facts = _one_tissue(coefficient)
    skin = Skin.of(Layer("dermis", 2.0 * _TALL, perfusion=0.0))
    across = np.linspace(-0.9e-3, 0.9e-3, 25)
    grid = Grid((across, across, np.linspace(0.0, _TALL, 21)))
    laid = tissue_of(skin, grid, facts, ())
    tissue = replace(laid, air=Convective(laid.core, 1e-9))
    array = NeedleArray(((-0.32e-3, -0.27e-3), (0.41e-3, -0.13e-3), (-0.06e-3, 0.38e-3)), 0.12e-3, 1e-3, 1e-3, 0.3)
    pulse = NeedlePulse(array, 0.6e-3, 0.5e6, Voltage(_VOLTS, rms=True), 240.0, "monopolar")
    return tissue, Placed(pulse, (0.0, -0.1e-3))


def _one_tissue(coefficient: float) -> Facts:
    """Return facts in which dermis conducts `_SIGMA` and `_K`, and nothing boils off or is carried away."""
    facts = load()
    plain = Skin.of(Layer("dermis", _TALL))
    scale = facts.si("tissue/dielectrics/dermis.conductivity_scale")
    found = float(dielectrics.dielectrics(plain, 0.5e6, facts).conductivity[0])
    for name, value in (
        ("tissue/dielectrics/dermis.conductivity_scale", scale * _SIGMA / found),
        ("tissue/dielectrics/temperature_coefficient", 100.0 * coefficient),
        ("tissue/thermal/dermis.conductivity", _K),
    ):
        facts = facts.with_value(name, value)
    return facts


@cache
def _hottest(coefficient: float) -> tuple[float, float]:
    """Return the steady rise of the hottest place [K], and what it still changed in the last diffusion time [K]."""
    tissue, shot = _body(coefficient)
    method = METHODS[NeedlePulse]
    state = at_rest(tissue, 0.0)
    medium = tissue.medium
    capacity = float(np.asarray(medium.density)[0] * np.asarray(medium.specific_heat)[0])
    diffusion = _TALL**2 * capacity / _K
    times = np.arange(1.0, shot.exposure.duration / diffusion) * diffusion
    course = couple(
        method, tissue, shot, state, times.tolist(), state, 0.002, lambda each: float(each.rise.max()), real=True,
        walls={"bottom": Earthed()},
    )  # fmt: skip
    rises = course.frames
    last = next((n for n in range(1, len(rises)) if abs(rises[n] - rises[n - 1]) < _STILL), len(rises) - 1)
    return rises[last], abs(rises[last] - rises[last - 1])


def _kohlrausch() -> Iterator[Check]:
    for coefficient, name in ((_RISE, "that rises by 2 %/K"), (0.0, "that does not change")):
        exact = current.kohlrausch_rise(_VOLTS, _SIGMA, _K, coefficient)
        found, change = _hottest(coefficient)
        yield Check(
            f"three leaning needles in a box, conductivity {name}: rise of the metal", found, exact, 0.01 * exact, "K",
            _SOURCE, "1 %, 10 V root mean square",
        )  # fmt: skip
        yield Check(f"{name}: change in the last diffusion time", change, 0.0, _STILL, "K", "steady to 0.01 K")


_ORDER = (
    "order only: doi:10.2147/ccid.s446814 (duration), PMFA Journal (insulation), the rows of conductivity (frequency)"
)


def _zone(depth: float = 1.4e-3, active: float = 0.4e-3, duration: float = 0.15, frequency: float = 1e6) -> Treatment:
    """Return what a pair of needles 1 mm apart leaves in a thick dermis at 42 V."""
    skin = Skin.of(Layer("epidermis", 60e-6), Layer("dermis", 3e-3), Layer("fat", 6e-3), Layer("muscle", 10e-3))
    array = NeedleArray.pairs(1, 1e-3, 1e-3, 0.125e-3, 3e-3, active)
    pulse = NeedlePulse(array, depth, frequency, Voltage(42.0, rms=True), duration, "pairs")
    return simulate(skin, pulse, spacing=70e-6, rest=1.0, frames=8)


def _orderings() -> Iterator[Check]:
    usual = _zone()
    longer, bare, faster, deeper = (
        _zone(duration=0.3), _zone(active=1.4e-3), _zone(frequency=2e6), _zone(depth=2.0e-3)
    )  # fmt: skip

    def told(name: str, holds: bool, note: str) -> Check:
        return Check(name, float(holds), 1.0, 0.0, "1", _ORDER, note)

    def sizes(made: Treatment) -> tuple[float, float, float]:
        zone = made.zones[0]
        return 1e3 * zone.width, 1e3 * zone.top, 1e3 * zone.centre

    (width, top, centre), (wider, _, _), (bare_width, bare_top, bare_centre) = map(sizes, (usual, longer, bare))
    yield told("a pulse of 0.3 s coagulates wider than one of 0.15 s", wider > width, f"{wider:.3f}, {width:.3f} mm")
    yield told(
        "insulated shafts coagulate deeper: nothing above the bare tip", top > bare_top and centre > bare_centre,
        f"from {top:.2f} round {centre:.2f}, bare from {bare_top:.2f} round {bare_centre:.2f} mm",
    )  # fmt: skip
    small, large = (made.zones[0] for made in (usual, bare))
    yield told(
        "and narrower: a shorter zone of less volume", small.length < large.length and small.volume < large.volume,
        f"{1e3 * small.length:.2f} mm and {1e9 * small.volume:.3f} mm3, bare {1e3 * large.length:.2f} and "
        f"{1e9 * large.volume:.3f}",
    )  # fmt: skip
    yield Check(
        "width at the widest over that of bare needles, equal voltage", width / bare_width, None, None, "1", _ORDER,
        "told: a short tip has the denser current, so at equal voltage its zone is shorter but not thinner",
    )  # fmt: skip
    moved = sizes(deeper)[2] - centre
    yield Check("the zone moves with the tips, put in 0.6 mm deeper", moved, 0.6, 0.06, "mm", _ORDER, "0.06 mm")
    one, other = (
        float(dielectrics.dielectrics(usual.skin, hertz, usual.skin.facts).conductivity[1]) for hertz in (1e6, 2e6)
    )
    found = faster.electric[0].power / usual.electric[0].power
    yield Check(
        "power at 2 MHz over that at 1 MHz, equal voltage", found, other / one, 0.03 * other / one, "1", _ORDER,
        "conductivity of dermis alone; 3 %",
    )  # fmt: skip


CLAIMS = (
    Claim("heat of a current in balance (Kohlrausch)", _kohlrausch, 40.0),
    Claim("zones of needles: orders of the literature", _orderings, 20.0),
)
