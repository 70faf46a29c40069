"""Short codes of print runs: few letters, none that looks like another, none that makes a word.

They are drawn at random, so that laptops without internet need not ask each other. Of 1,000 runs any two have
the same code with a probability of 0.5 %; the office's export names such a pair, and leads it nowhere.
"""

import re
import secrets
from collections.abc import Container

# Of 0 o, 1 i l, 5 s, 8 b, 9 g q, 2 z and u v one at most is left, and no vowel that would make words.
ALPHABET = "2345678cdfghjkmnprtwxy"
CODE_LENGTH = 6
_CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")


def new_code(taken: Container[str] = ()) -> str:
    """Draw a code that is none of those taken."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
        if code not in taken:
            return code


def is_code(value: object) -> bool:
    """Tell whether a value can be a short code."""
    return isinstance(value, str) and _CODE.fullmatch(value) is not None
