"""Every method the care story can plan, by the name a case gives it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tauten.care import infrared, needles, radiofrequency, ultrasound
from tauten.care.method import Method

__all__ = ["METHODS"]

METHODS: Mapping[str, Method] = MappingProxyType({
    "infrared": infrared.METHOD, "ultrasound": ultrasound.METHOD, "radiofrequency": radiofrequency.METHOD,
    "microneedling": needles.METHOD,
})  # fmt: skip
