"""Bank files, read whole or refused whole: camt.052, camt.053 and camt.054, and legacy BgMax.

`parse` knows nothing of invoices. It answers what came in, to which account, with which
references, and has checked the file's own totals.
"""

from django.utils.translation import gettext as _

from billing.bankfiles.bgmax import is_bgmax, parse_bgmax
from billing.bankfiles.camt import is_xml, parse_camt
from billing.bankfiles.statement import (
    BankEntry,
    BankFileRefused,
    BankReference,
    BankStatement,
    Channel,
    EntryKind,
    ReferenceKind,
)

__all__ = [
    "MAX_BYTES",
    "BankEntry",
    "BankFileRefused",
    "BankReference",
    "BankStatement",
    "Channel",
    "EntryKind",
    "ReferenceKind",
    "parse",
]

# A hundred thousand payments in BgMax, some ten thousand in camt. A large day has hundreds.
MAX_BYTES = 10 * 1024 * 1024


def parse(data: bytes) -> BankStatement:
    """The statement in the file. Raises BankFileRefused for every file that is not sound."""
    if not data.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise BankFileRefused(_("The file is empty."))
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise BankFileRefused(
            _("The file is larger than %(limit)s MB, which no bank file is.") % {"limit": limit}
        )
    if is_xml(data):
        return parse_camt(data)
    if is_bgmax(data):
        return parse_bgmax(data)
    raise BankFileRefused(
        _("This is not a bank file that can be read here: use camt.053, camt.054 or BgMax.")
    )
