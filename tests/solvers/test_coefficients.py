"""The heat solver's rows laid anew where cells dry: the same as all of them laid anew."""

import numpy as np
import pytest
from heat_sample import BLOOD, RHO, C, K, pulse
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.devices.cooling import ContactPlate, Convective, Fixed
from tauten.grid import Grid
from tauten.skin.thermal import Thermal
from tauten.solvers import conduction, march
from tauten.solvers.coefficients import assemble, renew

CONTACTS = {
    "axisymmetric": ({}, {"top": ContactPlate(temperature=278.15), "side": Fixed(temperature=300.0)}),
    "cartesian": (
        {"top": Convective(temperature=295.15, coefficient=10.0)},
        {"left": Fixed(temperature=300.0), "back": Convective(temperature=295.15, coefficient=50.0)},
    ),
}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans(), st.booleans())
def test_rows_renewed_where_cells_dry_are_the_rows_of_the_whole(seed, boxed, labelled, grows):
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 6, 3 if boxed else 2)
    edges = tuple(np.concatenate([[0.0], np.cumsum(rng.uniform(3e-5, 3e-4, n))]) for n in sizes)
    grid = Grid(edges, "cartesian" if boxed else "axisymmetric")
    kinds = 3 if labelled else grid.shape
    medium = Thermal(
        rng.uniform(0.1, 0.7, kinds), rng.uniform(800.0, 1200.0, kinds), rng.uniform(2e3, 4e3, kinds),
        perfusion=rng.uniform(0.0, 0.01, kinds), water=0.6, perfusion_rise=4.0 if grows else 1.0,
        labels=rng.integers(0, 3, grid.shape) if labelled else None, blood_heat_capacity=BLOOD, dry_conductivity=0.1,
    )  # fmt: skip
    shape = (*grid.shape, 1)[:2] if boxed else (grid.shape[0], 1)
    contacts = CONTACTS[grid.kind][int(rng.integers(2))]
    given = grid, medium, contacts, 310.15
    columns, dry = assemble(*given, np.dtype("float32")), np.zeros((*shape, grid.shape[-1]), bool)
    for _ in range(4):
        more = dry | (rng.random(dry.shape) < 0.15)
        columns = renew(columns, *given, more, np.any(more & ~dry, axis=-1))
        dry = more
        whole = assemble(*given, np.dtype("float32"), dry)
        for name in ("coef", "boil", "growth"):
            ours, theirs = getattr(columns, name), getattr(whole, name)
            if len(theirs) > 1:
                assert np.array_equal(ours[columns.classes], theirs[whole.classes])
        assert columns.skip == whole.skip
    assert len(columns.coef) <= columns.shared + dry[..., 0].size


def test_a_focus_that_dries_cell_by_cell_runs_as_if_all_was_laid_anew(monkeypatch):
    grid = Grid.uniform((6, 5, 6), 2e-4)
    x, y, z = np.meshgrid(*grid.centres, indexing="ij")
    spot = np.exp(-((x - 7e-4) ** 2 + (y - 5e-4) ** 2 + (z - 5e-4) ** 2) / 4e-4**2)
    medium = Thermal(K, RHO, C, perfusion=2e-3, water=0.65, blood_heat_capacity=BLOOD, dry_conductivity=0.6)
    dried, anew = [], march.March._dry_out

    def watched(self):
        before = 0 if self.dry is None else self.dry.sum()
        anew(self)
        if self.dry is None or self.dry.sum() == before:
            return
        dried.append(self.time)
        stiffness, slope = self.stiffness, self.slope.copy()
        self._assemble()
        self._slope(self.rise, self.slope)
        assert self.stiffness == stiffness
        assert np.array_equal(self.dry, self.water[:, :, self.columns.skip : -1] <= 0.0)
        assert slope == pytest.approx(self.slope, rel=1e-9, abs=1e-9 * np.abs(slope).max())

    monkeypatch.setattr(march.March, "_dry_out", watched)
    shot = pulse(grid, 1.5e10 * spot, 0.0, 0.2)
    state = conduction.evolve(grid, medium, shot, times=[0.3], tolerance=0.3)[0]
    assert len(dried) >= 2
    assert np.count_nonzero(state.water <= 0.0) >= 3
