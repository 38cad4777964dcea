"""Files that are no case, and device files of your own with a fault."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from good_case import CASE, FILE, INPUT

from tauten.files import read_case

DEVICES = Path(__file__).parents[2] / "tauten" / "data" / "devices"
LAMP = (DEVICES / "ir-lamp-1100-1800.toml").read_text(encoding="utf-8")

FILES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ("is empty", "lower_face.toml")),
    "binary": (bytes(range(256)) * 4, ("not UTF-8",)),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(64), ("not UTF-8",)),
    "Latin-1": (CASE.replace("Lower face", "Bas du visage é").encode("latin-1"), ("not UTF-8", "Save it as UTF-8")),
    "UTF-16": (CASE.encode("utf-16"), ("not UTF-8",)),
    "zeros after a power cut": (bytes(4096), ("not valid TOML",)),
    "cut inside a text": (CASE.encode()[: CASE.index("cheek") + 2], ("not valid TOML", "half-written")),
    "cut inside a list": (CASE.encode()[: CASE.index('"0.8 mm"')], ("not valid TOML",)),
    "JSON": (b'{"schema": 1}', ("not valid TOML",)),
    "too long": (b"#" * 2_000_000, ("no case file", "2 MB", "1 MB")),
    "nested beyond sense": (b"a = " + b"[" * 5000, ("case.toml",)),
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_is_no_case_is_refused(name: str, tmp_path: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    content, says = FILES[name]
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    code, told = tauten("plan", path, "--out", tmp_path / "out")
    assert code == FILE
    assert told.startswith(str(path))
    assert not [part for part in says if part not in told], told
    assert not (tmp_path / "out").exists()


def test_case_cut_between_two_lines_says_what_is_missing(
    tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "case.toml").write_text(CASE[: CASE.index("[treatment]")])
    code, told = tauten("simulate", tmp_path / "case.toml")
    assert (code, "treatment is missing" in told) == (INPUT, True)


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_bytes(b"\xef\xbb\xbf" + CASE.replace("\n", "\r\n").encode())
    assert read_case(tmp_path / "case.toml").person.age == 52


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing.toml", "No such file"),
        (".", "is a folder"),
        ("/dev/zero", "is a device"),
        ("case.toml/more", "Not a directory"),
        ("a" * 300, "too long"),
    ],
)
def test_path_that_is_no_file_is_refused(
    path: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "case.toml").write_text(CASE)
    monkeypatch.chdir(tmp_path)
    code, told = tauten("simulate", path)
    assert code == FILE
    assert says in told


@pytest.mark.parametrize("words", [("plan", "pipe.toml"), ("simulate", "case.toml"), ("devices", "./pipe.toml")])
def test_a_pipe_nobody_writes_to_is_refused_and_not_waited_for(words: tuple[str, str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "case.toml").write_text(CASE.replace("ir-lamp-1100-1800", "pipe.toml"))
    ended = subprocess.run(
        [sys.executable, "-c", "import sys; from tauten.cli import main; sys.exit(main())", *words],
        cwd=tmp_path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == FILE
    assert "pipe.toml: is a pipe or socket, not a file" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_device_file_that_is_no_file_is_refused(tauten: Callable[..., tuple[int, str]]) -> None:
    code, told = tauten("devices", "/dev/zero")
    assert (code, told) == (FILE, "/dev/zero: is a device, not a file.")


def test_a_case_comes_in_at_the_standard_input(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", "from tauten import read_case; print(read_case('/dev/stdin').person.age)"],
        cwd=tmp_path, input=CASE, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("52.0\n", "")


def test_file_nobody_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "case.toml").write_text(CASE)

    def forbidden(self: Path) -> bytes:  # root may read everything, so the system's answer is played
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    code, told = tauten("simulate", tmp_path / "case.toml")
    assert code == FILE
    assert "Permission denied" in told


# A device of your own


def with_device(folder: Path, old: str, new: str) -> Path:
    assert old in LAMP
    (folder / "mine.toml").write_text(LAMP.replace(old, new, 1), encoding="utf-8")
    (folder / "case.toml").write_text(CASE.replace("ir-lamp-1100-1800", "mine.toml"), encoding="utf-8")
    return folder / "case.toml"


@pytest.mark.parametrize(
    ("old", "new", "exit", "says"),
    [
        ('name = "', 'nmae = "', INPUT, ("name is missing",)),
        ('method = "infrared"', 'method = "magic"', INPUT, ("method", "infrared")),
        ("[settings.fluence]", "[settings.fluense]", INPUT, ("settings.fluense", "Did you mean fluence?")),
        ('method = "infrared"', "method = infrared", FILE, ("not valid TOML",)),
        ("low = 5\n", "low = nan\n", INPUT, ("finite",)),
        ('unit = "J/cm2"', 'unit = "J"', INPUT, ("settings.fluence.unit", "J/cm2")),
    ],
)
def test_fault_in_a_device_file_names_that_file(
    old: str, new: str, exit: int, says: tuple[str, ...], tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    path = with_device(tmp_path, old, new)
    for words in (("simulate", path), ("devices", tmp_path / "mine.toml")):
        code, told = tauten(*words)
        assert code == exit
        assert told.startswith(f"{tmp_path / 'mine.toml'}:")
        assert not [part for part in says if part not in told], told


@pytest.mark.parametrize(
    ("nanometres", "end"), [("[2500]", "2500 nm"), ("[300]", "300 nm"), ("[1320, 2001]", "2001 nm")]
)
def test_light_beyond_the_optical_tables_names_the_device_file(
    nanometres: str, end: str, tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    laser = (DEVICES / "nd-yag-1320-cryogen.toml").read_text(encoding="utf-8")
    mine = laser.replace("wavelengths = [1320]", f"wavelengths = {nanometres}").replace("nd-yag-1320-", "clinic-1320-")
    (tmp_path / "mine.toml").write_text(mine, encoding="utf-8")
    settings = CASE[CASE.index("[treatment.settings]") : CASE.index("[goal]")]
    (tmp_path / "case.toml").write_text(CASE.replace("ir-lamp-1100-1800", "mine.toml").replace(settings, ""))
    code, told = tauten("simulate", tmp_path / "case.toml")
    line = mine[: mine.index("wavelengths =")].count("\n") + 1
    assert code == INPUT
    assert told.startswith(f"{tmp_path / 'mine.toml'}:{line}: spectrum.wavelengths = {end} ")
    assert "400 to 2000 nm" in told
