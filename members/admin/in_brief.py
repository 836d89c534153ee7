"""Where somebody stands and what a year costs, in a few words for staff."""

from django.utils.translation import gettext as _

from billing.money import format_price
from members.operations import PlannedYear
from members.overview import sentence
from members.standing import Standing, State


def in_brief(standing: Standing) -> str:
    """The sentence of my pages, but not spoken to the person."""
    if standing.state is State.NEVER:
        return _("not a member")
    if standing.last is not None:
        return _("former member, until %(day)s") % {"day": standing.last.last_day_on}
    return sentence(standing)


def fee_in_words(plan: PlannedYear) -> str:
    if plan.is_first_student_year:
        return _("Free: the first year, not had before")
    if plan.exempt_reason:
        return _("Free: %(reason)s") % {"reason": plan.exempt_reason}
    return _("%(fee)s, invoiced at once") % {"fee": format_price(plan.fee)}
