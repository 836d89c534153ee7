"""The admin's pages where a treasurer works. What changes the ledger is changed by operations."""

from billing.admin import bank, books, bulk, invoices, seller, stripe

__all__ = ["bank", "books", "bulk", "invoices", "seller", "stripe"]
