"""The figures: what they show is what the trace holds, and each says what to read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
from plan_sample import margins, sample

from tauten.facts import load
from tauten.grid import Grid
from tauten.report import levels, page
from tauten.report.beam import across
from tauten.report.canvas import DepthScale
from tauten.report.figures import temperature_map
from tauten.report.spreads import tornado
from tauten.report.surface import camera, comfort, time_above
from tauten.report.timeline import covered, hottest_reading, is_covered, last_on, on, shown_until
from tauten.report.words import set_words
from tauten.treatment import Trace
from tauten.units import celsius


@pytest.fixture(scope="module")
def drawn():
    return page.drawings(sample())


def test_every_figure_says_what_to_read(drawn) -> None:
    assert [d.name for d in drawn] == [
        "temperature",
        "profiles",
        "burns",
        "collagen",
        "camera",
        "comfort",
        "across",
        "tornado",
    ]
    assert all(len(d.caption) > 80 and d.title for d in drawn)


def test_every_figure_is_one_valid_drawing_with_a_title(drawn) -> None:
    for each in drawn:
        root = ET.fromstring(each.svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.find("{http://www.w3.org/2000/svg}title").text
        assert root.get("viewBox")
        assert root.get("width") is None  # the page gives the width


def words_of(svg: str) -> str:
    return " ".join("".join(node.itertext()) for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))


def test_axes_name_their_units(drawn) -> None:
    units = {
        "temperature": ("[°C]", "[mm]", "[s]"), "profiles": ("[°C]", "[mm]"), "burns": ("Ω [1]", "CEM43 [min]", "[mm]"),
        "collagen": ("[1]", "[s]"), "camera": ("[°C]", "[s]"), "comfort": ("[°C]", "[s]"), "across": ("[°C]", "[mm]"),
        "tornado": ("[s]", "[1]"),
    }  # fmt: skip
    for each in drawn:
        assert all(unit in words_of(each.svg) for unit in units[each.name]), each.name


def test_endpoints_carry_their_own_kinetic_set(drawn) -> None:
    burns = words_of(next(d for d in drawn if d.name == "burns").svg)
    assert "epidermal burn, Henriques and Moritz 1947" in burns
    assert "dermal burn, Mehta and Wong, dermis" in burns
    assert "fat necrosis, CEM43" in burns


def test_layers_are_named_on_the_depth_axis(drawn) -> None:
    for name in ("temperature", "profiles", "burns"):
        said = words_of(next(d for d in drawn if d.name == name).svg)
        assert all(layer in said for layer in ("epidermis", "papillary dermis", "reticular dermis", "fat")), name


def test_a_contour_not_reached_is_said() -> None:
    caption = temperature_map(sample()).caption
    assert "60 °C, from where collagen denatures within seconds, is not reached." in caption
    assert "Inside the 42 °C line tissue is warm enough" in caption


def test_a_level_met_by_a_layer_is_never_called_missed() -> None:
    plan = sample()
    hotter = tuple(replace(layer, peak_temperature=celsius(60.2)) for layer in plan.layers)
    caption = temperature_map(replace(plan, layers=hotter)).caption
    assert "60 °C, from where collagen denatures within seconds, is reached for a moment too short to draw." in caption


def test_a_long_limit_s_name_is_wrapped_over_its_panel() -> None:
    first, *others = margins()
    surface = replace(others[1], binding=True)
    svg = tornado(sample(margins=(replace(first, binding=False), others[0], surface, others[2]))).svg
    lines = ["".join(node.itertext()) for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert "limit: peak temperature" in lines
    assert "of the surface" in lines


def test_no_line_shows_through_a_legend(drawn) -> None:
    for name in ("profiles", "comfort"):
        root = ET.fromstring(next(d for d in drawn if d.name == name).svg)
        legend = next(g for g in root.iter("{http://www.w3.org/2000/svg}g") if g.get("id") == f"{name}-legend_1")
        frame = next(legend.iter("{http://www.w3.org/2000/svg}path"))
        assert "fill: #ffffff" in frame.get("style")
        assert "opacity" not in frame.get("style")


def test_levels_in_captions_are_the_rows_own(monkeypatch) -> None:
    rows = load()
    moved = rows.with_value("tissue/kinetics/comfort.hot", 46.0).with_value("tissue/kinetics/heat_stimulus.low", 41.0)
    monkeypatch.setattr(levels, "load", lambda: moved)
    assert "43 to 46 °C" in comfort(sample()).caption
    assert comfort(sample()).title == "Comfort: time above 43 and 46 °C at 0.1 and 0.2 mm (unverified)"
    assert "41 °C" in temperature_map(sample()).caption
    assert set_words("heat_stimulus") == "41 to 55 °C"


def test_a_band_is_told_as_the_spread_of_one_run_for_all(drawn) -> None:
    for name in ("profiles", "burns"):
        caption = next(d for d in drawn if d.name == name).caption
        assert "worsens the limit on epidermal burn (Henriques and Moritz 1947)" in caption
        assert "every data row is at its" not in caption


def test_time_above_a_ramp_is_exact() -> None:
    # A triangle from 30 to 50 and back in 4 s lies above 45 for a quarter of its way up and of its way down: 1 s.
    time, values = np.array([0.0, 2.0, 4.0]), np.array([30.0, 50.0, 30.0])
    assert time_above(time, values, 45.0) == pytest.approx(1.0)
    assert time_above(time, values, 30.0) == pytest.approx(4.0)
    assert time_above(time, values, 60.0) == 0.0


def test_time_above_counts_a_level_stretch_whole() -> None:
    assert time_above(np.array([0.0, 3.0]), np.array([46.0, 46.0]), 45.0) == pytest.approx(3.0)


def test_a_camera_reads_nothing_while_the_window_is_on() -> None:
    plan = sample()
    window = covered(plan)[0]
    assert (window.what, window.start, window.stop) == ("window", pytest.approx(-1.5), pytest.approx(5.0))
    reading = hottest_reading(plan)
    assert reading is not None
    assert reading.at >= window.stop
    time = plan.treatment.trace.time
    hidden = is_covered(plan, time)
    assert not hidden[time >= 5.0].any()
    assert hidden[(time >= 0.0) & (time < 5.0)].all()


def test_a_camera_that_never_sees_the_skin_has_no_reading() -> None:
    plan = sample()
    trace = plan.treatment.trace
    seen = trace.time < 5.0
    plan.treatment.trace = Trace(trace.time[seen], trace.depth, trace.temperature[seen], trace.surface[seen])
    assert hottest_reading(plan) is None
    assert "hottest reading" not in words_of(camera(plan).svg)


def test_time_axes_hold_light_and_cooling() -> None:
    plan = sample()
    assert last_on(plan) == pytest.approx(3.0)
    assert on(plan)[0].start == 0.0
    assert shown_until(plan) > max(span.stop for span in covered(plan))


@pytest.mark.parametrize("device", ["nd-yag-1320-cryogen", "er-glass-1540-sapphire", "nd-yag-1064-long-pulse"])
def test_every_shipped_device_can_be_drawn(device: str) -> None:
    plan = sample(device_key=device, profiles=(), effects=())
    drawn = {d.name: d for d in page.drawings(plan)}
    assert drawn.keys() == {"temperature", "profiles", "camera", "comfort", "across"}
    assert ("blind" in drawn["camera"].caption) == bool(covered(plan))


def test_a_run_on_the_axis_alone_is_not_drawn_across() -> None:
    plan = sample()
    state = plan.treatment.state
    thin = Grid((np.array([0.0, 1.0]), state.grid.edges[1]), "axisymmetric")
    plan.treatment.state = replace(state, grid=thin, rise=state.rise[:1], maximum=state.maximum[:1])
    assert across(plan) is None


def test_the_warm_width_of_the_spot_is_read_from_the_field() -> None:
    # The sample fades as a logistic about 6 mm with 0.8 mm: 80 % of the middle at 6 - 0.8 ln 4 = 4.9 mm.
    assert "80 % of its middle value out to 4.9 mm" in across(sample()).caption


def test_a_plan_without_profiles_leaves_those_figures_out() -> None:
    names = {d.name for d in page.drawings(sample(profiles=(), effects=()))}
    assert names == {"temperature", "profiles", "camera", "comfort", "across"}


def test_depth_is_stretched_near_the_surface_and_keeps_its_order() -> None:
    scale = DepthScale(5e-3)
    depth = np.linspace(0.0, 5e-3, 50)
    assert np.all(np.diff(scale.at(depth)) > 0)
    assert scale.at(60e-6) / scale.at(5e-3) > 0.1
    assert scale.ticks[-1] <= 5e-3


def test_skin_that_only_cools_can_be_drawn() -> None:
    plan = sample()
    trace = plan.treatment.trace
    cold = np.minimum(trace.temperature, celsius(34.5))
    plan.treatment.trace = replace(trace, temperature=cold, surface=np.minimum(trace.surface, celsius(34.5)))
    plan = replace(plan, layers=tuple(replace(layer, peak_temperature=celsius(34.5)) for layer in plan.layers))
    assert temperature_map(plan).caption.count("is not reached") == 2
