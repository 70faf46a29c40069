"""M37: the office reads out the code of a laptop whose words are forgotten, and that it did is noted."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pyrage
import pytest
from tests.central.conftest import Laptop, Row, Sent, push

from stojnica.central.keys import IDENTITY_FILES, load_public_keys, make_keys
from stojnica.central.projector import project_all
from stojnica.central.recovery import read_recovery_code
from stojnica.cli.main import main
from stojnica.domain.errors import UserFacingError
from stojnica.domain.recovery import RecoveryCode, recovery_body, sealed_data

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]
FIRST, SECOND = "AAAA-BBBB-CCCC-DDDD", "EEEE-FFFF-GGGG-HHHH"


def sealed(laptop: Laptop, keys: Path, code: str, *, about: UUID | None = None, **more: Any) -> Sent:
    """Seal a code as a laptop does."""
    recipients = [pyrage.x25519.Recipient.from_str(text) for text in load_public_keys(keys).recipients]
    body = recovery_body(RecoveryCode(UUID(int=9), "ab", code))
    data = sealed_data(pyrage.encrypt(body, recipients))
    subject = about or laptop.enrolment.device_id
    return laptop.fact("recovery_sealed", subject_id=subject, data=data, **more)


def test_m37_the_newest_code_is_read_and_each_reading_is_noted(
    laptop: Laptop, line: Line, central_url: str, organisation_keys: Path, admin: Line
) -> None:
    assert push(line, [sealed(laptop, organisation_keys, FIRST)]) == ["stored"]
    assert push(line, [sealed(laptop, organisation_keys, SECOND)]) == ["stored"]

    first = read_recovery_code(central_url, laptop="Stand 1", keys_dir=organisation_keys)
    again = read_recovery_code(central_url, laptop="Stand 1", keys_dir=organisation_keys)

    assert (first.codes, first.read_before) == ((SECOND,), ())
    assert len(again.read_before) == 1
    assert project_all(central_url).quarantined == 0
    kinds = admin.execute("SELECT kind FROM hub.fact ORDER BY kind").fetchall()
    assert [kind for (kind,) in kinds] == ["recovery_read"] * 2 + ["recovery_sealed"] * 2


def test_m37_one_identity_is_enough_whichever_it_is(
    laptop: Laptop, line: Line, central_url: str, organisation_keys: Path, tmp_path: Path
) -> None:
    push(line, [sealed(laptop, organisation_keys, FIRST)])

    for locked_away in IDENTITY_FILES:
        folder = Path(shutil.copytree(organisation_keys, tmp_path / locked_away))
        (folder / locked_away).unlink()
        assert read_recovery_code(central_url, laptop="Stand 1", keys_dir=folder).codes == (FIRST,)


def test_m37_no_other_laptop_puts_its_code_in_the_place_of_this_ones(
    new_laptop: Callable[[str], Laptop], central_url: str, organisation_keys: Path
) -> None:
    mine, thief = new_laptop("Ours"), new_laptop("Stolen")
    with thief.connect() as line:
        push(line, [sealed(thief, organisation_keys, SECOND, about=mine.enrolment.device_id)])
    with mine.connect() as line:
        push(line, [sealed(mine, organisation_keys, FIRST)])

    assert read_recovery_code(central_url, laptop="Ours", keys_dir=organisation_keys).codes == (FIRST,)
    with pytest.raises(UserFacingError) as caught:
        read_recovery_code(central_url, laptop="Stolen", keys_dir=organisation_keys)
    assert caught.value.code == "no_recovery_code"


def test_m37_a_copied_laptop_has_two_codes_and_both_are_read(
    laptop: Laptop, line: Line, central_url: str, organisation_keys: Path
) -> None:
    push(line, [sealed(laptop, organisation_keys, FIRST)])
    laptop.incarnation, laptop.seq = UUID(int=12), 0
    push(line, [sealed(laptop, organisation_keys, SECOND)])

    found = read_recovery_code(central_url, laptop="Stand 1", keys_dir=organisation_keys)

    assert sorted(found.codes) == [FIRST, SECOND]


def test_m37_what_no_laptop_of_ours_sealed_is_passed_over(
    laptop: Laptop, line: Line, central_url: str, organisation_keys: Path
) -> None:
    device = laptop.enrolment.device_id
    push(line, [laptop.fact("recovery_sealed", subject_id=device, data={"sealed": "x" * 100})])

    with pytest.raises(UserFacingError) as caught:
        read_recovery_code(central_url, laptop="Stand 1", keys_dir=organisation_keys)

    assert caught.value.code == "no_recovery_code"
    assert project_all(central_url).quarantined == 0


def test_m37_other_keys_read_nothing_and_nothing_is_noted(
    laptop: Laptop, line: Line, central_url: str, organisation_keys: Path, tmp_path: Path, admin: Line
) -> None:
    push(line, [sealed(laptop, organisation_keys, FIRST)])
    make_keys(tmp_path / "others")

    with pytest.raises(UserFacingError) as caught:
        read_recovery_code(central_url, laptop="Stand 1", keys_dir=tmp_path / "others")

    assert caught.value.code == "wrong_identity"
    noted = admin.execute("SELECT count(*) FROM hub.fact WHERE kind = 'recovery_read'").fetchone()
    assert noted == (0,)


def test_m37_the_command_says_whom_to_call_and_the_code(
    laptop: Laptop,
    line: Line,
    central_url: str,
    organisation_keys: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    push(line, [sealed(laptop, organisation_keys, FIRST)])
    call = ["central", "recovery-code", central_url, "--laptop", "Stand 1", "--keys", str(organisation_keys)]

    assert main(call) == 0
    words = capsys.readouterr().out
    call[call.index("--laptop")] = "--name"
    assert main([*call, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert main(call) == 0
    again = capsys.readouterr().out

    assert FIRST in words
    # When it was read out before is said as people say it.
    assert re.search(r"was read out on \d+ \w+ 20\d\d at \d\d:\d\d\.", again)
    assert "Call the stand's lead yourself" in words
    assert told["codes"] == [FIRST]
    assert len(told["read_before"]) == 1
