"""The table of dielectric values in the reference says what the package computes."""

import re
from pathlib import Path

import pytest

from tauten.skin import dielectrics
from tauten.skin.skin import Skin

TEXT = (Path(__file__).parents[1] / "docs" / "reference" / "tissue.md").read_text(encoding="utf-8")
SKIN = Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24).with_fascia().with_bone()


def told():
    part = TEXT.partition("## Current, 0.1-10 MHz")[2]
    lines = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return {cells[0].strip(): cells[2:4] for cells in lines[2:]}


def test_every_tissue_is_in_the_table():
    assert {name.replace(" ", "_") for name in told()} == {layer.tissue for layer in SKIN.layers}


@pytest.mark.parametrize(("column", "megahertz"), [(0, 1.0), (1, 6.78)])
def test_dielectric_table_says_what_the_rows_say(column, megahertz):
    values = dielectrics.admittivity(SKIN, 1e6 * megahertz)
    found = {layer.tissue: y for layer, y in zip(SKIN.layers, values, strict=True)}
    for name, cells in told().items():
        y = found[name.replace(" ", "_")]
        numbers = [float(number) for number in re.findall(r"[\d.]+", cells[column])]
        assert numbers == pytest.approx([y.real, dielectrics.permittivity_of(y, 1e6 * megahertz)], rel=6e-3), name
