"""A made-up section with something of everything: TEST DATA, no anatomy."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from tauten.care.shots import Guard
from tauten.report.section import Outline, Section, Stratum

PITCH = 1.1e-3


def zones(width: float, top: float, centre: float, bottom: float, count: int = 7) -> tuple[Outline, ...]:
    return tuple(Outline(n * PITCH, width, top, centre, bottom) for n in range(count))


def section(**changes: Any) -> Section:
    layers = (
        ("stratum corneum", "stratum_corneum", 0.0, 0.015e-3),
        ("epidermis", "epidermis", 0.015e-3, 0.081e-3),
        ("papillary dermis", "dermis", 0.081e-3, 0.28e-3),
        ("reticular dermis", "dermis", 0.28e-3, 1.637e-3),
        ("fat", "fat", 1.637e-3, 4.21e-3),
        ("SMAS", "smas", 4.21e-3, 4.59e-3),
        ("deep fat", "fat", 4.59e-3, 5.2e-3),
        ("muscle", "muscle", 5.2e-3, 7.5e-3),
        ("bone", "bone", 7.5e-3, math.inf),
    )
    whole = Section(
        strata=tuple(Stratum(*layer) for layer in layers),
        focus=4.5e-3,
        planned=zones(0.31e-3, 3.62e-3, 4.27e-3, 4.83e-3),
        adverse=zones(0.55e-3, 2.94e-3, 4.21e-3, 5.09e-3),
        points=23,
        pitch=PITCH,
        goal=(4.0e-3, 5.0e-3),
        bone=7.5e-3,
        guards=(Guard("facial nerve", 6.43e-3, 1.0e-3),),
        findings=("The focus lies outside the layer that was meant.",),
    )
    return replace(whole, **changes)
