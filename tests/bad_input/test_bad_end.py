"""Processes that are stopped, or lose what they write to: one line, and the exit code shells expect."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from good_case import FILE, STORAGE

TAUTEN = (sys.executable, "-c", "import sys; from tauten.cli import main; sys.exit(main())")


def run(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*TAUTEN, *map(str, words)], stderr=subprocess.PIPE, text=True, timeout=60, check=False, **options
    )


def test_full_disk_behind_stdout_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        ended = run("schema", stdout=full)
    assert ended.returncode == STORAGE
    assert "No space left" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_file_that_may_not_grow_is_one_line(tmp_path: Path) -> None:
    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    with open(tmp_path / "schema.json", "w") as target:
        ended = run("schema", stdout=target, preexec_fn=small_files_only)
    assert ended.returncode == STORAGE
    assert ended.stderr.count("\n") == 1


def test_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = run("schema", stdout=writer)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_process_says_so_in_one_line(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.toml")  # nobody writes to it, so the command waits to read
    process = subprocess.Popen(
        [*TAUTEN, "simulate", str(tmp_path / "case.toml")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    writer = -1
    until = time.monotonic() + 30
    while writer < 0 and time.monotonic() < until:
        try:
            writer = os.open(tmp_path / "case.toml", os.O_WRONLY | os.O_NONBLOCK)  # fails until the command reads
        except OSError:
            time.sleep(0.02)
    assert writer >= 0
    process.send_signal(sent)
    _, told = process.communicate(timeout=30)
    os.close(writer)
    assert process.returncode == code
    assert told.count("\n") == 1
    assert "Nothing is half-written" in told


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    ended = run("simulate", tmp_path / "none.toml", stdout=subprocess.PIPE, env={**os.environ, "TAUTEN_DEBUG": "1"})
    assert ended.returncode == FILE
    assert "Traceback" in ended.stderr


def test_ascii_terminal_is_no_reason_to_fail() -> None:
    ended = run("devices", stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, "")
