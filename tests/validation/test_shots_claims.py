import pytest

from tauten.validation.shots import CLAIMS

BY_NAME = {claim.name: claim for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_shot_claim_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.6g}, not {c.expected} {c.unit}" for c in checks if not c.passes] == []


def told(name):
    return {c.name: c for c in BY_NAME[f"Shots: {name}"].run() if not c.compared}


def test_names_are_words():
    assert all(name.startswith("Shots: ") for name in BY_NAME)
    assert not any("_" in c.name for c in BY_NAME["Shots: equal energy, unequal zones"].run())


def test_the_threshold_of_the_shock_is_an_interval_with_its_boiling():
    rows = told("the interval on the threshold of the shock")
    shot = {name.partition("ms, ")[2]: c for name, c in rows.items() if "4 W x 25 ms" in name}
    least, most = (next(c for name, c in shot.items() if end in name) for end in ("4.03 Np/m", "40.3 Np/m"))
    assert most.value < shot["no dispersion"].value < shot["as it is"].value < least.value
    for c in rows.values():
        assert c.note.startswith("boils") == (34.0 + c.value >= 100.0)
    assert any(c.note.startswith("boils") for c in rows.values())


def test_both_volumes_of_equal_energy_are_told_and_some_pairs_form_below_boiling():
    rows = told("equal energy, unequal zones")
    assert not any("boils" in c.note for c in rows.values())
    volumes = {}
    for name, c in rows.items():
        volumes.setdefault(name.partition(" as ")[0], []).append(c.value)
    assert all(len(pair) == 2 for pair in volumes.values())
    assert sum(min(pair) > 0.0 for pair in volumes.values()) >= 4


def test_a_volume_is_compared_where_there_is_one_and_its_row_says_when():
    names = [c.name for c in BY_NAME["Shots: twice the harmonics, half the steps"].run() if c.name.startswith("volume")]
    assert any("3 W x 100 ms (none by 60 ms)" in name for name in names)
    alone = told("twice the harmonics, half the steps")
    assert list(alone) == [
        f"volume, {words}, {shot}" for shot in ("3 W x 60 ms", "4 W x 25 ms") for words in ("Ω = 1", "240 CEM43")
    ]
    assert alone["volume, Ω = 1, 3 W x 60 ms"].value == 0.0
