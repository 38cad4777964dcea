import pytest

from tauten.validation.optics import CLAIMS

CHECKS = [check for claim in CLAIMS for check in claim.run()]


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_optical_claim_holds(check):
    assert check.passes, f"{check.value} against {check.expected} ± {check.tolerance} {check.unit} ({check.source})"


def test_sparse_water_rows_would_fail_the_claims():
    hale_querry = {1064: 0.51, 1320: 4.6, 1450: 10.6}
    for check in CHECKS:
        for nm, wrong in hale_querry.items():
            if check.name == f"water at {nm} nm":
                assert abs(wrong - check.expected) > check.tolerance
