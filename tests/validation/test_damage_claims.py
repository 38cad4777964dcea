import pytest

from tauten.validation.damage import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_damage_claim_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.6g}, not {c.expected:.6g} {c.unit}" for c in checks if not c.passes] == []
