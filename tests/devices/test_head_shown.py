"""`tauten devices` with heads: the list, one head in full, JSON, and a file of one's own with and without a fault."""

import json
import re
from pathlib import Path

import pytest

from tauten.cli import main
from tauten.devices.catalogue import catalogue, device

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-head.md"
EXAMPLE = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)[1]


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "clinic-5mhz.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def test_heads_are_listed_with_their_power(capsys):
    assert main(["devices"]) == 0
    told = capsys.readouterr().out
    for machine in catalogue().values():
        (line,) = (line for line in told.splitlines() if line.split()[:1] == [machine.key])
        row = machine.settings[machine.driver].row
        assert f"{row.low:g} to {row.high:g} {row.unit}" in line
        assert f" {machine.method} " in line


def test_a_head_shows_range_and_source_of_each_number_and_its_hazards(capsys):
    head = device("mfu-7mhz-3.0mm")
    assert main(["devices", head.key]) == 0
    told = capsys.readouterr().out
    for row in (*(s.row for s in head.settings.values()), *head.rows_used()):
        assert row.source in told
        assert f"{row.low:g} to {row.high:g}" in told
    assert all(hazard.text in told for hazard in head.hazards)
    assert "geometric focus 3 mm below the skin, 12 mm of water" in told
    settings, _, fixed = told.partition(" not to be set ")
    assert " power " in settings
    assert " aperture " in fixed


@pytest.mark.parametrize("key", [k for k, d in catalogue().items() if d.method == "ultrasound"])
def test_a_head_as_json_holds_every_row(key, capsys):
    assert main(["devices", key, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    head = device(key)
    assert set(told["settings"]) == set(head.settings)
    assert set(told["transducer"]) == set(head.rows)
    assert [h["text"] for h in told["hazards"]] == [h.text for h in head.hazards]


def test_a_head_of_ones_own_is_shown(own, capsys):
    assert main(["devices", str(own)]) == 0
    assert "clinic-5mhz" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('couplant = "water"', 'couplant = "air"', "no sound reaches the skin"),
        ("value = 10\n", "value = 40\n", "wider than the sphere"),
        ("value = 3.5", "value = -1", "above 0 mm"),
        ("value = 17\n", "value = 26\n", "more points than the pitch allows"),
        ("high = 30", "high = 300", "up to 60 W"),
    ],
)
def test_a_fault_in_it_is_one_line_with_its_place(own, old, new, words, capsys):
    own.write_text(EXAMPLE.replace(old, new, 1), encoding="utf-8")
    assert main(["devices", str(own)]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert re.fullmatch(r"[^\n]*clinic-5mhz\.toml:\d+: [^\n]*\n", told.err)
    assert words in told.err
