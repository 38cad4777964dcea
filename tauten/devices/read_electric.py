"""What the files of both electric methods share: rows held to what a device can have, the generator, the settings."""

from __future__ import annotations

from collections.abc import Mapping

from tauten.devices.generator import DRIVERS, Generator
from tauten.devices.head import Hazard
from tauten.devices.parts import read_settings
from tauten.devices.setting import Setting
from tauten.devices.table import Table
from tauten.errors import InputError
from tauten.facts import CONFIDENCES, Row, load

__all__ = ["check_series", "read_current_settings", "read_generator", "read_hazard", "read_row"]

_GENERATOR = {"frequency": "MHz", "power_share": "1", "output_tolerance": "%"}
_LIMITS = {"volts": ("V", "voltage"), "amperes": ("A", "current"), "watts": ("W", "power")}
_COOLING = {
    "plate": ("plate_temperature", "pre_cooling", "post_cooling"),
    "spray": ("spray_before", "spray_delay", "spray_during", "spray_after"),
}
_TOGETHER = {
    "pulses": ("period",), "stamps": ("stamp_interval",), "lines": ("stamps", "stamp_interval"), "overlap": ("stamps",),
    "passes": ("pass_interval",), "levels": ("depth", "level_spacing", "level_interval"), "fluence": ("power",),
}  # fmt: skip
"""Settings that one cannot do without."""


def read_row(table: Table, name: str, key: str, unit: str, allowed: str = "", zero: bool = False) -> Row:
    """Return the row `name` of the device `key`, in `unit`.

    Its spread stays within the row `devices/electric/<allowed>.allowed` where that is given, and is above 0 unless
    `zero` may be; raises `InputError` with the line otherwise.
    """
    inner = table.table(name)
    row = inner.row(f"devices/{key}/{name}", (unit,))
    inner.finish()
    low, high = ("low" if inner.has("low") else "value"), ("high" if inner.has("high") else "value")
    if row.low < 0.0 or (row.low == 0.0 and not zero):
        allowed_words = "0 or more" if zero else "above 0"
        raise inner.fault("is not positive", low, value=f"{row.low:g}", allowed=allowed_words, unit=unit)
    if allowed:
        bounds = load()[f"devices/electric/{allowed}.allowed"]
        for where, end, si in ((low, row.low, row.si_low), (high, row.high, row.si_high)):
            if not bounds.si_low * (1 - 1e-12) <= si <= bounds.si_high * (1 + 1e-12):
                raise inner.fault(
                    "is outside what a device can have", where, value=f"{end:g}",
                    allowed=f"{bounds.low:g} to {bounds.high:g}", unit=unit,
                )  # fmt: skip
    return row


def read_generator(table: Table, key: str) -> dict[str, Row]:
    """Return the rows of a generator: what every device has, and the limits that this one names."""
    rows: dict[str, Row] = {}
    for name, unit in _GENERATOR.items():
        rows[name] = read_row(
            table, name, key, unit, "frequency" if name == "frequency" else "", zero=name == "output_tolerance"
        )
    for name, most in (("power_share", 1.0), ("output_tolerance", 100.0)):
        if rows[name].high > most:
            inner = table.table(name)
            problem = "is more power than the device is given" if most == 1.0 else "is outside what is possible"
            raise inner.fault(
                problem, "high" if inner.has("high") else "value", value=f"{rows[name].high:g}",
                allowed=f"above 0 to {most:g}", unit=rows[name].unit,
            )  # fmt: skip
    for name, (unit, allowed) in _LIMITS.items():
        if table.has(name):
            rows[name] = read_row(table, name, key, unit, allowed)
    table.finish()
    return rows


def read_current_settings(top: Table, key: str, known: Mapping[str, str]) -> Mapping[str, Setting]:
    """Return the settings, each within what its kind can be, with exactly one that says how strong it is."""
    table = top.table("settings")
    settings = read_settings(table, key, known, {name: f"devices/electric/{name}.allowed" for name in DRIVERS})
    given = [name for name in DRIVERS if name in settings]
    if len(given) > 1:
        raise table.fault(
            "is a second drive beside power", given[1], allowed="power or voltage",
            remedy="A generator holds one of them; the other follows from the tissue.",
        )  # fmt: skip
    if not given:
        raise table.fault("is missing", "power", allowed="value, low, high, unit, source, confidence")
    for name, allowed in (("hold", "hold"), ("most_temperature", "hold")):
        if name in settings:
            bounds, row = load()[f"devices/electric/{allowed}.allowed"], settings[name].row
            if row.si_low < bounds.si_low or row.si_high > bounds.si_high:
                allowed_words = f"{bounds.low:g} to {bounds.high:g}"
                raise table.fault(
                    "is no temperature to hold tissue at", name, value=f"{row.low:g} to {row.high:g} {row.unit}",
                    allowed=allowed_words, unit=bounds.unit,
                )  # fmt: skip
    return settings


def check_series(machine: Generator, top: Table) -> None:
    """Raise `InputError` for a setting without those it needs, one for nothing, or defaults that fail themselves."""
    settings = machine.settings
    needed = {"duration", *(n for count, others in _TOGETHER.items() if count in settings for n in others)}
    for cooling, names in _COOLING.items():
        if cooling in machine.cooling:
            needed.update(names)
        elif spare := set(names) & set(settings):
            raise top.fault(f"is for nothing: this device has no {cooling}", f"settings.{min(spare)}")
    if missing := needed - set(settings):
        raise top.fault("is missing", f"settings.{min(missing)}", allowed="value, low, high, unit, source, confidence")
    watts, power = machine.limits().watts, settings.get("power")
    if power is not None and power.high > watts * (1 + 1e-9):
        raise top.fault(
            "is more than the generator gives", "settings.power", value=f"{power.row.high:g}",
            allowed=f"up to {watts:g}", unit="W",
        )  # fmt: skip


def check_defaults(machine: Generator, top: Table) -> None:
    """Raise `InputError`, at the setting's line, when the device's own defaults give no series."""
    try:
        machine.series()  # type: ignore[attr-defined]
    except InputError as error:
        name = (error.key or "").rpartition(".")[2]
        raise top.fault(
            error.problem, f"settings.{name}", value=error.value, allowed=error.allowed, unit=error.unit
        ) from error


def read_hazard(table: Table) -> Hazard:
    """Return what the current can do where it must not go, with its source."""
    hazard = Hazard(table.text("text"), table.text("source"), table.text("confidence", CONFIDENCES))
    table.finish()
    return hazard
