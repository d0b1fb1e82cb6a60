"""The languages in which claims are written out. Another one is another module with its table of words."""

from digitech_kg.claims.languages.english import English
from digitech_kg.claims.languages.language import Language
from digitech_kg.claims.languages.norwegian import Norwegian

#: By language tag.
LANGUAGES: dict[str, Language] = {language.tag: language for language in (English(), Norwegian())}


def find_language(tag: str) -> Language | None:
    """Return the language of a tag, such as `nb` or `en-GB`; None if claims cannot be written out in it."""
    return LANGUAGES.get(tag.lower()) or LANGUAGES.get(tag.partition("-")[0].lower())


__all__ = ["LANGUAGES", "Language", "find_language"]
