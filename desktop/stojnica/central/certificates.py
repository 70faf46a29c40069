"""The organisation's own certificate authority, and the certificate of its server."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_YEARS = 10
SERVER_DAYS = 800
# Laptops and servers may disagree about the time of day.
_BACKDATED = timedelta(days=1)


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """Hold a certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes


def make_authority(organisation: str, *, now: datetime | None = None) -> Pair:
    """Make a certificate authority (X.509, RFC 5280) that may sign servers and nothing below them."""
    now = now or datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"{organisation[:40]} CA")
    certificate = (
        _begin(name, name, key.public_key(), now, now + timedelta(days=365 * CA_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pair(certificate, key)


def make_server_certificate(
    authority: Pair, names: Sequence[str], *, now: datetime | None = None, days: int = SERVER_DAYS
) -> Pair:
    """Make a server's certificate for the names and addresses by which laptops know it.

    Raises:
        ValueError: no names, or the authority isn't one of ours.
    """
    if not names:
        raise ValueError("names")
    now = now or datetime.now(UTC)
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    issuer_key = serialization.load_pem_private_key(authority.key, password=None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise ValueError("authority")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _begin(_name(names[0]), issuer.subject, key.public_key(), now, now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )
    return _pair(certificate, key)


def split_pair(content: bytes) -> Pair:
    """Take a file apart that holds a certificate and its key, in this order.

    Raises:
        ValueError: it holds something else.
    """
    certificate = x509.load_pem_x509_certificate(content)
    key = serialization.load_pem_private_key(content, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise ValueError("pair")
    return _pair(certificate, key)


def days_left(content: bytes, *, now: datetime | None = None) -> int:
    """Give how many whole days a certificate (PEM) is still good for; negative when it is over.

    Raises:
        ValueError: it is no certificate.
    """
    until = x509.load_pem_x509_certificate(content).not_valid_after_utc
    return (until - (now or datetime.now(UTC))).days


def is_servers(
    content: bytes, authority: bytes, names: Sequence[str], *, days: int, now: datetime | None = None
) -> bool:
    """Tell whether a file holds a server's certificate and key in order.

    That is: signed by this authority (certificate, PEM), for exactly these names, good for `days` more.
    """
    try:
        certificate = x509.load_pem_x509_certificate(split_pair(content).certificate)
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority))
        there = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return list(there) == [_alternative(name) for name in names] and days_left(content, now=now) >= days


def _begin(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(until)
    )


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    return Pair(
        certificate.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64])])


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
