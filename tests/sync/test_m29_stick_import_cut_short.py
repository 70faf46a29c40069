"""An import that is cut short at any point: the next one takes in the rest, and all is there once."""

from pathlib import Path

import pytest
from tests.sync.conftest import Fleet
from tests.sync.offices import Office
from tests.sync.sticks import StickOffice

from stojnica import failpoint
from stojnica.storage.tables import PROVEN


@pytest.fixture
def desk(office: Office, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give an office, in memory and with a real database, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(office, organisation_keys, stick)


def cut() -> None:
    raise ConnectionAbortedError("power")


@pytest.mark.parametrize("point", ["stick.before_import", "stick.before_batch", "stick.before_proof"])
def test_m29_an_import_cut_short_leaves_no_receipt_and_the_next_one_ends_well(
    desk: StickOffice, fleet: Fleet, point: str
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(600)
    path = desk.export(laptop)
    failpoint.arm(point, cut)
    try:
        with pytest.raises(ConnectionAbortedError):
            desk.receipt(path)
    finally:
        failpoint.disarm(point)
    assert [item for item in desk.stick.iterdir() if item != path] == []

    desk.close_the_loop(laptop, path)

    assert desk.office.facts() == laptop.facts()
    assert sorted(desk.office.waiting()) == laptop.facts()
    assert laptop.in_state(PROVEN) == laptop.facts()
