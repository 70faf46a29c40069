"""A flyer as a picture for social media, where people see it on a telephone."""

import io

from PIL import Image

from stojnica.printing.render import page_image, page_size_mm

PICTURE_PX = (1080, 1350)  # The upright picture of Instagram and Facebook, 4 to 5.
_MARGIN_PX = 48
_GROUND = (0xF0, 0xEC, 0xE3)
_EDGE = (0xE3, 0xDE, 0xD4)


def social_png(pdf: bytes) -> bytes:
    """Give the first page as a PNG of 1080 × 1350 pixels, whole, on a quiet ground.

    Raises:
        UnreadablePdfError: it is no PDF.
    """
    width_mm, height_mm = page_size_mm(pdf)
    room = (PICTURE_PX[0] - 2 * _MARGIN_PX, PICTURE_PX[1] - 2 * _MARGIN_PX)
    # Rendered at the size at which it is shown: nothing is blurred by scaling.
    dpi = 25.4 * min((room[0] - 1) / width_mm, (room[1] - 1) / height_mm)
    page = page_image(pdf, 0, dpi)
    picture = Image.new("RGB", PICTURE_PX, _GROUND)
    left, top = (PICTURE_PX[0] - page.width) // 2, (PICTURE_PX[1] - page.height) // 2
    picture.paste(_EDGE, (left - 1, top - 1, left + page.width + 1, top + page.height + 1))
    picture.paste(page, (left, top))
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()
