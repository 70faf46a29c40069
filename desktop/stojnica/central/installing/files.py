"""The files of a server of ours, as text: its settings, who may come in, and the timers."""

from pathlib import Path

from stojnica.central.installing.layout import HEADER, POSTGRES, Server
from stojnica.central.installing.machine import WantedFile

MAX_CONNECTIONS = 100
KEPT_BACKUPS = 30
# What the promises rest on, and what nobody may have changed behind our back.
RELIED_ON = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "ssl": "on",
    "ssl_min_protocol_version": "TLSv1.3",
    "password_encryption": "scram-sha-256",
}
# No personal data in the server's log: neither statements, nor parameters, nor details with key values.
_QUIET_LOG = {
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# A login that hangs must not keep others out; what takes long on purpose sets its own limits.
_LIMITS = {
    "authentication_timeout": "20s",
    "statement_timeout": "10min",
    "idle_in_transaction_session_timeout": "5min",
    "idle_session_timeout": "1h",
    "tcp_keepalives_idle": "60s",
    "tcp_keepalives_interval": "15s",
    "tcp_keepalives_count": "4",
    "client_connection_check_interval": "30s",
}
_MIB = 1024 * 1024
_IDENT_MAP = "stojnica"


def server_program(major: int) -> Path:
    """Give the program of a server as Debian installs it."""
    return Path("/usr/lib/postgresql") / str(major) / "bin" / "postgres"


def settings_file(server: Server, memory_bytes: int) -> WantedFile:
    """Give the cluster's settings: a file of their own that comes after all others."""
    pem = str(server.layout.server_pem)
    settings = {
        "listen_addresses": "*",
        **RELIED_ON,
        "ssl_cert_file": pem,
        "ssl_key_file": pem,
        "ssl_ca_file": "",
        "max_connections": str(MAX_CONNECTIONS),
        **_memory(memory_bytes),
        "jit": "off",
        **_QUIET_LOG,
        **_LIMITS,
    }
    lines = [f"# {HEADER}"]
    lines += [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    return _of_postgres(server.drop_in, lines, 0o644)


def access_file(server: Server) -> WantedFile:
    """Give pg_hba.conf: the system's users over the socket, everybody else with TLS and a password."""
    layout = server.layout
    lines = [
        f"# {HEADER}",
        "# Over the socket the system vouches for who calls; root may act as postgres (pg_ident.conf).",
        f"local    all  {POSTGRES}  peer  map={_IDENT_MAP}",
        f"local    all  {layout.service_user}  peer",
        "# Over the network: one database, TLS, a password. Whoever isn't named here is refused.",
        f"hostssl  {layout.database}  all  all  scram-sha-256",
    ]
    return _of_postgres(server.conf / "pg_hba.conf", lines, 0o640)


def identity_file(server: Server) -> WantedFile:
    """Give pg_ident.conf: which users of the system are `postgres` in the database."""
    lines = [f"# {HEADER}", f"{_IDENT_MAP}  {POSTGRES}  {POSTGRES}", f"{_IDENT_MAP}  root  {POSTGRES}"]
    return _of_postgres(server.conf / "pg_ident.conf", lines, 0o640)


def unit_names(server: Server) -> tuple[str, ...]:
    """Give the names of the units that are switched on: two timers, and the watch that always runs."""
    user = server.layout.service_user
    return (f"{user}-project.timer", f"{user}-backup.timer", f"{user}-watch.service")


def unit_files(server: Server, *, is_sealed: bool) -> tuple[WantedFile, ...]:
    """Give the units: adding up every three minutes, a backup each night, a watch over laptops' logins.

    `is_sealed`: the organisation's public keys are there, so that backups are encrypted to them.
    """
    layout = server.layout
    user = layout.service_user
    url = server.local_url(user)
    project, backup, watch = (layout.units / name for name in unit_names(server))
    every = ("OnBootSec=2min", "OnCalendar=*:0/3", "RandomizedDelaySec=20s", "AccuracySec=10s")
    nightly = ("OnCalendar=*-*-* 02:30:00", "RandomizedDelaySec=20min", "Persistent=true")
    keys = ("--keys", str(layout.public_keys)) if is_sealed else ()
    to_backup = ("backup", url, str(layout.backups), "--keep", str(KEPT_BACKUPS), *keys)
    once = ("Type=oneshot", "TimeoutStartSec=2h", "Nice=10")
    room = f"ReadWritePaths=-{layout.backups}"
    always = ("Type=exec", "Restart=always", "RestartSec=10s")
    return (
        _service(server, project, user, "add up what laptops delivered", ("project", url), once),
        _timer(project, "add up what laptops delivered, every three minutes", every),
        _service(server, backup, user, "nightly backup", to_backup, (*once, room)),
        _timer(backup, "backup each night", nightly),
        # It ends other logins' sessions and resets their settings, which is for `postgres` to do.
        _service(
            server,
            watch,
            POSTGRES,
            "keep laptops' logins within bounds",
            ("watch", server.local_url(POSTGRES)),
            (*always, "", "[Install]", "WantedBy=multi-user.target"),
        ),
    )


def _service(
    server: Server, unit: Path, user: str, what: str, words: tuple[str, ...], kind: tuple[str, ...]
) -> WantedFile:
    layout = server.layout
    command = " ".join(_unit_word(word) for word in (*layout.program, "central", *words))
    lines = [
        f"# {HEADER}",
        "[Unit]",
        f"Description=Stojnica: {what}",
        f"After=postgresql@{server.major}-{layout.cluster}.service",
        "",
        "[Service]",
        f"User={user}",
        f"Group={user}",
        f"StateDirectory={unit.stem}",
        f"Environment=STOJNICA_HOME=/var/lib/{unit.stem} LANG=C.UTF-8",
        f"ExecStart={command}",
        "UMask=0077",
        *_HARDENING,
        *kind,
    ]
    return WantedFile(unit.with_suffix(".service"), _text(lines))


# Nothing but the database's socket, its own folders and the program itself (systemd.exec(5)).
_HARDENING = (
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "ProtectSystem=strict",
    "ProtectHome=read-only",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "PrivateNetwork=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "RestrictAddressFamilies=AF_UNIX",
    "RestrictNamespaces=yes",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "LockPersonality=yes",
    "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service",
)


def _timer(path: Path, what: str, when: tuple[str, ...]) -> WantedFile:
    lines = [f"# {HEADER}", "[Unit]", f"Description=Stojnica: {what}", "", "[Timer]", *when]
    return WantedFile(path, _text([*lines, "", "[Install]", "WantedBy=timers.target"]))


def _memory(memory_bytes: int) -> dict[str, str]:
    """Share the memory out: a quarter for the server's cache, little for each of the many connections."""
    total = memory_bytes // _MIB
    return {
        "shared_buffers": f"{_between(total // 4, 128, 1024)}MB",
        "effective_cache_size": f"{_between(total // 2, 256, 65_536)}MB",
        "maintenance_work_mem": f"{_between(total // 16, 32, 512)}MB",
        "work_mem": f"{_between(total // (8 * MAX_CONNECTIONS), 2, 16)}MB",
    }


def _between(value: int, least: int, most: int) -> int:
    return max(least, min(value, most))


def _of_postgres(path: Path, lines: list[str], mode: int) -> WantedFile:
    return WantedFile(path, _text(lines), POSTGRES, mode)


def _quoted(value: str) -> str:
    return value.replace("'", "''")


def _unit_word(word: str) -> str:
    """Write a word of a command so that systemd takes it as is (systemd.service(5), Command lines)."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(letter in word for letter in " \"'\\;") else plain


def _text(lines: list[str]) -> bytes:
    return "\n".join([*lines, ""]).encode()
