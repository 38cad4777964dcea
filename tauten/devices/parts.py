"""Parts that the files of every kind of device share: settings with their ranges, statements, published settings."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from tauten.devices.device import Published, Statement
from tauten.devices.setting import PEOPLE_UNITS, SI_UNITS, Setting
from tauten.devices.table import Table
from tauten.facts import CONFIDENCES, Row, load

__all__ = ["check_field", "read_published", "read_settings", "read_statement"]

_MOST = {
    "fluence": (1e7, "more than a device for skin gives"),  # J/m2, 1000 J/cm2
    "duration": (600.0, "more than a device for skin gives"),  # s
}
"""Beyond these [SI] a number is a slip."""
_PAST = {"devices/transducer/power.shot": "more than the sound field is worked out for"}
"""What to say of more than the upper end of a row."""
_NEVER_ZERO = (
    "fluence", "duration", "period", "power", "voltage", "energy", "most_energy", "most_impedance", "pitch", "depth",
    "line_spacing", "level_spacing",
)  # fmt: skip


def read_settings(
    table: Table, key: str, known: Mapping[str, str], bounds: Mapping[str, str] = MappingProxyType({})
) -> Mapping[str, Setting]:
    """Return the settings of a device file; `known` gives those its method has, with their SI units.

    `bounds` names the row whose upper end a setting may not pass.
    """
    settings: dict[str, Setting] = {}
    for name in table:
        if name not in known:
            near = get_close_matches(name, list(known), n=1)
            raise table.fault(
                "is not a setting Tauten knows", name, remedy=f"Did you mean {near[0]}?" if near else None
            )
        inner = table.table(name)
        row = inner.row(f"devices/{key}/{name}", PEOPLE_UNITS[known[name]])
        lowest = 0.0 if known[name] != "1" else 1.0
        if row.si_low < lowest or (name in _NEVER_ZERO and row.si_low <= 0.0):
            raise inner.fault("begins too low", "low", value=row.low, allowed="above 0" if not lowest else "1 or more")
        _check_extent(inner, name, known[name], row, bounds.get(name))
        step = inner.number("step") if inner.has("step") else None
        if step is not None and step <= 0:
            raise inner.fault("is not positive", "step", value=step)
        inner.finish()
        settings[name] = Setting(name, row, step)
    return MappingProxyType(settings)


def read_statement(table: Table) -> Statement:
    """Return a sentence with its kind, source and confidence."""
    statement = Statement(
        table.text("text"), table.text("kind", ("cleared", "off-label")), table.text("source"),
        table.text("confidence", CONFIDENCES),
    )  # fmt: skip
    table.finish()
    return statement


def read_published(table: Table) -> Published:
    """Return what somebody published for this kind of device."""
    source, confidence = table.text("source"), table.text("confidence", CONFIDENCES)
    stated = table.table("settings")
    settings: dict[str, Row] = {}
    for name in stated:
        if name not in SI_UNITS:
            raise stated.fault("is not a setting Tauten knows", name)
        inner = stated.table(name)
        settings[name] = inner.row(f"published/{name}", PEOPLE_UNITS[SI_UNITS[name]], (source, confidence))
        inner.finish()
    outside = table.text("outside", default="")
    published = Published(
        name=table.text("name"),
        settings=MappingProxyType(settings),
        protocol=table.text("protocol"),
        outcome=table.text("outcome"),
        source=source,
        confidence=confidence,
        outside=outside,
    )
    table.finish()
    return published


def check_field(table: Table, name: str, row: Row) -> None:
    """Raise `InputError` where the spread of `row` passes the bounds in `devices/fields/<name>`, if there are any."""
    bounds = load().under("devices/fields").get(name)
    if bounds is None:
        return
    for end, number, beyond in (("low", row.low, row.low < bounds.low), ("high", row.high, row.high > bounds.high)):
        if beyond:
            raise table.fault(
                "is outside what a device can have", end if table.has(end) else "value", value=f"{number:g}",
                allowed=f"{bounds.low:g} to {bounds.high:g}", unit=row.unit, remedy=bounds.note,
            )  # fmt: skip


def _check_extent(table: Table, name: str, unit: str, row: Row, bound: str | None) -> None:
    """Raise `InputError` for a count that is not whole, or more than any device for skin gives."""
    if unit == "1":
        for key, number in (("value", row.value), ("low", row.low), ("high", row.high)):
            if number != round(number):
                remedy = None if table.has("value") else "Give the default as value."
                raise table.fault(
                    "is not a whole number", key, value=f"{number:g}", allowed="1, 2, 3, ...", remedy=remedy
                )
    limit, problem = _MOST.get(name, (float("inf"), ""))
    if bound is not None:
        limit, problem = load()[bound].si_high, _PAST.get(bound, "more than a device for skin gives")
    if row.si_high > limit * (1 + 1e-12):
        most = limit * row.high / row.si_high
        key = "high" if table.has("high") else "value"
        allowed = f"above 0, up to {most:g}"
        raise table.fault(f"is {problem}", key, value=row.high, allowed=allowed, unit=row.unit)
