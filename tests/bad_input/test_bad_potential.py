"""Electric requests that cannot be met: one clear error each."""

import numpy as np
import pytest

from tauten.errors import InputError, NotConverged, OutsideValidity
from tauten.grid import Grid
from tauten.solvers import potential as electric
from tauten.solvers.potential import (
    FAR,
    Disc,
    Earthed,
    Insulated,
    Layered,
    Membrane,
    Needle,
    Open,
    Plate,
    Power,
    Rectangle,
    Sphere,
    Voltage,
)  # fmt: skip

GRID = Grid.uniform((30, 30, 20), 1e-4)
ROUND = Grid.uniform((10, 10), 1e-4, kind="axisymmetric")
DRIVE = Voltage(10.0, rms=True)
PLATES = [Plate("top", "+"), Plate("bottom", "-")]


def needle(x=1.5e-3, y=1.5e-3, z=1e-3, terminal="+", radius=1.5e-4, length=3e-3, direction=(0.0, 0.0, 1.0)):
    return Needle((x, y, z), direction, radius, length, 3e-4, terminal)


BAD = {
    "needles touch": ([needle(), needle(x=1.8e-3, terminal="-")], {}, "touch or overlap"),
    "needles overlap": ([needle(), needle(x=1.6e-3, terminal="-")], {}, "touch or overlap"),
    "needles cross": ([needle(x=1.2e-3, direction=(0.5, 0.0, 1.0)), needle(x=1.2e-3, direction=(-0.5, 0.0, 1.0),
                                                                          terminal="-")], {}, "touch or overlap"),
    "needle leaves by a side": ([needle(x=1e-4), needle(terminal="-")], {}, "leaves the grid"),
    "needle leaves by the bottom": ([needle(z=2.05e-3), needle(x=2.5e-3, terminal="-")], {}, "leaves the grid"),
    "needle above the skin": ([needle(z=0.0), needle(x=2.5e-3, terminal="-")], {}, "does not reach the tissue"),
    "deeper than it is long": ([needle(length=0.9e-3), needle(x=2.5e-3, terminal="-")], {}, "deeper in the skin"),
    "needle thinner than a cell": ([needle(radius=4e-5), needle(x=2.5e-3, terminal="-")], {}, "thinner than a cell"),
    "disc leaves": ([Disc((0.2e-3, 1.5e-3), 5e-4, "+")], {"boundaries": {"bottom": Earthed()}}, "leaves the grid"),
    "disc and rectangle overlap": ([Disc((1e-3, 1.5e-3), 5e-4, "+"), Rectangle((1.6e-3, 1.5e-3), 4e-4, 4e-4, "-")], {},
                                   "touch or overlap"),
    "two plates on one wall": ([Plate("top", "+"), Plate("top", "-")], {}, "touch or overlap"),
    "needle through a disc": ([needle(), Disc((1.6e-3, 1.5e-3), 3e-4, "-")], {}, "touch or overlap"),
    "needle in a ball": ([needle(), Sphere((1.5e-3, 1.5e-3, 1.2e-3), 3e-4, "-")], {}, "touch or overlap"),
    "no return path": ([needle()], {}, "no return path"),
    "only what floats": ([Plate("top", None)], {}, "no electrode with a terminal"),
    "three terminals": ([needle(x=6e-4), needle(terminal="-"), needle(x=2.4e-3, terminal=0)], {}, "more terminals"),
    "two terminals and far": ([*PLATES, Plate("left", FAR)], {}, "more terminals"),
    "no electrodes": ([], {}, "not a list of electrodes"),
    "a word for an electrode": (["needle"], {}, "wrong kind"),
    "drive of two kinds": (PLATES, {"drive": (DRIVE, Power(3.0))}, "more than one kind"),
    "drive is a number": (PLATES, {"drive": 10.0}, "wrong kind"),
    "limits are a tuple": (PLATES, {"limits": (1, 2, 3)}, "wrong kind"),
    "membrane without frequency": ([Plate("top", "+", Membrane(2e-5, 3.4)), PLATES[1]], {}, "is missing"),
    "frequency of nothing": (PLATES, {"frequency": 0.0}, "out of range"),
    "side unknown": (PLATES, {"boundaries": {"under": Open()}}, "is not a side"),
    "wall unknown": (PLATES, {"boundaries": {"left": "open"}}, "wrong kind"),
    "boundaries are a list": (PLATES, {"boundaries": [Open()]}, "wrong kind"),
    "mirror at the bottom": (PLATES, {"symmetry": {"bottom": "even"}}, "no mirror plane"),
    "mirror of no kind": (PLATES, {"symmetry": {"left": "both"}}, "is unknown"),
    "mirror and wall": (PLATES, {"symmetry": {"left": "even"}, "boundaries": {"left": Open()}}, "at once"),
    "tolerance of nothing": (PLATES, {"tolerance": 0.0}, "out of range"),
    "half a thread": (PLATES, {"threads": 0.5}, "whole number"),
    "plate on no wall of the grid": ([Plate("side", "+"), PLATES[1]], {}, "is not a side"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_request_that_cannot_be_met(case):
    electrodes, options, problem = BAD[case]
    with pytest.raises(InputError, match=problem) as caught:
        electric.solve(GRID, 0.2, electrodes, **({"drive": DRIVE} | options))
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (0.0, "does not conduct"), (-0.2, "does not conduct"), (0.2 - 0.1j, "does not conduct"),
        (np.nan, "does not conduct"), (np.full((3, 3, 3), 0.2), "does not fit"), ("wet", "not a number"),
        (np.where(np.arange(GRID.cells).reshape(GRID.shape) == 7, 0.0, 0.2), "does not conduct"),
    ],
)  # fmt: skip
def test_tissue_that_cannot_be(values, problem):
    with pytest.raises(InputError, match=problem):
        electric.solve(GRID, values, PLATES, drive=DRIVE)


@pytest.mark.parametrize(
    ("thicknesses", "values", "problem"),
    [
        ((1e-3,), (0.2, 0.1), "one value a layer"), ((0.0, np.inf), (0.2, 0.1), "out of range"),
        ((1e-3, np.inf), (0.2, 0.0), "does not conduct"), ((1e-3, 2e-4), (0.2, 0.1), "above the grid's bottom"),
    ],
)  # fmt: skip
def test_layers_that_cannot_be(thicknesses, values, problem):
    with pytest.raises(InputError, match=problem):
        electric.solve(GRID, Layered(thicknesses, values), PLATES, drive=DRIVE)


def test_frequency_outside_the_tables():
    with pytest.raises(OutsideValidity):
        electric.solve(GRID, 0.2, PLATES, drive=DRIVE, frequency=1e12)


@pytest.mark.parametrize(
    "metal", [needle(x=1e-4, y=0.0), needle(x=0.0, y=0.0, direction=(0.1, 0.0, 1.0)), Disc((1e-4, 0.0), 3e-4, "+"),
              Rectangle((0.0, 0.0), 3e-4, 3e-4, "+")]
)  # fmt: skip
def test_metal_off_the_axis(metal):
    with pytest.raises(InputError, match="axis"):
        electric.solve(ROUND, 0.2, [metal, Plate("bottom", "-")], drive=DRIVE)


def test_not_converged_is_no_result():
    # No solver reaches this: rounding alone is larger.
    with pytest.raises(NotConverged) as caught:
        electric.solve(GRID, 0.2, [needle(), needle(x=2.4e-3, terminal="-")], drive=DRIVE, tolerance=1e-30)
    assert caught.value.residual > 1e-30


def test_start_of_another_grid():
    start = electric.solve(Grid.uniform((5, 5, 5), 1e-4), 0.2, PLATES, drive=DRIVE)
    with pytest.raises(InputError, match="another grid"):
        electric.solve(GRID, 0.2, PLATES, drive=DRIVE, start=start)


def test_insulated_all_round_is_the_default():
    given = electric.solve(GRID, 0.2, PLATES, drive=DRIVE, boundaries={"left": Insulated()})
    assert given.power == electric.solve(GRID, 0.2, PLATES, drive=DRIVE).power
