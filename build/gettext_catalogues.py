"""Keep the gettext catalogues equal to the source: extract, update, check, compile."""

from __future__ import annotations

import ast
import io
import re
import string
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

DOMAIN = "stojnica"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
LITERALS_OF = {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2}
# The language that the literals of the source are written in: its catalogue repeats them.
SOURCE_LANGUAGE = "en"
# The team's languages hold every text; any other is a visitor's, and holds what a visitor can read.
STAFF_LANGUAGES = ("sl", "en")
# Words that must not be torn at their hyphen. Translators type a plain one, and so can whoever searches; in
# the compiled file it is one that no line ends after (U+2011, which Noto Sans has).
UNBREAKABLE = {"sl": ("USB-ključ",)}
# Words of one letter that no line ends with (Slovene Orthography): in the compiled file a no-break space
# follows. Of capitals all but A, which is a laptop's letter and hardly ever begins a sentence.
LONE_WORDS = {"sl": re.compile(r"(?<![^\s(„»“\"*])([vzskhouaiVZSKHOUI]) (?=\S)")}
PLURAL_FORMS = {"sl": 4, "en": 2, "de": 2, "it": 2, "hr": 3, "hu": 2}
# Babel knows one form for Hungarian; CLDR has two (one, other), and so have the texts.
PLURAL_RULES = {"hu": (2, "(n != 1)")}
# Where texts are made that a visitor reads, in the visitor's language: the kiosk draws with `speaking`, and
# whatever is called in it answers in that language. Some are for the team (why the kiosk can't open, what
# the PIN is for); they are translated all the same, because nobody sees from a text alone who will read it.
# Not here: `ui`, which speaks the team's language, and what the office writes (wordings, forms, flyers).
VISITOR_MODULES = (
    "domain/age.py",
    "domain/answers.py",
    "domain/contact.py",
    "domain/signup.py",
    "domain/text.py",
    "domain/text_bound.py",
    "services/kiosk*.py",
    "services/signup_choices.py",
    "ui/controls/step_dots.py",
)

Key = tuple[str, str]


class TimelessCatalog(Catalog):
    """Leave dates and names out of the header, so that the same texts give the same bytes."""

    @property
    def num_plurals(self) -> int:
        """Give how many forms a text with a number has."""
        return self._rule[0]

    @property
    def plural_expr(self) -> str:
        """Give the expression that chooses the form, as gettext's header writes it."""
        return self._rule[1]

    @property
    def _rule(self) -> tuple[int, str]:
        language = str(self.locale_identifier)
        if language in PLURAL_RULES:
            return PLURAL_RULES[language]
        found = get_plural(language)
        return found[0], found[1]

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Give the header fields that gettext itself reads."""
        return [
            ("Project-Id-Version", DOMAIN),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: list[tuple[str, str]]) -> None:
        """Ignore what a file said: the language decides all of it."""


@dataclass(frozen=True)
class Merged:
    """What became of the translations of one file."""

    taken: int = 0
    unknown: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def empty_catalogue(language: str) -> Catalog:
    """Give a catalogue without texts, with the plural rule of the language."""
    catalogue = TimelessCatalog(locale=language, fuzzy=False)
    catalogue.header_comment = f"# Stojnica, {language}. Made by build/catalogues.py; translations are kept."
    return catalogue


def key_of(message: Message) -> Key:
    """Give what gettext looks a text up by: context and singular."""
    singular = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return message.context or "", singular


def texts_of(message: Message) -> tuple[str, ...]:
    """Give the translations of a text, one for each plural form, or the only one."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """Give the texts without the header."""
    return (message for message in catalogue if message.id)


def extract(package: Path, root: Path) -> Catalog:
    """Collect the literals that the source translates, with the files that they come from."""
    catalogue = Catalog()
    found = extract_from_dir(
        package, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=["Translators:"]
    )
    for name, _line, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        place = (package / name).relative_to(root).as_posix()
        catalogue.add(message, locations=[(place, 1)], auto_comments=comments, context=context)
    return catalogue


def texts_for(source: Catalog, language: str) -> Catalog:
    """Give the texts that a language needs: all of them, or those that a visitor can read."""
    if language in STAFF_LANGUAGES:
        return source
    chosen = Catalog()
    for message in messages_of(source):
        places = [place for place in message.locations if _is_read_by_visitors(place[0])]
        if places:
            # Where else a text stands changes often, and concerns no visitor.
            chosen.add(
                message.id,
                locations=places,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return chosen


def _is_read_by_visitors(place: str) -> bool:
    module = PurePosixPath(place)
    return any(module.match(f"stojnica/{pattern}") for pattern in VISITOR_MODULES)


def untranslatable_calls(package: Path, root: Path) -> list[str]:
    """Give the calls whose text is not a literal: it could never be collected, and so never translated."""
    bad = []
    for path in sorted(package.rglob("*.py")):
        if path.name == "i18n.py":  # It passes on what its callers wrote.
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            if isinstance(node, ast.Call) and not _literals_only(node):
                bad.append(f"{path.relative_to(root).as_posix()}:{node.lineno}: the text is not a literal")
    return bad


def _literals_only(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in LITERALS_OF:
        return True
    texts = call.args[: LITERALS_OF[name]]
    return all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts)


def updated(source: Catalog, existing: Catalog | None, language: str) -> Catalog:
    """Give the language's catalogue with just the texts of the source, and the translations that fit them."""
    fresh = empty_catalogue(language)
    known = {key_of(message): message for message in messages_of(existing)} if existing else {}
    for message in messages_of(source):
        before = known.get(key_of(message))
        added = fresh.add(
            message.id,
            string=_translation(message, before, language, fresh.num_plurals),
            locations=message.locations,
            auto_comments=message.auto_comments,
            user_comments=before.user_comments if before else [],
            context=message.context,
        )
        added.flags = {"fuzzy"} if before and before.fuzzy and language != SOURCE_LANGUAGE else set()
    return fresh


def _translation(
    message: Message, before: Message | None, language: str, forms: int
) -> str | tuple[str, ...]:
    if language == SOURCE_LANGUAGE:
        return tuple(message.id) if isinstance(message.id, tuple | list) else message.id
    texts = texts_of(before) if before else ()
    if isinstance(message.id, tuple | list):
        # A text that was singular before has no form that could be trusted for the others.
        return texts if len(texts) == forms else ("",) * forms
    return texts[0] if len(texts) == 1 else ""


def merge(catalogue: Catalog, fragment: Catalog, *, replace: bool = False) -> Merged:
    """Take a file's translations for the texts that the catalogue has.

    A translation that is there already stays, and is named, unless `replace` is set.
    """
    known = {key_of(message): message for message in messages_of(catalogue)}
    taken, unknown, differing = 0, [], []
    for message in messages_of(fragment):
        target = known.get(key_of(message))
        texts = texts_of(message)
        if target is None or len(texts) != len(texts_of(target)):
            unknown.append(key_of(message)[1])
        elif all(texts) and texts != texts_of(target):
            if any(texts_of(target)) and not replace:
                differing.append(key_of(message)[1])
                continue
            target.string = texts if isinstance(target.id, tuple | list) else texts[0]
            target.flags.discard("fuzzy")
            taken += 1
    return Merged(taken, unknown, differing)


def problems(catalogue: Catalog, language: str) -> list[str]:
    """Give what is wrong with the translations, a sentence each; a text that is missing is wrong, too."""
    found = []
    if language in PLURAL_FORMS and catalogue.num_plurals != PLURAL_FORMS[language]:
        found.append(f"has {catalogue.num_plurals} plural forms instead of {PLURAL_FORMS[language]}")
    for message in messages_of(catalogue):
        name = repr(key_of(message)[1])
        texts = texts_of(message)
        if message.fuzzy:
            found.append(f"{name} is marked as fuzzy")
        if not all(texts):
            found.append(f"{name} has no translation" + (" in each plural form" if any(texts) else ""))
            continue
        if "" in _placeholders_or_none(texts[0]):
            found.append(f"{name} has a placeholder without a name")
        found += [f"{name}: {trouble}" for text in texts for trouble in _differences(message, text)]
    return found


def _differences(message: Message, text: str) -> Iterator[str]:
    original = message.id[-1] if isinstance(message.id, tuple | list) else message.id
    try:
        wanted = placeholders(original)
    except ValueError:
        return  # Not a text for format(): a lone brace is meant as one.
    try:
        given = placeholders(text)
    except ValueError:
        yield f"the braces of {text!r} do not match"
        return
    if wanted != given:
        yield f"{text!r} has the placeholders {sorted(given)} instead of {sorted(wanted)}"
    if (original[:1].isspace(), original[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace()):
        yield f"{text!r} begins or ends differently with a space"


def _placeholders_or_none(text: str) -> set[str]:
    try:
        return placeholders(text)
    except ValueError:
        return set()


def placeholders(text: str) -> set[str]:
    """Give the names in braces; an unnamed one has the empty name.

    Raises:
        ValueError: the braces do not match.
    """
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def read(path: Path, language: str) -> Catalog | None:
    """Read a catalogue or a part of one; None when there is no such file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8", abort_invalid=True)


def po_bytes(catalogue: Catalog) -> bytes:
    """Give the text file: sorted, with the files but not the lines that a text comes from."""
    file = io.BytesIO()
    write_po(file, catalogue, sort_output=True, include_lineno=False, ignore_obsolete=True, width=100)
    return file.getvalue()


def _as_read(catalogue: Catalog) -> Catalog:
    """Give the catalogue with words held together that a line must not tear apart."""
    language = str(catalogue.locale_identifier)
    held = empty_catalogue(language)
    for message in messages_of(catalogue):
        texts = tuple(held_together(text, language) for text in texts_of(message))
        string = texts if isinstance(message.string, tuple | list) else texts[0]
        held.add(message.id, string=string, context=message.context, flags=message.flags)
    return held


def held_together(text: str, language: str) -> str:
    """Give a text whose hyphens and spaces end no line where words must stay whole, or together."""
    if language in LONE_WORDS:
        text = LONE_WORDS[language].sub("\\1\N{NO-BREAK SPACE}", text)
    for word in UNBREAKABLE.get(language, ()):
        text = text.replace(word, word.replace("-", "\N{NON-BREAKING HYPHEN}"))
    return text


def mo_bytes(catalogue: Catalog) -> bytes:
    """Give the compiled file that the program reads, sorted as gettext's own: the program searches in it."""
    file = io.BytesIO()
    write_mo(file, _as_read(catalogue))
    data = bytearray(file.getvalue())
    # Babel sorts without the contexts. The texts stay where they are, their two tables are put in order.
    count, keys, texts = struct.unpack_from("<3I", data, 8)
    rows = range(count)
    pairs = [[struct.unpack_from("<2I", data, start + 8 * row) for start in (keys, texts)] for row in rows]
    pairs.sort(key=lambda pair: bytes(data[pair[0][1] : pair[0][1] + pair[0][0]]))
    for row, (key, text) in enumerate(pairs):
        struct.pack_into("<2I", data, keys + 8 * row, *key)
        struct.pack_into("<2I", data, texts + 8 * row, *text)
    return bytes(data)
