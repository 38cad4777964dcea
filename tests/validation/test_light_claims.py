import pytest

from tauten.validation.light import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_light_claim_holds(claim):
    checks = list(claim.run())
    assert checks
    assert [f"{c.name}: {c.value:.8g}, not {c.expected:.8g} {c.unit}" for c in checks if not c.passes] == []
