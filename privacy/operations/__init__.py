"""What is done with personal data as such, whichever room it lies in."""

from privacy.operations.clearing import clear_expired
from privacy.operations.erasing import erase, erase_account
from privacy.operations.looking import note_look, role_of

__all__ = ["clear_expired", "erase", "erase_account", "note_look", "role_of"]
