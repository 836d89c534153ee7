"""Everything that changes the ledger. Money is decided under a lock on the invoice."""

from billing.operations.bank import ImportResult, import_bank_file, match
from billing.operations.bulk import ask_in_bulk, work_off
from billing.operations.cards import open_checkout, settle_checkout
from billing.operations.crediting import CreditLine, CreditRefused, credit_invoice, creditable
from billing.operations.exporting import ExportRefused, export_sie, pending
from billing.operations.issuing import (
    Customer,
    IssueRefused,
    Line,
    Order,
    issue_invoice,
    issue_invoices,
)
from billing.operations.matching import MatchRefused, Share, match_by_hand, set_aside, take_up_again
from billing.operations.paying import PaymentRefused, register_payment, write_off
from billing.operations.payouts import fetch_payouts, reconcile
from billing.operations.refunding import RefundRefused, refund_card
from billing.operations.reminding import (
    ReminderRefused,
    due_reminders,
    remind_now,
    send_reminders,
)
from billing.operations.sending import send_again
from billing.operations.stripe_events import (
    apply_stripe_event,
    receive_stripe_event,
    set_event_aside,
)

__all__ = [
    "CreditLine",
    "CreditRefused",
    "Customer",
    "ExportRefused",
    "ImportResult",
    "IssueRefused",
    "Line",
    "MatchRefused",
    "Order",
    "PaymentRefused",
    "RefundRefused",
    "ReminderRefused",
    "Share",
    "apply_stripe_event",
    "ask_in_bulk",
    "credit_invoice",
    "creditable",
    "due_reminders",
    "export_sie",
    "fetch_payouts",
    "import_bank_file",
    "issue_invoice",
    "issue_invoices",
    "match",
    "match_by_hand",
    "open_checkout",
    "pending",
    "receive_stripe_event",
    "reconcile",
    "refund_card",
    "register_payment",
    "remind_now",
    "send_again",
    "send_reminders",
    "set_aside",
    "set_event_aside",
    "settle_checkout",
    "take_up_again",
    "work_off",
    "write_off",
]
