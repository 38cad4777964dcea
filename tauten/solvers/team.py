"""Threads that share the planes of a grid; the kernels release Python's lock."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

__all__ = ["Team"]

_PARTS = 4  # planes are dealt in as many parts for each thread: heat is uneven, and so are the cores


class Team:
    """`threads` that work side by side, the caller's own among them; one thread works alone."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def each(self, planes: int, kernel: Any, *arguments: Any) -> None:
        """Run `kernel` on all of so many planes: its first arguments are where a part begins and ends."""
        if self._pool is None:
            kernel(0, planes, *arguments)  # a column takes microseconds: dealing would cost as much again
            return
        parts = _PARTS * self.threads
        cuts = [planes * n // parts for n in range(parts + 1)]
        self.share(kernel, [[ends] for ends in pairwise(cuts) if ends[0] < ends[1]], *arguments)

    def share(self, kernel: Any, shares: Sequence[Sequence[tuple[Any, ...]]], *arguments: Any) -> None:
        """Run `kernel` once for each member of each share, its first arguments; threads take share after share."""
        if self._pool is None:
            for share in shares:
                for leading in share:
                    kernel(*leading, *arguments)
            return
        left = iter(shares)

        def run() -> None:
            for share in left:  # the next one that no thread has taken
                for leading in share:
                    kernel(*leading, *arguments)

        # The caller's own thread works too: it would only wait.
        jobs = [self._pool.submit(run) for _ in shares[1 : self.threads]]
        run()
        for job in jobs:
            job.result()

    def dismiss(self) -> None:
        """Let the other threads go."""
        if self._pool is not None:
            self._pool.shutdown()
