"""Two languages side by side: what is said in both stands in one size."""

from dataclasses import replace

from stojnica.printing.template import SECOND, TextItem
from stojnica.printing.typesetting import Paragraph, Stack, fit_stack

_ROUNDS = 4


def in_other_language(items: tuple[TextItem, ...]) -> tuple[TextItem, ...]:
    """Give the same fields in the other of the two languages."""
    return tuple(replace(item, field=_other(item.field)) for item in items)


def _other(field: str) -> str:
    return field.removesuffix(SECOND) if field.endswith(SECOND) else field + SECOND


def in_one_size(
    paragraphs: tuple[Paragraph, ...], twins: tuple[Paragraph, ...], width: float, height: float
) -> tuple[Paragraph, ...]:
    """Make each paragraph as small as its twin has to be in a place of the same size."""
    # Lines as written may come back at a smaller size, and ask for a still smaller one: a few rounds do.
    for _round in range(_ROUNDS):
        sizes = _sizes_in(fit_stack(paragraphs, width, height)), _sizes_in(fit_stack(twins, width, height))
        paragraphs, twins = (tuple(_at_most(item, sizes) for item in said) for said in (paragraphs, twins))
    return paragraphs


def _at_most(item: Paragraph, sizes: tuple[dict[str, float], dict[str, float]]) -> Paragraph:
    field = item.field.removesuffix(SECOND)
    size = min(found.get(field, item.style.size_pt) for found in sizes)
    return replace(item, style=replace(item.style, size_pt=size, least_pt=min(size, item.style.least_pt)))


def _sizes_in(stack: Stack) -> dict[str, float]:
    return {line.field.removesuffix(SECOND): line.size for line in stack.lines}
