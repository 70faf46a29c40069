"""A flyer as a file for others: a print shop, or the organisation's pages on social media."""

from dataclasses import replace
from pathlib import PurePath

from stojnica.i18n import gettext as _
from stojnica.printing.flyer import FlyerContent, make_flyer
from stojnica.printing.layout import lay_out
from stojnica.printing.shop import draw_for_shop
from stojnica.printing.social import social_png
from stojnica.printing.template import Sheet, Template

SHOP, SHOP_MARKED, SOCIAL = "shop", "shop_marked", "social"
FILE_KINDS = (SHOP, SHOP_MARKED, SOCIAL)


def file_for_others(kind: str, contents: tuple[FlyerContent, ...], template: Template) -> bytes:
    """Make the file of a checked piece, with its back where it has one; call it off the UI thread."""
    alone = replace(template, sheets={1: Sheet(template.trim_mm, 1, 1, 0.0, 0.0)})
    if kind == SOCIAL:
        return social_png(make_flyer(contents[0], 1, alone))
    layouts = tuple(lay_out(content, alone) for content in contents)
    return draw_for_shop(contents[0], layouts, alone, has_marks=kind == SHOP_MARKED)


def file_name_for(kind: str, name: str) -> str:
    """Give the name that is proposed for such a file, from the name of the flyer's own PDF."""
    stem = PurePath(name).stem
    return f"{stem}.png" if kind == SOCIAL else f"{stem}-print-shop.pdf"


def file_kind_words(kind: str) -> tuple[str, str]:
    """Give what a kind of file is called, and what it is good for."""
    words = {
        SHOP: (
            _("Print shop"),
            _("PDF with 3 mm of bleed, in the four inks of a press. What most print shops ask for."),
        ),
        SHOP_MARKED: (
            _("Print shop, with marks"),
            _("The same, with lines that show where to cut. For shops that want them."),
        ),
        SOCIAL: (
            _("Social media"),
            _("Picture of 1080 × 1350 pixels. Add the link to the post: nobody scans their own telephone."),
        ),
    }
    return words[kind]
