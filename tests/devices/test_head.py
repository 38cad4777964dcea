"""The shipped heads: what they give, what they refuse, and that each number says where it is from."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.devices.catalogue import catalogue, device
from tauten.devices.shot import FocusedShot
from tauten.errors import InputError
from tauten.facts import CONFIDENCES

HEADS = [d for d in catalogue().values() if d.method == "ultrasound"]
NAMES = [h.key for h in HEADS]
EVERY_SETTING = [(h, s) for h in HEADS for s in h.settings.values()]
each_head = pytest.mark.parametrize("head", HEADS, ids=NAMES)


@pytest.fixture(scope="module")
def seven():
    return device("mfu-7mhz-3.0mm")


def test_the_heads_are_there_and_the_catalogue_is_in_order():
    assert NAMES == [
        "mfu-10mhz-1.5mm", "mfu-10mhz-1.5mm-narrow", "mfu-4mhz-4.5mm", "mfu-7mhz-3.0mm", "mfu-7mhz-3.0mm-narrow",
        "mfu-7mhz-4.5mm",
    ]  # fmt: skip
    assert list(catalogue()) == sorted(catalogue())


@each_head
def test_frequency_and_depth_are_those_of_the_name(head):
    _, frequency, depth = head.key.removesuffix("-narrow").split("-")
    assert head.transducer.frequency == pytest.approx(1e6 * float(frequency.removesuffix("mhz")))
    assert head.focal_depth == pytest.approx(1e-3 * float(depth.removesuffix("mm")))
    assert head.exposure().focal_depth == pytest.approx(head.focal_depth)
    assert head.standoff == pytest.approx(head.exposure().standoff)


@each_head
def test_default_shot_is_inside_every_range_and_can_be_delivered(head):
    shot = head.exposure()
    assert isinstance(shot, FocusedShot)
    assert head.driver == "power"
    assert head.settings["power"].holds(shot.power)
    assert shot.device == head.key
    assert len({placed.exposure for placed in head.series()}) == 1


@each_head
def test_published_settings_lie_in_the_range_or_say_why_not(head):
    assert head.published
    for published in head.published:
        assert bool(head.outside(published)) == bool(published.outside), (published.name, head.outside(published))


@each_head
def test_every_number_and_statement_has_source_and_confidence(head):
    stated = [*(s.row for s in head.settings.values()), *head.rows_used(), *head.published, *head.cleared_uses]
    stated += head.hazards
    assert all(s.source and s.confidence in CONFIDENCES for s in stated)
    assert all(s.confidence in ("unverified", "product choice") for s in stated if s.source.startswith("none"))
    assert {row.file for row in head.rows_used()} == {Path(head.file).name}


@each_head
def test_what_is_chosen_is_not_told_as_read(head):
    own = {row.name.rpartition("/")[2]: row for row in head.rows_used()}
    assert own["focal_depth"].confidence == "unverified"
    assert "geometric focus lies there is a product choice" in own["focal_depth"].note
    assert own["aperture"].confidence == "unverified"  # its source has 10 mm, another transducer's
    assert "product choice within the range" in own["aperture"].note
    for setting in head.settings.values():
        assert not setting.row.has_spread or setting.row.confidence not in ("seen", "quoted"), setting.name


@each_head
def test_range_of_power_is_that_of_the_joules_over_the_durations_and_the_share(head):
    energy, duration, power = (head.settings[n] for n in ("energy", "duration", "power"))
    share = head.rows[f"devices/{head.key}/acoustic_power_share"]
    most = min(60.0, share.si_high * energy.high / duration.low)
    assert power.high == pytest.approx(most)
    assert 0.8 * share.si_low * energy.low / duration.high <= power.low <= share.si_low * energy.low / duration.high


def test_watts_whose_kind_nobody_said_are_marked_so(seven):
    kwon = next(p for p in seven.published if p.name == "Kwon 2023")
    assert kwon.settings["power"].confidence == "unverified"
    assert "whether electrical or acoustic is not said" in kwon.settings["power"].note
    assert "electrical or acoustic: not said" in kwon.protocol


@each_head
def test_makers_are_named_only_as_sources_and_tightening_elsewhere_is_off_label(head):
    claims = [head.key, head.name, *(u.text for u in head.cleared_uses), *(p.outcome for p in head.published)]
    assert not any(brand in text.lower() for brand in ("ulther", "deepsee", "simuline") for text in claims)
    assert any(u.kind == "off-label" for u in head.cleared_uses)


@each_head
def test_the_eye_is_the_first_hazard_named(head):
    assert "eye" in head.hazards[0].text
    assert "orbital rim" in head.hazards[0].text


def test_heads_have_the_points_and_pitch_of_the_registry():
    """NCT02736825: 17 points 1.5 mm apart at 4 MHz and 0.90 J, 23 points 1.1 mm apart at 7 MHz and 0.30 J."""
    four, seven = device("mfu-4mhz-4.5mm"), device("mfu-7mhz-3.0mm")
    for head, points, pitch, energy in ((four, 17, 1.5e-3, 0.90), (seven, 23, 1.1e-3, 0.30)):
        assert len(head.series()) == points
        assert head.settings["pitch"].default == pytest.approx(pitch)
        assert head.settings["energy"].default == energy
        assert len(head.series(energy=f"{energy} J", duration="50 ms")) == points


def test_text_with_units_and_si_numbers_give_the_same_shot(seven):
    said, si = seven.exposure(power="3 W", duration="60 ms"), seven.exposure(power=3.0, duration=0.06)
    assert (said.power, said.duration) == (si.power, si.duration) == (3.0, pytest.approx(0.06))


@pytest.mark.parametrize("share", [0.3, 0.7, 1.0])
def test_joules_of_the_device_become_watts_of_sound_through_a_row_with_a_spread(seven, share):
    row = seven.rows[f"devices/{seven.key}/acoustic_power_share"]
    assert row.confidence == "unverified"
    assert row.has_spread
    facts = seven.with_facts().with_value(row.name, share)
    shot = seven.exposure(energy="0.3 J", duration="30 ms", facts=facts)
    assert shot.power == pytest.approx(share * 10.0)
    assert shot.energy == pytest.approx(share * 0.3)
    assert seven.exposure(power="3 W", facts=facts).power == 3.0


def test_the_range_of_power_is_held_against_the_sound_and_not_the_joules_of_the_device(seven):
    share = f"devices/{seven.key}/acoustic_power_share"
    facts = seven.with_facts().with_value(share, 0.5)
    # 0.63 J in 10 ms are 63 W as stated, 31.5 W of sound; 0.2 J in 200 ms are 1 W as stated, 0.2 W at a fifth.
    assert seven.exposure(energy="0.63 J", duration="10 ms", facts=facts).power == pytest.approx(31.5)
    with pytest.raises(InputError, match=r"sends 0\.2 W of sound"):
        seven.exposure(energy="0.2 J", duration="200 ms", facts=seven.with_facts().with_value(share, 0.2))


def test_facts_move_the_transducer_and_the_focus_stays_where_the_head_puts_it(seven):
    facts = seven.with_facts().with_value(f"devices/{seven.key}/radius", 16.0)
    facts = facts.with_value(f"devices/{seven.key}/aperture", 12.0)
    shot = seven.exposure(facts=facts)
    assert (shot.transducer.radius, shot.transducer.aperture_radius) == (pytest.approx(16e-3), pytest.approx(6e-3))
    assert shot.focal_depth == pytest.approx(seven.focal_depth)


@each_head
def test_every_end_of_every_row_still_makes_a_shot(head):
    for row in head.rows_used():
        for end in (row.low, row.high):
            assert head.exposure(facts=head.with_facts().with_value(row.name, end)).focal_depth > 0.0


def test_points_of_a_line_lie_at_the_pitch_round_the_place_and_follow_in_time(seven):
    placed = seven.series(points=5, pitch="1.5 mm", point_interval="200 ms", at=(1e-2, 2e-2))
    assert [p.at[0] for p in placed] == pytest.approx([7e-3, 8.5e-3, 10e-3, 11.5e-3, 13e-3])
    assert all(p.at[1] == 2e-2 for p in placed)
    assert [p.time for p in placed] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8])


def test_lines_lie_side_by_side_one_after_the_other(seven):
    placed = seven.series(points=2, lines=3, line_spacing="2 mm", line_interval="6 s")
    assert [p.at[1] for p in placed] == pytest.approx([-2e-3, -2e-3, 0.0, 0.0, 2e-3, 2e-3])
    assert [p.time for p in placed] == pytest.approx([0.0, 0.12, 6.0, 6.12, 12.0, 12.12])


def test_a_wider_pitch_leaves_room_for_fewer_points_unless_a_count_is_asked_for(seven):
    assert len(seven.series(pitch="3 mm")) == 9  # 0, 3, ... 24 mm on a line of 25
    with pytest.raises(InputError, match="more points than the pitch allows") as caught:
        seven.series(pitch="3 mm", points=10)
    assert caught.value.allowed == "1 to 9"
    assert caught.value.key == "exposure.points"


def test_a_narrow_head_has_fewer_points_on_its_line():
    narrow, wide = device("mfu-7mhz-3.0mm-narrow"), device("mfu-7mhz-3.0mm")
    assert len(narrow.series()) < len(wide.series())
    with pytest.raises(InputError, match="a line of 14 mm holds 13"):
        narrow.series(points=14)


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ({"power": "61 W"}, "power", "allowed: 0.3 to 60 W"),
        ({"power": "0.2 W"}, "power", "outside this device's range"),
        ({"power": "-3 W"}, "power", "outside"),
        ({"power": 3000}, "power", "A bare number is in W"),
        ({"power": "3"}, "power", "no unit"),
        ({"power": "3 J"}, "power", "wrong unit"),
        ({"power": "nan W"}, "power", "finite"),
        ({"power": math.inf}, "power", "finite"),
        ({"power": True}, "power", "not a number"),
        ({"duration": "0 ms"}, "duration", "10 to 200 ms"),
        ({"duration": 0}, "duration", "10 to 200 ms"),
        ({"duration": "201 ms"}, "duration", "10 to 200 ms"),
        ({"duration": -0.05}, "duration", "outside"),
        ({"energy": "0.3 J", "power": "3 W"}, "energy", "beside power"),
        ({"energy": "0.63 J", "duration": "10 ms"}, "energy", "sends 63 W of sound"),
        ({"energy": "3 J"}, "energy", "0.2 to 0.63 J"),
        ({"pitch": "0.1 mm"}, "pitch", "0.8 to 3 mm"),
        ({"pitch": "0 mm"}, "pitch", "0.8 to 3 mm"),
        ({"points": 0}, "points", "1 to 40"),
        ({"points": 24}, "points", "more points than the pitch allows"),
        ({"points": 41}, "points", "1 to 40"),
        ({"points": 2.5}, "points", "whole number"),
        ({"points": "23 mm"}, "points", "unit"),
        ({"lines": 0}, "lines", "1 to 60"),
        ({"line_spacing": "20 mm"}, "line_spacing", "1 to 10 mm"),
        ({"point_interval": "50 ms"}, "point_interval", "begin before the last has ended"),
        ({"lines": 2, "line_interval": "2 s"}, "line_interval", "begin before the last has ended"),
        ({"fluence": "30 J/cm2"}, "fluence", "not a setting"),
        ({"pitsch": "1 mm"}, "pitsch", "Did you mean pitch"),
        ({"cooling": "plate"}, "cooling", "not a setting"),
    ],
)
def test_a_setting_the_head_does_not_allow_is_named_with_its_remedy(seven, settings, key, words):
    with pytest.raises(InputError, match=words) as caught:
        seven.series(**settings)
    assert caught.value.key == f"exposure.{key}"


def test_settings_of_a_line_are_not_for_one_shot(seven):
    with pytest.raises(InputError, match="series"):
        seven.exposure(points=3)


def test_a_focus_above_the_skin_is_refused(seven):
    facts = seven.with_facts().with_value(f"devices/{seven.key}/focal_depth", -1.0)
    with pytest.raises(InputError, match="puts the focus above the skin"):
        seven.exposure(facts=facts)


@pytest.mark.parametrize(("head", "setting"), EVERY_SETTING, ids=[f"{h.key}-{s.name}" for h, s in EVERY_SETTING])
def test_both_ends_of_every_range_are_allowed_and_a_step_beyond_is_not(head, setting):
    reach = (setting.high - setting.low) * 0.01
    for inside in (setting.low, setting.default, setting.high):
        assert setting.read(inside) == inside
    for beyond in (setting.low - reach, setting.high + reach):
        with pytest.raises(InputError):
            setting.read(beyond)


@given(data=st.data())
def test_any_allowed_power_and_duration_make_a_shot_that_holds_them(data):
    head = data.draw(st.sampled_from(HEADS))
    chosen = {
        name: data.draw(st.floats(head.settings[name].low, head.settings[name].high), label=name)
        for name in ("power", "duration")
    }
    shot = head.exposure(**chosen)
    assert (shot.power, shot.duration) == (chosen["power"], chosen["duration"])
    assert shot.energy == pytest.approx(chosen["power"] * chosen["duration"])


def test_a_head_cannot_be_edited(seven):
    with pytest.raises(AttributeError):
        seven.name = "other"
    with pytest.raises(TypeError):
        seven.rows["x"] = None
