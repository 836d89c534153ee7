"""Who may decide. The views ask too; here it holds whoever calls."""

from django.core.exceptions import PermissionDenied

from members.models import User


def demand(by: User, *permissions: str) -> None:
    """Raises PermissionDenied."""
    if not by.is_active or not by.is_staff or not by.has_perms(permissions):
        raise PermissionDenied
