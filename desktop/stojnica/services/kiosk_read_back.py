"""What a visitor reads before anything is saved: the own name and address, as they will be kept."""

from dataclasses import dataclass

from stojnica.domain.age import band_of
from stojnica.domain.contact import check_email, check_phone, shown_phone
from stojnica.domain.signup import SignUpForm
from stojnica.domain.text_bound import isolated
from stojnica.services.signup_choices import FormOffer


@dataclass(frozen=True, slots=True)
class ReadBack:
    """Hold two lines: where we would write, and who it is."""

    contact: tuple[str, ...] = ()
    who: str = ""


def read_back(form: SignUpForm, offer: FormOffer) -> ReadBack:
    """Read a form back to whom it is about; a slip in an address is seen here or never."""
    region = offer.rules.region
    email, phone = check_email(form.email), check_phone(form.phone, region)
    contact = (
        email.value or form.email.strip(),
        shown_phone(phone.value, region) if phone.value else form.phone.strip(),
    )
    band = band_of(form.age_band, offer.rules.bands)
    name = " ".join(part for part in (form.first_name.strip(), form.last_name.strip()) if part)
    who = (form.organisation.strip(), name, band.label if band else "")
    return ReadBack(tuple(filter(None, contact)), " · ".join(map(isolated, filter(None, who))))
