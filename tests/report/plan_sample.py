"""A made-up plan with the shape of a real one: TEST DATA, computed by nobody's physics but a one-line heat equation.

`sample()` gives the ordinary case; keyword arguments replace any field of the plan.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from tauten.care.goals import Goal, GoalResult
from tauten.care.limits import Limit, Margin
from tauten.care.plan_types import (
    Advice,
    ChosenSetting,
    DepthProfile,
    Effect,
    LayerResult,
    Plan,
    RunRecord,
    TestSpot,
)
from tauten.care.screening import Screening, conditions, screen
from tauten.devices.catalogue import catalogue
from tauten.devices.device import Device
from tauten.facts import Row
from tauten.grid import Grid
from tauten.skin.sites import site
from tauten.solvers.state import TissueState
from tauten.treatment import Trace
from tauten.units import celsius

LAYERS = (
    ("stratum_corneum", 15e-6),
    ("epidermis", 60e-6),
    ("papillary_dermis", 0.2e-3),
    ("reticular_dermis", 1.3e-3),
    ("fat", 5e-3),
    ("muscle", float("inf")),
)


def row(name: str, value: float, unit: str, confidence: str = "seen", spread: float = 0.2, **more: Any) -> Row:
    return Row(
        name, value, value * (1 - spread), value * (1 + spread), unit,
        more.get("source", "A. Author 2001, J Test 1:1"), confidence, "2026-11-23", more.get("note", ""),
    )  # fmt: skip


@cache
def _trace() -> Trace:
    """Window on from -1.5 s to 5 s at 20 °C behind a resistance, light from 0 to 3 s, then air. One-dimensional."""
    cells, step, dt = 160, 25e-6, 1.5e-3
    depth = (np.arange(cells) + 0.5) * step
    diffusivity, conductivity, capacity = 1.1e-7, 0.42, 3.8e6
    heat = 3.6e5 * 0.75 / 3.0 / 0.9e-3 * np.exp(-depth / 0.9e-3)
    temperature, rows, times, surfaces = np.full(cells, celsius(34.5)), [], [], []
    for n in range(int(16.5 / dt)):
        time = -1.5 + n * dt
        h, outside = (1 / 6.5e-4, celsius(14)) if time < 5.0 else (8.0, celsius(22))
        flux = (temperature[0] - outside) / (1 / h + step / 2 / conductivity)
        laplace = np.zeros(cells)
        laplace[1:-1] = temperature[2:] - 2 * temperature[1:-1] + temperature[:-2]
        laplace[0], laplace[-1] = temperature[1] - temperature[0], temperature[-2] - temperature[-1]
        source = heat if 0.0 <= time < 3.0 else 0.0
        temperature = temperature + dt * (diffusivity / step**2 * laplace + source / capacity)
        temperature[0] -= dt * flux / capacity / step
        if n % 40 == 0:
            rows.append(temperature.copy())
            times.append(time)
            surfaces.append(outside + flux / h)
    return Trace(np.array(times), depth, np.array(rows), np.array(surfaces))


def _profiles(trace: Trace) -> tuple[DepthProfile, ...]:
    depth, peak = trace.depth, trace.temperature.max(axis=0)

    def omega(ln_a: float, energy: float) -> np.ndarray[Any, Any]:
        step = np.gradient(trace.time)[:, None]
        return np.sum(np.exp(ln_a - energy / 8.314 / trace.temperature) * step, axis=0)

    burn, collagen = omega(227.5, 6.28e5), 1 - np.exp(-omega(159.2, 4.5e5) * 1e-3)
    step = np.gradient(trace.time)[:, None]
    warm = np.sum((trace.temperature > celsius(42)) * step, axis=0)
    thermal_dose = np.sum(2.0 ** (trace.temperature - celsius(43)) * step / 60.0, axis=0)
    bottoms = np.cumsum([thickness for _, thickness in LAYERS])
    epidermis, fat = (depth > bottoms[0]) & (depth < bottoms[1]), (depth > bottoms[3]) & (depth < bottoms[4])
    dermis = (depth > bottoms[1]) & (depth < bottoms[3])

    def of(name: str, unit: str, value: np.ndarray[Any, Any], where: Any, times: float, set_name: str) -> DepthProfile:
        inside = np.where(where, value, np.nan)
        return DepthProfile(name, unit, depth, inside, inside / times, inside * times, set_name)

    return (
        DepthProfile("peak temperature", "K", depth, peak, peak - 3.2, peak + 4.1),
        of("epidermal burn", "1", burn, epidermis, 7, "henriques_moritz_1947"),
        of("epidermal burn", "1", burn * 30, epidermis, 7, "weaver_stoll_1969"),
        of("dermal burn", "1", burn * 3, dermis, 5, "mehta_wong_dermis"),
        of("fat necrosis", "min", thermal_dose, fat, 4, "cem43"),
        of("collagen denaturation", "1", collagen, dermis, 6, "maitland_walsh_1997"),
        of("collagen shrinkage", "1", 0 * collagen, dermis, 6, "chen_1998"),
        of("heat stimulus", "s", warm, dermis, 1.3, "heat_stimulus"),
    )


def _treatment(trace: Trace, device: Device) -> SimpleNamespace:
    shots = device.series()
    if device.key == "ir-lamp-1100-1800":
        shots = device.series(fluence=3.2e5, duration=3.0, pre_cooling=1.5, post_cooling=2.0)
    radius = np.linspace(0.0, 12e-3, 25)
    step = trace.depth[1] - trace.depth[0]
    grid = Grid((radius, np.arange(trace.depth.size + 1) * step), "axisymmetric")
    rise = trace.temperature.max(axis=0) - celsius(34.5)
    fade = 1.0 / (1.0 + np.exp((grid.centres[0] - 6e-3) / 0.8e-3))
    state = TissueState(grid, 15.0, 0.0 * fade[:, None] * rise, celsius(34.5), fade[:, None] * rise)
    return SimpleNamespace(trace=trace, exposures=shots, state=state, light={}, summary={})


def margins() -> tuple[Margin, ...]:
    burn = Limit(
        "epidermal burn",
        "epidermal_burn.henriques_moritz_1947",
        "henriques_moritz_1947",
        0.1,
        0.53,
        "1",
        "Henriques 1947",
        "quoted",
        True,
    )
    fat = Limit("fat necrosis", "fat_necrosis.cem43", "cem43", 15.0, 60.0, "min", "Franco 2010", "unverified", True)
    surface = Limit(
        "skin surface", "skin_surface.peak_temperature", "peak_temperature", celsius(45), celsius(48), "K",
        "none found", "product choice",
    )  # fmt: skip
    hot = Limit("comfort", "comfort.time_hot", "time_hot", 5.0, math.inf, "s", "none found", "unverified")
    return (
        Margin(burn, 0.021, 0.17, 1.18, True),
        Margin(fat, 3.2, 41.0, 1.9),
        Margin(surface, celsius(36.2), celsius(41.4), 1.6, rest=celsius(34.0)),
        Margin(hot, 3.9, 5.7, math.inf),
    )


def goals() -> tuple[GoalResult, ...]:
    band: dict[str, Any] = {"top": 1e-3, "bottom": 2e-3, "source": "none found", "confidence": "product choice"}
    denatured = Goal(
        "denatured", "mean.collagen_denaturation.maitland_walsh_1997", "maitland_walsh_1997", target=0.05, unit="1",
        planned_on=False, **band,
    )  # fmt: skip
    stimulus = Goal(
        "stimulus", "mean.heat_stimulus.heat_stimulus", "heat_stimulus", target=10.0, unit="s", planned_on=True, **band
    )
    return GoalResult(stimulus, 7.7, 5.1, 9.6), GoalResult(denatured, 4.1e-4, 6e-5, 3.1e-3)


def _damage(near: np.ndarray[Any, Any]) -> dict[str, float]:
    inside = {f"{p.name}.{p.set_name}".replace(" ", "_"): p.value[near] for p in _profiles(_trace()) if p.set_name}
    return {name: float(np.nanmax(values)) for name, values in inside.items() if np.isfinite(values).any()}


def _layers(trace: Trace) -> tuple[LayerResult, ...]:
    found, top = [], 0.0
    for (name, thickness), share in zip(LAYERS, (0.01, 0.06, 0.17, 0.49, 0.1, 0.01), strict=True):
        near = (trace.depth >= top) & (trace.depth < top + thickness)
        damage = _damage(near)
        near = near if near.any() else np.arange(trace.depth.size) == np.argmin(np.abs(trace.depth - top))
        peak = float(trace.temperature[:, near].max())
        when = float(trace.time[trace.temperature[:, near].max(axis=1).argmax()])
        found.append(LayerResult(name, top, top + thickness, peak, peak - 3, peak + 4, when, share, damage))
        top += thickness
    return tuple(found)


def screening(**answers: Any) -> Screening:
    """Every question answered with no, but for `answers`."""
    asked = [c for c in conditions().values() if c.asked_for("infrared") and not c.number]
    return screen({c.key: False for c in asked} | answers, age=52, phototype=3, bmi=23.0)


def rows() -> tuple[Row, ...]:
    return (
        row("tissue/optics/dermis.scattering", 12.0, "1/mm"),
        row("tissue/thermal/dermis.conductivity", 0.445, "W/m/K", "quoted"),
        row("devices/cooling/contact_resistance", 6.5e-4, "m2*K/W", "unverified", note="ideal contact over-promises"),
        row("tissue/melanin/cheek.type_3", 5.0, "%", "unverified", source="none found"),
        row("goals/infrared.stimulus", 0.6, "1", "product choice"),
    )


def sample(**changes: Any) -> Plan:
    trace = _trace()
    device = catalogue()[changes.pop("device_key", "ir-lamp-1100-1800")]
    skin = SimpleNamespace(site=site("cheek"), age=52.0, sex="female", phototype=3, side="both")
    used = rows()
    plan = Plan(
        title="Lower face, infrared lamp",
        skin=skin,
        device=device,
        screening=screening(),
        settings=(
            ChosenSetting("fluence", 3.6e5, "J/m2", "J/cm2", 1e5, 6.5e5, "optimised", "seen"),
            ChosenSetting("duration", 3.0, "s", "s", 1.0, 10.0, "device default", "unverified"),
            ChosenSetting("plate_temperature", celsius(20), "K", "degC", celsius(0), celsius(30), "case", "unverified"),
        ),
        treatment=_treatment(trace, device),
        layers=_layers(trace),
        profiles=_profiles(trace),
        goals=goals(),
        margins=margins(),
        effects=tuple(
            Effect(r, r.low, r.high, 7.7 - 15 * a, 7.7 + 15 * a, 0.021 * b, 0.021 / b)
            for r, a, b in zip(used, (0.09, 0.05, -0.07, -0.01, 0.0), (0.3, 0.6, 2.5, 4.0, 1.0), strict=True)
        ),
        safer=(
            Advice("fluence", 3.6e5, 3.2e5, "J/m2", "J/cm2", 0.17, 0.07, 0.83),
            Advice("plate_temperature", celsius(20), celsius(15), "K", "degC", 0.17, 0.06, 0.94),
        ),
        test_spot=TestSpot(2.5e5, 0.7, celsius(38.4), 172800.0, 0.05),
        comfort={"comfort.time_warm": 6.2, "comfort.time_hot": 3.9},
        assumptions=("One pulse on skin at rest.", "The window touches everywhere."),
        published={},
        rows=used,
        language="en",
        record=RunRecord("0.1.0", 1, 1, 200000, "2026-11-23", {"case": "lower_face.toml"}, "3f9a" * 16),
    )
    return replace(plan, **changes)
