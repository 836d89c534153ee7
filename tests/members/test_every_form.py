"""Every form of this room and every bad thing that can be typed into every field of it: a page that
says what is wrong and keeps what was typed, or an answer that took it as it is. Never an error."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from members.models import BillingDetails, User
from tests.factories import members as make
from tests.members.pages import EMPLOYER, join_data, join_url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient"), pytest.mark.slow]

SCRIPT = "<script>alert(1)</script>"
BAD = {
    "empty": "",
    "script": SCRIPT,
    "10 kB": "å" * 10_000,
    "emoji": "🦉🦉",
    "turned round": "abc\u202egnp.exe",
    "two lines": "Åsa\r\nBcc: all@example.org",
    "template": "{{ 7|add:7 }} %(name)s %s {0}",
    "huge number": "9" * 40,
    "old date": "1066-10-14",
    "no date": "2026-02-30",
}
PAYER = {key.replace("payer_name", "name"): value for key, value in EMPLOYER.items()}
Row = Any


def admin(name: str) -> Callable[[Row], str]:
    return lambda row: reverse(f"admin:members_{name}", args=[row.pk])


def own(name: str) -> Callable[[Row], str]:
    return lambda _row: reverse(name)


def a_person(**changes: Any) -> User:
    return make.membership(make.person(**changes), starts_on=timezone.localdate(), paid=False).user


FORMS: dict[str, tuple[Callable[[], Row], Callable[[Row], str], dict[str, str]]] = {
    "details": (
        a_person,
        own("members:details"),
        {"name": "Åsa", "phone": "", "employer": "", "title": "", "language": "sv"},
    ),
    "payer": (
        a_person,
        own("members:payer"),
        {**PAYER, "care_of": "", "email": "", "reference": "", "order_number": "",
         "cost_centre": "", "peppol_id": "", "is_collective": "", "move": ""},
    ),
    "consents": (a_person, own("members:consents"), {"purpose": "news", "answer": "yes"}),
    "code": (a_person, own("members:confirm-by-code"), {"code": "x", "next": "/"}),
    "approve": (make.in_review, admin("application_approve"), {"anything": ""}),
    "reject": (make.in_review, admin("application_reject"), {"text": "Nej"}),
    "ask": (make.in_review, admin("application_ask"), {"text": "Var?"}),
    "end": (
        make.membership, admin("membership_end"), {"last_day": "2026-12-31", "reason": "x"}
    ),
    "exempt": (make.membership, admin("membership_exempt"), {"reason": "x", "until": ""}),
    "move": (make.membership, admin("membership_move"), {"anything": ""}),
    "register": (make.person, admin("user_register"), {"anything": ""}),
    "merge with": (make.person, admin("user_merge_with"), {"email": "x@example.org"}),
    "collect": (
        make.membership,
        lambda row: f"{reverse('admin:members_membership_collect')}?ids={row.pk}",
        {"reference": "", "order_number": ""},
    ),
    "duplicates": (make.person, own("admin:members_user_duplicates"), {"one": "1", "other": "2"}),
    "import": (make.person, own("admin:members_user_import"), {"import": "1", "signed": "x"}),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_bad_input_is_never_an_error(client, form: str) -> None:
    make_row, url_of, good = FORMS[form]
    row = make_row()
    is_own = isinstance(row, User) and "admin" not in url_of(row)
    client.force_login(row if is_own else make.staff())
    for field in good:
        for told, value in BAD.items():
            answer = client.post(url_of(row), {**good, field: value})
            assert answer.status_code in {200, 302, 404}, (field, told)
            assert SCRIPT not in answer.content.decode(errors="replace"), (field, told)
            _kept(answer, field, value)


def _kept(answer: Any, field: str, value: str) -> None:
    """What a form refuses stands in it as it was typed."""
    form = (answer.context or {}).get("form") if answer.status_code == 200 else None
    if form is not None and field in getattr(form, "errors", {}) and form.is_bound:
        assert form[field].value() == value
        assert all(str(message) for message in form.errors[field])


@pytest.mark.parametrize("kind", ["ordinary", "student"])
@pytest.mark.parametrize("told", BAD)
def test_the_form_to_join_is_never_an_error(client, kind: str, told: str) -> None:
    """The same in every field at once."""
    data = join_data(client, kind, **(EMPLOYER if kind == "ordinary" else {}))
    fields = set(client.get(join_url(kind)).context["form"].fields) - {"form_token"}
    answer = client.post(join_url(kind), {**data, **dict.fromkeys(fields, BAD[told])})
    assert answer.status_code == 200
    assert SCRIPT not in answer.content.decode()
    for field in fields:
        _kept(answer, field, BAD[told])


@pytest.mark.parametrize("form", FORMS)
def test_a_form_sent_twice_or_empty_is_never_an_error(client, form: str) -> None:
    make_row, url_of, good = FORMS[form]
    row = make_row()
    is_own = isinstance(row, User) and "admin" not in url_of(row)
    client.force_login(row if is_own else make.staff())
    for data in (good, good, {}):
        assert client.post(url_of(row), data).status_code in {200, 302, 404}
    assert connection.is_usable()


def test_script_in_what_is_stored_is_text_on_every_page(client) -> None:
    person = a_person(name=SCRIPT, employer=SCRIPT, title=SCRIPT, phone=SCRIPT)
    make.employer(person, name=SCRIPT, street=SCRIPT, reference=SCRIPT)
    application = make.in_review(person, school=SCRIPT, name=SCRIPT)
    client.force_login(person)
    for name in ("details", "payer", "card", "leave", "welcome", "consents"):
        assert SCRIPT not in client.get(reverse(f"members:{name}")).content.decode()
    client.force_login(make.staff())
    pages = [
        reverse("admin:members_user_change", args=[person.pk]),
        reverse("admin:members_user_changelist"),
        reverse("admin:members_application_change", args=[application.pk]),
        reverse("admin:members_application_approve", args=[application.pk]),
        reverse("admin:members_membership_changelist"),
        reverse("admin:members_user_register", args=[person.pk]),
    ]
    for url in pages:
        assert SCRIPT not in client.get(url).content.decode()
    assert BillingDetails.objects.get().name == SCRIPT
