"""A laptop that is gone is shut out by the name that the team knows."""

from collections.abc import Callable

import psycopg
import pytest
from tests.central.conftest import Laptop, Row, hello

from stojnica.central.revoke import revoke_named
from stojnica.cli.main import main
from stojnica.domain.errors import UserFacingError

pytestmark = pytest.mark.server
Line = psycopg.Connection[Row]


def test_m20_an_open_line_hears_it_with_the_next_call(laptop: Laptop, line: Line, central_url: str) -> None:
    hello(line, [])

    shut_out = revoke_named(central_url, "Stand 1")

    assert shut_out.device_id == laptop.enrolment.device_id
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="revoked"):
        hello(line, [])


def test_of_two_laptops_with_one_name_neither_is_shut_out_by_it(
    new_laptop: Callable[[str], Laptop], central_url: str
) -> None:
    first, second = new_laptop("Stand"), new_laptop("Stand")

    with pytest.raises(UserFacingError) as caught:
        revoke_named(central_url, "Stand")
    assert caught.value.code == "several_laptops"

    assert revoke_named(central_url, str(second.enrolment.device_id).upper()).name == "Stand"
    with first.connect() as line:
        hello(line, [])


def test_the_command_says_who_is_shut_out_and_what_stays(
    laptop: Laptop, central_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["central", "revoke", central_url, "--name", "Stand 2"]) == 1
    assert main(["central", "revoke", central_url, "--name", "Stand 1"]) == 0

    said = capsys.readouterr()
    assert "“Stand 1” is shut out. What it delivered stays." in said.out
    assert "There is no such laptop." in said.err
