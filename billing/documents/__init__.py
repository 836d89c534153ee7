"""Invoices, credit notes, reminders and receipts as PDF, out of plain data."""

from billing.documents.rendering import RenderingError, render

__all__ = ["RenderingError", "render"]
