"""Everything that happens to people and their memberships. What a person has is decided under a
lock on that person's row."""

from members.operations.addresses import keep_address, note_address_change, stop_url
from members.operations.applying import Confirmed, apply, confirm_application, ticked
from members.operations.changing import change_details, change_payer, movable, move_invoice
from members.operations.collecting import Collection, collect_fees, plan_collection
from members.operations.consenting import give_consent, withdraw_consent
from members.operations.ending import (
    Leaving,
    end_by_staff,
    end_memberships,
    leave,
    plan_leaving,
    take_back_leaving,
    years_after,
)
from members.operations.exempting import exempt
from members.operations.importing import Imported, claim, import_member, invite
from members.operations.merging import merge_people, say_distinct
from members.operations.noticing import Notice, due_notices, send_student_notices
from members.operations.ordinary import (
    come_back,
    convert_student,
    ordinary_kind,
    plan_ordinary,
)
from members.operations.refusals import (
    AddressTaken,
    AlreadyInReview,
    AlreadyMember,
    CannotMerge,
    DayBeforeFirst,
    HasLeft,
    MovedAlready,
    NoStudent,
    NothingToMove,
    NothingToRegret,
    NotMember,
    NotOneInvoice,
    NotToReview,
    NotYourOwn,
    ReasonMissing,
    Refused,
)
from members.operations.renewing import Renewal, issue_renewals
from members.operations.reviewing import approve, ask_applicant, plan_approval, reject
from members.operations.staffing import by_hand, register_member, register_student, replace_address
from members.operations.starting import PlannedYear

__all__ = [
    "AddressTaken",
    "AlreadyInReview",
    "AlreadyMember",
    "CannotMerge",
    "Collection",
    "Confirmed",
    "DayBeforeFirst",
    "HasLeft",
    "Imported",
    "Leaving",
    "MovedAlready",
    "NoStudent",
    "NotMember",
    "NotOneInvoice",
    "NotToReview",
    "NotYourOwn",
    "NothingToMove",
    "NothingToRegret",
    "Notice",
    "PlannedYear",
    "ReasonMissing",
    "Refused",
    "Renewal",
    "apply",
    "approve",
    "ask_applicant",
    "by_hand",
    "change_details",
    "change_payer",
    "claim",
    "collect_fees",
    "come_back",
    "confirm_application",
    "convert_student",
    "due_notices",
    "end_by_staff",
    "end_memberships",
    "exempt",
    "give_consent",
    "import_member",
    "invite",
    "issue_renewals",
    "keep_address",
    "leave",
    "merge_people",
    "movable",
    "move_invoice",
    "note_address_change",
    "ordinary_kind",
    "plan_approval",
    "plan_collection",
    "plan_leaving",
    "plan_ordinary",
    "register_member",
    "register_student",
    "reject",
    "replace_address",
    "say_distinct",
    "send_student_notices",
    "stop_url",
    "take_back_leaving",
    "ticked",
    "withdraw_consent",
    "years_after",
]
