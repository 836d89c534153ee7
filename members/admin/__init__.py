"""The admin's pages of this room. Rows that follow from an operation are changed by it alone."""

from members.admin import applications, consents, kinds, memberships, people

__all__ = ["applications", "consents", "kinds", "memberships", "people"]
