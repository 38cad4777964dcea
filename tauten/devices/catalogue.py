"""The devices Tauten ships, one TOML file each, and the reader for a user's own."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from tauten.devices.beam import MOST_ASPECT, SMALLEST, WIDEST, Beam, Flat, Gaussian, Rectangle
from tauten.devices.device import Device, EyeHazard, Published, Statement
from tauten.devices.setting import PEOPLE_UNITS, SI_UNITS, Setting
from tauten.devices.spectrum import Spectrum
from tauten.devices.table import Table
from tauten.errors import InputError
from tauten.facts import CONFIDENCES, Row, read_curve
from tauten.toml import read_toml

__all__ = ["catalogue", "device", "read_device"]

METHODS = ("infrared",)
KINDS = ("filtered lamp", "laser")
_MOST = {"fluence": 1e7, "duration": 600.0}  # J/m2 (1000 J/cm2) and s: beyond these a number is a slip
_COOLINGS = ("plate", "spray", "none")
_PLATE = ("plate_temperature", "pre_cooling", "post_cooling")
_SPRAY = ("spray_before", "spray_delay", "spray_during", "spray_after")


@cache
def catalogue() -> Mapping[str, Device]:
    """Return the shipped devices by key, sorted."""
    folder = Path(str(files("tauten") / "data" / "devices"))
    return MappingProxyType({d.key: d for d in (read_device(path) for path in sorted(folder.glob("*.toml")))})


def device(key: str) -> Device:
    """Return one shipped device; raises `InputError` that names near misses."""
    try:
        return catalogue()[key]
    except KeyError:
        near = get_close_matches(key, list(catalogue()), n=1)
        raise InputError(
            "is not in the catalogue",
            key="device",
            value=key,
            allowed=" | ".join(catalogue()),
            remedy=f"Did you mean {near[0]}?" if near else "Give a device file (TOML) for your own.",
        ) from None


def read_device(path: str | Path) -> Device:
    """Read a device file. Raises `FileError` or `InputError` with file, line and key for anything out of order."""
    data, line_of = read_toml(path)
    top = Table(data, "", Path(path), line_of)
    key = top.text("key")
    spectrum, colours = _spectrum(top.table("spectrum"), f"devices/{key}/spectrum")
    spots, spot_rows = _spots(top.tables("spots"), f"devices/{key}/spot")
    described = Device(
        key=key,
        name=top.text("name"),
        method=top.text("method", METHODS),
        kind=top.text("kind", KINDS),
        as_published=top.text("as_published"),
        spectrum=spectrum,
        spots=spots,
        window=top.text("window", ("air", "sapphire")),
        cooling=top.choices("cooling", _COOLINGS),
        settings=_settings(top.table("settings"), key),
        cleared_uses=tuple(_statement(t) for t in top.tables("uses")),
        eye_hazard=_eye_hazard(top.table("eye_hazard")),
        published=tuple(_published(t) for t in top.tables("published", optional=True)),
        rows=MappingProxyType({**_rows(top.table("optics"), key), colours.name: colours}),
        spot_rows=spot_rows,
        file=str(path),
    )
    top.finish()
    _check_complete(described, top)
    return described


def _spectrum(table: Table, name: str) -> tuple[Spectrum, Row]:
    """Return the spectrum, and the row `name` that says who vouches for it; its value is the mean wavelength."""
    notes, stated = [], []
    if table.has("curve"):
        curve = read_curve(table.text("curve"))
        notes, stated = [curve.note], [curve.confidence]
        spectrum = Spectrum(curve.at, curve.value)  # type: ignore[arg-type]
    else:
        scale = {"nm": 1e-9, "um": 1e-6}[table.text("unit", ("nm", "um"))]
        wavelengths = table.numbers("wavelengths")
        weights = table.numbers("weights") if table.has("weights") else [1.0] * len(wavelengths)
        try:
            spectrum = Spectrum([w * scale for w in wavelengths], weights)  # type: ignore[arg-type]
        except InputError as error:
            key = "weights" if error.key == "spectrum.weights" else "wavelengths"
            raise table.fault(error.problem, key, allowed=error.allowed) from error
    # A curve behind the spectrum may be less sure than the sentence about it: the weaker word stands.
    stated.append(table.text("confidence", CONFIDENCES))
    nm = spectrum.wavelengths * 1e9
    if nm.size > 1:
        notes.insert(0, f"energy-weighted mean of {nm.size} wavelengths, {nm[0]:g} to {nm[-1]:g} nm")
    notes.append(table.text("note", default=""))
    weakest = max(stated, key=CONFIDENCES.index)
    row = table.fixed(
        name, round(spectrum.mean(nm), 3), "nm", table.text("source"), weakest, "; ".join(filter(None, notes))
    )
    table.finish()
    return spectrum, row


def _spots(tables: list[Table], prefix: str) -> tuple[Mapping[str, Beam], Mapping[str, Row]]:
    """Return the spots by name, and for each the row that says who vouches for its size."""
    spots: dict[str, Beam] = {}
    rows: dict[str, Row] = {}
    for table in tables:
        name, shape = table.text("name"), table.text("shape", ("flat", "gaussian", "rectangle"))
        unit = table.text("unit", ("mm", "cm"))
        scale = {"mm": 1e-3, "cm": 1e-2}[unit]
        if name in spots:
            raise table.fault("appears twice", "name", value=name)
        across = ("width", "length") if shape == "rectangle" else ("diameter",)
        stated = [table.number(k) for k in across]
        for key, size in zip(across, stated, strict=True):
            if not SMALLEST / scale * (1 - 1e-12) <= size <= WIDEST / scale * (1 + 1e-12):
                allowed = f"{SMALLEST / scale:g} to {WIDEST / scale:g}"
                raise table.fault("is no size a spot can have", key, value=f"{size:g}", allowed=allowed, unit=unit)
        sizes = [min(max(size * scale, SMALLEST), WIDEST) for size in stated]  # the ends, to rounding
        if max(sizes) > MOST_ASPECT * min(sizes) * (1 + 1e-12):
            raise table.fault(
                "is too long for its width: heat is solved round the spot's axis",
                "length",
                value=f"{stated[1]:g} x {stated[0]:g}",
                allowed=f"sides within {MOST_ASPECT:g} to 1",
            )
        if shape == "rectangle":
            spots[name] = Rectangle(*sizes)
        else:
            spots[name] = (Flat if shape == "flat" else Gaussian)(sizes[0] / 2.0)
        told = f"{shape}, " + (f"{stated[0]:g} x {stated[1]:g} {unit}" if len(stated) > 1 else "diameter")
        source, confidence = table.text("source"), table.text("confidence", CONFIDENCES)
        rows[name] = table.fixed(f"{prefix}.{name.replace(' ', '_')}", stated[0], unit, source, confidence, told)
        table.finish()
    return MappingProxyType(spots), MappingProxyType(rows)


def _settings(table: Table, key: str) -> Mapping[str, Setting]:
    settings: dict[str, Setting] = {}
    for name in table:
        if name not in SI_UNITS:
            near = get_close_matches(name, list(SI_UNITS), n=1)
            raise table.fault(
                "is not a setting Tauten knows", name, remedy=f"Did you mean {near[0]}?" if near else None
            )
        inner = table.table(name)
        row = inner.row(f"devices/{key}/{name}", PEOPLE_UNITS[SI_UNITS[name]])
        lowest = 0.0 if SI_UNITS[name] != "1" else 1.0
        if row.si_low < lowest or (name in ("fluence", "duration", "period") and row.si_low <= 0.0):
            raise inner.fault("begins too low", "low", value=row.low, allowed="above 0" if not lowest else "1 or more")
        _check_extent(inner, name, row)
        step = inner.number("step") if inner.has("step") else None
        if step is not None and step <= 0:
            raise inner.fault("is not positive", "step", value=step)
        inner.finish()
        settings[name] = Setting(name, row, step)
    return MappingProxyType(settings)


def _check_extent(table: Table, name: str, row: Row) -> None:
    """Raise `InputError` for a count that is not whole, or more light than any device for skin gives."""
    if SI_UNITS[name] == "1":
        for key, number in (("value", row.value), ("low", row.low), ("high", row.high)):
            if number != round(number):
                remedy = None if table.has("value") else "Give the default as value."
                raise table.fault(
                    "is not a whole number", key, value=f"{number:g}", allowed="1, 2, 3, ...", remedy=remedy
                )
    if name in _MOST and row.si_high > _MOST[name] * (1 + 1e-12):
        most = _MOST[name] * row.high / row.si_high
        key = "high" if table.has("high") else "value"
        allowed = f"above 0, up to {most:g}"
        raise table.fault("is more than a device for skin gives", key, value=row.high, allowed=allowed, unit=row.unit)


def _rows(table: Table, key: str) -> Mapping[str, Row]:
    rows: dict[str, Row] = {}
    bounds = {"divergence": ("deg", 90.0), "return_fraction": ("1", 1.0), "output_tolerance": ("%", 100.0)}
    for name, (unit, most) in bounds.items():
        inner = table.table(name)
        row = inner.row(f"devices/{key}/{name}", (unit,))
        # Light sent out sideways never arrives, and light sent back whole never leaves.
        below = name != "output_tolerance"
        if row.low < 0 or row.high > most or (below and row.high == most):
            allowed = f"0 to {'below ' if below else ''}{most:g}"
            raise inner.fault(
                "is outside what is possible", value=f"{row.low:g} to {row.high:g}", allowed=allowed, unit=unit
            )
        inner.finish()
        rows[row.name] = row
    table.finish()
    return MappingProxyType(rows)


def _statement(table: Table) -> Statement:
    statement = Statement(
        table.text("text"), table.text("kind", ("cleared", "off-label")), table.text("source"),
        table.text("confidence", CONFIDENCES),
    )  # fmt: skip
    table.finish()
    return statement


def _eye_hazard(table: Table) -> EyeHazard:
    between = table.numbers("wavelengths_nm")
    if len(between) != 2 or not 0 < between[0] <= between[1]:
        raise table.fault("is not a pair from short to long", "wavelengths_nm", value=between, unit="nm")
    hazard = EyeHazard(
        table.text("text"), table.text("eyewear"), (between[0] * 1e-9, between[1] * 1e-9), table.text("source"),
        table.text("confidence", CONFIDENCES),
    )  # fmt: skip
    table.finish()
    return hazard


def _published(table: Table) -> Published:
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


def _check_complete(described: Device, top: Table) -> None:
    """Raise `InputError` when a setting is missing that the device's cooling or train needs, or one is for nothing."""
    needed = {"fluence", "duration"}
    if "pulses" in described.settings:
        needed.add("period")
    if "passes" in described.settings:
        needed.add("pass_interval")
    for cooling, names in (("plate", _PLATE), ("spray", _SPRAY)):
        if cooling in described.cooling:
            needed.update(names)
        elif spare := set(names) & set(described.settings):
            raise top.fault(f"is for nothing: this device has no {cooling}", f"settings.{min(spare)}")
    if missing := needed - set(described.settings):
        raise top.fault("is missing", f"settings.{min(missing)}", allowed="value, low, high, unit, source, confidence")
    if described.window == "sapphire" and "plate" not in described.cooling:
        raise top.fault("is a window without a plate", "window", value="sapphire", allowed="air")
