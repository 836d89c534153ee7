"""Many rows at once: by COPY they are what they would be one by one, whatever stands in them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mail.models import Mail
from privacy.copying import insert_all

pytestmark = pytest.mark.django_db

# What means something in the text that COPY reads.
AWKWARD = [
    "",
    "\\N",
    "a\tb",
    "a\nb\r\nc",
    "\\.",
    '"',
    "'; --",
    "Åsa \N{EURO SIGN} 😀",
    "NULL",
    "\\\\",
]


def letter(key: str, text: str) -> Mail:
    columns = {"to": "anna@example.org", "language": "sv", "subject": text.strip(), "text": text}
    at = timezone.now() + timedelta(days=1)
    return Mail(key=key, **columns, wording=["w", {"text": text, "n": 1}], not_before=at)


def stored() -> list[tuple]:
    columns = ["subject", "text", "wording", "attachments", "person", "sent_at", "attempts"]
    return list(Mail.objects.order_by("pk").values_list(*columns))


def test_the_rows_are_those_of_one_at_a_time() -> None:
    for number, text in enumerate(AWKWARD):
        letter(f"one:{number}", text).save()
    one_by_one = stored()
    Mail.objects.all().delete()
    rows = insert_all(letter(f"all:{number}", text) for number, text in enumerate(AWKWARD))
    assert stored() == one_by_one
    assert [row.text for row in rows] == AWKWARD
    assert rows == [Mail.objects.get(key=row.key) for row in rows]
    assert all(timezone.now() - row.created_at < timedelta(minutes=1) for row in rows)


def test_they_can_be_changed_afterwards() -> None:
    rows = insert_all([letter("a", "A"), letter("b", "B")])
    rows[1].text = "C"
    rows[1].save()
    assert [row[1] for row in stored()] == ["A", "C"]
    assert Mail.objects.create(key="c", to="b@example.org", not_before=timezone.now())


def test_one_that_is_refused_takes_the_others_with_it() -> None:
    letter("known", "K").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([letter("new", "N"), letter("known", "K")])
    assert [row.key for row in Mail.objects.all()] == ["known"]


def test_nothing_is_nothing() -> None:
    assert insert_all([]) == []
    assert stored() == []
