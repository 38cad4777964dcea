import pytest

from tauten.validation.optics import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_optical_claim_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.6g}, not {c.expected:.6g} {c.unit}" for c in checks if not c.passes] == []


def test_sparse_water_rows_would_fail_the_claims():
    hale_querry = {"water at 1064 nm": 0.51, "water at 1320 nm": 4.6, "water at 1450 nm": 10.6}
    checks = {check.name: check for claim in CLAIMS for check in claim.run() if check.name in hale_querry}
    assert set(checks) == set(hale_querry)
    for name, wrong in hale_querry.items():
        assert abs(wrong - checks[name].expected) > checks[name].tolerance
