"""Asked when a mail that rests on a consent is about to leave: is it still a yes?"""

from mail.makers import guard
from members.models import Consent
from privacy.models import Protection


@guard("consented")
def consented(*, person_id: int, purpose: str) -> bool:
    """The last word on the purpose is a yes, and the use of the person's data is not restricted."""
    restricted = Protection.objects.restricted().filter(person_id=person_id)
    live = Consent.objects.live().filter(
        user_id=person_id, text__purpose=purpose, user__is_active=True
    )
    return live.exists() and not restricted.exists()
