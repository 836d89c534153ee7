"""Every column of every table, sent to every form of the office by each role: what the form does
not show as a field stays as it was.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from lxml import html

from members.admin.people import UserAdmin
from members.models import User
from tests.security.association import MEMBER, STAFF, SUPERUSER, Association
from tests.security.test_reading import NOTED, fingerprint

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Of a person: nobody but a superuser is shown a field for these, and nobody at all for the rest.
WORKS_HERE = {"is_active", "is_staff", "is_superuser", "groups", "user_permissions"}
NOBODYS = {"password", "public_id", "last_login", "created_at", "erased_at", "imported_on"}
# What money, seats and consents are made of follows from operations: no form has a field for it.
WITHOUT_FORM = {
    *("billing.Invoice", "billing.InvoiceLine", "billing.Payment", "billing.Reminder"),
    *("billing.StripeEvent", "billing.StripeCheckout", "members.Consent", "members.Membership"),
    *("members.Application", "mail.Mail", "privacy.AccessLog", "privacy.Erasure"),
}


@pytest.fixture(autouse=True)
def _whole_seconds(time_machine: Any) -> None:
    """As the forms show them."""
    time_machine.move_to(datetime(2026, 3, 2, 11, 0, tzinfo=UTC), tick=False)


def other(field: models.Field) -> str:
    """A value that the column would take and does not have."""
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return "2031-02-03 04:05:06"
    if isinstance(field, models.DateField):
        return "2031-02-03"
    if field.choices:
        return str(field.choices[-1][0])
    return "2" if field.is_relation or isinstance(field, NUMBERS) else "kanarie"


NUMBERS = (models.IntegerField, models.DecimalField)


def columns(model: Any, prefix: str = "") -> dict[str, str]:
    own = [*model._meta.concrete_fields, *model._meta.many_to_many]
    own = [field for field in own if not field.primary_key]
    names = {f"{prefix}{name}": other(f) for f in own for name in (f.name, f.attname)}
    # Django's admin asks for date and time in two fields.
    split = [f for f in own if isinstance(f, models.DateTimeField)]
    names |= {f"{prefix}{f.name}_0": "2031-02-03" for f in split}
    return names | {f"{prefix}{f.name}_1": "04:05:06" for f in split}


def pages(client: Client) -> Iterator[tuple[Any, Any, str, Any]]:
    """Each form of a row that this role opens: the table, the row, its address and the answer."""
    for model in admin.site._registry:
        options = model._meta
        row = model._base_manager.order_by("pk").first()
        if row is not None and options.db_table not in NOTED:
            path = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
            answer = client.get(path)
            is_form = answer.status_code == 200 and "adminform" in (answer.context or {})
            if is_form and form_of(answer) is not None:
                yield model, row, path, answer


def form_of(answer: Any) -> Any:
    """None where the page has no button to save."""
    forms = html.fromstring(answer.content.decode()).forms
    return next((one for one in forms if one.get("id", "").endswith("_form")), None)


def sent(model: Any, answer: Any) -> dict[str, Any]:
    """What a browser would send if nothing were touched, and every column that has no field."""
    form = form_of(answer)
    data: dict[str, Any] = {}
    for name, value in form.form_values():
        data.setdefault(name, []).append(value)
    more = columns(model)
    for inline in answer.context["inline_admin_formsets"]:
        more |= columns(inline.formset.model, f"{inline.formset.prefix}-0-")
    fields = set(form.inputs.keys())
    return {name: value for name, value in more.items() if name not in fields} | data


def state(model: Any, answer: Any) -> list[Any]:
    """The table's rows and those of the tables below it, without when they were last saved."""
    tables = [model, *(one.formset.model for one in answer.context["inline_admin_formsets"])]
    return [list(table._base_manager.order_by("pk").values(*kept(table))) for table in tables]


def kept(table: Any) -> list[str]:
    return [f.attname for f in table._meta.concrete_fields if not getattr(f, "auto_now", False)]


@pytest.mark.slow
@pytest.mark.parametrize("role", [*STAFF, SUPERUSER])
def test_a_form_of_the_office_takes_what_it_shows(site: Association, role: str) -> None:
    client, saved, changed = site.client(role), [], []
    for model, _row, path, answer in pages(client):
        before = state(model, answer)
        taken = client.post(path, sent(model, answer)).status_code == 302
        saved += [model._meta.label] if taken else []
        changed += [model._meta.label] if state(model, answer) != before else []
    assert changed == []
    # The forms were sent as they were shown, so they were taken; a refusal would prove nothing.
    assert len(saved) >= {"officer": 2}.get(role, 3), saved


@pytest.mark.slow
@pytest.mark.parametrize("role", [MEMBER, *STAFF])
def test_where_one_may_only_look_nothing_is_taken(site: Association, role: str) -> None:
    """Whatever is answered: no page, a page without a form, the page once more."""
    client = site.client(role)
    user, before = site.people[role], fingerprint()
    for model in admin.site._registry:
        options = model._meta
        row = model._base_manager.order_by("pk").first()
        if row is None or user.has_perm(f"{options.app_label}.change_{options.model_name}"):
            continue
        path = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
        assert client.post(path, columns(model)).status_code in {200, 302, 403, 404, 405}
    assert fingerprint() == before


@pytest.mark.parametrize("role", [*STAFF, SUPERUSER])
def test_who_works_here_and_what_follows_from_operations_has_no_field(
    site: Association, role: str
) -> None:
    client, fields = site.client(role), {}
    for model, _row, _path, answer in pages(client):
        fields[model._meta.label] = set(answer.context["adminform"].form.fields)
    person = fields.get("members.User", set())
    assert person & NOBODYS == set()
    assert person & WORKS_HERE == (WORKS_HERE if role == SUPERUSER else set())
    assert {label for label in WITHOUT_FORM if fields.get(label)} == set()


def test_a_form_that_takes_more_than_it_shows_is_found(
    site: Association, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the secretary's form of a person, with what is only read made a field behind."""
    client = site.client("secretary")
    [(model, row, path, answer)] = [page for page in pages(client) if page[0] is User]
    assert not row.is_superuser
    monkeypatch.setattr(UserAdmin, "get_readonly_fields", lambda *_: UserAdmin.readonly_fields)
    client.post(path, {**sent(model, answer), "groups": [], "user_permissions": []})
    row.refresh_from_db()
    assert row.is_superuser
