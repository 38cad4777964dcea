"""`tauten doctor`: what this machine lacks to run Tauten well, and how to mend it."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tauten.cli.checkout import pins
from tauten.cli.show import json_out, table

__all__ = ["CHECKS", "Finding", "doctor"]

_PACKAGES = ("jinja2", "matplotlib", "numba", "numpy", "pint", "pydantic", "rich", "typer", "xarray")
_MEMORY_NEEDED = 600e6  # bytes: what a plan is allowed to take
_DISK_NEEDED = 200e6  # bytes: compiled kernels and a few plans


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and the fix when it is a fault."""

    subject: str
    found: str
    fix: str = ""

    @property
    def fault(self) -> bool:
        """Whether something is to be mended."""
        return bool(self.fix)


def doctor(as_json: bool, quiet: bool) -> int:
    """Run every check and print what was found; return 0, or 1 when there is a fault."""
    findings = [finding for check in CHECKS for finding in check()]
    faults = [finding for finding in findings if finding.fault]
    if as_json:
        json_out({"healthy": not faults, "findings": [asdict(finding) for finding in findings]})
    else:
        shown = faults if quiet else findings
        if shown:
            table(("", "", "found", "fix"), [("FAULT" if f.fault else "ok", f.subject, f.found, f.fix) for f in shown])
        if not quiet:
            print(f"{len(faults)} fault{'s' if len(faults) != 1 else ''}." if faults else "Nothing to mend.")
    return 1 if faults else 0


def _python() -> list[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    too_old = sys.version_info < (3, 11)
    return [
        Finding("Python", found, "Install Python 3.11 or newer, then make PYTHON=python3.12 plan." if too_old else "")
    ]


def _packages() -> list[Finding]:
    pinned = pins()
    wrong: list[Finding] = []
    for name in sorted({*_PACKAGES, *pinned}):
        try:
            found = version(name)
        except PackageNotFoundError:
            wrong.append(Finding(f"package {name}", "missing", "rm -rf .venv && make plan"))
            continue
        if name in pinned and found != pinned[name]:
            fix = f"Tested with {pinned[name]}: rm .venv/.run && make plan"
            wrong.append(Finding(f"package {name}", found, fix))
    for name in _PACKAGES:
        try:
            importlib.import_module(name)
        except Exception as error:  # a broken wheel can raise anything
            wrong.append(Finding(f"package {name}", f"cannot be imported ({error})", "rm -rf .venv && make plan"))
    compared = "as pinned" if pinned else "present (no pins outside a checkout)"
    return wrong or [Finding("packages", f"{len({*_PACKAGES, *pinned})} {compared}")]


def _kernel_cache() -> list[Finding]:
    importlib.import_module("tauten.solvers")  # names the folder, if there is one it can write
    fix = "export NUMBA_CACHE_DIR=/a/folder/you/can/write (without it every run may compile anew)"
    asked = os.environ.get("NUMBA_CACHE_DIR")
    if not asked:
        return [Finding("kernel cache", "your own cache folder cannot be written", fix)]
    place = next(p for p in (Path(asked), *Path(asked).parents) if p.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            return [Finding("kernel cache", asked)]
    except OSError as error:
        return [Finding("kernel cache", f"{asked}: {error.strerror}", fix)]


def _threads() -> list[Finding]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("NUMBA_NUM_THREADS")
    if asked is None:
        return [Finding("threads", f"{cores}, one a core")]
    if not asked.isdigit() or not 1 <= int(asked) <= cores:
        fix = f"unset NUMBA_NUM_THREADS, or set it between 1 and {cores}"
        return [Finding("threads", f"NUMBA_NUM_THREADS={asked} on {cores} cores", fix)]
    return [Finding("threads", f"{asked} of {cores} cores (NUMBA_NUM_THREADS)")]


def _memory() -> list[Finding]:
    from tauten.grid import free_memory

    free = free_memory()
    fix = "Close other programs: a plan takes up to 0.6 GB." if free < _MEMORY_NEEDED else ""
    return [Finding("memory", f"{free / 1e9:.1f} GB free" if free < float("inf") else "not told by this system", fix)]


def _disk() -> list[Finding]:
    free = shutil.disk_usage(Path.cwd()).free
    fix = f"Free some space on the disk of {Path.cwd()}." if free < _DISK_NEEDED else ""
    return [Finding("disk", f"{free / 1e9:.1f} GB free here", fix)]


def _devices() -> list[Finding]:
    from tauten.devices.catalogue import broken, catalogue

    faults = [Finding(f"device {key}", str(error), "Restore the file.") for key, error in broken().items()]
    return faults or [Finding("devices", f"{len(catalogue())} in the catalogue")]


def _locale() -> list[Finding]:
    if not sys.stdout:
        return [Finding("locale", "nobody reads the output")]
    encoding = sys.stdout.encoding or "unknown"
    try:
        "µ°²Ωñ".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return [Finding("locale", f"{encoding} cannot show µ, ° or ñ", "export LC_ALL=C.UTF-8 PYTHONIOENCODING=utf-8")]
    return [Finding("locale", encoding)]


CHECKS: tuple[Callable[[], list[Finding]], ...] = (
    _python, _packages, _kernel_cache, _threads, _memory, _disk, _devices, _locale,
)  # fmt: skip
"""What is looked at, in this order. A check returns one finding, or one a fault."""
