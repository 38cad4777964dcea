import pytest

from tauten.validation.current import CLAIMS


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_current_claim_holds(claim):
    checks = list(claim.run())
    assert any(check.compared for check in checks)
    assert [f"{c.name}: {c.value:.8g}, not {c.expected:.8g} {c.unit}" for c in checks if not c.passes] == []
