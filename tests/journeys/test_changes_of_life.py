"""What happens to members: another job, a fee never paid, studies beside work, leaving."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import time_machine
from django.urls import reverse
from django.utils import formats, timezone, translation
from playwright.sync_api import Page, expect

from billing.models import Invoice
from config import jobs
from members.models import Membership, User
from tests.factories import billing, members
from tests.journeys.conftest import PHONE, LogIn, Mailbox, Visit, address, in_language, sees

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EMAIL = "stina.student@umu.example"


def in_words(day) -> str:
    with translation.override("sv"):
        return formats.date_format(day, "DATE_FORMAT")


# --- Another job --------------------------------------------------------------------------------


def fill_in_employer(page: Page) -> None:
    page.get_by_label("Min arbetsgivare betalar").check()
    page.get_by_label("Namn på fakturan").fill("Nya jobbet i Luleå AB")
    page.get_by_label("Organisationsnummer").fill("802999-9995")
    page.get_by_label("Gata eller box").fill("Storgatan 2")
    page.get_by_label("Postnummer").fill("97231")
    page.get_by_label("Ort", exact=True).fill("Luleå")
    page.get_by_label("E-post för fakturor").fill("ekonomi@nyajobbet.example")


def test_a_new_job_takes_the_open_invoice_along(log_in: LogIn, visit: Visit, mailbox: Mailbox):
    person = members.person(name="Åsa Öberg", email="asa@hemma.example")
    members.employer(person, name="Gamla jobbet AB", email="ekonomi@gamlajobbet.example")
    old = members.membership(person, starts_on=timezone.localdate(), paid=False).invoice
    page = log_in(person, width=PHONE)
    page.goto(reverse("my-pages"))

    # One page says who pays from now on, and takes the unpaid invoice along.
    page.goto(reverse("members:payer"))
    fill_in_employer(page)
    page.get_by_label(f"Skicka den obetalda fakturan {old.number} till den här betalaren").check()
    page.get_by_role("button", name="Spara").click()
    new = Invoice.objects.invoices().exclude(pk=old.pk).get()
    sees(page, f"Faktura {new.number} är på väg till Nya jobbet i Luleå AB.")

    # The old employer owes nothing, the new one pays without an account.
    assert (billing.balance(old), new.total) == (0, old.total)
    assert mailbox.to("ekonomi@gamlajobbet.example")[-1].subject.startswith("Kreditfaktura")
    finance = visit()
    finance.goto(mailbox.link("ekonomi@nyajobbet.example", containing="/faktura/"))
    sees(finance, "Nya jobbet i Luleå AB")
    former = visit()
    former.goto(mailbox.link("ekonomi@gamlajobbet.example", containing="/faktura/"))
    expect(former.get_by_text("Nya jobbet i Luleå AB")).to_have_count(0)

    # Once: the next page has nothing to move.
    billing.pay(new)
    page.goto(reverse("my-pages"))
    expect(page.locator(".lead").first).to_contain_text("betald")


# --- A year that was never paid -----------------------------------------------------------------


def test_who_never_paid_lapses_and_comes_back_in_one_press(visit: Visit, mailbox: Mailbox):
    person = members.person(name="Rune Ek", email="rune@hemma.example")
    row = members.membership(person, starts_on=timezone.localdate() - timedelta(80), paid=False)

    # The night ends it, credits the fee and writes a kind letter.
    outcomes = jobs.run_nightly()
    assert [outcome for outcome in outcomes if outcome.failed] == []
    row.refresh_from_db()
    assert (row.ended_why, billing.balance(row.invoice)) == ("unpaid", 0)
    page = visit(width=PHONE)
    page.goto(mailbox.link(person.email, containing="/kom-tillbaka/"))
    sees(page, "1\xa0645\xa0kr")
    assert Membership.objects.count() == 1

    # One press begins anew from today: the gap is not hidden.
    page.get_by_role("button", name="Bli medlem igen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Du är medlem")
    new = Membership.objects.latest("starts_on")
    assert (new.user, new.starts_on) == (person, timezone.localdate())
    assert new.invoice.total == Decimal(1645)


# --- Studies beside work ------------------------------------------------------------------------


def apply_as_employed_student(page: Page) -> None:
    page.goto(f"{reverse('members:join')}?kind=student")
    page.get_by_label("Namn", exact=True).fill("Stina Student")
    page.get_by_label("E-post", exact=True).fill(EMAIL)
    page.get_by_label("Skola").fill("Umeå universitet")
    page.get_by_label("Mecenatnummer").fill("9876 5432 10")
    last_day = timezone.localdate() + timedelta(days=500)
    page.get_by_label("Sista studiedag").fill(last_day.isoformat())
    page.get_by_label("Ja. Då gäller ordinarie medlemskap, 1\xa0645\xa0kr om året.").check()
    page.get_by_role("button", name="Ansök om medlemskap").click()


def test_an_employed_student_pays_as_everybody_and_leaves_in_the_end(
    visit: Visit, mailbox: Mailbox
):
    page = visit()
    apply_as_employed_student(page)
    expect(page.locator(".alert")).to_contain_text(
        "Du är anställd, så då gäller ordinarie medlemskap"
    )
    expect(page.get_by_label("E-post", exact=True)).to_have_value(EMAIL)
    page.get_by_role("button", name="Ansök om medlemskap").click()
    page.wait_for_url("**" + reverse("members:join-sent"))
    page.goto(mailbox.link(EMAIL, containing="/bekrafta/"))
    page.get_by_role("button", name="Bekräfta").click()
    page.wait_for_url("**" + reverse("members:welcome"))
    row = Membership.objects.get()
    assert (row.kind.code, row.invoice.total) == ("ordinary", Decimal(1645))
    billing.pay(row.invoice)

    # Leaves: what it means stands there before, and can be taken back until the day.
    page.goto(reverse("members:leave"))
    last_day = in_words(row.ends_on)
    expect(page.get_by_role("main")).to_contain_text(f"medlem till och med {last_day}")
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**" + reverse("my-pages"))
    row.refresh_from_db()
    assert (row.ended_on, row.ended_why) == (row.ends_on, "left")
    page.get_by_role("button", name="Jag vill stanna").click()
    expect(page.get_by_role("button", name="Jag vill stanna")).to_have_count(0)
    page.goto(reverse("members:leave"))
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url("**" + reverse("my-pages"))

    # Nothing more comes: no invoice before the day, no membership after it.
    with time_machine.travel(datetime.combine(row.ends_on - timedelta(5), time(3), STOCKHOLM)):
        jobs.run_nightly()
    assert Invoice.objects.invoices().count() == 1
    with time_machine.travel(datetime.combine(row.ends_on + timedelta(1), time(9), STOCKHOLM)):
        user = User.objects.get(email=EMAIL)
        assert not user.memberships.current(timezone.localdate()).exists()


# --- Somebody by phone --------------------------------------------------------------------------


def test_the_secretary_registers_a_caller_and_merges_the_double(log_in: LogIn, mailbox: Mailbox):
    say = in_language("sv")
    secretary = members.staff()
    old = members.person(name="Carin Ek", email="carin@gammal.example", phone="070-123 45 67")
    members.membership(old, starts_on=timezone.localdate() - timedelta(700))
    page = log_in(secretary)
    page.goto(address("admin:members_user_add"))
    page.get_by_label("Namn").fill("Carin Ek")
    page.get_by_label("E-post").fill("carin@ny.example")
    page.get_by_label("Telefon").fill("+46 70 123 45 67")
    page.locator("input[name=_continue]").click()
    page.get_by_role("link", name=say("Register as a member")).click()
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    new = User.objects.get(email="carin@ny.example")
    assert new.memberships.count() == 1

    # The front page says that somebody may be there twice.
    page.goto(reverse("admin:members_user_duplicates"))
    page.locator(f"a[href$='/{new.pk}/merge/{old.pk}/']").click()
    page.locator("#id_reason").fill("Ringde")
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert new.memberships.count() == 2
    assert not User.objects.filter(pk=old.pk).exists()
