import pytest

from tauten.validation.shots import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_shot_claim_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.6g}, not {c.expected:.6g} {c.unit}" for c in checks if not c.passes] == []
