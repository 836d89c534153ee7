"""What is done with personal data as such, whichever room it lies in."""

from privacy.operations.erasing import erase, erase_account
from privacy.operations.looking import note_look, role_of

__all__ = ["erase", "erase_account", "note_look", "role_of"]
