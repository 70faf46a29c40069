"""A photo in its place on a page, and what is wrong with it."""

from dataclasses import dataclass

from stojnica.i18n import gettext as _
from stojnica.printing.photo import LEAST_DPI, BadPhotoError, Photo, photo_for
from stojnica.printing.problem import BAD_PHOTO, COARSE_PHOTO, NO_PHOTO, FlyerProblem
from stojnica.printing.template import Area, PhotoPlace


@dataclass(frozen=True, slots=True)
class PhotoMark:
    """Show a photo that fills an area (mm from the upper left corner)."""

    area: Area
    photo: Photo
    bleed: frozenset[str]


def placed_photo(
    data: bytes | None, place: PhotoPlace, *, is_grey: bool
) -> tuple[PhotoMark | None, FlyerProblem | None]:
    """Crop the photo for its place; without one that can be printed, there is a problem instead."""
    if data is None:
        message = _("This template shows a photo, and the flyer has none.")
        return None, FlyerProblem(NO_PHOTO, message, "photo")
    try:
        photo = photo_for(data, place.area.width, place.area.height, is_grey=is_grey)
    except BadPhotoError as error:
        return None, FlyerProblem(BAD_PHOTO, photo_reason(error), "photo")
    problem = None
    if photo.dpi < LEAST_DPI:
        message = _("The photo is coarse at this size: {dpi} dots an inch, {least} are sharp.")
        text = message.format(dpi=round(photo.dpi), least=LEAST_DPI)
        problem = FlyerProblem(COARSE_PHOTO, text, "photo", is_blocking=False)
    return PhotoMark(place.area, photo, place.bleed), problem


def photo_reason(error: BadPhotoError) -> str:
    """Say why a picture can't be printed."""
    if error.reason.startswith("svg "):
        message = _("The SVG holds more than shapes in plain colours: {what}.")
        return message.format(what=error.reason.removeprefix("svg "))
    reasons = {
        "size": _("The picture's file is empty or too large."),
        "pixels": _("The picture has too many or too few pixels."),
    }
    return reasons.get(error.reason, _("The picture is not a PNG or JPEG that can be read."))
