"""Countries and time zones to choose from, in the user's language."""

from zoneinfo import available_timezones

from babel import Locale

from stojnica.i18n import current_language
from stojnica.services.signup_choices import Choice

# Older names of the same places.
_OLD_ZONES = frozenset(
    f"Europe/{city}" for city in ("Belfast", "Kiev", "Nicosia", "Tiraspol", "Uzhgorod", "Zaporozhye")
)
_OUTSIDE = ("EU", "EZ", "UN", "XA", "XB", "ZZ", "QO")


def country_choices() -> tuple[Choice, ...]:
    """Give all countries (ISO 3166) by name."""
    names = Locale.parse(current_language()).territories
    countries = [
        Choice(code, name)
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in _OUTSIDE
    ]
    return tuple(sorted(countries, key=lambda item: _sortable(item.label)))


def zone_choices(besides: str = "") -> tuple[Choice, ...]:
    """Give the time zones of Europe by city, and one that is in use already."""
    europe = {name for name in available_timezones() if name.startswith("Europe/")} - _OLD_ZONES
    known = Locale.parse(current_language()).time_zones
    zones = [
        Choice(name, known.get(name, {}).get("city") or name.rpartition("/")[2].replace("_", " "))
        for name in europe | ({besides} - {""})
    ]
    return tuple(sorted(zones, key=lambda item: _sortable(item.label)))


def _sortable(name: str) -> str:
    """Sort č behind c, š behind s, ž behind z, as in Slovene; marks beyond that don't matter."""
    return name.casefold().replace("č", "c~").replace("š", "s~").replace("ž", "z~")
