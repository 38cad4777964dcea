"""The reader of a light device's file: spectrum, spots, cooling, what can be set, and what eyes must wear."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tauten.devices.beam import MOST_ASPECT, SMALLEST, WIDEST, Beam, Flat, Gaussian, Rectangle
from tauten.devices.device import Device, EyeHazard
from tauten.devices.parts import check_field, read_published, read_settings, read_statement
from tauten.devices.setting import LIGHT_UNITS
from tauten.devices.spectrum import Spectrum
from tauten.devices.table import Table
from tauten.errors import InputError
from tauten.facts import CONFIDENCES, Row, read_curve

__all__ = ["read_light"]

KINDS = ("filtered lamp", "laser")
_COOLINGS = ("plate", "spray", "none")
_PLATE = ("plate_temperature", "pre_cooling", "post_cooling")
_SPRAY = ("spray_before", "spray_delay", "spray_during", "spray_after")


def read_light(top: Table, file: str) -> Device:
    """Return the light device that the table `top` of `file` describes."""
    key = top.text("key")
    spectrum, colours = _spectrum(top.table("spectrum"), f"devices/{key}/spectrum")
    spots, spot_rows = _spots(top.tables("spots"), f"devices/{key}/spot")
    described = Device(
        key=key,
        name=top.text("name"),
        method=top.text("method"),
        kind=top.text("kind", KINDS),
        as_published=top.text("as_published"),
        spectrum=spectrum,
        spots=spots,
        window=top.text("window", ("air", "sapphire")),
        cooling=top.choices("cooling", _COOLINGS),
        settings=read_settings(top.table("settings"), key, LIGHT_UNITS),
        cleared_uses=tuple(read_statement(t) for t in top.tables("uses")),
        eye_hazard=_eye_hazard(top.table("eye_hazard")),
        published=tuple(read_published(t) for t in top.tables("published", optional=True)),
        rows=MappingProxyType({**_rows(top.table("optics"), key), colours.name: colours}),
        spot_rows=spot_rows,
        file=file,
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
        check_field(inner, name, row)
        inner.finish()
        rows[row.name] = row
    table.finish()
    return MappingProxyType(rows)


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
