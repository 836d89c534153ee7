"""Being somebody by one click, the mails, the bank's file; and none of it where people are real."""

import re
import subprocess
import sys
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from django.utils import translation

from billing import bankfiles
from billing.models import BankTransaction, Payment
from billing.operations import import_bank_file
from config.demo.people import PEOPLE
from mail.models import Mail
from tests.factories import billing, mail
from tests.factories import members as make
from tests.processes import BARE

pytestmark = pytest.mark.django_db

LOOK_AROUND, LOG_IN = reverse("demo:look-around"), reverse("demo:log-in")
BANK_FILE, MAILS = reverse("demo:bank-file"), reverse("demo:mails")


@pytest.fixture
def ingrid():
    person = PEOPLE["member"]
    return make.person(email=person.email, name=person.name, password=None)


@pytest.fixture
def gorel():
    person = PEOPLE["secretary"]
    return make.staff(email=person.email, name=person.name, password=None)


def be(client: Client, key: str, **data: str):
    return client.post(LOG_IN, {"person": key, **data})


# --- Being somebody -------------------------------------------------------------------------


def test_one_click_logs_in_and_leads_to_my_pages(client, ingrid) -> None:
    response = be(client, "member")

    assert response.status_code == 302
    assert response.url == reverse("my-pages")
    assert client.get(response.url).context["user"] == ingrid


def test_staff_goes_straight_to_the_office(client, gorel) -> None:
    response = be(client, "secretary", next=reverse("admin:index"))

    assert response.url == reverse("admin:index")
    assert client.get(response.url).status_code == 200


def test_a_second_click_makes_one_somebody_else(client, ingrid, gorel) -> None:
    be(client, "member")
    be(client, "secretary")

    assert client.session["_auth_user_id"] == str(gorel.pk)


def test_no_password_is_asked_for_on_the_pages_that_demand_a_fresh_log_in(client, ingrid) -> None:
    be(client, "member")

    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_email")).status_code == 200


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:1"]
)
def test_it_leads_to_no_other_site(client, ingrid, wanted: str) -> None:
    assert be(client, "member", next=wanted).url == reverse("my-pages")


@pytest.mark.parametrize("key", ["", "nobody", "Anna"])
def test_nobody_else_can_be_chosen(client, key: str) -> None:
    make.person(email="anna@example.org")

    assert be(client, key).status_code == 404
    assert "_auth_user_id" not in client.session


def test_somebody_who_is_not_in_the_database_is_404(client) -> None:
    assert be(client, "member").status_code == 404


def test_it_is_posted_only(client, ingrid) -> None:
    assert client.get(LOG_IN, {"person": "member"}).status_code == 405
    assert "_auth_user_id" not in client.session


def test_another_site_cannot_press_the_button(ingrid) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert be(strict, "member").status_code == 403
    assert "_auth_user_id" not in strict.session


# --- Looking around -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_everybody_is_on_the_page_in_both_languages(client, language: str) -> None:
    with translation.override(language):
        page = client.get(reverse("demo:look-around")).content.decode()

    assert f'<html lang="{language}">' in page
    for key, person in PEOPLE.items():
        assert f'value="{key}"' in page
        assert person.name in page


def test_the_bar_stands_on_every_page_and_says_who_one_is(client, ingrid, settings) -> None:
    settings.DEMO = True

    assert LOOK_AROUND in client.get(reverse("news:list")).content.decode()
    be(client, "member")
    assert "<b>Ingrid Sjöholt</b>" in client.get(reverse("my-pages")).content.decode()


def test_the_way_back_stands_in_the_office_too(client, gorel, settings) -> None:
    settings.DEMO = True
    be(client, "secretary")

    assert LOOK_AROUND in client.get(reverse("admin:index")).content.decode()


def test_the_bar_sets_no_cookie(client, settings) -> None:
    settings.DEMO = True

    assert not client.get(reverse("news:list")).cookies
    assert not client.get(MAILS).cookies


def test_without_the_demo_there_is_no_bar(client) -> None:
    assert LOOK_AROUND not in client.get(reverse("news:list")).content.decode()


# --- The bank's file ------------------------------------------------------------------------


def file_for(client: Client, invoice, how: str = "exact") -> bytes:
    response = client.get(BANK_FILE, {"invoice": invoice.number, "how": how})
    assert response.headers["Content-Disposition"].startswith("attachment")
    return response.content


def test_the_file_pays_the_invoice_when_it_is_imported_once_or_twice(client) -> None:
    invoice = billing.issue_invoice()
    data, newer = file_for(client, invoice), file_for(client, invoice)

    first = import_bank_file(data=data, name="bank.xml")
    again = import_bank_file(data=newer, name="bank (1).xml")

    assert (len(first.matched), len(first.waiting)) == (1, 0)
    assert (len(again.new), again.known) == (0, 1)
    assert billing.balance(invoice) == 0
    assert Payment.objects.get().method == Payment.Method.BANK
    assert bankfiles.parse(data).format == "camt.054.001.08"


@pytest.mark.parametrize(
    ("how", "left", "problem"),
    [("no-ocr", "1645", "unknown"), ("too-much", "0", "too_much"), ("part", "822.50", "")],
)
def test_a_careless_payer(client, how: str, left: str, problem: str) -> None:
    invoice = billing.issue_invoice()

    import_bank_file(data=file_for(client, invoice, how), name="bank.xml")

    assert billing.balance(invoice) == Decimal(left)
    assert BankTransaction.objects.get().problem == problem


def test_names_with_signs_of_xml_in_them(client) -> None:
    invoice = billing.issue_invoice(customer=billing.customer(name='Ek & <Al> "AB"'))

    (entry,) = bankfiles.parse(file_for(client, invoice)).entries

    assert entry.payer_name == 'Ek & <Al> "AB"'


@pytest.mark.parametrize("number", ["", "F99999", "F10001"])
def test_an_invoice_that_is_not_open_is_refused_on_the_page(client, number: str) -> None:
    billing.pay(billing.issue_invoice())

    response = client.get(BANK_FILE, {"invoice": number, "how": "exact"})

    assert response.headers["Content-Type"].startswith("text/html")
    assert "invoice" in response.context["form"].errors


# --- The mails ------------------------------------------------------------------------------


def test_newest_first_and_as_many_queries_for_many(client, django_assert_num_queries) -> None:
    for number in range(3):
        mail.create_mail(key=f"k:{number}", subject=f"Brev {number}")
    with django_assert_num_queries(4):
        page = client.get(MAILS).content.decode()
    assert page.index("Brev 2") < page.index("Brev 1") < page.index("Brev 0")

    for number in range(3, 60):
        mail.create_mail(key=f"k:{number}", subject=f"Brev {number}")
    with django_assert_num_queries(4):
        first = client.get(MAILS)
    assert len(first.context["rows"]) == 25
    assert len(client.get(MAILS, {"page": "3"}).context["rows"]) == 10
    assert client.get(MAILS, {"page": "seven"}).status_code == 200


def test_search_finds_by_address_and_by_name(client, ingrid) -> None:
    to_ingrid = mail.create_mail(key="a", to=ingrid.email, person=ingrid)
    copy = mail.create_mail(key="b", to="faktura@alvhamra.example", cc=ingrid.email)
    mail.create_mail(key="c", to="rune@hemposten.example")

    def found(text: str) -> set[Mail]:
        return {row for row, _tone in client.get(MAILS, {"q": text}).context["rows"]}

    assert found("INGRID.") == {to_ingrid, copy}
    assert found("sjöholt") == {to_ingrid}
    assert found("alvhamra-kommun") == {to_ingrid, copy}
    assert found("nobody") == set()


def test_a_mail_shows_both_parts_and_what_stands_above_them(client) -> None:
    sent = mail.create_mail(text="Rena ord", html="<p>Vackra ord</p>", cc="kopia@example.org")

    page = client.get(reverse("demo:mail", args=[sent.pk])).content.decode()
    frame = client.get(reverse("demo:mail-frame", args=[sent.pk])).content.decode()

    assert "Rena ord" in page
    assert "Vackra ord" not in page
    assert frame == '<base target="_blank"><p>Vackra ord</p>'
    assert f'src="{reverse("demo:mail-frame", args=[sent.pk])}"' in page
    for header in ("anna@example.org", "kopia@example.org", f"mail-{sent.pk}@", "Hej"):
        assert header in page


def test_the_frame_has_a_policy_of_its_own(client) -> None:
    head = "<title>Hej</title><style>p { color: navy }</style>"
    sent = mail.create_mail(html=f"<html><head>{head}</head></html>")

    frame = client.get(reverse("demo:mail-frame", args=[sent.pk]))
    page = client.get(reverse("demo:mail", args=[sent.pk]))

    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert re.search(r"; style-src 'sha256-[\w+/]{43}='; img-src data:; ", policy)
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "sandbox allow-popups" in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert frame.content.startswith(b'<html><head><base target="_blank"><title>')
    outer = page.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in outer
    assert "unsafe-inline" not in outer
    assert page.headers["X-Frame-Options"] == "DENY"


def test_links_lead_to_the_port_of_today(client, settings) -> None:
    settings.SITE_URL = "http://localhost:8001"
    sent = mail.create_mail(
        text="http://localhost:8000/faktura/x/ http://localhost/ http://localhost.example/",
        html='<a href="http://localhost:8000/en/">Hej</a>',
    )

    page = client.get(reverse("demo:mail", args=[sent.pk]))
    frame = client.get(reverse("demo:mail-frame", args=[sent.pk])).content.decode()

    assert page.context["text"] == (
        "http://localhost:8001/faktura/x/ http://localhost:8001/ http://localhost.example/"
    )
    assert 'href="http://localhost:8001/en/"' in frame


def test_an_attachment_is_made_when_it_is_asked_for(client) -> None:
    invoice = billing.issue_invoice()
    sent = Mail.objects.get(key=f"invoice:{invoice.pk}")

    response = client.get(reverse("demo:mail-attachment", args=[sent.pk, 0]))

    assert response.content.startswith(b"%PDF")
    assert f"faktura-{invoice.number}.pdf".lower() in response.headers["Content-Disposition"]
    assert client.get(reverse("demo:mail-attachment", args=[sent.pk, 1])).status_code == 404


def test_an_attachment_about_something_that_is_gone_is_404(client) -> None:
    sent = mail.create_mail(attachments=[["invoice", {"invoice_id": 0}]])

    assert client.get(reverse("demo:mail-attachment", args=[sent.pk, 0])).status_code == 404


def test_from_the_mail_of_an_open_invoice_to_the_banks_file(client) -> None:
    invoice = billing.issue_invoice()
    sent = Mail.objects.get(key=f"invoice:{invoice.pk}")
    link = f"{LOOK_AROUND}?invoice={invoice.number}#bank"

    assert link in client.get(reverse("demo:mail", args=[sent.pk])).content.decode()
    page = client.get(LOOK_AROUND, {"invoice": invoice.number})
    assert page.context["form"]["invoice"].value() == invoice.number
    billing.pay(invoice)
    assert link not in client.get(reverse("demo:mail", args=[sent.pk])).content.decode()


@pytest.mark.parametrize("name", ["mail", "mail-frame"])
def test_a_mail_that_is_not_there_is_404(client, name: str) -> None:
    assert client.get(reverse(f"demo:{name}", args=[1])).status_code == 404


# --- Never where people are real ------------------------------------------------------------

ASK = """
import django
django.setup()
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve
for path in ("/demo/", "/demo/log-in/", "/en/demo/log-in/", "/demo/mail/", "/demo/bank-file/"):
    try:
        found = resolve(path)
    except Resolver404:
        continue
    if found.view_name != "page":
        print("there is", path)
print("config.demo" in settings.INSTALLED_APPS, settings.DEMO, "seed_demo" in get_commands())
"""


@pytest.mark.slow
def test_production_has_no_demo() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env={
            **BARE,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SITE_MODE": "production",
            "SECRET_KEY": "k" * 60,
            "SITE_URL": "https://www.example.org",
            "DATABASE_URL": "postgresql://site:secret@localhost/site",
            "CELERY_BROKER_URL": "redis://localhost:6379/0",
            "CACHE_URL": "redis://localhost:6379/1",
            "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False False False\n"


def test_a_production_with_the_demo_in_it_is_refused(settings) -> None:
    settings.PRODUCTION = True

    assert "config.E001" in {message.id for message in run_checks(tags=["security"])}


def test_these_tests_look_at_the_demo_that_is_installed() -> None:
    assert "config.demo" in settings.INSTALLED_APPS
