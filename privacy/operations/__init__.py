"""What is done with personal data as such, whichever room it lies in."""

from privacy.operations.clearing import clear_expired
from privacy.operations.copying import fetch, make_copy, waiting_copy
from privacy.operations.erasing import erase, erase_account
from privacy.operations.looking import note_look, role_of
from privacy.operations.requesting import (
    erase_own,
    extend,
    grant,
    grant_erasure,
    note_identity,
    receive,
    refuse,
    say_goodbye,
)

__all__ = [
    "clear_expired",
    "erase",
    "erase_account",
    "erase_own",
    "extend",
    "fetch",
    "grant",
    "grant_erasure",
    "make_copy",
    "note_identity",
    "note_look",
    "receive",
    "refuse",
    "role_of",
    "say_goodbye",
    "waiting_copy",
]
