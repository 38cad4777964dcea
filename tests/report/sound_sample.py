"""A made-up plan of focused ultrasound with the shape of a real one: TEST DATA, computed by nobody's physics.

`sample()` gives the ordinary case; keyword arguments replace any field of the plan.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
from plan_sample import row

from tauten.care.goals import Goal, GoalResult
from tauten.care.imaging import Finding
from tauten.care.limits import Limit, Margin
from tauten.care.plan_types import Advice, ChosenSetting, DepthProfile, Effect, LayerResult, Plan, RunRecord, TestSpot
from tauten.care.screening import Screening, conditions, screen
from tauten.care.shots import Considered, Guard, Pattern, ShotEnd, Shots
from tauten.devices.catalogue import catalogue
from tauten.grid import Grid
from tauten.skin.sites import site
from tauten.solvers.state import TissueState
from tauten.treatment import Figure, Trace
from tauten.units import celsius

LAYERS = (
    ("stratum_corneum", "stratum_corneum", 15e-6),
    ("epidermis", "epidermis", 65e-6),
    ("papillary_dermis", "dermis", 0.2e-3),
    ("reticular_dermis", "dermis", 1.3e-3),
    ("fat", "fat", 2.6e-3),
    ("smas", "smas", 0.5e-3),
    ("deep_fat", "fat", 0.6e-3),
    ("muscle", "muscle", 2.2e-3),
    ("bone", "bone", math.inf),
)
FOCUS, PITCH = 4.5e-3, 1.1e-3


def zone(width: float, top: float, bottom: float, peak: float, **more: Any) -> SimpleNamespace:
    length = bottom - top
    made = {
        "at": (0.0, 0.0), "width": width, "length": length, "volume": math.pi / 6 * width**2 * length, "top": top,
        "centre": 0.5 * (top + bottom), "bottom": bottom, "layers": ("fat", "smas"), "peak_temperature": peak,
        "boils": False, "lower_bound": False, "kinetics": "henriques_moritz_1947", "merged": (),
    }  # fmt: skip
    made |= more
    return SimpleNamespace(**made, formed=made["volume"] > 0.0)


@cache
def _trace() -> Trace:
    """A narrow bell of heat at the focus that grows for 60 ms and then spreads."""
    depth = (np.arange(200) + 0.5) * 45e-6
    time = np.concatenate([np.linspace(0.0, 0.06, 13), 0.06 + np.geomspace(0.005, 4.0, 90)])
    grown = np.clip(time / 0.06, 0.0, 1.0) / (1.0 + np.maximum(time - 0.06, 0.0) / 0.15) ** 1.5
    width = 0.35e-3 * np.sqrt(1.0 + np.maximum(time - 0.06, 0.0) / 0.4)
    bell = np.exp(-0.5 * ((depth[None, :] - 4.2e-3) / width[:, None]) ** 2)
    skin = 1.5 * np.exp(-depth / 0.6e-3)[None, :] * grown[:, None]
    rest = celsius(34.0) + 2.0 * depth / 9e-3
    temperature = rest[None, :] + 38.0 * grown[:, None] * bell + skin
    return Trace(time, depth, temperature, temperature[:, 0].copy())


def _layers(trace: Trace) -> tuple[LayerResult, ...]:
    found, top = [], 0.0
    for (name, _, thickness), share in zip(LAYERS, (0.0, 0.01, 0.03, 0.2, 0.12, 0.09, 0.04, 0.2, 0.1), strict=True):
        near = (trace.depth >= top) & (trace.depth < top + thickness)
        near = near if near.any() else np.arange(trace.depth.size) == np.argmin(np.abs(trace.depth - top))
        peak = float(trace.temperature[:, near].max())
        when = float(trace.time[trace.temperature[:, near].max(axis=1).argmax()])
        facts = {"epidermal_burn.henriques_moritz_1947": 1e-4} if name == "epidermis" else {}
        found.append(LayerResult(name, top, top + thickness, peak, peak - 6, peak + 9, when, share, facts))
        top += thickness
    return tuple(found)


def _omega(trace: Trace) -> np.ndarray[Any, Any]:
    step = np.gradient(trace.time)[:, None]
    return np.sum(np.exp(227.5 - 6.28e5 / 8.314 / trace.temperature) * step, axis=0)


def _profiles(trace: Trace) -> tuple[DepthProfile, ...]:
    depth, peak = trace.depth, trace.temperature.max(axis=0)
    step = np.gradient(trace.time)[:, None]
    omega = _omega(trace)
    bottoms = np.cumsum([thickness for *_, thickness in LAYERS])
    epidermis, fat = (depth > bottoms[0]) & (depth < bottoms[1]), (depth > bottoms[3]) & (depth < bottoms[4])
    dose = np.minimum(np.sum(2.0 ** (trace.temperature - celsius(43)) * step / 60.0, axis=0), 1e6)

    def of(name: str, unit: str, value: Any, where: Any, times: float, set_name: str) -> DepthProfile:
        inside = np.where(where, value, np.nan)
        return DepthProfile(name, unit, depth, inside, inside / times, inside * times, set_name)

    return (
        DepthProfile("peak temperature", "K", depth, peak, peak - 6.0, peak + 9.0),
        of("epidermal burn", "1", omega, epidermis, 7, "henriques_moritz_1947"),
        of("coagulation", "1", 1 - np.exp(-omega), depth > 0.08e-3, 5, "henriques_moritz_1947"),
        of("fat necrosis", "min", dose, fat, 4, "cem43"),
        of("collagen denaturation", "1", 1 - np.exp(-omega), depth > 0.08e-3, 3, "maitland_walsh_1997"),
    )


def margins() -> tuple[Margin, ...]:
    volume = Limit(
        "zone", "zone.volume", "volume", 0.5e-9, 1e-9, "m3", "Fabi 2015, Clin Cosmet Investig Dermatol 8:47", "quoted"
    )
    filled = Limit("pattern", "pattern.filled", "filled", 0.6, 0.9, "1", "none found", "product choice")
    hot = Limit(
        "tissue", "tissue.peak_temperature", "peak_temperature", celsius(95), celsius(100), "K", "boiling point", "seen"
    )
    surface = Limit(
        "skin surface", "skin_surface.peak_temperature", "peak_temperature", celsius(45), celsius(48), "K",
        "none found", "product choice",
    )  # fmt: skip
    return (
        Margin(hot, celsius(74.0), celsius(88.0), 1.22, True, rest=celsius(34.0)),
        Margin(volume, 0.06e-9, 0.21e-9, 1.9),
        Margin(filled, 0.28, 0.52, 1.6),
        Margin(surface, celsius(35.6), celsius(37.0), 4.0, rest=celsius(34.0)),
    )


def goals() -> tuple[GoalResult, ...]:
    made = Goal(
        "coagulated", "band.coagulated", "henriques_moritz_1947", 4.18e-3, 4.68e-3, 0.05, "1", "none found",
        "unverified", True,
    )  # fmt: skip
    return (GoalResult(made, 0.034, 0.011, 0.071),)


def output(index: float = 1.4) -> dict[str, Figure]:
    plain = {
        "power": (3.0, "W"), "peak_positive": (1.9e7, "Pa"), "peak_negative": (8.1e6, "Pa"), "sppa": (6.3e7, "W/m2"),
        "spta": (3.1e7, "W/m2"), "lateral": (0.41e-3, "m"), "axial": (3.68e-3, "m"), "depth": (13.7e-3, "m"),
        "derated_peak_positive": (1.4e7, "Pa"), "derated_peak_negative": (6.2e6, "Pa"), "derated_sppa": (3.9e7, "W/m2"),
        "derated_spta": (1.9e7, "W/m2"), "derated_lateral": (0.42e-3, "m"), "derated_axial": (3.7e-3, "m"),
        "derated_depth": (13.6e-3, "m"), "mechanical_index": (index, "1"), "mechanical_index_guide": (1.9, "1"),
    }  # fmt: skip
    return {name: Figure(value, unit) for name, (value, unit) in plain.items()}


def shots(**changes: Any) -> Shots:
    made = Shots(
        pattern=Pattern(23, PITCH, 3, 3e-3, 0.12, 0.18, 3.0, 0.06),
        focus=FOCUS,
        band=(4.18e-3, 4.68e-3),
        band_name="superficial fascia (SMAS)",
        zones={
            "central": (zone(0.31e-3, 3.7e-3, 4.8e-3, celsius(74.0)),),
            "lower end": (zone(0.0, 4.2e-3, 4.2e-3, celsius(58.0), layers=("smas",)),),
            "upper end": (zone(0.57e-3, 3.1e-3, 5.2e-3, celsius(97.0), lower_bound=True),),
        },
        output=output(),
        ends=(
            ShotEnd(
                "Joules: least sound", "devices/mfu-7mhz-4.5mm/acoustic_power_share", "low", 0.4, "1", celsius(49), 0.0,
                0.0, 0.0, 2.1,
            ),
            ShotEnd(
                "Skin fades least", "tissue/acoustics/skin.attenuation", "low", 0.4, "dB/cm", celsius(91), 0.3e-9,
                0.5e-3, 2e-3, 0.62,
            ),
        ),
        target=celsius(65.0),
        factor=0.81,
        focus_peak=celsius(74.0),
        guards=(Guard("bone", 7.5e-3, 1e-3), Guard("facial nerve", 6.9e-3, 1e-3)),
        considered=(
            Considered("mfu-7mhz-4.5mm", "Microfocused ultrasound head, 7 MHz, 4.5 mm", {}, 0.034, True),
            Considered("mfu-4mhz-4.5mm", "Microfocused ultrasound head, 4 MHz, 4.5 mm", {}, 0.029, True, "does less"),
        ),
    )  # fmt: skip
    return replace(made, **changes)


def finding(verdict: str = "warn", **changes: Any) -> Finding:
    made = Finding(
        "focus", "warn", "The focus at 4.5 mm lies in the fat, not in the superficial fascia (SMAS).",
        "Take a deeper head, or leave this place out.", FOCUS,
    )  # fmt: skip
    return replace(made, verdict=verdict, **changes)


def screening(**answers: Any) -> Screening:
    """Every question answered with no, but for `answers`."""
    asked = [c for c in conditions().values() if c.asked_for("ultrasound") and not c.number]
    return screen({c.key: False for c in asked} | answers, "ultrasound", age=52, phototype=3, bmi=23.0)


def sample(**changes: Any) -> Plan:
    trace = _trace()
    device = catalogue()[changes.pop("device_key", "mfu-7mhz-4.5mm")]
    layers = tuple(SimpleNamespace(name=n, tissue=t, thickness=d) for n, t, d in LAYERS)
    depths = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in layers])])
    skin = SimpleNamespace(
        site=site("cheek"), age=52.0, sex="female", phototype=3, side="both", layers=layers, depths=depths
    )
    used = (
        row("tissue/acoustics/skin.attenuation", 1.84, "dB/cm", "quoted", spread=0.5),
        row("devices/mfu-7mhz-4.5mm/acoustic_power_share", 1.0, "1", "unverified", source="none found"),
        row("tissue/thermal/fat.conductivity", 0.21, "W/m/K"),
    )
    shot = device.exposure(power=3.0, duration=0.06)
    treatment = SimpleNamespace(
        trace=trace, exposures=(SimpleNamespace(exposure=shot, at=(0.0, 0.0), time=0.0),), summary={}, depositions=(),
        state=TissueState(
            Grid((np.linspace(0.0, 3e-3, 3), np.arange(201) * 45e-6), "axisymmetric"), 4.0, np.zeros((2, 200)),
            celsius(34.0), np.zeros((2, 200)),
        ),
    )  # fmt: skip
    plan = Plan(
        title="Lower face, focused ultrasound",
        skin=skin,
        device=device,
        screening=screening(),
        settings=(
            ChosenSetting("pitch", PITCH, "m", "mm", 0.8e-3, 3e-3, "device default", "seen"),
            ChosenSetting("power", 3.0, "W", "W", 0.5, 60.0, "optimised", "product choice"),
            ChosenSetting("duration", 0.06, "s", "ms", 0.01, 0.2, "case", "unverified"),
            ChosenSetting("points", 23.0, "1", "count", 1.0, 40.0, "device default", "seen"),
            ChosenSetting("point_interval", 0.12, "s", "s", 0.02, 2.0, "device default", "unverified"),
            ChosenSetting("lines", 3.0, "1", "count", 1.0, 60.0, "case", "product choice"),
            ChosenSetting("line_spacing", 3e-3, "m", "mm", 1e-3, 10e-3, "device default", "unverified"),
        ),
        treatment=treatment,
        layers=_layers(trace),
        profiles=_profiles(trace),
        goals=goals(),
        margins=margins(),
        effects=tuple(
            Effect(r, r.low, r.high, 0.034 - a, 0.034 + a, celsius(74 - b), celsius(74 + b))
            for r, a, b in zip(used, (0.02, 0.015, 0.001), (14.0, 11.0, 0.5), strict=True)
        ),
        safer=(Advice("power", 3.0, 2.7, "W", "W", celsius(88), celsius(83), 0.6),),
        test_spot=TestSpot(2.1, 0.7, celsius(35.1), 900.0, 0.6, "power", "W", "W"),
        comfort={},
        assumptions=("Layers are flat and even under the head.",),
        published={},
        rows=used,
        language="en",
        record=RunRecord("0.1.0", 1, 1, 0, "2026-11-23", {"case": "ultrasound.toml"}, "3f9a" * 16),
        findings=(finding(),),
        shots=shots(),
    )
    return replace(plan, **changes)
