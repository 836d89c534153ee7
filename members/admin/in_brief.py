"""Where somebody stands, in a few words for staff."""

from django.utils.translation import gettext as _

from members.overview import sentence
from members.standing import Standing, State


def in_brief(standing: Standing) -> str:
    """The sentence of my pages, but not spoken to the person."""
    if standing.state is State.NEVER:
        return _("not a member")
    if standing.last is not None:
        return _("former member, until %(day)s") % {"day": standing.last.last_day_on}
    return sentence(standing)
