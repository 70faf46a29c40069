"""An office in memory that erases, adds up and restores as a real one does."""

from pathlib import Path
from secrets import token_bytes
from uuid import UUID, uuid4

from stojnica.central.keys import load_signing_key
from stojnica.central.signing import sign_erase_order
from stojnica.domain.consent import consent_states
from stojnica.domain.duplicate import email_key
from stojnica.domain.erase_order import EMAIL, EraseOrder, mark_of
from stojnica.domain.erasure import files_of
from stojnica.domain.fact import StoredFact, decode
from stojnica.domain.kinds import FILE_ATTACHED, FILE_CHUNK, SIGNED_UP
from stojnica.domain.order import SubjectHistory
from stojnica.storage.outbox import WaitingFact
from stojnica.sync.memory import MemoryCentre
from stojnica.sync.memory_contents import Contents, Device
from stojnica.sync.transport import SignedOrder


class OfficeInMemory(MemoryCentre):
    """Erase, add up and restore in memory as the office's verbs and its projector do in a database."""

    def project(self) -> None:
        with self.lock:
            for order_id, email in self.contents.put_down.items():
                for item in self._marked(order_id, email):
                    self.contents.late.setdefault(order_id, {})[item.fact_id] = item.subject_id
                    self.erase(item.subject_id)
            for piece in files_of(decode(item.body) for item in self._late() if item.kind == FILE_ATTACHED):
                self.erase(piece)
            for item in self._late():
                self.erase(item.fact_id)
            self.contents.inbox.clear()

    def _marked(self, order_id: UUID, email: str) -> list[WaitingFact]:
        """Give the sign-ups by this address that no laptop captured after it had heard of the order."""
        return [
            item
            for item in self.contents.facts.values()
            if item.kind == SIGNED_UP
            and email_key(decode(item.body).data["email"]) == email
            and not any(self._is_new(order_id, one, item) for one in self.contents.devices.values())
        ]

    def _is_new(self, order_id: UUID, device: Device, item: WaitingFact) -> bool:
        key = (item.fact_id, item.content_hash)
        if key not in device.deliveries or (order_id, item.fact_id) in device.old:
            return False
        life, seq = device.deliveries[key]
        if (order_id, life) in device.heard:
            return seq > device.heard[(order_id, life)]
        return order_id in device.came_before and key not in device.came_before[order_id]

    def put_down(self, email: str, keys: Path) -> None:
        """Erase by address, also before anybody is here by it."""
        self.project()
        with self.lock:
            here = [
                item.subject_id
                for item in self.contents.facts.values()
                if item.kind == SIGNED_UP and email_key(decode(item.body).data["email"]) == email
            ]
            self._order(tuple(dict.fromkeys(here)), keys, email)

    def named_old(self) -> set[UUID]:
        """Give what copied laptops named as old: it is looked at once more."""
        return {fact_id for device in self.contents.devices.values() for _order, fact_id in device.old}

    def late(self) -> set[UUID]:
        """Give the sign-ups that a mark took away."""
        return {one for found in self.contents.late.values() for one in found.values()}

    def _late(self) -> list[WaitingFact]:
        erased = self.contents.tombstones
        return [item for item in self.contents.facts.values() if item.subject_id in erased]

    def order_erasure(self, subject_id: UUID, keys: Path) -> None:
        self.project()
        with self.lock:
            self._order((subject_id,), keys)

    def _order(self, subjects: tuple[UUID, ...], keys: Path, email: str = "") -> None:
        mine = [item for item in self.contents.facts.values() if item.subject_id in subjects]
        pieces = files_of(decode(item.body) for item in mine if item.kind == FILE_ATTACHED)
        mine += [item for item in self.contents.facts.values() if item.subject_id in pieces]
        named = tuple(sorted((item.fact_id, item.content_hash) for item in mine))
        number = len(self.contents.orders) + 1
        order_id, key = uuid4(), token_bytes(32)
        marks = (mark_of(key, EMAIL, email),) if email else ()
        order = EraseOrder(order_id, self.branch_id, number, subjects, named, marks)
        if email:
            self.contents.put_down[order_id] = email
            self.contents.order_keys[order_id] = key
        for one in {*subjects, *pieces, *(fact_id for fact_id, _hash in named)}:
            self.erase(one)
        signature = sign_erase_order(load_signing_key(keys), order.body())
        self.order(SignedOrder(order.order_id, order.body(), signature))

    def tombstones(self) -> set[UUID]:
        return set(self.contents.tombstones)

    def people(self) -> list[UUID]:
        self.project()
        with self.lock:
            return sorted(item.subject_id for item in self.contents.facts.values() if item.kind == SIGNED_UP)

    def agreed(self) -> set[UUID]:
        self.project()
        by_subject: dict[UUID, list[StoredFact]] = {}
        with self.lock:
            for item in self.contents.facts.values():
                if item.kind != FILE_CHUNK:
                    stored = StoredFact(
                        *(self.branch_id, item.incarnation, item.seq, item.content_hash, item.body),
                        decode(item.body),
                    )
                    by_subject.setdefault(item.subject_id, []).append(stored)
        return {
            subject_id
            for subject_id, facts in by_subject.items()
            if any(state.is_granted for state in consent_states(SubjectHistory(facts)))
        }

    def restore_with_list(self, backup: Contents) -> None:
        with self.lock:
            erased, before = self.tombstones(), self.contents
            self.restore(backup)
            now = self.contents
            now.orders |= before.orders
            now.order_keys |= before.order_keys
            now.put_down |= before.put_down
            for order_id, found in before.late.items():
                now.late[order_id] = now.late.get(order_id, {}) | found
            for device_id, device in now.devices.items():
                device.heard = before.devices[device_id].heard | device.heard
                device.old |= before.devices[device_id].old
                device.stated |= before.devices[device_id].stated
            for fact_id in erased:
                self.erase(fact_id)
