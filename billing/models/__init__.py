"""Invoices and what happens to them. Billing is given a customer and lines and knows no buyer."""

from billing.models.books import LedgerAccount, SieBatch, SieVoucher
from billing.models.bulk import BulkAct, BulkRow
from billing.models.inbox import BankFile, BankTransaction, StripeCheckout, StripeEvent
from billing.models.invoices import Invoice, InvoiceLine, InvoiceVat, Reminder
from billing.models.openings import InvoiceOpening
from billing.models.payments import Payment
from billing.models.payouts import StripeMovement, StripePayout
from billing.models.seller import (
    InterestRate,
    LedgerUnlock,
    Product,
    ReminderStep,
    Seller,
    Series,
)

__all__ = [
    "BankFile",
    "BankTransaction",
    "BulkAct",
    "BulkRow",
    "InterestRate",
    "Invoice",
    "InvoiceLine",
    "InvoiceOpening",
    "InvoiceVat",
    "LedgerAccount",
    "LedgerUnlock",
    "Payment",
    "Product",
    "Reminder",
    "ReminderStep",
    "Seller",
    "Series",
    "SieBatch",
    "SieVoucher",
    "StripeCheckout",
    "StripeEvent",
    "StripeMovement",
    "StripePayout",
]
