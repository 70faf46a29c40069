"""Type sizes and distances, in px at 100 %; type grows with the text scale, distances do not."""

from enum import IntEnum

FAMILY = "Noto Sans"


class Type(IntEnum):
    """Sizes of type, in px at a text scale of 100 %."""

    SMALL = 13
    NOTE = 14
    BASE = 15
    CARD_HEAD = 16
    TALLY_HEAD = 17
    PAGE_TITLE = 27
    BANNER_TITLE = 30
    NUMBER = 60
    KIOSK_NOTE = 16
    KIOSK_BASE = 20
    KIOSK_BUTTON = 22
    KIOSK_TITLE = 40


STEP = 6
GAP = 18
PAGE_MARGIN_X = 34
PAGE_MARGIN_Y = 26
CARD_PADDING_X = 22
CARD_PADDING_Y = 18
CARD_RADIUS = 10
CONTROL_RADIUS = 8
KIOSK_RADIUS = 12
KIOSK_MARGIN_X = 64
KIOSK_TARGET = 48
"""The smallest side of anything a finger may press in the kiosk."""
RAIL_WIDTH = 104
FOCUS_RING = 3
LABEL_GAP = 4
"""Between a field and its label: the ring of the focus lies in it, and cuts no letter."""
