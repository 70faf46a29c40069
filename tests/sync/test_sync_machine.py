"""Anything in any order, against the office in memory every day and against a real database at night."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.sync.offices import PostgresOffice, WholeOffice
from tests.sync.sync_machine import SyncMachine

SyncMachine.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestI02I03I05I06I07I08I09I11I12I15I16I17InAnyOrder = SyncMachine.TestCase


@pytest.mark.server
@pytest.mark.nightly
def test_i03_i08_i09_in_any_order_with_a_real_database(
    central_url: str, organisation_keys: Path, tmp_path: Path
) -> None:
    office = PostgresOffice(central_url, organisation_keys, tmp_path)

    class OnTheServer(SyncMachine):
        def make_office(self) -> WholeOffice:
            office.empty()
            return office

        def organisation_keys(self) -> Path:
            return organisation_keys

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        OnTheServer,
        settings=settings(
            max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
