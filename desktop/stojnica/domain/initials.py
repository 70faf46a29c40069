"""Initials: what a screen that a visitor can glimpse shows instead of a name."""

import unicodedata


def initials_of(first_name: str, last_name: str = "") -> str:
    """Give "Š. Ž." for "Špela Žagar", "Š." without a surname, "" for no name at all."""
    letters = (_first_letter(part) for part in (first_name, last_name))
    return " ".join(f"{letter}." for letter in letters if letter)


def _first_letter(name: str) -> str:
    for character in unicodedata.normalize("NFC", name):
        if character.isalpha():
            return character.upper()[:1]
    return ""
