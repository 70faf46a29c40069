"""What people are called, and what is typed by mistake or with intent: for every place that takes a text."""

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


KEPT = {
    "apostrophe": "O'Brien",
    "Hungarian order": "Sz\u0171cs L\u00e1szl\u00f3",
    "one name": "Suharto",
    "Arabic": "\u0645\u062d\u0645\u062f \u0639\u0644\u064a",
    "Hebrew with signs": "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd",
    "emoji": "Ana \U0001f600",
    "family": f"{FAMILY} Novak",
    "flag": "Ana \U0001f1f8\U0001f1ee",
    "formula": '=HYPERLINK("https://example.org","x")',
    "sum": "@SUM(A1)",
    "plus": "+386 31 345 095 Ana",
    "minus": "-1+1 Ana",
    "query": "Ana'); DROP TABLE fact;--",
    "markup": "<b>Ana</b> &amp; <img src=x>",
    "placeholders": "Ana {name} %s %(x)s",
}


TIDIED = {
    "in parts": ("Z\u030civa", "\u017diva"),
    "nothing seen": ("\u200bAna\ufeff\u2063", "Ana"),
    "tabs and lines": ("\tBor\u2028", "Bor"),
}


TOO_LONG, TURNED, MARKS, UNREAD = "long", "direction of reading", "too many marks", "can't be read"


REFUSED = {
    "five megabytes": ("Ana Novak " * (512 * 1024), TOO_LONG),
    "empty lines": ("Ana" + "\n" * (5 * 1024 * 1024) + "x", TOO_LONG),
    "turned round": ("Ana\u202eanA", TURNED),
    "isolated": ("\u2066Ana\u2069", TURNED),
    "many marks": ("A" + "\u0301" * 100, MARKS),
    "zero": ("Ana\x00", UNREAD),
    "escape": ("\x1b[31mAna", UNREAD),
    "half a character": ("\ud83dAna", UNREAD),
    "no character": ("Ana\uffff", UNREAD),
}


ANYTHING = {**KEPT, **{name: text for name, (text, _more) in (*TIDIED.items(), *REFUSED.items())}}


NUMBERS = (
    "",
    "0",
    "-1",
    "1e9",
    "9" * 400,
    "\u0663",
    "1.482",
    "1 000 000",
    "\u00bd",
    "NaN",
    "12:300",
    "99:99",
)
