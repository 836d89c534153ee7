"""What invented people are called and how they are reached. Nobody here exists.

Addresses end in `.example`, which the internet keeps free for ever (RFC 2606). Phone numbers are
070-174 06 05 to 070-174 06 99, which the Swedish regulator keeps free for fiction.
"""

import unicodedata
from pathlib import Path
from random import Random

_TEXTS = Path(__file__).parent.parent / "texts"
FIRST, LAST, STREETS = (
    (_TEXTS / name).read_text().splitlines()
    for name in ("first_names.txt", "last_names.txt", "streets.txt")
)

TOWNS = [
    ("Almhaga", "312 40"),
    ("Björkforsen", "774 91"),
    ("Ekinge", "286 12"),
    ("Granvik", "643 20"),
    ("Hästånger", "825 61"),
    ("Kvarnlunda", "541 33"),
    ("Lindnäs", "139 41"),
    ("Mälarvik", "178 52"),
    ("Norrtjärn", "918 30"),
    ("Sällinge", "712 25"),
    ("Tallåsen", "843 95"),
    ("Västerhult", "511 64"),
    ("Åhamra", "267 90"),
    ("Älvhamra", "681 54"),
    ("Ödesholm", "387 32"),
]

MAILBOXES = ["brevlada.example", "hemposten.example", "mejl.example", "postfack.example"]


def full_name(random: Random) -> str:
    last = random.choice(LAST)
    if random.random() < 0.06:
        last = f"{last} {random.choice(LAST)}"
    return f"{random.choice(FIRST)} {last}"


def phone(random: Random) -> str:
    digits = random.randint(605, 699)
    return f"070-174 0{digits // 100} {digits % 100:02}"


def street(random: Random) -> str:
    return f"{random.choice(STREETS)} {random.randint(1, 94)}"


def mail_part(name: str) -> str:
    """`Åsa Öhman Sjö` -> `asa.ohman.sjo`, as it stands before the @."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join(plain.split())
