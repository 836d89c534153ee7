import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from billing.models import StripeEvent

pytestmark = pytest.mark.django_db

LIST = "/admin/billing/stripeevent/"


def event(number: int = 1, **changes) -> StripeEvent:
    fields = {"type": "charge.dispute.created", "payload": {}, "applied_at": timezone.now()}
    return StripeEvent.objects.create(**{"event_id": f"evt_{number}", **fields, **changes})


def test_what_is_to_look_at_is_found(client, treasurer):
    event(1)
    unapplied = event(2, applied_at=None)
    waiting = event(3, problem="Tvist")

    assert list(client.get(f"{LIST}?queue=waiting").context["cl"].result_list) == [waiting]
    assert list(client.get(f"{LIST}?queue=unapplied").context["cl"].result_list) == [unapplied]
    assert client.get(LIST).context["cl"].result_count == 3


def test_what_was_dealt_with_is_set_aside(client, treasurer):
    waiting = event(problem="Tvist")
    url = f"{LIST}{waiting.pk}/set-aside/"
    assert url in client.get(f"{LIST}{waiting.pk}/change/").content.decode()

    assert list(client.post(url, {"note": ""}).context["form"].errors) == ["note"]
    client.post(url, {"note": "Ringt banken"})

    waiting.refresh_from_db()
    assert waiting.closed_note == "Ringt banken"
    assert StripeEvent.objects.waiting().count() == 0
    assert LogEntry.objects.get().user == treasurer
    assert client.get(url).status_code == 404


def test_events_are_not_edited(client, treasurer):
    waiting = event(problem="Tvist")

    assert client.post(f"{LIST}{waiting.pk}/change/", {"problem": ""}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403


def test_who_may_not_look_is_refused(client, onlooker):
    waiting = event(problem="Tvist")

    assert client.get(LIST).status_code == 403
    assert client.post(f"{LIST}{waiting.pk}/set-aside/", {"note": "x"}).status_code == 403
