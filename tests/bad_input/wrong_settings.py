"""Settings the device does not take."""

from __future__ import annotations

from good_case import Bad

SETTINGS = [
    Bad("fluence without unit", '"36 J/cm2"', "36", ("treatment.settings.fluence = 36", "no unit", "J/cm2")),
    Bad("fluence without unit, as text", '"36 J/cm2"', '"36"', ("treatment.settings.fluence", "no unit")),
    Bad("fluence in the wrong unit", '"36 J/cm2"', '"36 W/cm2"', ("treatment.settings.fluence", "wrong unit")),
    Bad(
        "fluence above the device",
        '"36 J/cm2"',
        '"90 J/cm2"',
        ("treatment.settings.fluence = 90 J/cm2", "5 to 65 J/cm2"),
    ),
    Bad(
        "fluence below the device", '"36 J/cm2"', '"1 J/cm2"', ("treatment.settings.fluence = 1 J/cm2", "5 to 65 J/cm2")
    ),
    Bad("fluence below zero", '"36 J/cm2"', '"-36 J/cm2"', ("treatment.settings.fluence", "5 to 65 J/cm2")),
    Bad("fluence NaN", '"36 J/cm2"', '"nan J/cm2"', ("treatment.settings.fluence", "finite")),
    Bad("fluence as a list", '"36 J/cm2"', '["36 J/cm2"]', ("treatment.settings.fluence", "neither text nor a number")),
    Bad("duration above the device", '"3 s"', '"3 min"', ("treatment.settings.duration = 3 min", "3 to 10 s")),
    Bad("passes between", "passes = 1", "passes = 1.5", ("treatment.settings.passes", "whole")),
    Bad("passes in per cent", "passes = 1", 'passes = "200 %"', ("treatment.settings.passes", "200 %", "wrong unit")),
    Bad("passes in radians", "passes = 1", 'passes = "2 rad"', ("treatment.settings.passes", "wrong unit")),
    Bad("passes none", "passes = 1", "passes = 0", ("treatment.settings.passes = 0", "1 to 8")),
    Bad("passes as yes", "passes = 1", "passes = true", ("treatment.settings.passes = true", "neither")),
    Bad("unknown spot", "passes = 1", 'spot = "huge"', ("treatment.settings.spot = huge", "10x15 mm")),
]
