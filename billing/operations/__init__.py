"""Everything that changes the ledger. Money is decided under a lock on the invoice."""

from billing.operations.bank import ImportResult, import_bank_file, match
from billing.operations.bulk import ask_in_bulk, work_off
from billing.operations.cards import close_needless_pages, open_checkout, settle_checkout
from billing.operations.charging import charge_late_payment, open_charges
from billing.operations.crediting import (
    Credit,
    CreditLine,
    CreditRefused,
    credit_invoice,
    credit_invoices,
    creditable,
)
from billing.operations.exporting import ExportRefused, export_sie, left_behind, pending
from billing.operations.issuing import (
    Customer,
    IssueRefused,
    Line,
    Order,
    issue_invoice,
    issue_invoices,
    summed,
)
from billing.operations.matching import MatchRefused, Share, match_by_hand, set_aside, take_up_again
from billing.operations.opening import note_opening
from billing.operations.paying import PaymentRefused, register_payment, write_off
from billing.operations.payouts import fetch_payouts, reconcile
from billing.operations.refunding import RefundRefused, refund_card
from billing.operations.reminding import (
    DueReminder,
    ReminderRefused,
    due_reminders,
    remind_now,
    send_reminders,
)
from billing.operations.sending import send_again
from billing.operations.series import SeriesRefused, set_up_series
from billing.operations.stripe_events import (
    apply_stripe_event,
    receive_stripe_event,
    set_event_aside,
)

__all__ = [
    "Credit",
    "CreditLine",
    "CreditRefused",
    "Customer",
    "DueReminder",
    "ExportRefused",
    "ImportResult",
    "IssueRefused",
    "Line",
    "MatchRefused",
    "Order",
    "PaymentRefused",
    "RefundRefused",
    "ReminderRefused",
    "SeriesRefused",
    "Share",
    "apply_stripe_event",
    "ask_in_bulk",
    "charge_late_payment",
    "close_needless_pages",
    "credit_invoice",
    "credit_invoices",
    "creditable",
    "due_reminders",
    "export_sie",
    "fetch_payouts",
    "import_bank_file",
    "issue_invoice",
    "issue_invoices",
    "left_behind",
    "match",
    "match_by_hand",
    "note_opening",
    "open_charges",
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
    "set_up_series",
    "settle_checkout",
    "summed",
    "take_up_again",
    "work_off",
    "write_off",
]
