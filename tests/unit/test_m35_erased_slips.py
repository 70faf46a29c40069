"""M35: the number of an erased slip is never called missing, so that nobody types it in a second time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import SignUp
from stojnica.records.slip_queries import contacts_by_number
from stojnica.services.about_file import about_document
from stojnica.services.about_person import about_person
from stojnica.services.erasing import erase_contact
from stojnica.services.slip_entry import SlipPile, open_number, save_slip
from stojnica.services.slip_runs import RunWish, print_run
from stojnica.services.slip_tally import run_counts
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

ANA = SignUp(first_name="Ana", email="ana@example.org", purposes=("newsletter",), collected_on="2024-09-20")


def test_an_erased_slip_is_not_missing_and_the_one_beside_it_is(
    store: Store, lupa: Event, office: Any, tmp_path: Path
) -> None:
    # Given four slips, two of which are typed in
    print_run(store, RunWish(lupa.event_id, "sl", 4), tmp_path / "slips.pdf")
    for number in ("A-002", "A-003"):
        pile = SlipPile(lupa.event_id, "2024-09-20")
        slip = store.read(lambda c, n=number, p=pile: open_number(c, p, n)).result().slip
        assert slip is not None
        save_slip(store, slip, replace(ANA, slip_number=number), subject_id=new_id()).result()
    typed = store.read(lambda c: contacts_by_number(c, branch_of(c), lupa.event_id)).result()
    erased = {str(number): subject for number, subject in typed.items()}["A-002"]

    # When one of the two people is erased
    erase_contact(store, erased).result()

    # Then what is missing is what it was
    (count,) = store.read(lambda c: run_counts(c, lupa.event_id)).result()
    assert [str(number) for number in count.missing] == ["A-001", "A-004"]
    assert store.read(lambda c: about_person(c, erased)).result() is None
    assert store.read(lambda c: about_document(c, erased)).result() is None
