"""Finding an invoice by what somebody reads out on the telephone."""

import re

_GROUPED_DIGITS = re.compile(r"[0-9][0-9\s-]*[0-9]")


def terms(typed: str) -> list[str]:
    """As typed and, for a number in groups (`1000 1001 06`, `802999-9995`), as bare digits."""
    typed = typed.strip()
    bare = re.sub(r"[\s-]", "", typed)
    return [typed, bare] if _GROUPED_DIGITS.fullmatch(typed) and bare != typed else [typed]
