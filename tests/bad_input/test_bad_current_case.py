"""Whatever is wrong in a case for current: one line that says what, where and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from good_case import INPUT, Bad

NEEDLES = """\
schema = 1

[person]
age = 52
sex = "female"
phototype = 3

[area]
site = "cheek"

[treatment]
method = "microneedling"
device = "needles-37-hexagonal"
plan = "as given"

[treatment.settings]
power = "10 W"
duration = "100 ms"
depth = "1.5 mm"
overlap = "0 mm"
stamps = 2

[answers]
pregnant = "no"
"""

TIP = NEEDLES.replace("microneedling", "radiofrequency").replace("needles-37-hexagonal", "rf-monopolar-3cm2")
TIP = TIP.replace('depth = "1.5 mm"', 'spray_during = "1200 ms"').replace('"10 W"', '"120 W"')
TIP = TIP.replace('duration = "100 ms"', 'duration = "2 s"')

OF_NEEDLES = [
    Bad("power above the device's", 'power = "10 W"', 'power = "60 W"', ("outside", "1 to 50")),
    Bad("depth beyond the needles", 'depth = "1.5 mm"', 'depth = "4 mm"', ("outside", "0.5 to 3.5")),
    Bad("depth without a unit", 'depth = "1.5 mm"', "depth = 1.5", ("no unit", "mm")),
    Bad("a drive of two kinds", 'power = "10 W"', 'power = "10 W"\nvoltage = "30 V"', ("not a setting",), at="voltage"),
    Bad("a polarity it has not", "stamps = 2", 'polarity = "checkerboard"', ("not a choice", "rows | monopolar")),
    Bad("a temperature nobody holds here", "stamps = 2", 'hold = "67 degC"', ("not a setting",)),
    Bad("a tip in the place of a stamp", '"needles-37-hexagonal"', '"rf-monopolar-3cm2"', ("is a device for", "radio")),
    Bad("a method nobody knows", 'method = "microneedling"', 'method = "needling"', ("microneedling",)),
    Bad("coupling of a head", "[treatment]", '[imaging]\ncoupling = "full"\n\n[treatment]', ("focused ultrasound",),
        at="coupling"),
]  # fmt: skip
OF_TIP = [
    Bad("power above the device's", 'power = "120 W"', 'power = "450 W"', ("outside", "to 400")),
    Bad("fluence beside power", 'power = "120 W"', 'power = "120 W"\nfluence = "60 J/cm2"', ("beside power",),
        at="fluence"),
    Bad("a picture for nothing", "[treatment]", '[imaging]\nsmas_depth = "4 mm"\n\n[treatment]', ("ultrasound",),
        at="[imaging]"),
    Bad("a depth of no needles", "stamps = 2", 'depth = "1.5 mm"', ("not a setting",)),
]  # fmt: skip


def line_of(text: str, bad: Bad) -> int:
    wanted = bad.at or bad.new.partition("\n")[0]
    return next(n for n, line in enumerate(text.splitlines(), 1) if wanted in line)


@pytest.mark.parametrize(
    ("text", "bad"),
    [(NEEDLES, bad) for bad in OF_NEEDLES] + [(TIP, bad) for bad in OF_TIP],
    ids=lambda each: each.name if isinstance(each, Bad) else "",
)
@pytest.mark.parametrize("verb", ["plan", "simulate"])
def test_one_line_says_what_and_where(tauten, tmp_path: Path, text: str, bad: Bad, verb: str) -> None:
    assert text.count(bad.old) == 1
    broken = text.replace(bad.old, bad.new)
    path = tmp_path / "case.toml"
    path.write_text(broken)
    out = ["--out", str(tmp_path / "out")] if verb == "plan" else []
    code, told = tauten(verb, path, *out)
    assert code == INPUT
    for word in bad.says:
        assert word in told
    assert f"case.toml:{line_of(broken, bad)}" in told or f"line {line_of(broken, bad)}" in told
    assert not (tmp_path / "out").exists()
