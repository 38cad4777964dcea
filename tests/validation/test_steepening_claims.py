import pytest

from tauten.physics.steepening import steepening_rate
from tauten.solvers import harmonics
from tauten.validation import steepening
from tauten.validation.steepening import CLAIMS

BY_NAME = {claim.name: claim for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_claim_of_steepening_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.6g}, not {c.expected} {c.unit}" for c in checks if not c.passes] == []


def test_a_march_that_steepens_a_fiftieth_too_fast_misses_fubini(monkeypatch):
    monkeypatch.setattr(steepening, "steepening_rate", lambda *medium: 1.02 * steepening_rate(*medium))
    assert not all(c.passes for c in BY_NAME["Steepening: a plane wave half-way to its shock"].run())


def test_waves_that_steepen_along_depth_alone_miss_westervelts_second_harmonic(monkeypatch):
    monkeypatch.setattr(harmonics._Run, "incline", lambda self, layer, cosine: None)
    monkeypatch.setattr(harmonics._Run, "cosine", lambda self, layer: 1.0)
    assert not any(c.passes for c in BY_NAME["Steepening: waves that come in at a slant"].run())


def test_the_rise_of_radiate_in_another_codes_shot_is_told_with_why():
    rows = {c.name: c for c in BY_NAME["Steepening: another code, case SK"].run()}
    row = rows["rise after 25 ms, own model"]
    assert (row.expected, row.compared) == (22.83, False)
    assert "come in at 22°" in row.note
    assert f"{100.0 * (row.value / 22.83 - 1.0):+.1f} %" in row.note
    assert rows["rise after 25 ms, its model"].compared
