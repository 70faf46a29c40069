"""Countries and time zones to choose from, in the user's language."""

from zoneinfo import available_timezones

from babel import Locale

from stojnica.i18n import current_language
from stojnica.services.alphabet import sort_key
from stojnica.services.country_names import country_names
from stojnica.services.signup_choices import Choice

# Older names of the same places.
_OLD_ZONES = frozenset(
    f"Europe/{city}" for city in ("Belfast", "Kiev", "Nicosia", "Tiraspol", "Uzhgorod", "Zaporozhye")
)


def country_choices() -> tuple[Choice, ...]:
    """Give all countries by name, those nearby first."""
    return country_names(current_language())


def zone_choices(besides: str = "") -> tuple[Choice, ...]:
    """Give the time zones of Europe by city, and one that is in use already."""
    europe = {name for name in available_timezones() if name.startswith("Europe/")} - _OLD_ZONES
    known = Locale.parse(current_language()).time_zones
    zones = [
        Choice(name, known.get(name, {}).get("city") or name.rpartition("/")[2].replace("_", " "))
        for name in europe | ({besides} - {""})
    ]
    language = current_language()
    return tuple(sorted(zones, key=lambda item: sort_key(item.label, language)))
