"""Results are written whole or not at all; what was there stands until then."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from pathlib import Path

import pytest

from tauten.errors import InputError, StorageError, TautenError
from tauten.files import output_folder, write_bytes, write_json, write_text
from tauten.files.store import PLAN_OUTPUT


def test_written_file_is_what_was_given(tmp_path: Path) -> None:
    path = write_text(tmp_path / "plan.json", "µ°")
    assert path.read_bytes() == "µ°".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]


def test_written_file_can_be_read_by_the_group(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        assert stat.S_IMODE(write_text(tmp_path / "a", "x").stat().st_mode) == 0o644
        with output_folder(tmp_path / "out") as folder:
            write_text(folder / "plan.html", "x")
        assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o755
    finally:
        os.umask(before)


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_failed_write_leaves_the_previous_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    path = write_text(tmp_path / "plan.json", "before")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if call == "write":
        monkeypatch.setattr(os, "fdopen", fail)
    else:
        monkeypatch.setattr(os, call, fail)
    with pytest.raises(StorageError, match=r"plan\.json.*No space left"):
        write_bytes(path, b"after")
    monkeypatch.undo()
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]


def test_interrupted_write_leaves_the_previous_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_text(tmp_path / "plan.json", "before")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_text(path, "after")
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["plan.json"]


def test_json_has_no_nan(tmp_path: Path) -> None:
    with pytest.raises(TautenError, match="JSON"):
        write_json(tmp_path / "plan.json", {"temperature": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_folder_appears_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "lower-face"
    with output_folder(out) as folder:
        assert not out.exists()
        write_text(folder / "plan.html", "page")
        (folder / "figures").mkdir()
    assert sorted(p.name for p in out.iterdir()) == ["figures", "plan.html"]
    assert [p.name for p in out.parent.iterdir()] == ["lower-face"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, InputError("is wrong"), OSError(errno.ENOSPC, "No space left")])
def test_failed_run_keeps_the_previous_folder(tmp_path: Path, end: BaseException) -> None:
    out = tmp_path / "out"
    with output_folder(out) as folder:
        write_text(folder / "plan.html", "before")

    def run() -> None:
        with output_folder(out) as folder:
            write_text(folder / "plan.html", "half")
            raise end

    with pytest.raises((KeyboardInterrupt, InputError, StorageError)):
        run()
    assert (out / "plan.html").read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_second_run_replaces_the_first(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for text in ("first", "second"):
        with output_folder(out) as folder:
            write_text(folder / "plan.html", text)
            if text == "first":
                write_text(folder / "plan.json", "{}")
    assert (out / "plan.html").read_text() == "second"
    assert [p.name for p in out.iterdir()] == ["plan.html"]
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_folder_with_anything_of_yours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years")
    with pytest.raises(InputError, match=r"thesis\.txt"), output_folder(tmp_path):
        pytest.fail("work began although the folder cannot be replaced")
    assert (tmp_path / "thesis.txt").read_text() == "ten years"


def _refused(out: Path, says: str) -> None:
    with pytest.raises(InputError, match=says), output_folder(out):
        pytest.fail("work began although the folder cannot be replaced")


@pytest.mark.parametrize(
    "yours", ["figures/my_photo.png", "figures/deep/profiles.svg", "plan.html/notes.txt", "plan.json/x", "figures"]
)
def test_file_of_yours_under_our_names_is_refused(tmp_path: Path, yours: str) -> None:
    mine = tmp_path / "own" / yours
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    _refused(tmp_path / "own", r"holds '")
    assert mine.read_text() == "mine"


def test_link_of_yours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "figures").symlink_to(tmp_path / "photos")
    _refused(tmp_path / "own", "holds 'figures'")
    assert (tmp_path / "own" / "figures").is_symlink()


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("yours", ["precious.txt", "figures/precious.png"])
def test_hidden_folder_of_yours_beside_the_place_is_refused(tmp_path: Path, there: bool, yours: str) -> None:
    if there:
        (tmp_path / "b").mkdir()
    mine = tmp_path / ".b.previous" / yours
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    _refused(tmp_path / "b", r"\.b\.previous: .*precious")
    assert mine.read_text() == "mine"
    assert (tmp_path / "b").exists() == there


def test_previous_folder_stands_when_the_place_is_refused(tmp_path: Path) -> None:
    for name, text in (("b/thesis.txt", "ten years"), (".b.previous/plan.html", "before")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    _refused(tmp_path / "b", "thesis")
    assert (tmp_path / ".b.previous" / "plan.html").read_text() == "before"


@pytest.mark.parametrize("yours", ["out/thesis.txt", "out/figures/thesis.png", ".out.previous/thesis.txt"])
def test_file_that_came_while_the_plan_was_made_is_kept(tmp_path: Path, yours: str) -> None:
    out, mine = tmp_path / "out", tmp_path / yours
    with output_folder(out) as folder:
        write_text(folder / "plan.html", "before")

    def run() -> None:
        with output_folder(out) as folder:
            write_text(folder / "plan.html", "after")
            mine.parent.mkdir(exist_ok=True)
            mine.write_text("ten years")

    with pytest.raises(InputError, match="thesis"):
        run()
    assert mine.read_text() == "ten years"
    assert (out / "plan.html").read_text() == "before"


def test_old_hidden_folder_of_yours_is_not_swept(tmp_path: Path) -> None:
    mine = tmp_path / ".out.download.part"
    mine.mkdir()
    (mine / "thesis.txt").write_text("ten years")
    os.utime(mine, (0, 0))
    with output_folder(tmp_path / "out") as folder:
        write_text(folder / "plan.html", "page")
    assert (mine / "thesis.txt").read_text() == "ten years"


def test_the_whole_disk_is_no_place() -> None:
    _refused(Path("/"), "whole disk")


def test_every_figure_of_the_report_may_be_replaced() -> None:
    report = Path(__file__).parents[1] / "tauten" / "report"
    drawn = set()
    for path in report.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        named = re.findall(r'^_NAME = "(\w+)"', source, flags=re.M) if "Drawing(_NAME" in source else []
        drawn |= {f"figures/{name}.svg" for name in [*named, *re.findall(r'\bDrawing\(\s*"(\w+)"', source)]}
    assert len(drawn) > 5
    assert drawn == {name for name in PLAN_OUTPUT if name.startswith("figures/")}


def test_swap_that_failed_halfway_puts_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    with output_folder(out) as folder:
        write_text(folder / "plan.html", "before")
    rename, calls = Path.rename, []

    def second_fails(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", second_fails)
    with pytest.raises(StorageError), output_folder(out) as folder:
        write_text(folder / "plan.html", "after")
    assert (out / "plan.html").read_text() == "before"


def test_power_cut_between_the_renames_is_mended_by_the_next_run(tmp_path: Path) -> None:
    previous = tmp_path / ".out.previous"
    previous.mkdir()
    (previous / "plan.html").write_text("before")
    with pytest.raises(InputError), output_folder(tmp_path / "out"):
        raise InputError("is wrong")
    assert (tmp_path / "out" / "plan.html").read_text() == "before"
    assert not previous.exists()


def test_leftovers_of_a_killed_run_go_a_day_later(tmp_path: Path) -> None:
    yesterday = time.time() - 90_000
    for name in (".out.abcdefgh.part", ".out.ab_cd3fg.part", ".out.v2.abcdefgh.part", ".else.abcdefgh.part"):
        (tmp_path / name / "figures").mkdir(parents=True)
        os.utime(tmp_path / name, (yesterday, yesterday))
    os.utime(tmp_path / ".out.ab_cd3fg.part")  # still being filled
    with output_folder(tmp_path / "out") as folder:
        write_text(folder / "plan.html", "page")
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {"out", ".out.ab_cd3fg.part", ".out.v2.abcdefgh.part", ".else.abcdefgh.part"}


def test_two_runs_at_once_leave_one_whole_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with output_folder(out) as first, output_folder(out) as second:
        write_text(first / "plan.html", "first")
        write_text(first / "plan.json", "{}")
        write_text(second / "plan.html", "second")
    assert {p.name: p.read_text() for p in out.iterdir()} == {"plan.html": "first", "plan.json": "{}"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    with output_folder(tmp_path / "out") as folder:
        write_text(folder / "plan.html", "page")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "disk" / "plan.html").read_text() == "page"
