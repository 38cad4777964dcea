"""Places that cannot be written to: the previous plan still stands, and nothing is half-written."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from good_case import CASE, INPUT, STORAGE


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the planner by one that is done at once: these tests are about what happens to its answer."""
    made = SimpleNamespace(
        title="plan", summary=(("fluence", "36 J/cm²", ""),), findings=(), verdict="clear",
        to_dict=lambda: {"title": "plan"},
    )  # fmt: skip
    plan = ModuleType("tauten.care.plan")
    plan.plan = lambda case, progress=None: made  # type: ignore[attr-defined]
    page = ModuleType("tauten.report.page")
    page.write = lambda made, folder: (folder / "plan.html").write_text("new")  # type: ignore[attr-defined]
    report = ModuleType("tauten.report")
    report.page = page  # type: ignore[attr-defined]
    for module in (plan, page, report):
        monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.usefixtures("planned")
class TestWriting:
    def test_plan_is_written_whole(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        out = case_file.parent / "out"
        assert tauten("plan", case_file, "--out", out) == (0, "")
        assert sorted(p.name for p in out.iterdir()) == ["plan.html", "plan.json"]
        assert json.loads((out / "plan.json").read_text()) == {"title": "plan"}

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
    def test_disk_that_refuses_keeps_the_previous_plan(
        self, number: int, case_file: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        out = case_file.parent / "out"
        out.mkdir()
        (out / "plan.html").write_text("before")

        def refuse(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", refuse)
        code, told = tauten("plan", case_file, "--out", out)
        assert code == STORAGE
        assert os.strerror(number) in told
        assert (out / "plan.html").read_text() == "before"
        assert sorted(p.name for p in case_file.parent.iterdir()) == ["case.toml", "out"]

    def test_read_only_place_is_refused_before_any_work(
        self, case_file: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr("tempfile.mkdtemp", refuse)
        sys.modules["tauten.care.plan"].plan = lambda *_, **__: pytest.fail("work began")  # type: ignore[attr-defined]
        code, told = tauten("plan", case_file, "--out", case_file.parent / "out")
        assert code == STORAGE
        assert "Read-only file system" in told

    def test_place_below_a_file_is_refused(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        code, told = tauten("plan", case_file, "--out", case_file / "out")
        assert code == STORAGE
        assert "Not a directory" in told

    def test_place_that_is_a_file_is_refused(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        code, told = tauten("plan", case_file, "--out", case_file)
        assert (code, "is a file" in told) == (INPUT, True)
        assert case_file.read_text() == CASE

    def test_folder_with_your_files_is_refused(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        code, told = tauten("plan", case_file, "--out", case_file.parent)
        assert (code, "'case.toml'" in told) == (INPUT, True)
        assert case_file.read_text() == CASE

    @pytest.mark.parametrize(
        ("end", "code"), [(KeyboardInterrupt(), 130), (MemoryError(), 5), (ZeroDivisionError("no"), 1)]
    )
    def test_run_cut_short_keeps_the_previous_plan(
        self, end: BaseException, code: int, case_file: Path, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        out = case_file.parent / "out"
        out.mkdir()
        (out / "plan.html").write_text("before")

        def cut(plan: object, folder: Path) -> None:
            (folder / "plan.html").write_text("half")
            raise end

        sys.modules["tauten.report.page"].write = cut  # type: ignore[attr-defined]
        ended, told = tauten("plan", case_file, "--out", out)
        assert ended == code
        assert told
        assert (out / "plan.html").read_text() == "before"
        assert sorted(p.name for p in case_file.parent.iterdir()) == ["case.toml", "out"]

    def test_answer_that_is_no_number_is_not_written(
        self, case_file: Path, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        made = SimpleNamespace(
            title="", summary=(), findings=(), verdict="clear", to_dict=lambda: {"peak": float("nan")}
        )
        sys.modules["tauten.care.plan"].plan = lambda *_, **__: made  # type: ignore[attr-defined]
        code, told = tauten("plan", case_file, "--out", case_file.parent / "out")
        assert code == 1
        assert "JSON" in told
        assert not (case_file.parent / "out").exists()


@pytest.mark.usefixtures("planned")
def test_plan_without_a_place_goes_to_a_folder_of_the_case_s_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lower_face.toml").write_text(CASE)
    assert tauten("plan", "lower_face.toml") == (0, "")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["lower-face"]
