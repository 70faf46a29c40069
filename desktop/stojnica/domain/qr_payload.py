"""What a code can hold beside a link to a page: the way into a Wi-Fi, a contact, the link to a calendar file.

Each kind has its own way of escaping; a phone that reads it gets exactly what the office wrote.
"""

from dataclasses import dataclass

SECURITIES = ("WPA", "WEP", "nopass")
MOST_SSID_BYTES = 32
MOST_PASSWORD = 63
LEAST_WPA_PASSWORD = 8
_FOLD_BYTES = 75  # RFC 2426, 2.6: without the line end.
_IN_WIFI = str.maketrans({sign: "\\" + sign for sign in '\\;,":'})
_IN_VCARD = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class WifiCode:
    """Let a phone into a Wi-Fi; `security` is WPA (also WPA2 and WPA3), WEP or nopass."""

    name: str
    password: str = ""
    security: str = "WPA"
    is_hidden: bool = False

    def payload(self) -> str:
        """Give what the code holds."""
        name, password = self.name.translate(_IN_WIFI), self.password.translate(_IN_WIFI)
        hidden = "true" if self.is_hidden else "false"
        return f"WIFI:T:{self.security};S:{name};P:{password};H:{hidden};;"


@dataclass(frozen=True, slots=True)
class ContactCode:
    """Put an organisation, or a person of it, into a phone's contacts (vCard 3.0, RFC 2426)."""

    name: str
    organisation: str = ""
    phone: str = ""
    email: str = ""
    url: str = ""
    note: str = ""

    def payload(self) -> str:
        """Give what the code holds: lines of at most 75 bytes that end in CR LF."""
        lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_plain(self.name)};;;;", f"FN:{_plain(self.name)}"]
        named = (
            ("ORG", self.organisation),
            ("TEL", self.phone),
            ("EMAIL", self.email),
            ("URL", self.url),
            ("NOTE", self.note),
        )
        lines += [f"{name}:{_plain(value)}" for name, value in named if value]
        return "".join(folded(line) + "\r\n" for line in (*lines, "END:VCARD"))


@dataclass(frozen=True, slots=True)
class CalendarCode:
    """Put a date into a phone's calendar by the link to its file; few phones open a date itself."""

    url: str


@dataclass(frozen=True, slots=True)
class LinkCode:
    """Lead to a page of the web; what is printed carries the campaign beside it."""

    url: str


Code = WifiCode | ContactCode | CalendarCode
AnyCode = Code | LinkCode


def folded(line: str) -> str:
    """Fold a line to at most 75 bytes of UTF-8 each, never within a letter; a space begins what goes on."""
    rows, row, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _FOLD_BYTES:
            rows.append(row)
            row, size = " ", 1
        row += letter
        size += width
    return "\r\n".join([*rows, row])


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").translate(_IN_VCARD)
