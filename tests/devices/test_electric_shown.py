"""`tauten devices` with stamps and tips: the list, one of them in full, and JSON."""

from __future__ import annotations

import json

import pytest

from tauten.cli import main
from tauten.devices.applicator import Applicator
from tauten.devices.catalogue import catalogue, device
from tauten.devices.stamp import Stamp

KEYS = [key for key, machine in catalogue().items() if isinstance(machine, (Applicator, Stamp))]


@pytest.mark.parametrize("key", ["needles-37-hexagonal", "needles-5-pairs", "rf-monopolar-16cm2", "rf-bipolar-12x25mm"])
def test_one_of_them_shows_range_and_source_of_each_number(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    machine = device(key)
    assert main(["devices", key]) == 0
    told = capsys.readouterr().out
    for row in (*(s.row for s in machine.settings.values()), *machine.rows_used()):
        assert row.source in told
        assert f"{row.low:g} to {row.high:g}" in told
    assert all(hazard.text in told for hazard in machine.hazards)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("needles-37-hexagonal", "1 MHz; polarity: rows, monopolar. Needles 0.3 mm thick, 3.5 mm long, the last 0.3"),
        ("needles-6x6-bare", "Needles 0.15 mm thick, 1 mm long, bare all along"),
        ("rf-monopolar-4cm2", "6.78 MHz, to a return electrode far away; cooling: spray, none"),
        ("rf-bipolar-12x25mm", "from one electrode to the other; cooling: plate, none"),
    ],
)
def test_the_way_of_the_current_is_told(key: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", key]) == 0
    assert words in capsys.readouterr().out


@pytest.mark.parametrize("key", KEYS)
def test_as_json_they_hold_every_row(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", key, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    machine = device(key)
    assert set(told["settings"]) == set(machine.settings)
    assert set(told["needles" if isinstance(machine, Stamp) else "tip"]) == set(machine.rows)
    assert [h["text"] for h in told["hazards"]] == [h.text for h in machine.hazards]
    if isinstance(machine, Stamp):
        assert len(told["positions_mm"]) == machine.array.count
