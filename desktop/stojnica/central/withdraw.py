"""Take consent back at the office, for somebody who wrote or rang: by address or number alone."""

from stojnica.central.branch import branch_of
from stojnica.central.connect import connect, told_plainly
from stojnica.central.office_desk import office_desk, say_facts
from stojnica.central.projector import project_all
from stojnica.central.roles import OWNER
from stojnica.domain import kinds
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.fact import Fact
from stojnica.domain.ids import new_id
from stojnica.domain.withdrawal import withdrawal_data


def withdraw(url: str, keys: ContactKeys, purpose: str = "") -> None:
    """Take back one purpose, or all, of whoever signed up with this address or number, now or later.

    Raises:
        UserFacingError: not reachable, not allowed, or not a database of ours.
    """
    with told_plainly(), connect(url) as connection:
        connection.execute(f"SET LOCAL ROLE {OWNER}".encode())
        connection.execute("SELECT set_config('synchronous_commit', 'on', true)")
        branch_id = branch_of(connection)
        # The office has one desk with one row of numbers: two who write at once wait for each other.
        connection.execute("SELECT 1 FROM hub.branch WHERE branch_id = %s FOR UPDATE", [branch_id])
        row = connection.execute("SELECT hub.now_us()").fetchone()
        assert row is not None
        subject_id = new_id()
        fact = Fact(
            fact_id=subject_id,
            kind=kinds.CONTACT_WITHDREW,
            subject_id=subject_id,
            data=withdrawal_data(keys, purpose),
            captured_at=row[0],
            channel="office",
        )
        say_facts(connection, office_desk(connection, branch_id), [fact])
        connection.commit()
    project_all(url)
