import pytest
from django.contrib.auth.models import Group

from privacy.models import AccessLog
from privacy.operations import note_look
from tests.privacy.people import NOW, person

pytestmark = pytest.mark.django_db


def noted(**changes) -> list[tuple[object, ...]]:
    words = {"purpose": "Payment", "view": "admin:billing_invoice_change", "at": NOW, **changes}
    note_look(**words)
    columns = ("actor", "role", "person", "purpose", "view", "at")
    return list(AccessLog.objects.order_by("pk").values_list(*columns))


def test_a_look_is_written_down():
    staff, anna = person("kassor@example.org", is_staff=True), person()
    staff.groups.add(Group.objects.get_or_create(name="Kassör")[0])

    assert noted(by=staff, persons=[anna.pk]) == [
        (staff.pk, "Kassör", anna.pk, "Payment", "admin:billing_invoice_change", NOW)
    ]


def test_a_list_writes_one_row_for_each_person(django_assert_num_queries):
    staff = person("kassor@example.org")
    people = [person(f"{number}@example.org").pk for number in range(3)]

    with django_assert_num_queries(2):
        note_look(by=staff, persons=people * 2, purpose="List", view="x", at=NOW, role="Treasurer")

    assert list(AccessLog.objects.order_by("pk").values_list("person", flat=True)) == people


def test_a_look_at_oneself_is_no_look():
    staff = person("kassor@example.org")

    assert noted(by=staff, persons=[staff.pk]) == []


def test_without_a_role_staff_are_staff():
    staff, anna = person("kassor@example.org", is_staff=True), person()

    [row] = noted(by=staff, persons=[anna.pk])

    assert row[1] == "staff"
