"""Texts as a person sees them: what holds words together on a line looks like any other space or hyphen."""

_HOLDING = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NON-BREAKING HYPHEN}": "-"})


def seen(text: str) -> str:
    """Give a text with plain spaces and hyphens."""
    return text.translate(_HOLDING)
