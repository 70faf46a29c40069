"""I18: whoever prints what holds a secret, in an error or a log, prints no secret."""

import ast
from collections.abc import Iterator
from pathlib import Path

import stojnica
from stojnica.services.openers import NewOpener
from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import Argon2Cost, load_slots, slot_opened_by

WORDS = "jutro voda hiša most reka"
SECRET = frozenset({"password", "passphrase", "secret", "proof", "pin", "identity", "next_password"})
MAY_SHOW = {
    "WifiCode": "is printed for everybody to read",
}


def shown_secrets(file: Path) -> Iterator[str]:
    """Give the dataclasses of a file that would print a field with the name of a secret."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ClassDef) or node.name in MAY_SHOW:
            continue
        made = [one for one in node.decorator_list if "dataclass" in ast.unparse(one)]
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        names = {
            one.target.id
            for one in fields
            if isinstance(one.target, ast.Name)
            and ast.unparse(one.annotation) in ("str", "bytes", "str | None")
            and "repr=False" not in ast.unparse(one)
        }
        if made and names & SECRET and not any("repr=False" in ast.unparse(one) for one in made):
            yield f"{file.name}: {node.name}"


def test_i18_no_value_that_holds_a_secret_prints_it() -> None:
    source = Path(stojnica.__file__).parent

    assert not [found for file in source.rglob("*.py") for found in shown_secrets(file)]


def test_i18_an_open_store_prints_its_folder_and_not_its_key(tmp_path: Path) -> None:
    opened = create_store(StoreHome(tmp_path / "home"), WORDS, cost=Argon2Cost(8, 1, 1))
    found = slot_opened_by(load_slots(opened.home.slots), WORDS)
    opened.close()

    assert repr(opened) == f"OpenStore({tmp_path / 'home'})"
    assert found is not None
    assert repr(found.key) not in repr(found)
    assert WORDS not in repr(NewOpener(WORDS, WORDS, "Maja"))
