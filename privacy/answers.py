"""Words to begin an answer with, in the language of whoever asked."""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from privacy.models import Request

Kind = Request.Kind
GRANTED: dict[str, Promise] = {
    Kind.ACCESS: _(
        "Here is a copy of everything that we store about you, with why, on what ground, how "
        "long, who receives it and when somebody of ours looked at it."
    ),
    Kind.PORTABILITY: _(
        "Here is a copy in a common format (JSON). What you gave us yourself is marked in it, and "
        "you may give it to whomever you like."
    ),
    Kind.RECTIFICATION: _("We have put right what you told us of, and told those who had it."),
    Kind.RESTRICTION: _(
        "From now on your data are kept but not used: you stand on no list and get no mailings. "
        "We tell you before that ends."
    ),
    Kind.OBJECTION: _("We have stopped the use that you object to."),
}
REFUSED: dict[str, Promise] = {
    Kind.ERASURE: _(
        "The law demands that we keep these data for now (the Bookkeeping Act, chapter 7, "
        "section 2; GDPR, Art. 17.3.b). On My data you see until when."
    ),
    Kind.OBJECTION: _(
        "We have compelling reasons for this use that outweigh yours (GDPR, Art. 21.1), namely: "
    ),
}


def suggestion(request: Request, *, is_granted: bool) -> str:
    """Staff writes on from it."""
    words = (GRANTED if is_granted else REFUSED).get(request.kind, "")
    with translation.override(request.language):
        return str(words)
