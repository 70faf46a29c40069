"""Words that all papers share, in the language of the moment."""

from stojnica.i18n import gettext as _


def page_words() -> str:
    """Give the words for "page 1 of 2", with both numbers still to be filled in."""
    return _("page {page} of {pages}")
