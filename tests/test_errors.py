import pickle

import pytest

from tauten import errors
from tauten.errors import FileError, InputError, NotConverged, TautenError, TooLarge

KINDS = [getattr(errors, name) for name in errors.__all__]


def test_every_kind_has_its_own_exit_code_and_none_is_taken():
    codes = [kind.exit_code for kind in KINDS]
    assert len(set(codes)) == len(codes)
    assert not {0, 2, 11, 130} & set(codes)  # success, misuse, a failed check, Ctrl-C


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_tauten_error(kind):
    assert issubclass(kind, TautenError)


def test_an_input_error_says_where_what_and_how_to_mend_it():
    error = InputError(
        "is outside this head's range", key="exposure.frequency", value="4 Hz", allowed="3.5 to 4.5", unit="MHz",
        remedy="Did you mean 4 MHz?", file="case.toml", line=14,
    )  # fmt: skip
    assert str(error) == (
        "case.toml:14: exposure.frequency = 4 Hz is outside this head's range; allowed: 3.5 to 4.5 MHz. "
        "Did you mean 4 MHz?"
    )


def test_the_one_who_knows_the_place_fills_it_in_without_touching_the_first():
    bare = InputError("has no unit", key="fluence", value="36")
    placed = bare.at(file="case.toml", line=3)
    assert str(placed).startswith("case.toml:3: ")
    assert bare.file is None
    assert placed.at(line=9).line == 3  # the first to know is the nearest to it


@pytest.mark.parametrize("kind", [FileError, TooLarge])
def test_placing_an_error_keeps_its_kind(kind):
    assert type(kind("is half-written").at(file="a.json")) is kind


def test_what_did_not_converge_carries_its_residual():
    error = NotConverged("the potential solve stopped", residual=3.2e-4)
    assert error.residual == 3.2e-4
    assert "0.00032" in str(error)


@pytest.mark.parametrize("kind", [k for k in KINDS if k is not NotConverged])
def test_errors_read_as_one_line(kind):
    text = str(kind("went wrong"))
    assert "\n" not in text
    assert "went wrong" in text


def test_errors_cross_a_process_boundary():
    again = pickle.loads(pickle.dumps(TautenError("went wrong")))
    assert str(again) == "went wrong"


def test_errors_come_whole_out_of_a_worker_process() -> None:
    for error in (
        NotConverged("heat did not settle", residual=0.5),
        InputError("is too much", key="exposure.power", value="90 W", allowed="1 to 60", unit="W", remedy="Less."),
    ):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.__dict__ == error.__dict__
