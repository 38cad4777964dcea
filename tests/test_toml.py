import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.errors import FileError
from tauten.toml import key_lines, read_toml

CASE = '''\
# a case
title = "lower face"

[person]
age = 52
note = """
[not.a.table]
age = 99
"""
allergies = [
  "latex",   # ] not the end
  "nickel",
]

[exposure.light]
fluence = "36 J/cm2"
"plate temperature" = "20 degC"
window.index = 1.75

[[passes]]
time = 0

[[passes]]
time = 5
  [passes.place]
  x = 1

[after]
last = { a = 1, b = "}" }
end = true
'''


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(CASE, encoding="utf-8")
    return read_toml(path)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("title", 'title = "lower face"'),
        ("person.age", "age = 52"),
        ("person.allergies", "allergies = ["),
        ("exposure.light", "[exposure.light]"),
        ("exposure.light.fluence", 'fluence = "36 J/cm2"'),
        ("exposure.light.plate temperature", '"plate temperature" = "20 degC"'),
        ("exposure.light.window", "window.index = 1.75"),
        ("exposure.light.window.index", "window.index = 1.75"),
        ("passes.0.time", "time = 0"),
        ("passes.1.time", "time = 5"),
        ("passes.1.place.x", "  x = 1"),
        ("after.end", "end = true"),
        ("after.last.b", 'last = { a = 1, b = "}" }'),
        ("person.height", "[person]"),
    ],
)
def test_each_key_is_found_on_its_own_line(case, key, text):
    assert CASE.splitlines()[case.line_of(key) - 1] == text


def test_missing_top_level_key_points_at_the_top(case):
    assert case.line_of("device") == 1


def test_the_data_is_what_the_file_says(case):
    data, _ = case
    assert data["person"]["age"] == 52
    assert data["passes"][1]["place"]["x"] == 1


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"a = 1\nb = ", 2, "not valid TOML"),
        (b"a = 1\nb = [1,\n", 3, "half-written"),
        (b'a = 1\nb = """never closed\n', 3, "half-written"),
        (b"a = 1\na = 2\n", 2, "overwrite"),
        (b"a = 1\nb = \xff\n", 2, "UTF-8"),
        (b"[a\n", 1, "not valid TOML"),
        (b"a = 1\nb = " + b"1" * 5000 + b"\n", 2, "too many digits"),
        (b"a = 1\nb = 9223372036854775808\n", 2, "b holds an integer of more than 64 bits"),
        (b"[[a]]\nb = 1\n[[a]]\nb = [2, {c = -0x8000000000000001}]\n".replace(b"-0x8", b"0xF8"), 4, "64 bits"),
        (b"a = " + b"[" * 100_000, None, "deep"),
    ],
)
def test_a_spoilt_file_is_named_with_its_line(tmp_path, content, line, words):
    path = tmp_path / "spoilt.toml"
    path.write_bytes(content)
    with pytest.raises(FileError, match=words) as caught:
        read_toml(path)
    assert str(path) in str(caught.value)
    if line:
        assert caught.value.line == line


def test_largest_integers_are_read(tmp_path):
    path = tmp_path / "large.toml"
    path.write_text("a = 9223372036854775807\nb = -9223372036854775808\n")
    assert read_toml(path).data == {"a": 2**63 - 1, "b": -(2**63)}


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_a_sign_that_only_some_call_a_line_end_moves_no_line(sign):
    text = f'title = "a{sign}b"\nnote = """{sign}\n"""\n# {sign} x = 1\nage = 52\n'
    assert key_lines(text)["age"] == 5


def test_missing_file_and_folder_are_file_errors(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        read_toml(tmp_path / "nowhere.toml")
    with pytest.raises(FileError, match="is a folder"):
        read_toml(tmp_path)


def test_a_byte_order_mark_is_forgiven(tmp_path):
    path = tmp_path / "notepad.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    data, line_of = read_toml(path)
    assert data == {"a": 1, "b": 2}
    assert line_of("b") == 2


@given(st.lists(st.sampled_from(["'# ['", '"] # \\" ["', "[[1], [2, 3]]", "{ x = '}' }", '"""\n] [a]\n"""'])))
def test_what_a_value_holds_never_moves_the_next_key(values):
    lines = [f"k{n} = {value}" for n, value in enumerate(values)]
    text = "\n".join([*lines, "last = 1"])
    assert key_lines(text)["last"] == text.count("\n") + 1
