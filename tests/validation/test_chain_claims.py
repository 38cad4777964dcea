"""Every claim of the light-to-heat chain."""

from __future__ import annotations

import pytest

from tauten.validation import chain


@pytest.mark.parametrize("claim", chain.CLAIMS, ids=lambda claim: claim.name)
def test_claim_holds(claim) -> None:
    checks = list(claim.run())
    assert checks
    assert not [check for check in checks if not check.passes]
