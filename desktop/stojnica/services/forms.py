"""Which forms there are: those shipped, and over them the office's."""

from functools import cache
from typing import TYPE_CHECKING

from stojnica.domain.form import Form
from stojnica.domain.form_document import read_form
from stojnica.resources import resource
from stojnica.storage.good_forms import good_forms

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SHIPPED = ("person", "organisation")


@cache
def shipped_forms() -> tuple[Form, ...]:
    """Give the forms that come with the program."""
    return tuple(read_form(resource("forms", f"{name}.json").read_bytes()) for name in SHIPPED)


def known_forms(connection: "Connection") -> tuple[Form, ...]:
    """Give all forms; one of the office's takes the place of a shipped one of the same id."""
    found = {form.id: form for form in shipped_forms()}
    found |= {form.id: form for form in good_forms(connection)}
    return tuple(found.values())
