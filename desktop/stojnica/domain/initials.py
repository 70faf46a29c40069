"""Initials: what a screen that a visitor can glimpse shows instead of a name."""

import unicodedata

from stojnica.domain.text_bound import isolated, whole_cut


def initials_of(first_name: str, last_name: str = "") -> str:
    """Give "Š. Ž." for "Špela Žagar", "Š." without a surname, "" for no name at all.

    Of a name without letters it is the first sign, whole. They are for showing: what is written from right to
    left turns nothing round beside it.
    """
    letters = (_first_letter(part) for part in (first_name, last_name))
    found = " ".join(f"{letter}." for letter in letters if letter)
    return isolated(found or _first_sign(first_name or last_name))


def _first_letter(name: str) -> str:
    for character in unicodedata.normalize("NFC", name):
        if character.isalpha():
            return character.upper()[:1]
    return ""


def _first_sign(name: str) -> str:
    text = unicodedata.normalize("NFC", name).strip()
    end = next((place for place in range(1, len(text)) if whole_cut(text, place) == place), len(text))
    return text[:end]
