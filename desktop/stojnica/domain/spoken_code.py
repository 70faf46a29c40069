"""One-time codes that are read out on the telephone: 80 bits, in groups, without letters that look alike."""

import secrets

# Crockford's alphabet: no I, L, O, U. Sixteen letters of five bits make 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 16
_GROUP = 4
_MISREAD = str.maketrans("OILU", "011V")


def new_code() -> str:
    """Make a one-time code of 80 bits, in groups that can be read out."""
    letters = "".join(secrets.choice(ALPHABET) for _place in range(LETTERS))
    return "-".join(letters[start : start + _GROUP] for start in range(0, LETTERS, _GROUP))


def plain_code(code: str) -> str:
    """Give the letters that were meant: case, spaces, dashes, and O for 0 or I for 1 don't matter."""
    compact = "".join(letter for letter in code.upper() if letter.isalnum())
    return compact.translate(_MISREAD)


def is_code(code: str) -> bool:
    """Tell whether a text can be such a code at all."""
    letters = plain_code(code)
    return len(letters) == LETTERS and all(letter in ALPHABET for letter in letters)
