"""A case with nothing wrong in it, and how a test says what it breaks."""

from __future__ import annotations

from dataclasses import dataclass

INPUT, FILE, STORAGE = 3, 4, 9

CASE = """\
schema = 1
title = "Lower face"
language = "en"

[person]
age = 52
sex = "female"
phototype = 3
melanin = "5.5 %"
bmi = 24.0

[area]
site = "cheek"
side = "both"

[[skin.layers]]
name = "epidermis"
thickness = "0.08 mm"

[treatment]
method = "infrared"
device = "ir-lamp-1100-1800"
plan = "optimise"

[treatment.settings]
fluence = "36 J/cm2"
duration = "3 s"
passes = 1

[goal]
depth = ["0.2 mm", "0.8 mm"]

[answers]
pregnant = "no"

[run]
seed = 1
"""


@dataclass(frozen=True)
class Bad:
    """An edit of the good case: the line `old` becomes `new`; the message must hold each of `says`."""

    name: str
    old: str
    new: str
    says: tuple[str, ...]
    exit: int = INPUT
    at: str = ""  # the line the message must point to, when it is not the new one
