"""Reads SIE as its specification says, knowing nothing of how we write it."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

_FIELD = re.compile(r'"((?:[^"\\]|\\")*)"|\{([^}]*)\}|(\S+)')


@dataclass
class Read:
    facts: dict[str, list[str]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    vouchers: list[tuple[str, str, list[tuple[str, Decimal]]]] = field(default_factory=list)


def fields(row: str) -> list[str]:
    found, at = [], 0
    while at < len(row):
        match = _FIELD.match(row, at)
        assert match, row
        quoted, braced, bare = match.groups()
        found.append(quoted.replace('\\"', '"') if quoted is not None else braced or bare or "")
        at = match.end()
        assert at == len(row) or row[at] in " \t", row
        at = len(row) - len(row[at:].lstrip())
    return found


def read(content: bytes) -> Read:
    file, inside = Read(), False
    for row in content.decode("cp437").splitlines():
        if row == "{":
            assert not inside
            inside = True
        elif row == "}":
            assert inside
            inside = False
        else:
            label, *values = fields(row)
            assert inside == (label == "#TRANS"), row
            _take(file, label, values)
    assert not inside
    return file


def _take(file: Read, label: str, values: list[str]) -> None:
    if label == "#VER":
        _series, _number, day, text = values
        file.vouchers.append((day, text, []))
    elif label == "#TRANS":
        account, _dimensions, amount = values
        file.vouchers[-1][2].append((account, Decimal(amount)))
    elif label == "#KONTO":
        file.accounts[values[0]] = values[1]
    else:
        assert not file.vouchers, "identification comes before vouchers"
        file.facts[label] = values
