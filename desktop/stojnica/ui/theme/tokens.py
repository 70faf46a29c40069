"""Named colours: the same names in the light, the dark and the high-contrast theme."""

from typing import NamedTuple


class Theme(NamedTuple):
    """Hold one theme's colours as ``#RRGGBB``.

    `edge` and `box` reach 3:1 on the ground they lie on, all inks 4.5:1; a test measures it.
    """

    name: str
    ink: str
    """Text."""
    ink_mid: str
    """Labels and longer explanations."""
    ink_soft: str
    """Second line, units; never smaller than 13 px."""
    paper: str
    """The page."""
    card: str
    sunk: str
    """The status line."""
    line: str
    """Edges of cards."""
    rule: str
    """Lines between rows."""
    track: str
    """The empty part of a bar."""
    edge: str
    """The edge of anything that can be pressed or typed in."""
    box: str
    """The edge of an empty check box."""
    accent: str
    """The one main action of a page, chosen things, focus."""
    accent_soft: str
    accent_mid: str
    """The pressed state of what is filled."""
    bar: str
    """A half-hour that is over."""
    bar_now: str
    on_accent: str
    rail: str
    rail_on: str
    rail_ink: str
    rail_ink_on: str
    marker: str
    """The marker of the chosen place in the rail, the practice banner."""
    on_marker: str
    good: str
    good_soft: str
    good_edge: str
    wait: str
    wait_soft: str
    wait_edge: str
    wait_dot: str
    bad: str
    bad_soft: str
    bad_edge: str
    on_sign: str
    """The sign in a good, wait or bad circle."""
    code: str = "#000000"
    """What a phone scans, dark on light in every theme."""
    code_ground: str = "#FFFFFF"
    edge_px: int = 1
    """Width of edges; 2 in full sun."""


LIGHT = Theme(
    name="light",
    ink="#1B2A33",
    ink_mid="#4A5A63",
    ink_soft="#5B6B74",
    paper="#FAF8F4",
    card="#FFFFFF",
    sunk="#F0ECE3",
    line="#E3DED4",
    rule="#EFEBE2",
    track="#E9E4DA",
    edge="#8A857B",
    box="#6F7B82",
    accent="#0B6E63",
    accent_soft="#E4F1EF",
    accent_mid="#0A5A51",
    bar="#5FA79D",
    bar_now="#0B6E63",
    on_accent="#FFFFFF",
    rail="#12232C",
    rail_on="#1D3540",
    rail_ink="#C9D5DA",
    rail_ink_on="#FFFFFF",
    marker="#F2B84B",
    on_marker="#1B2A33",
    good="#1F7A3D",
    good_soft="#F1F8F3",
    good_edge="#7DB68D",
    wait="#8A4B08",
    wait_soft="#FFF8EA",
    wait_edge="#C08A3E",
    wait_dot="#B4690E",
    bad="#B3261E",
    bad_soft="#FDF2F1",
    bad_edge="#D98C86",
    on_sign="#FFFFFF",
)

DARK = Theme(
    name="dark",
    ink="#EDF1F2",
    ink_mid="#C3CDD1",
    ink_soft="#A9B6BC",
    paper="#141B1F",
    card="#1C262B",
    sunk="#0F1518",
    line="#2C3A41",
    rule="#263238",
    track="#2C3A41",
    edge="#7E8C93",
    box="#93A1A8",
    accent="#4CC2B2",
    accent_soft="#17383A",
    accent_mid="#35968A",
    bar="#2F8A7F",
    bar_now="#4CC2B2",
    on_accent="#0B1A1D",
    rail="#0B1114",
    rail_on="#1D3540",
    rail_ink="#C9D5DA",
    rail_ink_on="#FFFFFF",
    marker="#F2B84B",
    on_marker="#1B2A33",
    good="#5CC983",
    good_soft="#16301F",
    good_edge="#3B7F54",
    wait="#F0B25E",
    wait_soft="#33260F",
    wait_edge="#9A6F2C",
    wait_dot="#F0B25E",
    bad="#FF8A80",
    bad_soft="#3A1B19",
    bad_edge="#A5524C",
    on_sign="#0F1518",
)

HIGH_CONTRAST = Theme(
    name="high_contrast",
    ink="#000000",
    ink_mid="#000000",
    ink_soft="#000000",
    paper="#FFFFFF",
    card="#FFFFFF",
    sunk="#FFFFFF",
    line="#000000",
    rule="#000000",
    track="#FFFFFF",
    edge="#000000",
    box="#000000",
    accent="#000000",
    accent_soft="#FFE600",
    accent_mid="#000000",
    bar="#000000",
    bar_now="#FFE600",
    on_accent="#FFFFFF",
    rail="#000000",
    rail_on="#000000",
    rail_ink="#FFFFFF",
    rail_ink_on="#FFE600",
    marker="#FFE600",
    on_marker="#000000",
    good="#000000",
    good_soft="#FFFFFF",
    good_edge="#000000",
    wait="#000000",
    wait_soft="#FFE600",
    wait_edge="#000000",
    wait_dot="#000000",
    bad="#000000",
    bad_soft="#FFE600",
    bad_edge="#000000",
    on_sign="#FFFFFF",
    edge_px=2,
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK, HIGH_CONTRAST)}
