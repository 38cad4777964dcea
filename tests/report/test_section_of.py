"""The section that a plan makes: its layers, the zones of neighbouring points, bone where the picture has it."""

from __future__ import annotations

from dataclasses import replace

import plan_sample
import pytest
from sound_sample import PITCH, sample, shots, zone

from tauten.care.shots import Guard
from tauten.report.section import section_of
from tauten.units import celsius


def test_light_has_no_section() -> None:
    assert section_of(plan_sample.sample()) is None


def test_a_section_has_the_layers_of_this_skin() -> None:
    plan = sample()
    section = section_of(plan)
    assert [s.top for s in section.strata] == pytest.approx(list(plan.skin.depths[:-1]))
    assert [s.tissue for s in section.strata] == [layer.tissue for layer in plan.skin.layers]
    assert section.focus == plan.shots.focus
    assert section.goal == plan.shots.band
    assert section.bone == pytest.approx(7.48e-3)
    assert section.findings == (plan.findings[0].reason,)


def test_points_that_do_not_reach_one_another_have_one_zone_at_the_pitch() -> None:
    section = section_of(sample())
    assert len(section.planned) == len(section.adverse) == 7
    assert {z.width for z in section.planned} == {0.31e-3}
    steps = [b.across - a.across for a, b in zip(section.planned, section.planned[1:], strict=False)]
    assert steps == pytest.approx([PITCH] * 6)


def test_points_that_warm_one_another_are_drawn_with_their_own_zones() -> None:
    own = tuple(zone(0.3e-3 + n * 1e-5, 3.7e-3, 4.8e-3, celsius(74), at=(n * PITCH, 0.0)) for n in range(11))
    section = section_of(sample(shots=shots(line=own)))
    assert [z.width for z in section.planned] == [z.width for z in own[2:9]]  # the middle of the line
    assert [z.across for z in section.planned] == pytest.approx([z.at[0] for z in own[2:9]])


def test_what_does_not_coagulate_is_not_drawn() -> None:
    cold = {when: (zone(0.0, 4.2e-3, 4.2e-3, celsius(50)),) for when in ("central", "lower end", "upper end")}
    section = section_of(sample(shots=shots(zones=cold)))
    assert section.planned == section.adverse == ()
    nothing = section_of(sample(shots=shots(zones={})))
    assert nothing.planned == ()


def test_bone_that_only_the_picture_has_ends_the_layers() -> None:
    plan = sample()
    layers = plan.skin.layers[:-1]
    depths = plan.skin.depths[:-1].copy()
    depths[-1] = float("inf")
    skin = plan.skin.__class__(**{**vars(plan.skin), "layers": layers, "depths": depths})
    section = section_of(replace(plan, skin=skin, shots=shots(guards=(Guard("bone", 6.0e-3, 1e-3),))))
    assert section.strata[-1].tissue == "bone"
    assert section.bone == section.strata[-1].top == section.strata[-2].bottom == 6.0e-3
    without = section_of(replace(plan, skin=skin, shots=shots(guards=())))
    assert without.bone is None
