"""Rules of the catalogues of texts: what is collected, what is kept, what is refused."""

import gettext
import io
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from stojnica.domain.text_bound import LONE_WORDS, held_together

BUILD = Path(__file__).resolve().parents[2] / "build"

SOURCE = """
from stojnica.i18n import gettext as _, ngettext, pgettext

def greet(count):
    _("Row {number} was taken.").format(number=3)
    # Translators: the button that ends the kiosk.
    pgettext("kiosk", "Leave")
    return ngettext(
        "{count} contact waits", "{count} contacts wait", count
    ).format(count=count)
"""

FRAGMENT = """
msgid "Row {number} was taken."
msgstr "Vrstica {number} je sprejeta."

msgctxt "kiosk"
msgid "Leave"
msgstr "Izhod"

msgid "{count} contact waits"
msgid_plural "{count} contacts wait"
msgstr[0] "{count} kontakt čaka"
msgstr[1] "{count} kontakta čakata"
msgstr[2] "{count} kontakti čakajo"
msgstr[3] "{count} kontaktov čaka"
"""


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BUILD)
    import gettext_catalogues

    return gettext_catalogues


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "desktop" / "stojnica"
    folder.mkdir(parents=True)
    (folder / "greeting.py").write_text(SOURCE, "utf-8")
    return folder


def fragment(text: str = FRAGMENT) -> Catalog:
    return read_po(io.BytesIO(text.encode()), locale="sl", charset="utf-8")


def slovene(texts: ModuleType, package: Path, text: str = FRAGMENT) -> Catalog:
    catalogue: Catalog = texts.updated(texts.extract(package, package.parents[1]), fragment(text), "sl")
    return catalogue


def kiosk_leave(catalogue: Catalog) -> object:
    message = catalogue.get("Leave", "kiosk")
    return message and message.string


def test_literals_are_collected_with_context_plural_and_note(texts: ModuleType, package: Path) -> None:
    catalogue = texts.extract(package, package.parents[1])

    found = {texts.key_of(message): message for message in texts.messages_of(catalogue)}
    assert set(found) == {
        ("", "Row {number} was taken."),
        ("kiosk", "Leave"),
        ("", "{count} contact waits"),
    }
    assert found["", "{count} contact waits"].id == ("{count} contact waits", "{count} contacts wait")
    assert found["kiosk", "Leave"].auto_comments == ["Translators: the button that ends the kiosk."]


def test_a_text_that_is_no_literal_is_refused(texts: ModuleType, package: Path) -> None:
    (package / "labels.py").write_text("def label(_, text):\n    return _(text)\n", "utf-8")

    assert texts.untranslatable_calls(package, package.parents[1]) == [
        "desktop/stojnica/labels.py:2: the text is not a literal"
    ]


def test_translations_that_fit_are_kept_and_the_rest_is_empty(texts: ModuleType, package: Path) -> None:
    catalogue = slovene(texts, package)
    (package / "greeting.py").write_text('_("Row {number} was taken.")\n_("New")\n', "utf-8")

    again = texts.updated(texts.extract(package, package.parents[1]), catalogue, "sl")

    assert {message.id: message.string for message in texts.messages_of(again)} == {
        "Row {number} was taken.": "Vrstica {number} je sprejeta.",
        "New": "",
    }


def test_the_compiled_catalogue_speaks_with_four_slovene_forms(texts: ModuleType, package: Path) -> None:
    catalogue = slovene(texts, package)

    spoken = gettext.GNUTranslations(io.BytesIO(texts.mo_bytes(catalogue)))

    forms = [
        spoken.ngettext("{count} contact waits", "{count} contacts wait", count).format(count=count)
        for count in (1, 2, 3, 5, 101)
    ]
    assert forms == [
        "1 kontakt čaka",
        "2 kontakta čakata",
        "3 kontakti čakajo",
        "5 kontaktov čaka",
        "101 kontakt čaka",
    ]
    assert spoken.pgettext("kiosk", "Leave") == "Izhod"
    assert texts.problems(catalogue, "sl") == []


def test_words_that_must_stay_whole_have_another_hyphen_in_the_compiled_file_alone(
    texts: ModuleType, package: Path
) -> None:
    (package / "sticks.py").write_text('_("Take the stick.")\n', "utf-8")
    stick = 'msgid "Take the stick."\nmsgstr "Vzemi USB-ključ z e-pošto."\n'
    catalogue = slovene(texts, package, f"{FRAGMENT}\n{stick}")

    spoken = gettext.GNUTranslations(io.BytesIO(texts.mo_bytes(catalogue)))

    assert spoken.gettext("Take the stick.") == (
        "Vzemi USB\N{NON-BREAKING HYPHEN}ključ z\N{NO-BREAK SPACE}e-pošto."
    )
    assert "USB-ključ" in texts.po_bytes(catalogue).decode()
    assert texts.problems(catalogue, "sl") == []


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("V pisarni je vse.", "V_pisarni je vse."),
        ("Gre s seboj in k {name}, a v {place}.", "Gre s_seboj in k_{name}, a_v_{place}."),
        ("Vse je (v pisarni ostane).", "Vse je (v_pisarni ostane)."),
        ("**Z vsemi** zapisi, »o nas« in **s** črko", "**Z_vsemi** zapisi, »o_nas« in **s** črko"),
        ("Brez PIN-a ne gre; računalnika A in B.", "Brez PIN-a ne gre; računalnika A in B."),
        ("4 do 8 znakov, {v} in {s k}, po {count} s.", "4 do 8 znakov, {v} in {s k}, po {count} s."),
        ("Konec z", "Konec z"),
        ("v\npisarni", "v\npisarni"),
    ],
)
def test_a_word_of_one_letter_ends_no_line_in_the_compiled_file(
    texts: ModuleType, written: str, read: str
) -> None:
    assert texts.held_together(written, "sl").replace("\N{NO-BREAK SPACE}", "_") == read
    assert "\N{NO-BREAK SPACE}" not in texts.held_together(written, "en")
    # What is put together on the screen goes by the same rule.
    assert held_together(written, "sl").replace("\N{NO-BREAK SPACE}", "_") == read


def test_the_english_catalogue_repeats_the_source(texts: ModuleType, package: Path) -> None:
    catalogue = texts.updated(texts.extract(package, package.parents[1]), None, "en")

    spoken = gettext.GNUTranslations(io.BytesIO(texts.mo_bytes(catalogue)))
    assert spoken.ngettext("{count} contact waits", "{count} contacts wait", 2) == "{count} contacts wait"
    assert texts.problems(catalogue, "en") == []


def test_the_same_texts_give_the_same_bytes(texts: ModuleType, package: Path) -> None:
    once, twice = slovene(texts, package), slovene(texts, package)

    assert texts.po_bytes(once) == texts.po_bytes(twice)
    assert texts.mo_bytes(once) == texts.mo_bytes(twice)
    assert b"Date" not in texts.po_bytes(once)
    reread = read_po(io.BytesIO(texts.po_bytes(once)), locale="sl", charset="utf-8")
    again = texts.updated(texts.extract(package, package.parents[1]), reread, "sl")
    assert texts.po_bytes(again) == texts.po_bytes(once)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('"Izhod"', '""', "has no translation"),
        ('msgstr[2] "{count} kontakti čakajo"', 'msgstr[2] ""', "has no translation in each plural form"),
        ("{number} je", "{stevilka} je", "has the placeholders ['stevilka'] instead of ['number']"),
        ("{count} kontakta čakata", "dva kontakta čakata", "has the placeholders [] instead of ['count']"),
        ("{number} je", "{number je", "the braces of"),
        ('"Izhod"', '"Izhod "', "begins or ends differently with a space"),
    ],
)
def test_a_slip_in_a_translation_is_named(
    texts: ModuleType, package: Path, before: str, after: str, complaint: str
) -> None:
    assert before in FRAGMENT

    problems = texts.problems(slovene(texts, package, FRAGMENT.replace(before, after)), "sl")

    assert len(problems) == 1
    assert complaint in problems[0]


def test_a_fuzzy_translation_is_refused(texts: ModuleType, package: Path) -> None:
    marked = FRAGMENT.replace('msgid "Row', '#, fuzzy\nmsgid "Row')

    problems = texts.problems(slovene(texts, package, marked), "sl")

    assert problems == ["'Row {number} was taken.' is marked as fuzzy"]


def test_a_visitors_language_holds_what_a_visitor_can_read_and_all_of_it(
    texts: ModuleType, package: Path
) -> None:
    (package / "services").mkdir()
    (package / "services" / "kiosk_words.py").write_text('_("Who are you?")\n', "utf-8")
    source = texts.extract(package, package.parents[1])

    wanted = texts.texts_for(source, "hr")
    catalogue = texts.updated(wanted, None, "hr")

    assert [message.id for message in texts.messages_of(catalogue)] == ["Who are you?"]
    assert texts.problems(catalogue, "hr") == ["'Who are you?' has no translation"]
    assert texts.texts_for(source, "sl") is source


@pytest.mark.parametrize(
    ("language", "forms"), [("sl", 4), ("en", 2), ("de", 2), ("it", 2), ("hr", 3), ("hu", 2)]
)
def test_each_language_has_its_plural_forms(texts: ModuleType, language: str, forms: int) -> None:
    catalogue = texts.empty_catalogue(language)

    assert catalogue.num_plurals == forms == texts.PLURAL_FORMS[language]
    assert f"nplurals={forms}".encode() in texts.po_bytes(catalogue)


def test_a_placeholder_without_a_name_is_refused(texts: ModuleType, package: Path) -> None:
    (package / "greeting.py").write_text('_("Row {} was taken.")\n', "utf-8")

    problems = texts.problems(texts.updated(texts.extract(package, package.parents[1]), None, "en"), "en")

    assert problems == ["'Row {} was taken.' has a placeholder without a name"]


def test_merging_fills_what_is_missing_and_names_what_differs(texts: ModuleType, package: Path) -> None:
    catalogue = slovene(texts, package, 'msgctxt "kiosk"\nmsgid "Leave"\nmsgstr "Zapusti"\n')
    extra = FRAGMENT + '\nmsgid "Not in the source"\nmsgstr "Ni v izvirniku"\n'

    merged = texts.merge(catalogue, fragment(extra))

    assert (merged.taken, merged.unknown, merged.differing) == (2, ["Not in the source"], ["Leave"])
    assert kiosk_leave(catalogue) == "Zapusti"
    assert texts.merge(catalogue, fragment(), replace=True).taken == 1
    assert kiosk_leave(catalogue) == "Izhod"


def test_catalogues_hold_the_same_words_together_as_the_screen_does(texts: ModuleType) -> None:
    assert texts.LONE_WORDS["sl"].pattern == LONE_WORDS["sl"].pattern
