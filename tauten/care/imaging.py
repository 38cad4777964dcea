"""What the ultrasound picture says of a planned shot, before any sound: coupling, depth of the focus, bone, danger.

Each check is a pure function of what was read off the picture and returns the findings it has, with reason and remedy.
Margins and tolerances are rows of `care/imaging`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the picture says: `check` names it, `reason` and `remedy` are sentences for the clinician.

    "stop" means no shot, "warn" look again; `depth` [m] is where, NaN when nowhere.
    """

    check: Literal["coupling", "focus", "bone", "danger zone", "thin layer", "imaging"]
    verdict: Literal["warn", "stop"]
    reason: str
    remedy: str
    depth: float = math.nan
