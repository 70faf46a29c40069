"""I15, I12: a server that lies about erasures erases nothing here, and nothing is called told that isn't."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from tests.sync import lies, wire
from tests.sync.hostile_server import Call, Lie, rows_for
from tests.sync.laptops import fault_of, keys
from tests.sync.test_hostile_server import Astray, astray
from tests.sync.test_m35_erased_on_the_spot import erase

from stojnica.storage.tables import WAITING

__all__ = ["astray"]


def erase_lies(where: Astray) -> dict[str, Lie]:
    """Give answers to `erase` that have the right shape and say something else."""

    def changed(ids: object, words: bytes) -> Lie:
        def say(call: Call) -> Iterator[bytes]:
            names, _rows = rows_for(call, where.laptop.credentials())
            asked, hashes = wire.members(call.parameters[0]), wire.members(call.parameters[1])
            told = asked if ids is None else [uuid4().bytes for _one in asked]
            yield wire.answer(
                names, [[wire.array(told), wire.array(hashes), wire.array([words] * len(told))]]
            )

        return say

    return {
        "about others": changed("others", b"erased"),
        "an unknown word": changed(None, b"thanks"),
        "a word of another call": changed(None, b"stored"),
    }


@pytest.mark.parametrize("name", ["about others", "an unknown word", "a word of another call"])
def test_i15_what_a_liar_says_of_an_erasure_is_nonsense_and_it_stays_to_be_told(
    astray: Astray, name: str
) -> None:
    gone = astray.laptop.capture()
    erase(astray.laptop, gone[0].fact.subject_id)
    astray.server.lies["erase"] = erase_lies(astray)[name]

    assert fault_of(astray.laptop).code == "nonsense"

    assert set(keys(gone)) <= set(astray.laptop.in_state(WAITING))
    astray.laptop.connect = astray.way
    assert astray.laptop.sync().is_complete
    assert astray.office.owed(astray.laptop.credentials().device_id) == 0


@pytest.mark.parametrize(
    "name",
    [
        "one column too few",
        "nothing but NULL",
        "no text",
        "arrays with a million members",
        "a web page",
        "zeros",
    ],
)
@pytest.mark.parametrize("call", ["erase", "erase_orders"])
def test_i15_answers_of_another_shape_erase_nothing_and_tell_nothing(
    astray: Astray, call: str, name: str
) -> None:
    gone = astray.laptop.capture()
    erase(astray.laptop, gone[0].fact.subject_id)
    held = astray.laptop.facts()
    astray.server.lies[call] = lies.in_another_shape(astray.laptop.credentials())[name]

    fault = fault_of(astray.laptop)

    assert fault.code in ("nonsense", "interrupted", "forged_briefing")
    assert astray.laptop.facts() == held


def test_i15_an_order_that_the_office_never_signed_erases_nobody(astray: Astray) -> None:
    held = astray.laptop.facts()

    def order(call: Call) -> Iterator[bytes]:
        names, _rows = rows_for(call, astray.laptop.credentials())
        yield wire.answer(names, [[uuid4().bytes, b'{"kind":"erase"}', bytes(64)]])

    astray.server.lies["erase_orders"] = order
    fault_of(astray.laptop)

    assert astray.laptop.facts() == held


def test_i15_orders_without_end_end(astray: Astray) -> None:
    held = astray.laptop.facts()
    astray.server.lies["erase_orders"] = lies.FLOODS["rows"]

    fault_of(astray.laptop)

    assert astray.laptop.facts() == held
