"""Everything that changes the ledger. Money is decided under a lock on the invoice."""

from billing.operations.bank import ImportResult, import_bank_file, match, set_aside
from billing.operations.cards import (
    apply_stripe_event,
    open_checkout,
    receive_stripe_event,
    reconcile,
    settle_checkout,
)
from billing.operations.crediting import CreditLine, CreditRefused, credit_invoice
from billing.operations.issuing import Customer, IssueRefused, Line, issue_invoice
from billing.operations.paying import PaymentRefused, register_payment, write_off
from billing.operations.reminding import due_reminders, send_reminders

__all__ = [
    "CreditLine",
    "CreditRefused",
    "Customer",
    "ImportResult",
    "IssueRefused",
    "Line",
    "PaymentRefused",
    "apply_stripe_event",
    "credit_invoice",
    "due_reminders",
    "import_bank_file",
    "issue_invoice",
    "match",
    "open_checkout",
    "receive_stripe_event",
    "reconcile",
    "register_payment",
    "send_reminders",
    "set_aside",
    "settle_checkout",
    "write_off",
]
