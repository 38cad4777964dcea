"""What a patient reads: the same sentences in every language, with the same blanks, in plain words."""

from __future__ import annotations

import re
import string

import pytest

from tauten.errors import InputError
from tauten.language import LANGUAGES, say, sentences
from tauten.skin.layer import NAMES
from tauten.skin.sites import sites

OTHERS = [language for language in LANGUAGES if language != "en"]
PROMISES = r"pain-?free|painless|guarantee|indolor|sin dolor|garantiza"
JARGON = r"fluence|J/cm|epidermis|\bdermis|Arrhenius|CEM43|fluencia|W/m|nm\b|irradian"


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_sentences(language: str) -> None:
    assert set(sentences(language)) == set(sentences("en"))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_leaves_the_same_blanks(language: str) -> None:
    for key, sentence in sentences("en").items():
        assert blanks(sentences(language)[key]) == blanks(sentence), key


@pytest.mark.parametrize("language", OTHERS)
def test_lists_have_the_same_items_in_every_language(language: str) -> None:
    for key in (k for k in sentences("en") if k.endswith("_items")):
        assert sentences(language)[key].count(";") == sentences("en")[key].count(";"), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_site_and_layer_has_a_plain_name(language: str) -> None:
    wanted = {f"site_{site.key}" for site in sites().values()} | {f"layer_{name}" for name in NAMES}
    assert wanted <= set(sentences(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_patients_read_no_promises_and_no_jargon(language: str) -> None:
    for key, sentence in sentences(language).items():
        assert not re.search(PROMISES, sentence, re.I), key
        assert not re.search(JARGON, sentence, re.I), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_laser_sentence_says_laser(language: str) -> None:
    said = {key for key, sentence in sentences(language).items() if re.search(r"l[aá]ser", sentence, re.I)}
    assert said == {"done_laser"}


def test_a_sentence_with_a_blank_left_is_an_error() -> None:
    with pytest.raises(InputError, match="site"):
        say("done_lamp", "en")


def test_unknown_keys_and_languages_are_errors() -> None:
    with pytest.raises(InputError, match="no_such_key"):
        say("no_such_key")
    with pytest.raises(InputError, match="is not a language"):
        say("title", "xx")
