"""Deliver and prove: the steps in their order, with patience for the network and none for forgery."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from sqlalchemy.engine import Connection

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.storage.outbox import (
    AsideFact,
    Held,
    aside_facts,
    held,
    missed_count,
    offer_again,
    unconfirmed,
    waiting_count,
)
from stojnica.storage.store import Store
from stojnica.storage.stubs import is_any_untold
from stojnica.storage.unit import UnitOfWork, branch_of
from stojnica.storage.worker import Priority
from stojnica.sync.brief import pull_briefing
from stojnica.sync.classify import classify, take_findings
from stojnica.sync.cover import learn_coverage
from stojnica.sync.credentials import Credentials, credentials_of, keep_credentials
from stojnica.sync.erase import tell_erased
from stojnica.sync.faults import Fate, SyncError, not_enrolled, wrong_database
from stojnica.sync.hello import say_hello
from stojnica.sync.old_copy import erase_again
from stojnica.sync.orders import carry_out_orders, no_copies_renewed
from stojnica.sync.own_erasures import erase_as_stated
from stojnica.sync.prove import Receipt, prove_all
from stojnica.sync.push import push_waiting
from stojnica.sync.session import LastStep, Moved, SilentContext, SyncContext, SyncSession
from stojnica.sync.settle import settle_enrolment
from stojnica.sync.transport import Transport

T = TypeVar("T")
Connect = Callable[[Credentials], Transport]
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
PIECE_S = 0.25
MAX_BACKOFF_S = 3600


@dataclass(frozen=True, slots=True)
class SyncResult:
    """Hold the end of a sync: N of N only when `is_complete`.

    `pushed` arrived in this run, `repaired` were found missing by the proof and arrived again, `missed` are
    missing there too and were purged here: only a backup of the centre has them. `erased` went from here by
    order of the office, `erased_alike` as on a copy of this laptop. The centre asks automatic syncs to wait
    `backoff_s` at least before the next one.
    """

    receipt: Receipt
    contacts: int
    facts: int
    pushed: int
    repaired: int
    briefing_version: int | None
    aside: tuple[AsideFact, ...]
    is_copy_noticed: bool
    is_centre_changed: bool
    backoff_s: int = 0
    missed: int = 0
    erased: int = 0
    erased_alike: int = 0

    @property
    def is_complete(self) -> bool:
        """Tell whether all that this laptop holds is proven."""
        return self.receipt.facts == self.facts


class SyncEngine:
    """Run syncs of one store, one at a time, in the caller's thread.

    `renew_copies` is called after an order to erase was carried out: it makes copies anew where one may hold
    what was erased, and says whether none is left.

    Nothing here is kept between runs: whatever a crash leaves, the next run finds in the store.
    """

    def __init__(
        self,
        store: Store,
        connect: Connect,
        *,
        attempts: int = 4,
        pause: Callable[[float], None] | None = None,
        renew_copies: Callable[[], bool] = no_copies_renewed,
    ) -> None:
        self._store = store
        self._connect = connect
        self._attempts = attempts
        self._pause = pause or threading.Event().wait
        self._renew_copies = renew_copies
        self._one_sender = threading.Lock()

    def run(self, context: SyncContext | None = None) -> SyncResult:
        """Deliver, prove, fetch the briefing. Blocks.

        Network faults are tried again with capped, fully jittered pauses.

        Raises:
            SyncError: the last attempt failed, or trying again makes no sense.
            CancelledError: a person asked for a stop.
            UserFacingError: another sync of this store is under way.
        """
        if not self._one_sender.acquire(blocking=False):
            raise UserFacingError(
                _("Sending is under way already."),
                safe=_("Nothing is sent twice."),
                next_step=_("Wait until it has ended."),
                code="sync_running",
            )
        try:
            return self._attempt_all(LastStep(context or SilentContext()))
        finally:
            self._one_sender.release()

    def test_connection(self, context: SyncContext | None = None) -> None:
        """Greet the centre and hang up.

        Raises:
            SyncError: it can't be reached, or doesn't let us in.
        """
        steps = LastStep(context or SilentContext())
        with _told_where(steps):
            session = self._session(steps, Moved())
            try:
                say_hello(session)
            finally:
                session.transport.close()

    def _attempt_all(self, steps: LastStep) -> SyncResult:
        moved = Moved()
        for attempt in range(self._attempts):
            try:
                with _told_where(steps):
                    return self._attempt(steps, moved)
            except SyncError as fault:
                if fault.fate is not Fate.NETWORK or attempt + 1 == self._attempts:
                    raise
                longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
                self._wait(random.uniform(0, longest), steps)
        raise AssertionError("unreachable")

    def _wait(self, seconds: float, steps: LastStep) -> None:
        # In short pieces, so that a stop is heard at once.
        while seconds > 0:
            steps.step("connect")
            self._pause(min(seconds, PIECE_S))
            seconds -= PIECE_S

    def _session(self, context: SyncContext, moved: Moved) -> SyncSession:
        credentials = self._store.read(credentials_of).result()
        if credentials is None:
            raise not_enrolled()
        context.step("connect")
        return SyncSession(
            store=self._store,
            transport=self._connected(credentials),
            branch_id=self._store.read(branch_of).result(),
            context=context,
            moved=moved,
        )

    def _connected(self, credentials: Credentials) -> Transport:
        try:
            return self._connect(credentials)
        except SyncError as fault:
            # Not every server says "refused" in words that we know: only what we kept decides.
            if not credentials.next_password:
                raise
            first = fault
        # A crash may have come between the server's taking of the new password and our note of it.
        taken = replace(
            credentials, password=credentials.next_password, next_password="", has_own_password=True
        )
        try:
            transport = self._connect(taken)
        except SyncError as second:
            raise (first if first.fate is Fate.NETWORK else second) from second

        def keep(unit: UnitOfWork) -> None:
            keep_credentials(unit.connection, taken)
            unit.commit()

        self._store.write(keep, Priority.BACKGROUND).result()
        return transport

    def _attempt(self, context: SyncContext, moved: Moved) -> SyncResult:
        session = self._session(context, moved)
        try:
            credentials = session.read(credentials_of)
            assert credentials is not None
            hello = say_hello(session)
            if not credentials.is_settled and hello.server_id != credentials.server_id:
                raise wrong_database("server_id")
            settle_enrolment(session, credentials)
            classify(session, hello)
            session.write(offer_again)
            tell_erased(session)
            push_waiting(session)
            receipt = prove_all(session)
            learn_coverage(session, receipt)
            version = pull_briefing(session, credentials.signing_key)
            carry_out_orders(session, credentials.signing_key, self._renew_copies)
            erase_again(session)
            erase_as_stated(session, credentials.device_key, self._renew_copies)
            receipt = _prove_anew(session, receipt)
            receipt = _deliver_files(session, receipt)
            return _result(session, receipt, version, min(max(hello.backoff_s, 0), MAX_BACKOFF_S))
        finally:
            session.transport.close()


@contextmanager
def _told_where(steps: LastStep) -> Iterator[None]:
    try:
        yield
    except SyncError as fault:
        fault.step = steps.name
        raise


def _prove_anew(session: SyncSession, receipt: Receipt) -> Receipt:
    """Prove once more what is left when somebody was erased: a receipt with them would count them still."""
    if not session.read(is_any_untold):
        return receipt
    tell_erased(session)
    push_waiting(session)
    receipt = prove_all(session)
    learn_coverage(session, receipt)
    return receipt


def _deliver_files(session: SyncSession, receipt: Receipt) -> Receipt:
    """Send what scans hold, once all people are proven: a line that breaks here costs no confirmation."""
    if not session.read(partial(waiting_count, are_files=True)):
        return receipt
    push_waiting(session, are_files=True)
    receipt = prove_all(session)
    learn_coverage(session, receipt)
    return receipt


def _result(session: SyncSession, receipt: Receipt, version: int | None, backoff_s: int) -> SyncResult:
    def count(connection: Connection) -> tuple[Held, tuple[AsideFact, ...], int]:
        aside = tuple(aside_facts(connection)) if unconfirmed(connection).aside else ()
        return held(connection, session.branch_id), aside, missed_count(connection)

    findings = session.write(take_findings)
    here, aside, missed = session.read(count)
    return SyncResult(
        receipt=receipt,
        contacts=here.contacts,
        facts=here.facts,
        pushed=session.moved.arrived,
        repaired=session.moved.repaired,
        briefing_version=version,
        aside=aside,
        missed=missed,
        erased=session.moved.erased,
        erased_alike=session.moved.erased_alike,
        is_copy_noticed=findings.is_copy_noticed,
        is_centre_changed=findings.is_centre_changed,
        backoff_s=backoff_s,
    )
