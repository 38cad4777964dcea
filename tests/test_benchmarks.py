"""Benchmarks are for comparing, not for passing; but one that fails must be told, and must not hide the others."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.__main__")


@pytest.fixture
def beams(bench: Any) -> Any:
    return importlib.import_module("benchmarks.beams")


def made(name: str, main: Any) -> ModuleType:
    module = ModuleType(f"benchmarks.{name}")
    module.main = main  # type: ignore[attr-defined]
    return module


def test_every_benchmark_named_is_there(bench: Any) -> None:
    assert all((ROOT / "benchmarks" / f"{name}.py").is_file() for name in bench.BENCHMARKS)


def test_one_that_fails_is_told_and_the_next_still_runs(
    bench: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = []

    def broken() -> list[Any]:
        raise ValueError("no such field")

    monkeypatch.setattr(bench, "BENCHMARKS", ("broken", "sound"))
    monkeypatch.setitem(sys.modules, "benchmarks.broken", made("broken", broken))
    monkeypatch.setitem(sys.modules, "benchmarks.sound", made("sound", lambda: ran.append(1)))
    assert bench.main(["--quiet"]) == 1
    assert ran == [1]
    assert "broken did not end: ValueError: no such field" in capsys.readouterr().err


def test_a_peer_that_fails_is_told_with_its_reason(
    beams: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(beams, "PEERS", Path(sys.executable))
    assert beams.peer("no-such-peer", "small") is None
    assert "no-such-peer did not run: KeyError" in capsys.readouterr().out


def test_a_peer_that_is_not_set_up_is_told(
    beams: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(beams, "PEERS", tmp_path / "python")
    assert beams.peer("jwave", "small") is None
    assert "make bench" in capsys.readouterr().out


def test_error_is_read_beyond_the_near_field_against_oneil(beams: Any) -> None:
    bowl = beams.CASES["small"]["bowl"]
    z = np.linspace(0.5e-3, 4e-3, 200)
    exact = beams.oneil(bowl, z)
    off = np.where(z < 0.4 * bowl.radius, 0.0, 1.01 * exact)
    assert beams.error(bowl, z, off) == pytest.approx(0.01)
    assert beams.error(bowl, z, off, scaled=True) == pytest.approx(0.0, abs=1e-12)
    assert beams.oneil(bowl, bowl.radius) == pytest.approx(2 * np.pi * bowl.frequency / 1500.0 * bowl.depth, rel=1e-6)
