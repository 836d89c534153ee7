"""Everything that changes who has a seat. Seats are decided under a lock on the event."""

from events.operations.answering import answer_survey, choose_badge, tell_needs
from events.operations.attending import (
    check_in,
    correct_certificate,
    note_attendance,
    show_name,
    undo_check_in,
    walk_in,
)
from events.operations.booking import (
    Attendee,
    CheckedOut,
    book_free,
    check_out,
    checked_out,
    checked_out_by_now,
)
from events.operations.changing import (
    charge_difference,
    charge_who_did_not_join,
    dates_to_move_to,
    move_booking,
    swap_attendee,
)
from events.operations.holding import (
    HOLD,
    assign_seat,
    extend_hold,
    hold_again,
    hold_for_others,
    hold_seat,
    own_booking,
    take_out,
)
from events.operations.leaving import call_off, cancel
from events.operations.planning import copy_event, make_series
from events.operations.registering import Registration, register
from events.operations.sweeping import settle_event, sweep_seats
from events.operations.waiting import (
    accept_offer,
    decline_offer,
    go_first,
    join_waiting_list,
    offer_beyond_capacity,
)
from events.operations.writing import letters_of, send_message, test_message, write_message

__all__ = [
    "HOLD",
    "Attendee",
    "CheckedOut",
    "Registration",
    "accept_offer",
    "answer_survey",
    "assign_seat",
    "book_free",
    "call_off",
    "cancel",
    "charge_difference",
    "charge_who_did_not_join",
    "check_in",
    "check_out",
    "checked_out",
    "checked_out_by_now",
    "choose_badge",
    "copy_event",
    "correct_certificate",
    "dates_to_move_to",
    "decline_offer",
    "extend_hold",
    "go_first",
    "hold_again",
    "hold_for_others",
    "hold_seat",
    "join_waiting_list",
    "letters_of",
    "make_series",
    "move_booking",
    "note_attendance",
    "offer_beyond_capacity",
    "own_booking",
    "register",
    "send_message",
    "settle_event",
    "show_name",
    "swap_attendee",
    "sweep_seats",
    "take_out",
    "tell_needs",
    "test_message",
    "undo_check_in",
    "walk_in",
    "write_message",
]
