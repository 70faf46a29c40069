"""Unlocking notes whose words opened the laptop, and makes no settings where nobody chose any."""

from pathlib import Path

import pytest

from stojnica.cli.options import choose_language
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import current_language, use_language
from stojnica.services.unlocking import unlock_and_settle
from stojnica.settings import Settings, has_settings, load_settings, save_settings
from stojnica.storage.home import StoreHome, create_store
from stojnica.storage.slots import PASSPHRASE, Argon2Cost, load_slots

WORDS = "breza čoln ježek mavrica sonce"
CHEAP = Argon2Cost(8, 1, 1)


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    """Give a closed store that was made at a terminal: nobody chose a language for it."""
    home = StoreHome(tmp_path / "home")
    create_store(home, WORDS, cost=CHEAP).close()
    return home


def test_a_home_without_settings_stays_without(home: StoreHome) -> None:
    assert not has_settings(home.folder)

    for _time in range(2):
        unlock_and_settle(home, WORDS, cost=CHEAP).close()

    assert not has_settings(home.folder)
    assert load_settings(home.folder) == Settings()


def test_a_terminal_goes_on_in_its_own_language_after_unlocking(
    home: StoreHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    unlock_and_settle(home, WORDS, cost=CHEAP).close()

    before = current_language()
    try:
        choose_language(home.folder)
        chosen = current_language()
    finally:
        use_language(before)

    assert chosen == "en"


def test_settings_that_are_there_learn_whose_words_opened_and_keep_the_rest(home: StoreHome) -> None:
    chosen = Settings(language="en", theme="dark", text_percent=150, lock_min=30)
    save_settings(home.folder, chosen)

    unlock_and_settle(home, WORDS, cost=CHEAP).close()

    (slot,) = load_slots(home.slots).of_kind(PASSPHRASE)
    assert load_settings(home.folder) == chosen._replace(last_slot=slot.slot_id)


def test_wrong_words_leave_the_settings_as_they_were(home: StoreHome) -> None:
    save_settings(home.folder, Settings(language="en"))

    with pytest.raises(UserFacingError):
        unlock_and_settle(home, "no", cost=CHEAP)

    assert load_settings(home.folder) == Settings(language="en")
