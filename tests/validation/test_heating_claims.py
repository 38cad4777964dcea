import pytest

from tauten.validation.heating import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_claim_on_heat_of_current_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.8g}, not {c.expected} {c.unit}" for c in checks if not c.passes] == []
