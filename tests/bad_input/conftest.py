"""The command line, run in this process on a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from good_case import CASE

from tauten.cli import main


@pytest.fixture
def tauten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the command line in this process; return its exit code and stderr, which must be at most one line."""

    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        assert told.err.count("\n") <= 1
        assert told.out == "" or code == 0
        return code, told.err.rstrip("\n")

    return run


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE)
    return path
