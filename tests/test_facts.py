import csv
import math
from pathlib import Path

import pint
import pytest

from tauten.errors import FileError, InputError
from tauten.facts import _FACTORS, CONFIDENCES, load, read_curve, read_rows

DATA = Path(__file__).parents[1] / "tauten" / "data"
CURVES = sorted(p.relative_to(DATA).with_suffix("").as_posix() for p in DATA.rglob("curves/*.csv"))
HEADER = "key,value,low,high,unit,source,confidence,date,note\n"

# Ages and calendars are counted in years, money in dollars, thermal dose in equivalent minutes, attenuation in nepers:
# no SI unit behind them.
REGISTRY = pint.UnitRegistry()
COUNTED = {"year", "%/year", "mm/year", "count", "CEM43", "USD", "ln(1/s)", "Np/m"}


@pytest.mark.parametrize("unit", sorted(set(_FACTORS) - COUNTED))
def test_every_unit_of_the_data_files_has_pints_factor(unit):
    text = unit.replace("%", "percent")
    for plain in ("cm", "mm", "m"):
        for power in ("2", "3"):
            text = text.replace(f"{plain}{power}", f"{plain}**{power}")
    # pint's base units are SI's coherent ones, so the magnitude there is the factor.
    assert REGISTRY.Quantity(1.0, text).to_base_units().magnitude == pytest.approx(_FACTORS[unit], rel=1e-12)


@pytest.mark.parametrize("name", list(load()))
def test_every_row_has_a_source_a_confidence_and_a_spread_that_holds_it(name):
    row = load()[name]
    assert row.source
    assert row.confidence in CONFIDENCES
    assert row.low <= row.value <= row.high
    assert all(math.isfinite(number) for number in (row.si, row.si_low, row.si_high))
    assert row.line > 1


def test_every_table_is_read_and_no_key_is_lost():
    written = 0
    for path in DATA.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as handle:
            first = handle.readline()
            if first == HEADER:
                written += sum(1 for _ in csv.reader(handle))
    assert len(load().rows) == written


@pytest.mark.parametrize("name", CURVES)
def test_every_curve_rises_along_its_axis_and_names_its_source(name):
    curve = read_curve(name)
    assert curve.source
    assert len(curve.at) == len(curve.value) == len(curve.spread) >= 2
    assert all(a < b for a, b in zip(curve.at, curve.at[1:], strict=False))


def test_no_row_names_where_it_was_prepared():
    for row in load().rows.values():
        for word in ("shared", "verified.csv", "light.md", "rf_heat.md", "/work"):
            assert word not in f"{row.source} {row.note}", row.name


def test_a_changed_value_leaves_the_first_facts_alone():
    facts = load()
    name = "tissue/thermal/fat.density"
    changed = facts.with_value(name, 900.0)
    assert changed.si(name) == 900.0
    assert facts.si(name) == 911.0
    assert changed.changed == (name,)


def test_an_unknown_fact_names_near_ones():
    with pytest.raises(InputError, match=r"dermis\.conductivity"):
        load()["tissue/thermal/dermis.conductivty"]


def test_under_gives_the_rows_of_a_file_or_of_a_key():
    assert "fat.density" in load().under("tissue/thermal")
    assert set(load().under("tissue/thermal/air")) == {"temperature", "coefficient"}


def test_celsius_rows_become_kelvin():
    assert load().si("tissue/thermal/core.temperature") == pytest.approx(310.15)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ("a,nan,,,m,x,seen,,\n", "a.value"),
        ("a,one,,,m,x,seen,,\n", "a.value"),
        ("a,1,2,3,m,x,seen,,\n", "outside its own spread"),
        ("a,1,,,m,,seen,,\n", "no source"),
        ("a,1,,,m,x,sure,,\n", "confidence"),
        ("a,1,,,m,x,seen,,\na,2,,,m,x,seen,,\n", "repeated"),
        (",1,,,m,x,seen,,\n", "empty"),
    ],
)
def test_a_faulty_row_is_named_with_its_line(tmp_path, rows, named):
    path = tmp_path / "rows.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_rows(path, "test")
    assert named in str(caught.value)
    assert f"rows.csv:{1 + rows.count(chr(10))}" in str(caught.value)


def test_other_columns_are_refused(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("key,value\na,1\n", encoding="utf-8")
    with pytest.raises(FileError, match="wrong columns"):
        read_rows(path, "test")


def test_an_unknown_unit_is_refused(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text(HEADER + "a,1,,,furlong,x,seen,,\n", encoding="utf-8")
    with pytest.raises(InputError, match="furlong"):
        _ = read_rows(path, "test")[0].si
