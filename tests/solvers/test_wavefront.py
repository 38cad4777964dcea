"""A step's tasks in waves: everything once, nothing too early, and the same bits however it is cut."""

import numpy as np
import pytest
from heat_sample import BLOOD, RHO, C, K, pulse
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.grid import Grid
from tauten.solvers import conduction, heat_inputs, wavefront
from tauten.solvers.conduction import ContactPlate, Thermal


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 90), st.integers(1, 40), st.sampled_from([1e3, 2e5, 1e6, 1e8]), st.integers(1, 9))
def test_every_task_is_done_once_and_after_all_it_needs(groups, tasks, size, threads):
    done = set()
    for (first, last), shares in wavefront.blocks(groups, tasks, size, threads):
        before = frozenset(done)
        for block in (block for share in shares for block in share):
            start, stop, lean, hang = block
            own = set()
            for t in range(first, last):
                for at in range(start + (t - first) * lean, stop + (t - first) * hang):
                    assert 0 <= at < groups
                    assert (t, at) not in done
                    # Blocks that run side by side may not wait for each other.
                    needs = {(t - 1, n) for n in (at - 1, at, at + 1) if t and 0 <= n < groups}
                    assert needs <= before | own
                    own.add((t, at))
            done |= own
    assert len(done) == groups * tasks


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_any_cut_gives_the_same_bits_while_water_boils(monkeypatch, dtype):
    monkeypatch.setattr(heat_inputs, "_SHARED_ABOVE", 0)
    grid = Grid.uniform((23, 7, 9), 2e-4)
    x, y, z = np.meshgrid(*grid.centres, indexing="ij")
    spot = np.exp(-((x - 2e-3) ** 2 + (y - 7e-4) ** 2 + (z - 9e-4) ** 2) / 4e-4**2)
    medium = Thermal(
        K, RHO, C, perfusion=2e-3, water=0.65, perfusion_rise=4.0, blood_heat_capacity=BLOOD, dry_conductivity=0.1
    )
    runs = []
    for threads, group, cache in ((1, 10**9, 1e12), (1, 1, 1e12), (2, 1, 1e12), (3, 100, 1e12), (5, 1, 3e4)):
        monkeypatch.setattr(wavefront, "_GROUP", group)
        monkeypatch.setattr(wavefront, "_CACHE", cache)
        runs.append(
            conduction.evolve(
                grid, medium, pulse(grid, 1.5e10 * spot, 0.0, 0.2), times=[0.25], endpoints=["comfort_43"],
                boundaries={"top": ContactPlate(temperature=278.15)}, dtype=dtype, threads=threads,
            )[0]
        )  # fmt: skip
    assert np.any(runs[0].water <= 0.0)
    for other in runs[1:]:
        for name in ("rise", "maximum", "water", "plate"):
            assert np.array_equal(getattr(runs[0], name), getattr(other, name))
        assert np.array_equal(runs[0].integrals["comfort_43"], other.integrals["comfort_43"])
