import pytest

from tauten.validation.potential import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_claim_of_the_potential_holds(claim):
    checks = list(claim.run())
    assert any(check.compared for check in checks)
    assert [f"{c.name}: {c.value:.6g}, not {c.expected:.6g} {c.unit}" for c in checks if not c.passes] == []
