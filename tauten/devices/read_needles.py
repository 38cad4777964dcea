"""The reader of the file of a stamp for RF microneedling: its needles, its generator, and what can be set."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from tauten.devices.cooled import COOLINGS
from tauten.devices.needles import POLARITIES
from tauten.devices.parts import read_published, read_statement
from tauten.devices.read_electric import (
    check_defaults,
    check_series,
    read_current_settings,
    read_generator,
    read_hazard,
    read_row,
)
from tauten.devices.setting import NEEDLE_UNITS
from tauten.devices.stamp import LAYOUTS, Stamp
from tauten.devices.table import Table
from tauten.errors import InputError
from tauten.facts import Facts, Row, load

__all__ = ["read_needles"]

KINDS = ("insulated needles", "bare needles")


def read_needles(top: Table, file: str) -> Stamp:
    """Return the stamp that the table `top` of `file` describes."""
    key, kind = top.text("key"), top.text("kind", KINDS)
    needles = top.table("needles")
    layout = needles.text("layout", tuple(LAYOUTS))
    counts = _counts(needles, layout)
    positions = _positions(needles) if layout == "listed" else ()
    polarity = needles.choices("polarity", POLARITIES)
    rows = _rows(needles, key, layout, kind)
    described = Stamp(
        key=key,
        name=top.text("name"),
        method=top.text("method"),
        kind=kind,
        as_published=top.text("as_published"),
        layout=layout,
        counts=MappingProxyType(counts),
        positions=positions,
        polarity=polarity,
        cooling=top.choices("cooling", COOLINGS) if top.has("cooling") else ("none",),
        settings=read_current_settings(top, key, NEEDLE_UNITS),
        cleared_uses=tuple(read_statement(t) for t in top.tables("uses")),
        hazards=tuple(read_hazard(t) for t in top.tables("hazards")),
        rows=MappingProxyType({row.name: row for row in (rows | read_generator(top.table("generator"), key)).values()}),
        published=tuple(read_published(t) for t in top.tables("published", optional=True)),
        file=file,
    )
    top.finish()
    _check_array(described, needles)
    if "depth" not in described.settings:
        raise top.fault("is missing", "settings.depth", allowed="value, low, high, unit, source, confidence")
    check_series(described, top)
    _check_depth(described, top)
    check_defaults(described, top)
    return described


def _counts(table: Table, layout: str) -> dict[str, int]:
    most = int(load()["devices/electric/needles.allowed"].high)
    counts: dict[str, int] = {}
    for name in LAYOUTS[layout]:
        given = table.number(name)
        if given != int(given) or not 1 <= given <= most:
            raise table.fault(
                "is no number of needles a stamp has", name, value=f"{given:g}",
                allowed=f"a whole number, 1 to {most}",
            )  # fmt: skip
        counts[name] = int(given)
    return counts


def _positions(table: Table) -> tuple[tuple[float, float], ...]:
    """Return the places (x, y) [m] of needles that are listed one by one, in mm."""
    across, along = table.numbers("x_mm"), table.numbers("y_mm")
    if len(across) != len(along) or not all(map(math.isfinite, across + along)):
        allowed = f"{len(across)} finite numbers, one for each of x_mm"
        raise table.fault("do not match x_mm", "y_mm", value=len(along), allowed=allowed)
    return tuple((1e-3 * x, 1e-3 * y) for x, y in zip(across, along, strict=True))


def _rows(table: Table, key: str, layout: str, kind: str) -> dict[str, Row]:
    """Return the rows of the needles, each possible on its own."""
    wanted = {"radius": ("mm", "needle.radius"), "length": ("mm", "needle.length")}
    if layout != "listed":
        wanted["pitch"] = ("mm", "needle.pitch")
    if layout == "pairs":
        wanted["pair_pitch"] = ("mm", "needle.pitch")
    if kind == "insulated needles":
        wanted["active"] = ("mm", "")
    elif table.has("active"):
        raise table.fault("belongs to insulated needles", "active", remedy="Leave it out, or take that kind.")
    wanted["depth_reached"] = ("1", "")
    if table.has("tilt"):
        wanted["tilt"] = ("deg", "needle.tilt")
    rows = {
        name: read_row(table, name, key, unit, allowed, zero=name == "tilt") for name, (unit, allowed) in wanted.items()
    }
    table.finish()
    if "active" in rows and rows["active"].si_high >= rows["length"].si_low:
        raise table.table("active").fault(
            "leaves nothing insulated", value=f"{rows['active'].high:g}",
            allowed=f"below {rows['length'].low:g}", unit="mm",
        )  # fmt: skip
    if rows["depth_reached"].high > 1.0:
        raise table.table("depth_reached").fault(
            "is deeper than the needles are pushed", value=f"{rows['depth_reached'].high:g}", allowed="above 0 to 1"
        )
    return rows


def _check_array(stamp: Stamp, table: Table) -> None:
    """Raise `InputError` for needles that touch anywhere in their spreads, or a polarity the array cannot have."""
    where = "x_mm" if stamp.layout == "listed" else "pitch"
    try:
        array = stamp.array
        for close in ({"radius": "high", "pitch": "low", "pair_pitch": "low"}, {"radius": "high", "pair_pitch": "low"}):
            stamp.array_at(_at_ends(stamp, {"pitch": "high", **close}))
    except InputError as error:
        raise table.fault(
            error.problem, where, value=error.value, allowed=error.allowed, unit=error.unit, remedy=error.remedy
        ) from error
    for word in stamp.polarity:
        try:
            array.terminals(word)
        except InputError as error:
            raise table.fault(
                error.problem, "polarity", value=word, allowed=error.allowed, remedy=error.remedy
            ) from error


def _check_depth(stamp: Stamp, top: Table) -> None:
    """Raise `InputError` for a depth that can be set and the needles don't reach, at the short end of their length."""
    shortest = stamp.array_at(_at_ends(stamp, {"length": "low", "tilt": "high"}))
    deepest, depth = shortest.deepest, stamp.settings["depth"]
    if depth.high > deepest * (1 + 1e-9):
        scale = depth.row.si / depth.row.value
        raise top.fault(
            "is deeper than the needles reach", "settings.depth", value=f"{depth.row.high:g}",
            allowed=f"up to {deepest / scale:.4g}", unit=depth.unit,
        )  # fmt: skip


def _at_ends(stamp: Stamp, ends: Mapping[str, str]) -> Facts:
    """Return facts in which rows of the stamp, by their short names, are at the "low" or "high" end of their spread."""
    facts = stamp.with_facts()
    for name, end in ends.items():
        row = stamp.rows.get(f"devices/{stamp.key}/{name}")
        if row is not None:
            facts = facts.with_value(row.name, getattr(row, end))
    return facts
