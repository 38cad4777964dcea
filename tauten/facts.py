"""Facts are data: every constant is a row with value, spread, unit, source and confidence.

Rows live in `tauten/data/**/*.csv`; a row's full name is `<folder>/<file>/<key>`, for example
`tissue/thermal/dermis.conductivity`. `load()` returns all of them as one frozen `Facts`. A study that wants another
value asks for `facts.with_value(name, value)` and passes the result down; nothing is edited, nothing is global.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from tauten.errors import FileError, InputError

__all__ = ["CONFIDENCES", "Curve", "Facts", "Row", "load", "read_rows"]

CONFIDENCES = ("seen", "quoted", "product choice", "unverified")
"""seen: read in the source itself; quoted: read in another work that names the source; product choice: ours, with its
reason in the note; unverified: no source found yet, and every report that uses it says so."""

_COLUMNS = ("key", "value", "low", "high", "unit", "source", "confidence", "date", "note")


@dataclass(frozen=True, slots=True)
class Row:
    """One fact. `value`, `low` and `high` are in `unit`; `si`, `si_low`, `si_high` give them in SI units."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    confidence: str
    date: str = ""
    note: str = ""
    file: str = ""
    line: int = 0

    @property
    def si(self) -> float:
        """The value in SI units."""
        return _to_si(self.value, self.unit)

    @property
    def si_low(self) -> float:
        """The low end of the spread in SI units."""
        return _to_si(self.low, self.unit)

    @property
    def si_high(self) -> float:
        """The high end of the spread in SI units."""
        return _to_si(self.high, self.unit)

    @property
    def has_spread(self) -> bool:
        """Whether the source gives a range or a deviation."""
        return self.high > self.low


@dataclass(frozen=True, slots=True)
class Curve:
    """A measured curve: `value` and one standard deviation `spread` (NaN where none is given) against `at`, all SI."""

    name: str
    at: tuple[float, ...]
    value: tuple[float, ...]
    spread: tuple[float, ...]
    source: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Facts:
    """All rows by full name; immutable. `changed` lists the names that `with_value` replaced."""

    rows: Mapping[str, Row]
    changed: tuple[str, ...] = ()
    _names: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)  # shared by copies with the same rows

    def __getitem__(self, name: str) -> Row:
        """Return the row `name`; raises `InputError` that names near misses."""
        try:
            return self.rows[name]
        except KeyError:
            from difflib import get_close_matches

            near = get_close_matches(name, list(self.rows), n=3, cutoff=0.6)
            raise InputError(
                "is not a known fact", key=name, remedy=f"Did you mean {', '.join(near)}?" if near else None
            ) from None

    def __contains__(self, name: str) -> bool:
        return name in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def si(self, name: str) -> float:
        """Return the value of row `name` in SI units."""
        return self[name].si

    def under(self, prefix: str) -> dict[str, Row]:
        """Return the rows whose name begins with `prefix` + "/" (or with `prefix` + "."), by the rest of the name."""
        if prefix not in self._names:
            self._names[prefix] = tuple(n for n in self.rows if n.startswith((prefix + "/", prefix + ".")))
        return {name[len(prefix) + 1 :]: self.rows[name] for name in self._names[prefix]}

    def with_value(self, name: str, value: float) -> Facts:
        """Return facts in which row `name` has `value` (in the row's own unit); this one stands."""
        row = replace(self[name], value=value)
        return Facts(MappingProxyType({**self.rows, name: row}), (*self.changed, name), self._names)

    def with_row(self, row: Row) -> Facts:
        """Return facts with one row more (or in the place of the row of that name); this one stands."""
        return Facts(MappingProxyType({**self.rows, row.name: row}), self.changed)


@cache
def load() -> Facts:
    """Return every row the package ships."""
    root = Path(str(files("tauten") / "data"))
    rows: dict[str, Row] = {}
    for path in sorted(root.rglob("*.csv")):
        if path.parent.name == "curves":
            continue  # measured curves have their own reader
        prefix = path.relative_to(root).with_suffix("").as_posix()
        rows.update({row.name: row for row in read_rows(path, prefix)})
    return Facts(MappingProxyType(rows))


def read_rows(path: Path, prefix: str) -> list[Row]:
    """Read one CSV of rows; raises `InputError` with file and line for anything out of order."""
    rows: list[Row] = []
    seen: set[str] = set()
    with _open(path) as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise FileError("has the wrong columns", file=path, line=1, allowed=",".join(_COLUMNS))
        for record in reader:
            line = reader.line_num
            key = (record["key"] or "").strip()
            if not key or key in seen:
                raise InputError("has an empty or repeated key", file=path, line=line, key=key or "key")
            seen.add(key)
            rows.append(_row(record, f"{prefix}/{key}", path, line))
    return rows


@cache
def read_curve(name: str) -> Curve:
    """Read the measured curve `name`, for example `tissue/curves/dermis_scattering`.

    The CSV's first lines are `# source: ...`, `# confidence: ...`, `# at: unit`, `# value: unit` and an optional
    `# note: ...`; then `at,value,spread`. Units are converted to SI once, here.
    """
    path = Path(str(files("tauten") / "data")) / f"{name}.csv"
    about: dict[str, str] = {}
    points: list[tuple[float, float, float]] = []
    with _open(path) as handle:
        for line, text in enumerate(handle, start=1):
            if text.startswith("#"):
                key, _, value = text[1:].partition(":")
                about[key.strip()] = value.strip()
            elif text.strip() and not text.startswith("at,"):
                cells = text.strip().split(",")
                try:
                    points.append(
                        (float(cells[0]), float(cells[1]), float(cells[2]) if cells[2:] and cells[2] else math.nan)
                    )
                except (ValueError, IndexError) as error:
                    raise InputError(
                        "is not a row of numbers", file=path, line=line, value=text.strip(), key="row"
                    ) from error
    missing = {"source", "confidence", "at", "value"} - set(about)
    if missing:
        raise FileError(f"lacks the header {', '.join(sorted(missing))}", file=path, line=1)
    _check_confidence(about["confidence"], path, 1)
    if any(after[0] <= before[0] for before, after in pairwise(points)):
        raise InputError("is not in rising order", file=path, key="at")
    at, value = _to_si(1.0, about["at"]), _to_si(1.0, about["value"])
    return Curve(
        name,
        tuple(p[0] * at for p in points),
        tuple(p[1] * value for p in points),
        tuple(p[2] * value for p in points),
        about["source"],
        about["confidence"],
        about.get("note", ""),
    )


def _row(record: Mapping[str, str], name: str, path: Path, line: int) -> Row:
    def number(column: str, default: float | None = None) -> float:
        text = (record[column] or "").strip()
        if not text and default is not None:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise InputError("is not a finite number", file=path, line=line, key=f"{name}.{column}", value=text)
        return value

    value = number("value")
    low, high = number("low", value), number("high", value)
    if not low <= value <= high:
        raise InputError(
            "lies outside its own spread", file=path, line=line, key=name, value=value, allowed=f"{low} to {high}"
        )
    if not (record["source"] or "").strip():
        raise InputError(
            "has no source", file=path, line=line, key=name, remedy='Name one, or write "none found" and "unverified".'
        )
    confidence = (record["confidence"] or "").strip()
    _check_confidence(confidence, path, line)
    return Row(
        name, value, low, high, record["unit"].strip(), record["source"].strip(), confidence,
        (record["date"] or "").strip(), (record["note"] or "").strip(), path.name, line,
    )  # fmt: skip


def _check_confidence(confidence: str, path: Path, line: int) -> None:
    if confidence not in CONFIDENCES:
        raise InputError(
            "is unknown", file=path, line=line, key="confidence", value=confidence, allowed=" | ".join(CONFIDENCES)
        )


# Units of the data files, by factor: a table of our own keeps `pint` out of the path of every start-up.
# A test holds each factor to pint's.
_FACTORS = {
    "1": 1.0, "%": 0.01, "mm": 1e-3, "um": 1e-6, "nm": 1e-9, "cm": 1e-2, "m": 1.0, "cm2": 1e-4, "s": 1.0, "ms": 1e-3,
    "min": 60.0, "1/cm": 100.0, "1/mm": 1e3, "1/m": 1.0, "1/s": 1.0, "J": 1.0, "J/cm2": 1e4, "W/cm2": 1e4,
    "J/m2": 1.0, "kg/m3": 1.0, "J/kg/K": 1.0, "W/m/K": 1.0, "W/kg": 1.0, "ml/min/kg": 1e-6 / 60.0, "K": 1.0,
    "1/K": 1.0, "%/K": 0.01, "m2*K/W": 1.0, "W/m2/K": 1.0, "J/mol": 1.0, "kJ/mol": 1e3, "1/kPa": 1e-3, "1/m/K": 1.0,
    "kPa": 1e3, "J/kg": 1.0, "year": 1.0, "count": 1.0, "deg": math.pi / 180.0, "kW/m2": 1e3, "Hz": 1.0,
    "day": 86400.0, "hour": 3600.0, "CEM43": 1.0, "cm3": 1e-6, "mm3": 1e-9, "%/year": 0.01, "kg/m3/s": 1.0,
    "ln(1/s)": 1.0, "m/s": 1.0, "m/s/K": 1.0, "Np/m": 1.0, "MHz": 1e6, "W": 1.0,
    "V": 1.0, "A": 1.0, "ohm": 1.0,
    "USD": 1.0, "mm/year": 1e-3, "kg/m2": 1.0, "kcal/mol": 4184.0, "S/m": 1.0, "us": 1e-6, "ns": 1e-9, "ps": 1e-12,
}  # fmt: skip


def _to_si(value: float, unit: str) -> float:
    if unit == "degC":
        return value + 273.15
    try:
        return value * _FACTORS[unit]
    except KeyError:
        raise InputError(
            "is not a unit of the data files", key="unit", value=unit, allowed=", ".join(sorted(_FACTORS))
        ) from None


def _open(path: Path):  # type: ignore[no-untyped-def]
    try:
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise FileError(f"cannot be read ({error.strerror})", file=path) from error
