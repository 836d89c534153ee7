"""Mails about invoices."""
