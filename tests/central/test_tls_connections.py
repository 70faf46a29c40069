"""A laptop over a network talks to the organisation's own server or to nobody."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.conftest import start_with_tls

from stojnica.central.certificates import Pair, make_authority, make_server_certificate
from stojnica.central.connect import connect
from stojnica.central.embedded import EmbeddedServer
from stojnica.central.enrol import make_enrolment
from stojnica.central.enrolment import Enrolment, ServerHost
from stojnica.domain.errors import UserFacingError

pytestmark = [pytest.mark.server, pytest.mark.tls]


def reach(
    server: EmbeddedServer, ca: Path, host: str = "localhost", **options: Any
) -> psycopg.Connection[Any]:
    """Connect as a laptop does."""
    wanted = {"sslmode": "verify-full", "channel_binding": "require", "sslrootcert": str(ca)} | options
    return psycopg.connect(server.url, host=host, hostaddr="127.0.0.1", **wanted)


@pytest.fixture
def ca_file(tmp_path: Path, authority: Pair) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(authority.certificate)
    return path


def test_the_right_server_is_reached_with_tls_and_channel_binding(
    tls_server: EmbeddedServer, ca_file: Path
) -> None:
    with reach(tls_server, ca_file) as connection:
        row = connection.execute(
            "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).fetchone()

    assert row == (True, "TLSv1.3")


def test_m12_a_server_that_another_authority_vouches_for_is_refused(
    tls_server: EmbeddedServer, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(make_authority("Somebody else").certificate)

    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        reach(tls_server, other)


def test_m12_a_server_under_another_name_is_refused(tls_server: EmbeddedServer, ca_file: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        reach(tls_server, ca_file, host="hub.example.org")


def test_m12_an_expired_certificate_is_refused(tmp_path: Path, authority: Pair, ca_file: Path) -> None:
    expired = make_server_certificate(
        authority, ["localhost"], now=datetime.now(UTC) - timedelta(days=30), days=10
    )

    with (
        start_with_tls(tmp_path / "server", expired) as server,
        pytest.raises(psycopg.OperationalError, match="certificate verify failed"),
    ):
        reach(server, ca_file)


def test_m12_a_server_without_tls_is_refused(postgres_server: EmbeddedServer, ca_file: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="does not support SSL"):
        reach(postgres_server, ca_file)


def test_m12_a_laptops_certificate_cannot_pass_for_an_authority(
    tmp_path: Path, authority: Pair, ca_file: Path
) -> None:
    # Whoever got hold of one server's key signs another server with it.
    stolen = make_server_certificate(authority, ["localhost"])
    forged = make_server_certificate(stolen, ["localhost"])
    chained = Pair(forged.certificate + stolen.certificate, forged.key)

    with (
        start_with_tls(tmp_path / "server", chained) as server,
        pytest.raises(psycopg.OperationalError, match="certificate verify failed"),
    ):
        reach(server, ca_file)


def test_the_office_is_told_plainly_that_the_certificate_is_wrong(
    tls_server: EmbeddedServer, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(make_authority("Somebody else").certificate)

    with pytest.raises(UserFacingError) as caught:
        connect(tls_server.url, sslmode="verify-full", sslrootcert=str(other))

    assert caught.value.code == "certificate"
    assert caught.value.next_step


def test_the_office_goes_to_another_machine_with_a_fitting_certificate_or_not_at_all(
    tls_server: EmbeddedServer, postgres_server: EmbeddedServer, authority: Pair, tmp_path: Path
) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_bytes(authority.certificate)

    def code_of(server: EmbeddedServer, **options: str) -> str:
        url = make_conninfo(server.url, host="hub.example.org", hostaddr="127.0.0.1", **options)
        with pytest.raises(UserFacingError) as caught:
            connect(url)
        return caught.value.code

    for weaker in ("disable", "prefer", "require", "verify-ca"):
        assert code_of(tls_server, sslmode=weaker, sslrootcert=str(ca)) == "unprotected"
    # Nothing was said about TLS: it is asked for anyway, and neither name nor authority fit.
    assert code_of(tls_server) == "certificate"
    assert code_of(tls_server, sslrootcert=str(ca)) == "certificate"
    assert code_of(postgres_server) == "certificate"


@pytest.fixture
def tls_enrolment(
    tls_server: EmbeddedServer, organisation_keys: Path, authority: Pair
) -> Callable[[str], Enrolment]:
    def make(host: str) -> Enrolment:
        return make_enrolment(
            tls_server.url,
            name="Stand",
            keys_dir=organisation_keys,
            hosts=[ServerHost(host, tls_server.port)],
            ca_pem=authority.certificate.decode(),
        )

    return make


def test_a_laptop_enrolled_with_an_authority_greets_the_centre_over_tls(
    tls_server: EmbeddedServer, tls_enrolment: Callable[[str], Enrolment], ca_file: Path
) -> None:
    enrolment = tls_enrolment("localhost")

    assert enrolment.tls_mode == "verify-full"
    with reach(
        tls_server,
        ca_file,
        dbname=enrolment.database,
        user=enrolment.role,
        password=enrolment.password,
    ) as connection:
        row = connection.execute("SELECT device_id FROM api.hello('test', 1, '{}', '{}', '{}', 0)").fetchone()
    assert row == (enrolment.device_id,)


def test_a_server_elsewhere_without_an_authority_enrols_nobody(
    tls_server: EmbeddedServer, organisation_keys: Path
) -> None:
    with pytest.raises(UserFacingError) as caught:
        make_enrolment(
            tls_server.url,
            name="Stand",
            keys_dir=organisation_keys,
            hosts=[ServerHost("hub.example.org", 5432)],
        )

    assert caught.value.code == "no_ca"
