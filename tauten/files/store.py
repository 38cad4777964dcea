"""Writing that is whole or not at all: a crash, a full disk or Ctrl-C leaves the previous output as it was.

A file is written beside its place under a hidden name, flushed to the disk, and renamed over the old one; a folder of
results is filled under a hidden name beside its place and swapped in at the end.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tauten.errors import InputError, StorageError, TautenError

__all__ = ["PLAN_OUTPUT", "output_folder", "write_bytes", "write_json", "write_text"]

FIGURES = (
    "across", "burns", "camera", "coagulated", "collagen", "comfort", "current", "depths", "needles", "needles_level",
    "profiles", "section", "surface", "temperature", "tip", "tornado",
)  # fmt: skip

PLAN_OUTPUT = frozenset({"plan.html", "plan.json", *(f"figures/{name}.svg" for name in FIGURES)})
"""The files `tauten plan` writes, and so all that a folder may hold for `tauten plan` to replace it."""

_PART = re.compile(r"\.(.+)\.[a-z0-9_]{8}\.part")
"""The hidden name of a file or folder that is still being written."""

_ABANDONED = 86_400.0
"""Seconds. No run lasts a day."""


def write_bytes(path: str | Path, content: bytes) -> Path:
    """Write `content` to `path`, whole or not at all; return the path.

    Raises `StorageError` when the disk is full or the place does not allow it; the previous file then still stands.
    """
    target = Path(path)
    hidden: str | None = None
    try:
        handle, hidden = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(hidden, 0o666 & ~_umask())  # mkstemp's 0600 would hide the result from the user's own group
        os.replace(hidden, target)
        hidden = None
        _sync_folder(target.parent)
    except OSError as error:
        raise _storage_error(error, target) from error
    finally:
        if hidden is not None:
            with suppress(OSError):
                os.unlink(hidden)
    return target


def write_text(path: str | Path, text: str) -> Path:
    """Write `text` as UTF-8 to `path`, whole or not at all; return the path. Raises `StorageError`."""
    return write_bytes(path, text.encode("utf-8"))


def write_json(path: str | Path, document: Mapping[str, Any]) -> Path:
    """Write `document` as JSON to `path`, whole or not at all; return the path.

    Raises `StorageError`, and `TautenError` for what JSON cannot hold (NaN among it: no other program would read it).
    """
    try:
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TautenError(f"{path}: the result cannot be written as JSON ({error}).") from error
    return write_text(path, text + "\n")


@contextmanager
def output_folder(path: str | Path, ours: Iterable[str] = PLAN_OUTPUT) -> Iterator[Path]:
    """Give a hidden folder to fill; it becomes `path` when the block ends well and vanishes when it does not.

    The previous folder stands until then. It is replaced only if it holds nothing but the files in `ours` (paths below
    it); anything else raises `InputError` before any work is done, and again before the swap: nobody loses a file to a
    mistyped `--out`. The same holds for the hidden folders beside it: what a killed run left there is removed, a
    stranger's is not. Raises `StorageError` when the place cannot be written.
    """
    target = Path(os.path.realpath(path))  # a link stays a link: what it points to is replaced
    names = frozenset(ours)
    if not target.name:
        raise InputError("is the whole disk", file=path, key="--out", remedy="Name a folder on it.")
    previous = target.with_name(f".{target.name}.previous")
    try:
        _refuse_foreign(target, names, Path(path))
        _refuse_foreign(previous, names, previous)
        if target == Path.cwd():
            raise InputError("is the folder you are in", file=path, key="--out", remedy="Name a folder inside it.")
        _mend(target, previous)
        if target.parent.exists() and not target.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target, names)
        hidden = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part"))
    except OSError as error:
        raise _storage_error(error, Path(path)) from error
    try:
        try:
            yield hidden
            hidden.chmod(0o777 & ~_umask())
            _sync_tree(hidden)
            _refuse_foreign(target, names, Path(path))  # an hour may have passed
            _refuse_foreign(previous, names, previous)
            _swap(hidden, target, previous, names)
        except OSError as error:
            raise _storage_error(error, Path(path)) from error
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _swap(hidden: Path, target: Path, previous: Path, ours: frozenset[str]) -> None:
    if target.exists():
        target.rename(previous)
        try:
            hidden.rename(target)
        except OSError:
            previous.rename(target)
            raise
        if _foreign(previous, ours) is None:
            shutil.rmtree(previous, ignore_errors=True)
    else:
        hidden.rename(target)
    _sync_folder(target.parent)


def _mend(target: Path, previous: Path) -> None:
    """Undo a swap that a power cut stopped between its two renames; both folders are known to be ours."""
    if not previous.exists():
        return
    if target.exists():
        shutil.rmtree(previous)
    else:
        previous.rename(target)


def _sweep(target: Path, ours: frozenset[str]) -> None:
    """Remove what runs that were killed left beside `target`; a folder younger than a day may still be filled."""
    for entry in target.parent.iterdir():
        hidden = _PART.fullmatch(entry.name)
        if not hidden or hidden[1] != target.name:
            continue
        with suppress(OSError):  # another run may be sweeping too
            if time.time() - entry.lstat().st_mtime > _ABANDONED and _foreign(entry, ours) is None:
                shutil.rmtree(entry, ignore_errors=True)


def _refuse_foreign(folder: Path, ours: frozenset[str], shown: Path) -> None:
    if not os.path.lexists(folder):
        return
    if not folder.is_dir():
        raise InputError("is a file, not a folder", file=shown, key="--out", remedy="Give the name of a folder.")
    if folder.is_symlink():
        raise InputError(
            "is a link that this command did not make", file=shown, key="--out", remedy="Name another folder."
        )
    foreign = _foreign(folder, ours)
    if foreign:
        top = sorted({name.partition("/")[0] for name in ours})
        raise InputError(
            f"holds {foreign!r}, which this command did not write",
            file=shown,
            key="--out",
            allowed=f"a new or empty folder, or one with only {', '.join(top)} of an earlier plan",
            remedy="Name another folder; nothing was touched.",
        )


def _foreign(folder: Path, ours: frozenset[str]) -> str | None:
    """Return the first thing below `folder`, as a path from it, that is not one of `ours`; None when all are.

    Links count as foreign, and so does a folder under a file's name. Raises `OSError` for what cannot be looked into.
    """

    def look(place: Path, before: str) -> Iterator[str]:
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
            name = before + entry.name
            if entry.is_dir(follow_symlinks=False):
                if any(one.startswith(f"{name}/") for one in ours):
                    yield from look(Path(entry.path), f"{name}/")
                else:
                    yield name
            else:
                part = _PART.fullmatch(entry.name)
                known = name in ours or bool(part and before + part[1] in ours)
                if not known or not entry.is_file(follow_symlinks=False):
                    yield name

    return next(look(folder, ""), None)


def _sync_tree(folder: Path) -> None:
    for root, _, names in os.walk(folder):
        for name in names:
            _sync(Path(root, name), os.O_RDONLY)
        _sync_folder(Path(root))


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot flush a folder; the rename itself has already succeeded
        _sync(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _storage_error(error: OSError, path: Path) -> StorageError:
    reason = error.strerror or str(error)
    return StorageError(
        f"{path}: cannot be written ({reason}). Nothing was changed. Free some space or choose another folder."
    )
