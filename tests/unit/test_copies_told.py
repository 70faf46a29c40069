"""How old the last good copy is, is told in the status line and before leaving; damage too."""

from pathlib import Path

import pytest
from tests.unit.conftest import FRIDAY_AT_14_32 as NOW_US
from tests.unit.copied import numbers_here, save, short

from stojnica.domain.clock import SetClock
from stojnica.domain.errors import UserFacingError
from stojnica.i18n import speaking
from stojnica.services.copies import CopyKeeper
from stojnica.services.copies_in_short import CopiesInShort, copy_segment, written_age
from stojnica.services.copy_settings import CopySettings
from stojnica.services.preflight import Grounds, State, look_at_stand
from stojnica.services.preflight_copies import check_copies
from stojnica.services.preflight_stand import CHECKS
from stojnica.services.stand import StandContext
from stojnica.services.status import StatusViewModel
from stojnica.services.tasks import DeferredRunner
from stojnica.storage.home import OpenStore
from stojnica.storage.made_copies import MadeCopy

MINUTE_US = 60_000_000


def test_m06_damage_is_told_in_the_status_line_and_before_leaving(
    opened: OpenStore, keeper: CopyKeeper, at_stand: StandContext, runner: DeferredRunner, tmp_path: Path
) -> None:
    # Given a store with a good copy, one page of which is then damaged
    for _number in range(30):
        save(opened)
    keeper.copy()
    opened.store.write(
        lambda unit: unit.connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ).result()
    body = bytearray(opened.home.database.read_bytes())
    body[-2_000] ^= 1
    opened.home.database.write_bytes(body)

    with pytest.raises(UserFacingError) as caught:
        keeper.look_whole()

    assert caught.value.code == "store_damaged"
    assert len(numbers_here(keeper)) == 1
    assert short(opened).is_damaged
    assert copy_segment(short(opened), NOW_US)[0] == "bad"


def test_the_status_line_tells_the_age_of_the_last_copy_and_it_grows_by_itself(
    keeper: CopyKeeper, at_stand: StandContext, runner: DeferredRunner, clock: SetClock
) -> None:
    keeper.copy()
    status = StatusViewModel(at_stand, keeps_copies=True)
    status.refresh()
    runner.run()
    assert status.state.copy == "Copy: **just now**"

    clock.at_us += 8 * MINUTE_US
    status.tick()

    assert status.state.copy == "Copy: **8\N{NO-BREAK SPACE}min ago**"
    status.close()


def test_the_age_is_written_in_slovene_with_its_four_forms() -> None:
    with speaking("sl"):
        ages = [written_age(NOW_US - days * 1_440 * MINUTE_US, NOW_US) for days in (1, 2, 3, 5)]
        minutes = written_age(NOW_US - 8 * MINUTE_US, NOW_US)

    assert ages == ["pred 1 dnevom", "pred 2 dnevoma", "pred 3 dnevi", "pred 5 dnevi"]
    assert minutes == "pred 8\N{NO-BREAK SPACE}min"


def _copy(folder: str) -> MadeCopy:
    return MadeCopy(folder, "stojnica-0-0-1.db", "", 1, NOW_US, "", 3, 9)


@pytest.mark.parametrize(
    ("known", "state"),
    [
        (CopiesInShort(), State.LOOK),
        (CopiesInShort(here=_copy("/home/copies")), State.LOOK),
        (CopiesInShort(CopySettings(place="/nowhere/at/all"), there=_copy("/nowhere/at/all")), State.LOOK),
        (CopiesInShort(CopySettings(place="/"), there=_copy("/")), State.FINE),
        (CopiesInShort(CopySettings(place="/"), there=_copy("/"), trouble="copy_place_full"), State.LOOK),
        (CopiesInShort(trouble="store_damaged"), State.BAD),
    ],
)
def test_before_leaving_a_line_says_whether_there_is_a_second_copy(
    opened: OpenStore, clock: SetClock, known: CopiesInShort, state: State
) -> None:
    from dataclasses import replace

    grounds = Grounds(replace(opened.store.read(look_at_stand).result(), copies=known), None, clock)  # type: ignore[arg-type]

    line = check_copies(grounds)

    assert line.state is state
    assert line.what.endswith(".")
    assert bool(line.todo) == (state is not State.FINE)
    assert "copies" in [check.id for check in CHECKS]
