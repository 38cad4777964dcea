"""Made-up plans by current with the shape of real ones: TEST DATA, heat drawn with a compass, not computed.

Round every needle Ω is 1, and the peak 60 °C, on an ellipsoid of half axes `WIDE` and `HIGH` about the middle of its
bare tip; fat is past its dose to `LOST` below that middle. Zones, shares and distances are read by the solvers' code.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import sound_sample
from plan_sample import row

from tauten.care.depths import Depth
from tauten.care.goals import Goal, GoalResult
from tauten.care.imaging import Finding
from tauten.care.limits import Margin, read_limits
from tauten.care.plan_types import Advice, ChosenSetting, LayerResult, Plan, TestSpot
from tauten.care.screening import conditions, screen
from tauten.devices.catalogue import catalogue
from tauten.electric_summary import electric_summary
from tauten.facts import load
from tauten.grid import Grid
from tauten.skin.sites import site
from tauten.solvers.coagulation import coagulate, needle_zones
from tauten.solvers.state import Electric, TissueState
from tauten.treatment import Figure
from tauten.units import celsius

LAYERS = (
    ("stratum_corneum", "stratum_corneum", 15e-6),
    ("epidermis", "epidermis", 65e-6),
    ("papillary_dermis", "dermis", 0.2e-3),
    ("reticular_dermis", "dermis", 1.3e-3),
    ("fat", "fat", 2.6e-3),
    ("smas", "smas", 0.5e-3),
    ("muscle", "muscle", math.inf),
)
BORDER, FASCIA = 1.58e-3, 4.18e-3
SET, TIPS, BARE = 1.5e-3, 1.35e-3, 0.3e-3
WIDE, HIGH, LOST = 0.3e-3, 0.36e-3, 0.75e-3
MIDDLE = TIPS - BARE / 2.0


def skin() -> SimpleNamespace:
    layers = tuple(SimpleNamespace(name=n, tissue=t, thickness=d) for n, t, d in LAYERS)
    depths = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in layers])])
    return SimpleNamespace(
        site=site("cheek"), age=52.0, sex="female", phototype=3, side="both", layers=layers, depths=depths,
        fascia_depth=FASCIA, facts=load(),
    )  # fmt: skip


def away(grid: Grid, tips: list[tuple[float, float]], high: float) -> np.ndarray[Any, Any]:
    """How many half axes every cell lies from the nearest needle's middle."""
    x, y, z = np.meshgrid(*grid.centres, indexing="ij")
    found = np.full(grid.shape, np.inf)
    for across, along in tips:
        flat = np.hypot(x - across, y - along) / WIDE
        found = np.minimum(found, np.hypot(flat, (z - MIDDLE) / high))
    return found


def state_of(grid: Grid, tips: list[tuple[float, float]]) -> TissueState:
    near = away(grid, tips, HIGH)
    cold, fat = celsius(35.0), away(grid, tips, LOST)
    peak = np.maximum(celsius(80.0) - 20.0 * near, cold)  # 60 °C where Ω is 1, 70 °C half-way to it
    integrals = {
        "henriques_moritz_1947": np.exp(np.maximum(9.0 * (1.0 - near), -14.0)),
        "cem43": 60.0 * np.exp(np.clip(6.0 * (1.0 - fat), -14.0, 8.0)),
    }
    return TissueState(grid, 3.0, np.zeros(grid.shape), cold, peak - cold, integrals)


@cache
def _run(key: str, quarter: bool, step: float) -> SimpleNamespace:
    device = catalogue()[key]
    placed = device.series(depth=min(SET, device.settings["depth"].high))
    found, mirrors = skin(), placed[0].exposure.symmetry
    bare = 0.5 * placed[0].exposure.array.active
    tips = [(e.tip[0], e.tip[1] - bare * e.direction[1]) for e in placed[0].exposure.electrodes()]
    sides = []
    for places, mirror in zip(zip(*tips, strict=True), (mirrors.x, mirrors.y), strict=True):
        half = np.arange(0.0, max(abs(at) for at in places) + 0.9e-3, step)
        sides.append(half if quarter and mirror else np.concatenate([-half[:0:-1], half]))
    grid = Grid((*sides, np.arange(0.0, 5.0e-3, step)))
    state = state_of(grid, tips)
    electric = tuple(
        Electric(t, complex(z, -5.0), {"+": 22.0, "-": 22.0}, 0.29, 13.0, 13.0 * t, celsius(h))
        for t, z, h in ((0.0, 158.0, 35.0), (0.03, 140.0, 62.0), (0.07, 121.0, 79.0))
    )
    coagulation = coagulate(state, found, placed, load())
    return SimpleNamespace(
        skin=found, exposures=placed, state=state, trace=sound_sample.sample().treatment.trace, depositions=(),
        summary=dict(electric_summary(placed, electric, coagulation, load())),
        zones=needle_zones(state, found, placed, load()), electric=electric, coagulation=coagulation, damage=(),
    )  # fmt: skip


def margins(method: str, **shares: float) -> tuple[Margin, ...]:
    """Every limit of the method with its upper end at a share of the way to stop, 0.05 where none is given."""
    found = []
    for n, limit in enumerate(read_limits(load(), method)):
        rest = celsius(34.0) if limit.unit == "K" else 0.0
        end = limit.stop if math.isfinite(limit.stop) else limit.warn
        share = shares.get(limit.figure.replace(".", "_"), 0.05)
        upper = rest + share * (end - rest)
        found.append(Margin(limit, rest + 0.7 * share * (end - rest), upper, 1.5, n == 0, rest))
    return tuple(found)


def depths(run: SimpleNamespace) -> tuple[Depth, ...]:
    """The planned zone, moved by the step and grown where it is deeper."""
    zone = max(run.zones, key=lambda z: z.volume)
    made = []
    for step, fat, share in ((-1, 0.0, 0.02), (0, 0.0, 0.05), (1, 0.4e-9, 1.2)):
        moved = replace(
            zone, top=zone.top + step * 0.45e-3, centre=zone.centre + step * 0.45e-3,
            bottom=zone.bottom + step * 0.45e-3, layers=("reticular_dermis", "fat")[: 1 + (step > 0)],
        )  # fmt: skip
        made.append(
            Depth(
                step, SET + step * 0.5e-3, TIPS + step * 0.45e-3, moved,
                {
                    "band.denatured": 0.04 + 0.01 * step, "fat_loss.volume": fat, "dermis.spared": 0.8,
                    "tip.to_fascia": FASCIA - TIPS - step * 0.45e-3,
                },
                margins("microneedling", fat_loss_thickness=share),
            )
        )  # fmt: skip
    return tuple(made)


def finding(verdict: str = "warn") -> Finding:
    return Finding(
        "tip depth", verdict, "Tips set at 1.5 mm come to lie between 1.05 mm and 1.5 mm; the dermis ends at 1.5 mm.",
        "Measure the dermis.", 1.5e-3,
    )  # fmt: skip


def layers(peak: float = 82.0) -> tuple[LayerResult, ...]:
    found, top = [], 0.0
    for name, _, thick in LAYERS:
        hot = celsius(peak if name == "reticular_dermis" else 40.0)
        facts = {"epidermal_burn.henriques_moritz_1947": 1e-4} if name == "epidermis" else {}
        found.append(LayerResult(name, top, top + thick, hot, hot - 6, hot + 9, 0.12, math.nan, facts))
        top += thick
    return tuple(found)


def reached_row(device: Any) -> Any:
    return next(row for name, row in device.rows.items() if name.endswith("/depth_reached"))


def screening(method: str) -> Any:
    asked = [c for c in conditions().values() if c.asked_for(method) and not c.number]
    return screen({c.key: False for c in asked}, method, age=52, phototype=3, bmi=23.0)


def goals() -> tuple[GoalResult, ...]:
    made = Goal(
        "denatured",
        "band.denatured",
        "maitland_walsh_1997",
        0.28e-3,
        BORDER,
        0.05,
        "1",
        "none found",
        "unverified",
        True,
    )
    return (GoalResult(made, 0.04, 0.01, 0.09),)


def sample(**changes: Any) -> Plan:
    """A plan for needles; `device_key` takes another stamp, `quarter=False` the whole grid of cells `step` wide."""
    key, step = changes.pop("device_key", "needles-37-hexagonal"), changes.pop("step", 50e-6)
    device, run = catalogue()[key], _run(key, changes.pop("quarter", True), step)
    base = sound_sample.sample()
    plan = replace(
        base,
        title="Cheek, RF microneedling",
        skin=run.skin,
        device=device,
        screening=screening("rf_microneedling"),
        settings=(
            ChosenSetting("power", 13.0, "W", "W", 1.0, 50.0, "optimised", "product choice"),
            ChosenSetting("duration", 0.12, "s", "ms", 0.01, 1.0, "optimised", "unverified"),
            ChosenSetting("depth", SET, "m", "mm", 0.5e-3, 3.5e-3, "case", "unverified"),
            ChosenSetting("stamps", 8.0, "1", "count", 1.0, 40.0, "case", "product choice"),
            ChosenSetting("stamp_interval", 1.5, "s", "s", 0.3, 60.0, "device default", "unverified"),
        ),
        treatment=run,
        layers=layers(),
        goals=goals(),
        margins=margins("microneedling"),
        safer=(Advice("depth", SET, 1.3e-3, "m", "mm", 0.6, 0.5, 0.9),),
        test_spot=TestSpot(9.1, 0.7, celsius(36.0), 900.0, 0.4, "power", "W", "W"),
        rows=(*base.rows[2:], reached_row(device), row("tissue/dielectrics/fat.scale", 1.0, "1")),
        findings=(finding(),),
        shots=None,
        depths=depths(run),
    )
    return replace(plan, **changes)


def tip_sample(**changes: Any) -> Plan:
    """A plan for a monopolar tip, round its axis, warmest in the fat."""
    device = catalogue()[changes.pop("device_key", "rf-monopolar-3cm2")]
    placed, found = device.series(), skin()
    grid = Grid((np.arange(0.0, 30e-3, 0.25e-3), np.arange(0.0, 15e-3, 0.1e-3)), "axisymmetric")
    r, z = np.meshgrid(*grid.centres, indexing="ij")
    far = np.hypot(r / 8e-3, (z - 2.5e-3) / 1.5e-3)
    peak = np.maximum(celsius(52.0) - 10.0 * far, celsius(35.0))  # 42 °C at one half axis
    state = TissueState(
        grid, 30.0, np.zeros(grid.shape), celsius(35.0), peak - celsius(35.0),
        {"cem43": 60.0 * np.exp(np.clip(6.0 * (0.5 - far), -14, 6)), "henriques_moritz_1947": np.zeros(grid.shape)},
    )  # fmt: skip
    electric = (Electric(0.0, complex(120.0, -300.0), {"+": 90.0}, 0.4, 20.0, 0.0, celsius(36.0)),)
    base = sample()
    summary = dict(electric_summary(placed, electric, None, load())) | {"water.left": Figure(1.0, "1")}
    run = SimpleNamespace(
        skin=found, exposures=placed, state=state, trace=base.treatment.trace, depositions=(), summary=summary,
        zones=(), electric=electric, coagulation=None, damage=(),
    )  # fmt: skip
    plan = replace(
        base,
        title="Cheek, monopolar radio-frequency",
        device=device,
        screening=screening("rf_monopolar"),
        settings=(
            ChosenSetting("power", 20.0, "W", "W", 5.0, 400.0, "optimised", "product choice"),
            ChosenSetting("duration", 2.0, "s", "s", 0.5, 6.0, "device default", "unverified"),
            ChosenSetting("spray_during", 1.2, "s", "ms", 0.0, 6.0, "device default", "unverified"),
        ),
        treatment=run,
        layers=layers(50.0),
        margins=margins("radiofrequency"),
        safer=(),
        findings=(),
        depths=(),
    )
    return replace(plan, **changes)
