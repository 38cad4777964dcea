"""`tauten plan` on the example, as a user runs it: how long, and how much memory.

Each run is a process of its own, timed by the clock on the wall. The memory is what all its processes hold together at
the worst moment, pages that they share counted once; it is looked at every 20 ms, so a shorter peak may be missed.

With TAUTEN_FRESH=1 the same in a fresh clone of the last commit: `make` from nothing. The wheels are fetched
beforehand, and set-up then unpacks and compiles them from a folder with an empty cache: all of it but the network.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "examples" / "lower_face.toml"
LOOK = 0.02


class Watch(threading.Thread):
    """Looks at a process and all its children until told to stop; `peak` [byte] stays 0 where there is no /proc."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process, self.peak, self.stop = process, 0, threading.Event()

    def run(self) -> None:
        while not self.stop.wait(LOOK):
            self.peak = max(self.peak, sum(map(held, family(self.process))))


def family(process: int) -> list[int]:
    """Return the numbers of a process and of all that came from it."""
    found = [process]
    for one in found:
        try:
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:
            continue
    return found


def held(process: int) -> int:
    """Return the memory [byte] of one process, a page shared by n processes as one n-th; 0 once it is gone."""
    try:
        match = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0
    return int(match[1]) * 1024 if match else 0


@dataclass(frozen=True)
class Ran:
    """What one command took: seconds by the wall and of all processors, peak memory [byte]."""

    wall: float
    work: float
    peak: int


def timed(words: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its good end."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(words, cwd=folder, env=env, stdout=told, stderr=told)
        watch = Watch(process.pid)
        watch.start()
        code = process.wait()
        wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        watch.stop.set()
        watch.join()
        if code:
            told.seek(0)
            sys.stderr.write(told.read().decode(errors="replace"))
            raise subprocess.CalledProcessError(code, words)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    largest = after.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Ran(wall, work, watch.peak or largest)


def warm() -> list[dict[str, Any]]:
    """Time a first and a second run in this environment."""
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "tauten", "plan", str(CASE), "--quiet", "--out", str(Path(folder, "out"))]
        first, second = timed(words, ROOT), timed(words, ROOT)
    return [
        row("first run: compile or load the kernels", first.wall, "s"),
        row("second run, by the wall", second.wall, "s", "10 at most on two idle cores"),
        row("  processor time", second.work, "s"),
        row("  peak memory, all processes together", second.peak / 1e6, "MB", "600 at most"),
    ]


def fresh() -> list[dict[str, Any]]:
    """Time set-up and first plan in a fresh clone, the wheels lying ready in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        clone, wheels = Path(folder, "clone"), Path(folder, "wheels")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        asked = [word for name in ("setup", "run") for word in ("-r", str(clone / "requirements" / f"{name}.txt"))]
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--require-hashes"]
        fetch = timed([*pip, "--only-binary=:all:", "--dest", str(wheels), *asked], clone)
        own = ("NUMBA_", "MPL", "XDG_CACHE_HOME", "VIRTUAL_ENV", "MAKEFLAGS", "MFLAGS", "UV_", "PIP_")
        env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_NO_CACHE_DIR": "1"}
        env |= {"UV_OFFLINE": "1", "UV_FIND_LINKS": str(wheels), "UV_CACHE_DIR": str(Path(folder, "uv"))}
        setup, plan = timed(["make", ".venv/.run"], clone, env), timed(["make", "plan"], clone, env)
    return [
        row("fresh clone: fetch the wheels", fetch.wall, "s"),
        row("fresh clone: set up", setup.wall, "s"),
        row("  processor time", setup.work, "s"),
        row("fresh clone: plan, kernels compiled", plan.wall, "s"),
        row("  processor time", plan.work, "s"),
        row("  peak memory, all processes together", plan.peak / 1e6, "MB"),
        row("fresh clone: set up and plan", setup.wall + plan.wall, "s", "90 at most on two idle cores"),
    ]


def row(name: str, value: float, unit: str, target: str = "") -> dict[str, Any]:
    made = {"name": name, "value": float(value), "unit": unit, "target": target}
    print(f"{name:42s} {value:12.4g} {unit:10s} {'target ' + target if target else ''}".rstrip(), flush=True)
    return made


def main() -> list[dict[str, Any]]:
    rows = warm()
    if os.environ.get("TAUTEN_FRESH"):
        return rows + fresh()
    print("A fresh clone as well: TAUTEN_FRESH=1 make bench (some minutes)")
    return rows


if __name__ == "__main__":
    main()
