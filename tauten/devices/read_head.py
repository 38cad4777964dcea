"""The reader of a focused-ultrasound head's file: transducer, what can be set, and where its sound must not go."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tauten.devices.head import Hazard, Head
from tauten.devices.parts import check_field, read_published, read_settings, read_statement
from tauten.devices.setting import SOUND_UNITS
from tauten.devices.table import Table
from tauten.devices.transducer import Bowl
from tauten.errors import InputError, OutsideValidity
from tauten.facts import CONFIDENCES, Row, load
from tauten.skin.acoustics import COUPLANTS, check_frequency

__all__ = ["read_head"]

KINDS = ("microfocused ultrasound", "focused ultrasound")
_SHAPES = ("bowl", "ring")
_NEEDED = ("power", "duration")
_TOGETHER = {"points": ("pitch", "point_interval"), "lines": ("points", "line_spacing", "line_interval")}
"""Settings that a count cannot do without."""
_FACTS: dict[str, tuple[str, ...]] = {
    "radius": ("mm",), "aperture": ("mm",), "frequency": ("MHz",), "focal_depth": ("mm",), "line_length": ("mm",),
    "acoustic_power_share": ("1",), "output_tolerance": ("%",),
}  # fmt: skip


def read_head(top: Table, file: str) -> Head:
    """Return the head that the table `top` of `file` describes."""
    key = top.text("key")
    transducer = top.table("transducer")
    shape = transducer.text("shape", _SHAPES)
    rows = _rows(transducer, shape, key)
    described = Head(
        key=key,
        name=top.text("name"),
        method=top.text("method"),
        kind=top.text("kind", KINDS),
        as_published=top.text("as_published"),
        shape=shape,
        couplant=_couplant(top),
        settings=read_settings(top.table("settings"), key, SOUND_UNITS, {"power": "devices/transducer/power.shot"}),
        cleared_uses=tuple(read_statement(t) for t in top.tables("uses")),
        hazards=tuple(_hazard(t) for t in top.tables("hazards")),
        rows=rows,
        published=tuple(read_published(t) for t in top.tables("published", optional=True)),
        file=file,
    )
    top.finish()
    _check_complete(described, top)
    return described


def _rows(table: Table, shape: str, key: str) -> Mapping[str, Row]:
    """Return the transducer's rows, each possible on its own and with the others, at both ends of every spread."""
    units: dict[str, tuple[str, ...]] = _FACTS | ({"hole": ("mm",)} if shape == "ring" else {})
    rows: dict[str, Row] = {}
    tables: dict[str, Table] = {}
    for name, allowed in units.items():
        inner = tables[name] = table.table(name)
        row = rows[name] = inner.row(f"devices/{key}/{name}", allowed)
        inner.finish()
        low = "low" if inner.has("low") else "value"
        if row.low < 0.0 or (row.low == 0.0 and name != "output_tolerance"):
            raise inner.fault("is not positive", low, value=f"{row.low:g}", allowed="above 0", unit=row.unit)
        check_field(inner, name, row)
    table.finish()
    _check_shape(rows, tables)
    for end in (rows["frequency"].si_low, rows["frequency"].si_high):
        try:
            check_frequency(end)
        except OutsideValidity as error:
            raise tables["frequency"].fault(
                "is beyond the data on tissue", value=f"{end / 1e6:g}", allowed=_reach(), unit="MHz"
            ) from error
    return MappingProxyType({row.name: row for row in rows.values()})


def _reach() -> str:
    row = load()["tissue/acoustics/frequency.allowed"]
    return f"{row.low:g} to {row.high:g}"


def _check_shape(rows: Mapping[str, Row], tables: Mapping[str, Table]) -> None:
    """Raise `InputError` for a bowl that cannot be, or a focus that the head cannot put into skin."""
    radius, rim, depth = rows["radius"], rows["aperture"], rows["focal_depth"]
    if rim.si_high > 2.0 * radius.si_low:
        raise tables["aperture"].fault(
            "is wider than the sphere it is cut from", value=f"{rim.high:g}", allowed=f"up to {2.0 * radius.low:g}",
            unit="mm", remedy="The aperture is the diameter of the rim, at most twice the radius of curvature.",
        )  # fmt: skip
    if "hole" in rows and rows["hole"].high >= rim.low:
        raise tables["hole"].fault(
            "leaves nothing that sends", value=f"{rows['hole'].high:g}", allowed=f"below {rim.low:g}", unit="mm"
        )
    deepest = min(r - Bowl(r, rim.si_high / 2.0, 1e6).depth for r in (radius.si_low, radius.si_high))
    if depth.si_high > deepest * (1 + 1e-12):
        raise tables["focal_depth"].fault(
            "puts the rim of the transducer into the skin", value=f"{depth.high:g}",
            allowed=f"up to {1e3 * deepest:.4g}", unit="mm",
        )  # fmt: skip


def _couplant(top: Table) -> str:
    name = top.text("couplant")
    if name == "air":
        raise top.fault("is air, through which no sound reaches the skin", "couplant", allowed=" | ".join(COUPLANTS))
    if name not in COUPLANTS:
        raise top.fault("is not a choice", "couplant", value=repr(name), allowed=" | ".join(COUPLANTS))
    return name


def _hazard(table: Table) -> Hazard:
    hazard = Hazard(table.text("text"), table.text("source"), table.text("confidence", CONFIDENCES))
    table.finish()
    return hazard


def _check_complete(head: Head, top: Table) -> None:
    """Raise `InputError` when a setting is missing that the head or its pattern needs, or its own default fails."""
    needed = {*_NEEDED, *(n for count, others in _TOGETHER.items() if count in head.settings for n in others)}
    if missing := needed - set(head.settings):
        raise top.fault("is missing", f"settings.{min(missing)}", allowed="value, low, high, unit, source, confidence")
    if "points" in head.settings:
        most = head.most_points(head.settings["pitch"].default)
        if head.settings["points"].default > most:
            raise top.fault(
                "is more points than the pitch allows", "settings.points",
                value=f"{head.settings['points'].default:g}", allowed=f"1 to {most}",
            )  # fmt: skip
    try:
        head.series() if "points" in head.settings else head.exposure()
    except InputError as error:
        name = (error.key or "").rpartition(".")[2]
        raise top.fault(
            error.problem, f"settings.{name}", value=error.value, allowed=error.allowed, unit=error.unit
        ) from error
