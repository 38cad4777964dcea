"""What a patient reads: sentences by key and language, from `data/language/*.toml`."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tauten.errors import InputError

__all__ = ["LANGUAGES", "say", "sentences"]

LANGUAGES = {"en": "English", "es": "español"}


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return every sentence of `language` ("en" or "es") by key; raises `InputError` for another language."""
    if language not in LANGUAGES:
        raise InputError("is not a language we write", key="language", value=language, allowed=" | ".join(LANGUAGES))
    text = (files("tauten") / "data" / "language" / f"{language}.toml").read_text(encoding="utf-8")
    return MappingProxyType({k: " ".join(v.split()) for k, v in tomllib.loads(text).items()})


def say(key: str, language: str = "en", **values: object) -> str:
    """Return the sentence `key` in `language` with its blanks filled from `values`.

    Raises `InputError` for an unknown key or a blank left unfilled: a patient never reads half a sentence.
    """
    try:
        sentence = sentences(language)[key]
    except KeyError:
        raise InputError("is not a sentence we have", key=key, value=language) from None
    blanks = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
    if missing := blanks - set(values):
        raise InputError(f"leaves {', '.join(sorted(missing))} unfilled", key=key)
    return sentence.format(**values)
