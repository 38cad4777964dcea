"""The reader of the file of an applicator for surface radio-frequency: its tip, its generator, and what can be set."""

from __future__ import annotations

from types import MappingProxyType

from tauten.devices.applicator import SHAPES, Applicator
from tauten.devices.cooled import COOLINGS
from tauten.devices.parts import read_published, read_statement
from tauten.devices.read_electric import (
    check_defaults,
    check_series,
    read_current_settings,
    read_generator,
    read_hazard,
    read_row,
)
from tauten.devices.setting import RF_UNITS
from tauten.devices.table import Table
from tauten.facts import Row, load

__all__ = ["read_rf"]

KINDS = ("monopolar capacitive", "monopolar", "bipolar")
_SIZES: dict[str, tuple[tuple[str, str], ...]] = {
    "round": (("area", "cm2"),),
    "square": (("area", "cm2"),),
    "bars": (("width", "mm"), ("length", "mm"), ("gap", "mm")),
    "discs": (("area", "cm2"), ("gap", "mm")),
}
_MEMBRANE = (
    ("membrane_thickness", "um", "membrane.thickness"),
    ("membrane_permittivity", "1", "membrane.permittivity"),
    ("membrane_conductivity", "W/m/K", "membrane.conductivity"),
)


def read_rf(top: Table, file: str) -> Applicator:
    """Return the applicator that the table `top` of `file` describes."""
    key, kind = top.text("key"), top.text("kind", KINDS)
    tip = top.table("tip")
    shape = tip.text("shape", SHAPES)
    _check_kind(tip, kind, shape)
    rows = {**_tip(tip, key, shape, kind), **read_generator(top.table("generator"), key)}
    described = Applicator(
        key=key,
        name=top.text("name"),
        method=top.text("method"),
        kind=kind,
        as_published=top.text("as_published"),
        shape=shape,
        cooling=top.choices("cooling", COOLINGS),
        settings=read_current_settings(top, key, RF_UNITS),
        cleared_uses=tuple(read_statement(t) for t in top.tables("uses")),
        hazards=tuple(read_hazard(t) for t in top.tables("hazards")),
        rows=MappingProxyType({row.name: row for row in rows.values()}),
        published=tuple(read_published(t) for t in top.tables("published", optional=True)),
        file=file,
    )
    top.finish()
    if "fluence" in described.settings and "area" not in rows:
        raise top.fault("needs a tip whose area is given", "settings.fluence", remedy="Give power.")
    check_series(described, top)
    check_defaults(described, top)
    return described


def _check_kind(tip: Table, kind: str, shape: str) -> None:
    """Raise `InputError` for a kind that the tip is not of."""
    two = shape in ("bars", "discs")
    if two != (kind == "bipolar"):
        allowed = "bars | discs" if kind == "bipolar" else "round | square"
        raise tip.fault(f"is no shape of a {kind} tip", "shape", value=f'"{shape}"', allowed=allowed)
    behind = tip.has("membrane_thickness")
    if behind and kind == "monopolar":
        raise tip.fault("belongs to a monopolar capacitive tip", "membrane_thickness", remedy="Name that kind.")
    if not behind and kind == "monopolar capacitive":
        raise tip.fault("is missing", "membrane_thickness", allowed="value, low, high, unit, source, confidence")


def _tip(table: Table, key: str, shape: str, kind: str) -> dict[str, Row]:
    rows = {name: read_row(table, name, key, unit) for name, unit in _SIZES[shape]}
    if table.has("membrane_thickness"):
        rows |= {name: read_row(table, name, key, unit, allowed) for name, unit, allowed in _MEMBRANE}
    table.finish()
    bounds = load()["devices/electric/electrode.size.allowed"]
    for name, row in rows.items():
        if name not in ("area", "width", "length", "gap"):
            continue
        power = 2 if name == "area" else 1
        low, high = bounds.si_low**power, bounds.si_high**power
        scale = row.si / row.value
        if not low * (1 - 1e-12) <= row.si_low <= row.si_high <= high * (1 + 1e-12):
            raise table.table(name).fault(
                "is no size an electrode on skin can have", value=f"{row.low:g} to {row.high:g}",
                allowed=f"{low / scale:g} to {high / scale:g}", unit=row.unit,
            )  # fmt: skip
    return rows
