"""Rows that operations write and staff reads."""

from typing import Any

from django.http import HttpRequest


class ReadOnly:
    """Mix in before an admin class. Evidence that can be edited proves nothing."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
