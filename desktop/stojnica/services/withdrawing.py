"""Taking consent back with an address or a number alone: nobody is looked for, and nobody is shown."""

from concurrent.futures import Future

from stojnica.domain import kinds
from stojnica.domain.contact import check_email, check_phone
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.withdrawal import withdrawal_data
from stojnica.i18n import gettext as _
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


def keys_from(email: str, phone: str, region: str) -> ContactKeys:
    """Read an address or a number as a person says it.

    Raises:
        UserFacingError: it is neither.
    """
    keys = ContactKeys.of(
        check_email(email).value or "" if email.strip() else "",
        check_phone(phone, region).value or "" if phone.strip() else "",
    )
    if keys == ContactKeys():
        raise UserFacingError(
            _("This is neither an e-mail address nor a phone number."),
            safe=_("Nothing was changed."),
            next_step=_("Type one as it was given at the stand, without anything else."),
            code="no_contact_key",
        )
    return keys


def keys_from_either(text: str, region: str) -> ContactKeys:
    """Read what was typed into one field: an address if it has an @, or else a number.

    Raises:
        UserFacingError: it is neither.
    """
    return keys_from(text, "", region) if "@" in text else keys_from("", text, region)


def withdraw_contact(
    store: Store, keys: ContactKeys, *, purpose: str = "", operator: str = ""
) -> "Future[None]":
    """Take back one purpose, or all, of whoever signed up with this address or number, anywhere.

    It holds here at once, and elsewhere when it arrives. Whether somebody was found isn't said.
    """

    def withdraw(unit: UnitOfWork) -> None:
        subject_id = new_id()
        data = withdrawal_data(keys, purpose)
        unit.record(kinds.CONTACT_WITHDREW, subject_id, data, fact_id=subject_id, operator=operator)
        unit.commit()

    return store.write(withdraw)
