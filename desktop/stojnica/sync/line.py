"""One connection to the centre: one statement after the other, each with a deadline and a size."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.conninfo import make_conninfo
from psycopg.pq import ConnStatus, ExecStatus, Format, PollingStatus
from psycopg.pq.abc import PGconn, PGresult

from stojnica.sync.credentials import Host
from stojnica.sync.faults import SyncError, interrupted, nonsense
from stojnica.sync.pipe import Pipe, connect_socket
from stojnica.sync.postgres_faults import fault_of_connecting, fault_of_result, fault_of_statement

GREETING_ROOM = 256 * 1024
_ANSWERS = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Say how long to wait, in seconds, for a connection, and for each answer as a whole."""

    connect_s: float = 10
    answer_s: float = 30

    @property
    def greeting_s(self) -> float:
        """Give the longer of both: TLS and log-in take half a dozen round trips, and some ways are slow."""
        return max(self.connect_s, self.answer_s)


PATIENT = Deadlines()


class Line:
    """Ask one question after the other; whatever ends otherwise than with an answer hangs up.

    libpq's functions are called one by one instead of through psycopg's cursor: it keeps as many results as
    a server cares to send, and reads their values without a look at their length.
    """

    def __init__(self, pgconn: PGconn, pipe: Pipe, answer_s: float) -> None:
        self._pgconn = pgconn
        self._pipe = pipe
        self._answer_s = answer_s
        self._is_open = True

    def ask(self, statement: str, parameters: Sequence[Any] = (), *, room: int) -> PGresult:
        """Send one statement, and give its only result, binary; `room` is what it may have in bytes.

        What this returns is committed: the server says so only after the commit.

        Raises:
            SyncError: no answer in time, none that makes sense, or one that says no.
        """
        if not self._is_open:
            raise interrupted("closed")
        self._pipe.begin(self._answer_s, room)
        try:
            self._send(statement, parameters)
            result, more = self._next(), self._next()
        except psycopg.DataError as error:
            raise fault_of_statement(error) from error
        except psycopg.Error as error:
            self.close()
            raise fault_of_statement(error) from error
        except SyncError:
            self.close()
            raise
        for one in (result, more):
            if one is not None and one.status == ExecStatus.FATAL_ERROR:
                raise self._fault_of(one)
        if result is None or more is not None or result.status not in _ANSWERS:
            self.close()
            raise nonsense("results")
        return result

    def close(self) -> None:
        """Hang up; calling it twice does no harm."""
        if self._is_open:
            self._is_open = False
            self._pgconn.finish()
            self._pipe.close()

    def _send(self, statement: str, parameters: Sequence[Any]) -> None:
        adapted = Transformer()
        # Arrays in binary take a seventh of the time to write, and less to read.
        values = adapted.dump_sequence(parameters, [PyFormat.BINARY] * len(parameters))
        self._pgconn.send_query_params(
            statement.encode(), values, adapted.types or (), adapted.formats or (), Format.BINARY
        )
        while self._pgconn.flush():
            self._pipe.carry(until_writable=True)
            self._pgconn.consume_input()

    def _next(self) -> PGresult | None:
        while self._pgconn.is_busy():
            self._pipe.carry()
            self._pgconn.consume_input()
        return self._pgconn.get_result()

    def _fault_of(self, result: PGresult) -> SyncError:
        fault = fault_of_result(result)
        if self._pgconn.status != ConnStatus.OK:
            self.close()
        return fault


def open_line(options: dict[str, Any], host: Host, address: str, deadlines: Deadlines = PATIENT) -> Line:
    """Connect to one address of a host; `options` are libpq's, without the way there.

    Raises:
        SyncError: unreachable, not let in, too slow, or not genuine.
    """
    pipe = Pipe(connect_socket(host, address, deadlines.connect_s))
    pipe.begin(deadlines.greeting_s, GREETING_ROOM)
    # The name is what the server's certificate must be for.
    way: dict[str, Any] = {"host": host.host if address else "localhost", "port": pipe.port}
    conninfo = make_conninfo("", hostaddr="127.0.0.1", **way, **options)
    pgconn = psycopg.pq.PGconn.connect_start(conninfo.encode())
    try:
        _greet(pgconn, pipe, deadlines)
    except BaseException:
        pgconn.finish()
        pipe.close()
        raise
    pgconn.nonblocking = 1
    return Line(pgconn, pipe, deadlines.answer_s)


def _greet(pgconn: PGconn, pipe: Pipe, deadlines: Deadlines) -> None:
    state: int = PollingStatus.WRITING
    if pgconn.status == ConnStatus.BAD:
        state = PollingStatus.FAILED
    else:
        pipe.join(pgconn.socket)
    while state != PollingStatus.OK:
        if state == PollingStatus.FAILED:
            error = psycopg.OperationalError(f"connection failed: {pgconn.get_error_message()}")
            raise fault_of_connecting(error, ceil(deadlines.greeting_s))
        pipe.carry(until_writable=state == PollingStatus.WRITING)
        state = pgconn.connect_poll()
