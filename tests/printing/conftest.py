"""A flyer of the sample organisation, as the tests of printing change it."""

import pytest

from stojnica.printing.campaign import campaign_link
from stojnica.printing.flyer import FlyerContent
from stojnica.printing.funding import FundingBand, funding_band


@pytest.fixture
def band() -> FundingBand:
    found = funding_band({"kind": "funded", "authority": {"en": "EACEA"}}, "sl")
    assert found is not None
    return found


@pytest.fixture
def content(band: FundingBand) -> FlyerContent:
    """Give a flyer of ordinary length, in Slovene, with the EU's band."""
    return FlyerContent(
        organisation="Zavod Voluntariat · SCI Slovenija",
        monogram="V",
        title="Poletje,\nki nekaj spremeni.",
        promise="Dva tedna, deset držav, ena skupina.",
        heading="Mednarodni prostovoljski tabori",
        body="Nastanitev in hrana sta zagotovljeni. Potrebuješ le voljo do dela in druženja.",
        call="Skeniraj in izberi tabor",
        url=campaign_link(
            "https://example.org/tabori", event_code="lupa", project="stojnice", item="tabori", variant="sl"
        ),
        address="example.org/tabori",
        event_name="Festival LUPA",
        event_date="petek, 20. september 2024",
        language="sl",
        funding=band,
    )
