"""TOML in, with the line of every key, so that an error about a value can say where it stands."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tauten.errors import FileError

__all__ = ["Toml", "key_lines", "read_toml"]

_KEY_PART = re.compile(r"""\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.?)""")
_TOKEN = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')
_DIGITS = re.compile(r"[0-9][0-9_]{4000,}")
_INTEGERS = range(-(2**63), 2**63)
"""What TOML promises to hold; it asks a reader to refuse the rest."""
_LARGEST = 1_000_000
"""Bytes. A case or a device is a page of text; anything larger is the wrong file."""
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


class Toml(NamedTuple):
    """What a file says (`data`), and `line_of("exposure.fluence")`, the line where it says so."""

    data: dict[str, Any]
    line_of: Callable[[str], int]


def read_toml(path: str | Path) -> Toml:
    """Read a TOML file.

    `line_of` takes a dotted key, with the position from 0 in a list of tables (`passes.1.time`); for a key that is not
    there it returns the line of the nearest table around it, and 1 at the top. Raises `FileError` with file and line
    for a file that is missing, unreadable, half-written, not UTF-8 or not TOML, integers beyond 64 bits among it, and
    for what is no file but a folder, a device or a pipe (the standard input's own is read).
    """
    path = Path(path)
    _refuse_odd_files(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot be read ({error.strerror})", file=path, remedy="Check the name and rights.") from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise FileError("is not UTF-8 text", file=path, line=line, remedy="Save it as UTF-8.") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(str(error), text, path) from error
    except RecursionError as error:
        raise FileError("nests too deep", file=path, remedy="Write flatter tables.") from error
    except ValueError as error:  # Python's own bound on the digits of a number
        digits = _DIGITS.search(text)
        line = text[: digits.start()].count("\n") + 1 if digits else 1
        raise FileError("holds a number of too many digits", file=path, line=line) from error
    lines = key_lines(text)

    def line_of(key: str) -> int:
        while key:
            if key in lines:
                return lines[key]
            key = key.rpartition(".")[0]
        return 1

    for key in _too_large(data):
        raise FileError("holds an integer of more than 64 bits", key=key, file=path, line=line_of(key))
    return Toml(data, line_of)


def _refuse_odd_files(path: Path) -> None:
    """Refuse what is no page of text before reading it: a folder, a device, a pipe nobody may ever write to, a film."""
    try:
        about = path.stat()
    except OSError as error:
        raise FileError(
            f"cannot be read ({error.strerror})", file=path, remedy="Check the name and who may read it."
        ) from error
    except ValueError as error:
        raise FileError("is no file name", file=repr(str(path))) from error
    if stat.S_ISDIR(about.st_mode):
        raise FileError("is a folder", file=path, remedy="Name the file inside it.")
    if stat.S_ISCHR(about.st_mode) or stat.S_ISBLK(about.st_mode):
        raise FileError("is a device, not a file", file=path)
    if not stat.S_ISREG(about.st_mode) and not _is_standard_input(about):
        raise FileError("is a pipe or socket, not a file", file=path, remedy="Save what it says in a file.")
    if about.st_size > _LARGEST:
        raise FileError(
            f"is no case file: it has {about.st_size / 1e6:.3g} MB",
            file=path,
            allowed=f"up to {_LARGEST / 1e6:.0f}",
            unit="MB",
        )
    if stat.S_ISREG(about.st_mode) and about.st_size == 0:
        raise FileError("is empty", file=path, remedy="Is it half-written? examples/lower_face.toml is a whole one.")


def _is_standard_input(about: os.stat_result) -> bool:
    """Whether a file is the one this process reads from by itself, as in `tauten plan /dev/stdin < case.toml`."""
    try:
        return os.path.samestat(about, os.fstat(0))
    except OSError:  # closed
        return False


def key_lines(text: str) -> dict[str, int]:
    """Return the line (from 1) of every key and table header in valid TOML `text`; inline tables count as one key."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}  # how many tables each list of tables has so far
    table = ""
    quote, depth = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        value = line  # not splitlines(): to TOML, U+2028 and its kind are signs like any other
        if not quote and not depth:
            head = line.lstrip()
            if not head or head.startswith("#"):
                continue
            if head.startswith("["):
                listed = head.startswith("[[")
                table = _under_lists(_key(head[2 if listed else 1 :])[0], counts, listed)
                lines.setdefault(table, number)
                if listed:
                    lines.setdefault(table.rpartition(".")[0], number)
                continue
            parts, value = _key(line)
            full = [table, *parts] if table else parts
            for stop in range(1, len(full) + 1):  # `a.b = 1` also opens the table a
                lines.setdefault(".".join(full[:stop]), number)
        quote, depth = _left_open(value, quote, depth)
    return lines


def _too_large(value: Any, key: str = "") -> Iterator[str]:
    """Yield the dotted key of every integer that TOML does not hold."""
    if isinstance(value, (dict, list)):
        for name, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _too_large(below, f"{key}.{name}" if key else str(name))
    elif isinstance(value, int) and value not in _INTEGERS:
        yield key


def _key(text: str) -> tuple[list[str], str]:
    """Split `a."b".c = rest` (or `a.b] rest`) into its parts and the rest."""
    parts, place = [], 0
    while match := _KEY_PART.match(text, place):
        parts.append(next(part for part in match.group(1, 2, 3) if part is not None))
        place = match.end()
        if not match[4]:
            break
    return parts, text[place:]


def _under_lists(parts: list[str], counts: dict[str, int], listed: bool) -> str:
    """Return the dotted name of a table header, with positions put in after every list of tables."""
    name = ""
    for index, part in enumerate(parts):
        name = f"{name}.{part}" if name else part
        last = index == len(parts) - 1
        if last and listed:
            counts[name] = counts.get(name, -1) + 1
        if name in counts:
            name = f"{name}.{counts[name]}"
    return name


def _left_open(text: str, quote: str, depth: int) -> tuple[str, int]:
    """Return the long quote and the bracket depth still open after a line of a value."""
    place = 0
    while True:
        if quote:
            end = text.find(quote, place)
            if end < 0:
                return quote, depth
            place, quote = end + 3, ""
        match = _TOKEN.search(text, place)
        if not match:
            return "", depth
        token, place = match[0], match.end()
        if token in ('"""', "'''"):
            quote = token
        elif token in "[{":
            depth += 1
        elif token in "]}":
            depth -= 1


def _not_toml(message: str, text: str, path: Path) -> FileError:
    place = _PLACE.search(message)
    problem = _PLACE.sub("", message)
    if place and place[1]:
        line, remedy = int(place[1]), None
    else:
        line, remedy = text.count("\n") + 1, "The file ends too early; is it half-written?"
    return FileError(f"is not valid TOML: {problem[:1].lower()}{problem[1:]}", file=path, line=line, remedy=remedy)
