"""The command line: what each verb prints, how fast it starts, and the names the package promises."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import tauten
from tauten.cli import doctor, main, show, verifying
from tauten.errors import Contraindicated, NotConverged
from tauten.validation.case import Check, Claim

PUBLIC = [
    "Case", "Device", "Facts", "Field", "Grid", "InputError", "LightPulse", "Placed", "Plan", "Skin", "TautenError",
    "Treatment", "catalogue", "plan", "read_case", "read_device", "simulate",
]  # fmt: skip
VERBS = ("plan", "simulate", "devices", "verify", "bench", "doctor", "schema")
HEAVY = {"numpy", "numba", "xarray", "pandas", "pint", "pydantic", "matplotlib", "jinja2", "scipy"}


# The package


def test_public_names_are_these_and_all_there() -> None:
    assert tauten.__all__ == PUBLIC == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(tauten, name).__name__ == name


def test_simulate_stays_the_function_whoever_imports_its_module() -> None:
    import tauten.simulate

    assert callable(tauten.simulate)
    from tauten.simulate import couple

    assert callable(couple)


def test_unknown_name_is_an_ordinary_attribute_error() -> None:
    with pytest.raises(AttributeError, match="simulte"):
        tauten.simulte  # noqa: B018


@pytest.mark.parametrize("code", ["import tauten", "from tauten.cli import main; main(['--help'])"])
def test_nothing_heavy_is_imported_at_the_start(code: str) -> None:
    asked = f"{code}\nimport sys; print(' '.join(sys.modules), file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(ended.stderr.split())


# What every verb takes


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_takes_json_and_quiet(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    told = capsys.readouterr().out
    assert "--json" in told
    assert "--quiet" in told


def test_help_names_every_verb_and_what_it_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    told = capsys.readouterr().out
    assert [verb for verb in VERBS if f"\n  {verb} " not in told] == []
    assert "not medical advice" in told


def test_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"tauten {tauten.__version__}\n"


def test_package_can_be_run_as_a_module() -> None:
    ended = subprocess.run([sys.executable, "-m", "tauten", "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout == f"tauten {tauten.__version__}\n"


def test_exit_codes_are_one_a_kind() -> None:
    from tauten import errors

    codes = {name: getattr(errors, name).exit_code for name in errors.__all__}
    assert len(set(codes.values())) == len(codes)
    assert {2, 11, 130, 141, 143}.isdisjoint(codes.values())


# Tables and progress


def test_piped_table_is_one_line_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    show.table(("a", "b"), [("x" * 300, "[red]1[/]"), ("y", "2")])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4  # header, rule, two rows
    assert lines[2].endswith("[red]1[/]")


def test_no_progress_where_nobody_watches() -> None:
    assert not sys.stderr.isatty()
    with show.progress(quiet=False) as report:
        assert report is None


def test_progress_is_drawn_on_a_terminal() -> None:
    import pty

    code = "from tauten.cli.show import progress\nwith progress(False) as r: r('Light', 0.5); print(r is not None)"
    leader, follower = pty.openpty()
    ended = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=follower, text=True, check=True)
    os.close(follower)
    drawn = os.read(leader, 4096).decode()
    os.close(leader)
    assert ended.stdout == "True\n"
    assert "Light" in drawn


@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        (">&-", "devices", 0),
        (">&-", "devices --json", 0),
        (">&-", "doctor", 0),
        ("2>&-", "devices nobody", 3),
        ("2>&-", "verify nobody", 3),
    ],
)
def test_closed_stream_is_no_fault_in_tauten(closed: str, words: str, code: int) -> None:
    ended = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m tauten {words} {closed}'], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "", "")


def test_no_progress_without_a_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with show.progress(quiet=False) as report:
        assert report is None


# devices, schema


def test_devices_lists_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--quiet"]) == 0
    keys = capsys.readouterr().out.split()
    assert keys == list(tauten.catalogue())
    assert main(["devices", "--json"]) == 0
    assert [machine["key"] for machine in json.loads(capsys.readouterr().out)] == keys


def test_one_device_shows_range_and_source_of_each_setting(capsys: pytest.CaptureFixture[str]) -> None:
    machine = tauten.catalogue()["ir-lamp-1100-1800"]
    assert main(["devices", machine.key]) == 0
    told = capsys.readouterr().out
    for setting in machine.settings.values():
        assert setting.row.source in told
        assert f"{setting.row.low:g} to {setting.row.high:g}" in told
    assert machine.eye_hazard.eyewear in told


@pytest.mark.parametrize(
    ("key", "light"),
    [
        ("ir-lamp-1100-1800", "28 wavelengths from 1113 to 1788 nm, 1298 nm in the mean"),
        ("nd-yag-1320-cryogen", "1320 nm"),
    ],
)
def test_light_is_told_in_words_apart_from_what_can_be_set(
    key: str, light: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["devices", key]) == 0
    told = capsys.readouterr().out
    assert f"\nLight: {light}" in told
    assert " spectrum " not in told
    settings, _, fixed = told.partition(" not to be set ")
    assert " fluence " in settings
    assert " divergence " not in settings
    assert " divergence " in fixed


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["additionalProperties"] is False


# simulate


def test_simulate_shows_each_figure_with_its_error_where_one_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    example = Path(tauten.__file__).parents[1] / "examples" / "sapphire_1540.toml"
    path = tmp_path / "case.toml"
    path.write_text(example.read_text(encoding="utf-8") + "\n[run]\nphotons = 1000\n", encoding="utf-8")
    assert main(["simulate", str(path), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert figures["tissue.peak_temperature"]["spread"] > 0.0
    assert figures["fat_necrosis.cem43"]["spread"] is None
    assert main(["simulate", str(path)]) == 0
    told = capsys.readouterr().out
    assert "nan" not in told
    assert "fat necrosis, cem43 " in told
    assert "mean of the target depth" in told
    assert "chooses it" not in told  # the case asks for no choice
    path.write_text(
        path.read_text(encoding="utf-8").replace('plan = "as given"', 'plan = "optimise"'), encoding="utf-8"
    )
    assert main(["simulate", str(path)]) == 0
    assert f"; tauten plan {path} chooses it." in capsys.readouterr().out
    assert main(["simulate", str(path), "--quiet"]) == 0
    assert "necrosis" not in capsys.readouterr().out


def test_simulate_gives_a_focused_shot_the_heads_defaults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "case.toml"
    path.write_text(
        'schema = 1\n[person]\nage = 52\nsex = "female"\nphototype = 3\n[area]\nsite = "jawline"\n'
        '[treatment]\nmethod = "ultrasound"\ndevice = "mfu-7mhz-3.0mm"\n[treatment.settings]\nduration = "20 ms"\n',
        encoding="utf-8",
    )
    assert main(["simulate", str(path)]) == 0
    told = capsys.readouterr().out
    assert re.search(r"^ zone, peak temperature +[1-9][.\d]* °C$", told, flags=re.M)
    assert "Nothing coagulates: there is no zone" in told  # 20 ms is short of it
    assert "zone, bottom" not in told
    assert "± 0" not in told
    assert "Given by the case: duration." in told


def test_simulate_stops_at_air_and_warns_of_an_answer_that_forbids(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "case.toml"
    text = (Path(__file__).parents[1] / "examples" / "ultrasound_lower_face.toml").read_text(encoding="utf-8")
    path.write_text(text.replace('coupling = "full"', 'coupling = "gap"'), encoding="utf-8")
    assert main(["simulate", str(path), "--quiet"]) == Contraindicated.exit_code
    said = capsys.readouterr()
    assert not said.out
    assert "air between head and skin" in said.err
    path.write_text(text.replace('pregnant = "no"', 'pregnant = "yes"'), encoding="utf-8")
    assert main(["simulate", str(path), "--quiet"]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("Warning: ")
    assert "must not be treated with ultrasound" in first
    assert "pregnant" in first
    assert main(["simulate", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["warning"] == first.removeprefix("Warning: ")


# verify

NEAR = Check("peak", 1.0, 1.1, 0.2, "K", "a paper")
FAR = Check("peak", 2.0, 1.1, 0.2, "K", "a paper")


def claims(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> None:
    monkeypatch.setattr(verifying, "claims", lambda: {"heat": (Claim("half-space", lambda: checks),)})


def test_verify_passes_when_every_check_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    claims(monkeypatch, NEAR)
    assert main(["verify"]) == 0
    told = capsys.readouterr().out
    assert "a paper" in told
    assert "1 of 1 checks pass" in told


def test_verify_exits_11_when_one_check_misses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    claims(monkeypatch, NEAR, FAR, Check("rise", float("nan"), 1.0, 1.0, "K", "a paper"))
    assert main(["verify", "heat", "--json"]) == 11
    told = json.loads(capsys.readouterr().out)
    assert not told["passes"]
    assert [check["passes"] for check in told["checks"]] == [True, False, False]
    assert told["checks"][2]["value"] is None
    assert main(["verify", "--quiet"]) == 11
    assert capsys.readouterr().out.count("MISSED") == 2


def test_a_number_that_is_only_told_stands_in_the_table_and_counts_neither_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = Check("volume of 2 W", 0.0, None, None, "mm3", "", "none forms")
    beside = Check("rise", 21.0, 22.83, None, "K", "another code", "it loses along depth only")
    claims(monkeypatch, NEAR, alone, beside)
    assert main(["verify"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"volume of 2 W +0 +- +- +mm3 +told +none forms$", told, flags=re.M)
    assert re.search(r"rise +21 +22\.83 +- +K +told +another code; it loses along depth only$", told, flags=re.M)
    assert "1 of 1 checks pass. Told, held to nothing: 2." in told
    assert main(["verify", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["checks"]
    assert [row["compared"] for row in rows] == [True, False, False]
    assert rows[1]["expected"] is rows[1]["tolerance"] is rows[2]["tolerance"] is None
    claims(monkeypatch, Check("volume", float("nan"), None, None, "mm3", ""))
    assert main(["verify", "--quiet"]) == 11
    assert "MISSED" in capsys.readouterr().out


def test_claim_that_cannot_be_computed_is_missed_and_the_rest_still_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> list[Check]:
        raise NotConverged("heat did not settle", residual=0.5)

    rooms = {"heat": (Claim("slab", fail), Claim("half-space", lambda: [NEAR]))}
    monkeypatch.setattr(verifying, "claims", lambda: rooms)
    assert main(["verify", "--json"]) == 11
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert [check["passes"] for check in checks] == [False, True]
    assert "did not settle" in checks[0]["note"]


def test_every_room_s_claims_are_found() -> None:
    found = verifying.claims()
    folder = Path(verifying.__file__).parents[1] / "validation"
    written = {path.stem for path in folder.glob("*.py") if "CLAIMS" in path.read_text(encoding="utf-8")}
    assert set(found) == written
    names = [claim.name for room in found.values() for claim in room]
    assert len(set(names)) == len(names)


# doctor


def findings(capsys: pytest.CaptureFixture[str], code: int) -> dict[str, dict[str, str]]:
    assert main(["doctor", "--json"]) == code
    return {finding["subject"]: finding for finding in json.loads(capsys.readouterr().out)["findings"]}


def test_doctor_finds_nothing_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(not finding["fix"] for finding in findings(capsys, 0).values())


@pytest.mark.parametrize("value", ["0", "many", "100000"])
def test_doctor_names_a_thread_count_that_cannot_be(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", value)
    assert "NUMBA_NUM_THREADS" in {f.fix.split(",")[0].split()[1] for f in doctor._threads()}


def test_doctor_names_a_cache_nobody_can_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/proc/none/of/this")
    assert "export NUMBA_CACHE_DIR" in doctor._kernel_cache()[0].fix


@pytest.mark.parametrize(("cache", "healthy"), [("kept", True), ("file/none", False)])
def test_doctor_looks_where_kernels_are_kept(cache: str, healthy: bool, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    rest = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    code = "from tauten.cli import doctor; f = doctor._kernel_cache()[0]; print(f.fault, f.found)"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**rest, "XDG_CACHE_HOME": str(tmp_path / cache)},
    )  # fmt: skip
    fault, _, found = ended.stdout.strip().partition(" ")
    assert fault == str(not healthy)
    assert (str(tmp_path / cache / "tauten" / "kernels") in found) == healthy


def test_doctor_names_a_package_that_is_not_the_tested_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "pins", lambda: {"numpy": "0.0.1", "no-such-package": "1"})
    faults = {finding.subject: finding for finding in doctor._packages()}
    assert set(faults) == {"package numpy", "package no-such-package"}
    assert "0.0.1" in faults["package numpy"].fix


def test_doctor_names_full_memory_and_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tauten.grid.free_memory", lambda: 1e8)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1e6))
    assert doctor._memory()[0].fault
    assert doctor._disk()[0].fault


def test_doctor_names_a_terminal_without_greek(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ascii:
        encoding = "ascii"

    monkeypatch.setattr(sys, "stdout", Ascii())
    assert "LC_ALL" in doctor._locale()[0].fix


def test_doctor_quiet_prints_faults_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    sick = [doctor.Finding("disk", "full", "Free some space."), doctor.Finding("Python", "3.12")]
    monkeypatch.setattr(doctor, "CHECKS", (lambda: sick,))
    assert main(["doctor", "--quiet"]) == 1
    told = capsys.readouterr().out
    assert "Free some space." in told
    assert "3.12" not in told
