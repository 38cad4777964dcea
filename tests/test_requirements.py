"""Requirements are names, versions and hashes: no address and no index, so that every mirror serves them alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASKED = sorted((ROOT / "requirements").glob("*.in"))
PINNED = sorted((ROOT / "requirements").glob("*.txt"))
PIN = r"[A-Za-z0-9][A-Za-z0-9._-]*==[^\s;\\]+(?: ; [^\\]+)?"
HASH = r"--hash=sha256:[0-9a-f]{64}"


def shown(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", [*ASKED, *PINNED, ROOT / "pyproject.toml"], ids=shown)
def test_no_address_and_no_index_is_named(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.findall(r"pypi|--(?:extra-)?index-url|--find-links|^-[if]\b", text, flags=re.I | re.M)


@pytest.mark.parametrize("path", PINNED, ids=shown)
def test_every_pin_is_exact_and_hashed(path: Path) -> None:
    pins = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert pins
    odd = [pin for pin in pins if not re.fullmatch(rf"{PIN}\s+{HASH}(?:\s+{HASH})*\s*", pin)]
    assert not odd


@pytest.mark.parametrize("path", ASKED, ids=shown)
def test_everything_asked_for_is_pinned(path: Path) -> None:
    asked = {word for word in path.read_text(encoding="utf-8").split() if word not in ("-r", "run.in")}
    pinned = set(re.findall(r"^([A-Za-z0-9._-]+)==", path.with_suffix(".txt").read_text(encoding="utf-8"), re.M))
    assert asked
    assert asked <= pinned


def test_no_tool_keeps_a_lock_of_its_own() -> None:
    # Such files name the index each wheel came from.
    locks = [*ROOT.glob("*.lock"), *ROOT.glob("pylock*.toml"), *(ROOT / "requirements").glob("*lock*")]
    assert not locks
