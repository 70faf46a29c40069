"""Bring the catalogues of texts up to date with the source, or check that they are."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import environment

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PACKAGE = environment.ROOT / "desktop" / "stojnica"
LOCALES = environment.ROOT / "resources" / "locales"


def languages(locales: Path) -> list[str]:
    """Give the team's languages, and those that have a folder: making one begins a language of visitors."""
    begun = {folder.name for folder in locales.iterdir() if folder.is_dir()} if locales.is_dir() else set()
    return sorted(begun | {"sl", "en"})


def _paths(language: str) -> tuple[Path, Path]:
    folder = LOCALES / language / "LC_MESSAGES"
    return folder / "stojnica.po", folder / "stojnica.mo"


def _fresh(source: Catalog, language: str) -> Catalog:
    import gettext_catalogues as texts

    wanted = texts.texts_for(source, language)
    return texts.updated(wanted, texts.read(_paths(language)[0], language), language)


def check() -> list[str]:
    """Give what is wrong, a line each."""
    import gettext_catalogues as texts

    source = texts.extract(PACKAGE, environment.ROOT)
    wrong = texts.untranslatable_calls(PACKAGE, environment.ROOT)
    for language in languages(LOCALES):
        catalogue = _fresh(source, language)
        wrong += [f"{language}: {problem}" for problem in texts.problems(catalogue, language)]
        for path, wanted in zip(
            _paths(language), (texts.po_bytes(catalogue), texts.mo_bytes(catalogue)), strict=True
        ):
            if not path.is_file() or path.read_bytes() != wanted:
                name = path.relative_to(environment.ROOT).as_posix()
                wrong.append(f"{name} is stale: run python3 build/catalogues.py")
    return wrong


def update(fragments: list[Path], language: str, *, replace: bool) -> None:
    """Write all catalogues anew; translations from other files go into one language."""
    import gettext_catalogues as texts

    source = texts.extract(PACKAGE, environment.ROOT)
    for each in languages(LOCALES):
        catalogue = _fresh(source, each)
        for path in fragments if each == language else []:
            _merge(catalogue, path, language, replace=replace)
        po_path, mo_path = _paths(each)
        po_path.parent.mkdir(parents=True, exist_ok=True)
        po_path.write_bytes(texts.po_bytes(catalogue))
        mo_path.write_bytes(texts.mo_bytes(catalogue))
        missing = sum(not all(texts.texts_of(message)) for message in texts.messages_of(catalogue))
        print(f"{each}: {len(catalogue)} texts, {missing} without a translation")


def _merge(catalogue: Catalog, path: Path, language: str, *, replace: bool) -> None:
    import gettext_catalogues as texts

    fragment = texts.read(path, language)
    if fragment is None:
        raise environment.SetUpError(f"There is no file {path}.")
    merged = texts.merge(catalogue, fragment, replace=replace)
    print(f"{path}: {merged.taken} taken")
    for text in merged.unknown:
        print(f"  not in the source, left out: {text!r}")
    for text in merged.differing:
        print(f"  translated otherwise already, kept (--replace takes the new one): {text!r}")


def main(arguments: list[str]) -> int:
    """Do what was asked for, with the environment's Python."""
    parser = argparse.ArgumentParser(prog="python3 build/catalogues.py", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, say what is wrong")
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE", help="take translations")
    parser.add_argument("--language", default="sl", help="the language of the files to merge (sl)")
    parser.add_argument("--replace", action="store_true", help="merged translations replace other ones")
    options = parser.parse_args(arguments)
    if importlib.util.find_spec("babel") is None:
        python = str(environment.prepare())
        return environment.replace_process([python, str(Path(__file__).resolve()), *arguments])
    if not options.check:
        update(options.merge, options.language, replace=options.replace)
        return 0
    wrong = check()
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    environment.run_main(main)
