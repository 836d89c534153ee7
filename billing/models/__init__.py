"""Invoices and what happens to them. Billing is given a customer and lines and knows no buyer."""

from billing.models.inbox import BankFile, BankTransaction, StripeCheckout, StripeEvent
from billing.models.invoices import Invoice, InvoiceLine, InvoiceVat, Reminder
from billing.models.payments import Payment
from billing.models.seller import LedgerUnlock, Product, ReminderStep, Seller, Series

__all__ = [
    "BankFile",
    "BankTransaction",
    "Invoice",
    "InvoiceLine",
    "InvoiceVat",
    "LedgerUnlock",
    "Payment",
    "Product",
    "Reminder",
    "ReminderStep",
    "Seller",
    "Series",
    "StripeCheckout",
    "StripeEvent",
]
