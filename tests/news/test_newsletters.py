"""Composing and sending a newsletter, and who gets it."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from mail.models import Mail
from mail.operations import send_one
from news import audiences, operations
from news.models import Newsletter, Subscriber
from tests.factories import events, members
from tests.factories.news import (
    NOW,
    create_article,
    create_editor,
    create_newsletter,
    create_subscriber,
    text,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english"), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _consent_texts():
    members.first_rows()


def letters(newsletter: Newsletter) -> QuerySet[Mail]:
    return Mail.objects.filter(key__startswith=f"newsletter:{newsletter.pk}:").order_by("to")


def sent(**changes: object) -> Newsletter:
    """Sent off and written to all."""
    newsletter = create_newsletter(**changes)
    operations.send_newsletter(newsletter=newsletter, by=None, now=NOW)
    operations.deliver(newsletter_id=newsletter.pk, now=NOW)
    newsletter.refresh_from_db()
    return newsletter


# --- Who gets it ----------------------------------------------------------------------------


def test_members_who_said_yes_and_confirmed_subscribers_get_it():
    yes, no, back = (members.person(email=f"{name}@example.org") for name in ("ja", "nej", "ater"))
    for person in (yes, back):
        members.consent(person)
    audiences.audiences["member"].stop(back.email, timezone.now() + timedelta(seconds=1))
    create_subscriber(email="lasare@example.org")
    create_subscriber(email="obekraftad@example.org", confirmed_at=None)
    create_subscriber(email="slut@example.org", ended_at=NOW)
    assert no.email

    assert {letter.to for letter in letters(sent())} == {"ja@example.org", "lasare@example.org"}


def test_nobody_gets_two():
    members.consent(members.person(email="Anna@example.org"))
    create_subscriber(email="anna@EXAMPLE.org")

    newsletter = sent()
    operations.deliver(newsletter_id=newsletter.pk, now=NOW)

    assert letters(newsletter).count() == 1


def test_people_whose_address_bounces_get_none():
    members.consent(members.person(email="studs@example.org", email_bounced_at=NOW))
    create_subscriber(email="frisk@example.org")

    assert [letter.to for letter in letters(sent())] == ["frisk@example.org"]


def test_an_address_that_refused_three_newsletters_gets_no_fourth():
    create_subscriber(email="vagrar@example.org")
    create_subscriber(email="frisk@example.org")
    for number in range(3):
        refused = letters(sent(subject_sv=f"Brev {number}")).filter(to="vagrar@example.org")
        assert refused.update(state=Mail.State.FAILED) == 1

    assert [letter.to for letter in letters(sent())] == ["frisk@example.org"]


def test_a_consent_taken_back_while_the_letter_waits_is_respected():
    subscriber = create_subscriber()
    letter = letters(sent()).get()
    Mail.objects.update(state=Mail.State.QUEUED, sent_at=None, not_before=timezone.now())
    operations.stop_mail(key=f"subscriber:{subscriber.pk}", now=timezone.now())

    assert send_one(mail_id=letter.pk) is False
    letter.refresh_from_db()
    assert letter.state == Mail.State.DROPPED


# --- What stands in it ----------------------------------------------------------------------


def test_the_letter_in_the_readers_language():
    article = create_article(texts={"sv": text(title="Nytt beslut", lead="Kort.")})
    event = events.event(title_sv="Frukost", title_en="Breakfast")
    create_subscriber(email="sv@example.org", language="sv")
    create_subscriber(email="en@example.org", language="en")

    newsletter = sent(
        subject_sv="Brev i mars",
        subject_en="Letter of March",
        intro_sv="<p>Hej på <a href='https://example.org/'>er</a></p>",
        articles=[article],
        event_keys=[event.slug],
    )

    english, swedish = letters(newsletter)
    assert (english.subject, swedish.subject) == ("Letter of March", "Brev i mars")
    assert "Hej på er (https://example.org/)" in swedish.text
    assert "Nytt beslut" in swedish.text
    assert "Frukost" in swedish.text
    assert "Breakfast" in english.text
    assert f"/en/events/{event.slug}/" in english.html


def test_a_letter_in_one_language_goes_to_all():
    create_subscriber(email="en@example.org", language="en")

    letter = letters(sent(subject_sv="Brev", subject_en="")).get()

    assert (letter.subject, letter.language) == ("Brev", "sv")


def test_links_to_our_own_pages_name_the_host(settings):
    create_subscriber()
    intro = '<p><a href="/bli-medlem/">Bli medlem</a></p>'

    letter = letters(sent(intro_sv=intro)).get()

    assert f"Bli medlem ({settings.SITE_URL}/bli-medlem/)" in letter.text
    links = [link.get("href") for link in html.fromstring(letter.html).cssselect("a")]
    assert f"{settings.SITE_URL}/bli-medlem/" in links
    assert [link for link in links if link.startswith("/")] == []


def test_an_article_that_is_withdrawn_while_the_letters_are_written_is_left_out():
    create_subscriber()
    article = create_article(texts={"sv": text(title="Nytt beslut")})
    newsletter = create_newsletter(articles=[article])
    operations.send_newsletter(newsletter=newsletter, by=None, now=NOW)
    operations.withdraw(article=article, by=None, now=NOW)

    operations.deliver(newsletter_id=newsletter.pk, now=NOW)

    assert "Nytt beslut" not in letters(newsletter).get().text


def test_no_picture_no_script_and_no_counted_link():
    create_subscriber()
    article = create_article()

    letter = letters(sent(articles=[article])).get()

    page = html.fromstring(letter.html)
    assert page.cssselect("img, script, link, iframe") == []
    links = {link.get("href").split("?")[0] for link in page.cssselect("a")}
    assert article.edition("sv").canonical_url in links
    assert "?" not in "".join(link.get("href") for link in page.cssselect("a"))


def test_mail_programs_are_told_how_to_end_it_by_one_press(django_capture_on_commit_callbacks):
    create_subscriber()
    with django_capture_on_commit_callbacks(execute=True):
        sent()

    (letter,) = outbox.outbox
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert url in letter.body


# --- Sending --------------------------------------------------------------------------------


def test_killed_half_way_the_rest_is_written_and_nobody_gets_two(monkeypatch):
    for number in range(3):
        create_subscriber(email=f"{number}@example.org")
    newsletter = create_newsletter()
    operations.send_newsletter(newsletter=newsletter, by=None, now=NOW)
    write = operations.newsletters.emails.letter

    def die_at_the_last(row, reader, written):
        if reader.email == "2@example.org":
            raise SystemExit
        return write(row, reader, written)

    monkeypatch.setattr(operations.newsletters, "AT_ONCE", 1)
    monkeypatch.setattr(operations.newsletters.emails, "letter", die_at_the_last)
    with pytest.raises(SystemExit):
        operations.deliver(newsletter_id=newsletter.pk, now=NOW)
    monkeypatch.undo()
    assert letters(newsletter).count() == 2

    assert operations.deliver_unfinished(now=NOW) == 1
    assert letters(newsletter).count() == 3
    newsletter.refresh_from_db()
    assert newsletter.state == Newsletter.State.SENT


def test_sending_twice_sends_once():
    create_subscriber()
    newsletter = sent()

    again = operations.send_newsletter(newsletter=newsletter, by=None, now=NOW + timedelta(days=1))

    assert again.sent_at == NOW


def test_nobody_to_send_to():
    with pytest.raises(operations.NobodyToSendTo):
        operations.send_newsletter(newsletter=create_newsletter(), by=None, now=NOW)


def test_nothing_written():
    create_subscriber()

    with pytest.raises(operations.NothingWritten):
        operations.send_newsletter(newsletter=create_newsletter(intro_sv=""), by=None, now=NOW)


@pytest.mark.parametrize("published_at", [None, NOW + timedelta(days=1)])
def test_an_article_that_nobody_could_open(editor, published_at):
    """A draft or one to come: the letter can be looked at, but it does not leave."""
    create_subscriber()
    draft = create_article(texts={"sv": text(title="Snart")}, published_at=published_at)
    newsletter = create_newsletter(articles=[draft])

    with pytest.raises(operations.NotPublished) as refused:
        operations.send_newsletter(newsletter=newsletter, by=None, now=NOW)

    assert "Snart" in refused.value.message
    assert editor.get(page_of("preview", newsletter.pk, "sv")).status_code == 200
    newsletter.refresh_from_db()
    assert newsletter.state == Newsletter.State.DRAFT


def test_writing_costs_the_same_few_queries_for_each_reader():
    """What stands in the letter is read once for all."""
    articles = [create_article(texts={"sv": text(title=f"Artikel {n}")}) for n in range(3)]

    def cost(readers: int) -> int:
        for number in range(readers):
            create_subscriber(email=f"{readers}-{number}@example.org")
        newsletter = create_newsletter(articles=articles)
        operations.send_newsletter(newsletter=newsletter, by=None, now=NOW)
        with CaptureQueriesContext(connection) as asked:
            operations.deliver(newsletter_id=newsletter.pk, now=NOW)
        return len(asked)

    one, eleven = cost(1), cost(10)
    per_reader = (eleven - one) / 10
    assert per_reader <= 4


def test_a_test_goes_to_me_in_each_language():
    editor = create_editor()
    newsletter = create_newsletter(subject_en="Letter")

    made = operations.send_test(newsletter=newsletter, by=editor, now=NOW)

    assert {(letter.to, letter.subject) for letter in made} == {
        (editor.email, "Prov: Brev i mars"),
        (editor.email, "Test: Letter"),
    }
    assert newsletter.state == Newsletter.State.DRAFT


# --- The editor's pages ---------------------------------------------------------------------


@pytest.fixture
def editor(client):
    client.force_login(create_editor())
    return client


def page_of(name: str, *arguments: object) -> str:
    return reverse(f"admin:news_newsletter_{name}", args=arguments)


def test_compose_look_and_send(editor, django_capture_on_commit_callbacks):
    create_subscriber()
    now = timezone.now()
    event = events.event(published_at=now, starts_at=now + timedelta(days=9))
    fields = {"subject_sv": "Brev", "intro_sv": "<p>Hej</p>", "event_keys": [event.slug]}

    with django_capture_on_commit_callbacks(execute=True):
        answer = editor.post(page_of("add"), {**fields, "_send": "1"})
        newsletter = Newsletter.objects.get()
        assert answer["Location"] == page_of("send", newsletter.pk)
        assert "to 1 reader who" in " ".join(editor.get(answer["Location"]).text.split())
        assert "Hej" in editor.get(page_of("preview", newsletter.pk, "sv")).text
        editor.post(answer["Location"])

    newsletter.refresh_from_db()
    assert newsletter.state == Newsletter.State.SENT
    assert newsletter.event_keys == [event.slug]
    assert [letter.subject for letter in outbox.outbox] == ["Brev"]
    shown = editor.get(page_of("change", newsletter.pk)).text
    assert "sent: 1" in shown


def test_what_is_sent_stays_as_it_is(editor):
    create_subscriber()
    newsletter = sent()

    answer = editor.post(page_of("change", newsletter.pk), {"subject_sv": "Ändrad"})

    assert answer.status_code == 403
    assert editor.post(page_of("delete", newsletter.pk), {"post": "yes"}).status_code == 403


def test_no_earlier_version_makes_a_sent_letter_a_draft_again(editor):
    create_subscriber()
    newsletter = sent()
    first = newsletter.history.earliest()
    earlier = page_of("simple_history", newsletter.pk, first.pk)

    answer = editor.post(earlier, {"subject_sv": "Annat", "intro_sv": "<p>Annat</p>"})

    assert answer.status_code == 403
    assert editor.get(earlier).status_code == 200
    newsletter.refresh_from_db()
    assert (newsletter.subject_sv, newsletter.sent_at) == ("Brev i mars", NOW)


def test_pressing_twice_sends_once_and_shows_how_far_it_is(editor):
    create_subscriber()
    newsletter = create_newsletter()

    answers = [editor.post(page_of("send", newsletter.pk)) for _press in range(2)]
    answers.append(editor.get(page_of("send", newsletter.pk)))

    assert {answer["Location"] for answer in answers} == {page_of("change", newsletter.pk)}
    operations.deliver_unfinished(now=timezone.now())
    assert letters(newsletter).count() == 1


def test_refused_addresses_are_shown(editor):
    create_subscriber(email="vagrar@example.org")
    newsletter = sent()
    letters(newsletter).update(state=Mail.State.FAILED, sent_at=None, problem="550 no such user")

    assert (
        "vagrar@example.org: 550 no such user" in editor.get(page_of("change", newsletter.pk)).text
    )
    subscribers = editor.get(reverse("admin:news_subscriber_changelist")).text
    assert '<td class="field-refused">1</td>' in subscribers


def test_a_test_from_the_editors_page(editor):
    newsletter = create_newsletter()

    editor.post(
        page_of("change", newsletter.pk),
        {"subject_sv": "Brev", "intro_sv": "<p>Hej</p>", "_test": "1"},
    )

    assert list(Mail.objects.values_list("to", "subject")) == [
        ("redaktor@example.org", "Prov: Brev")
    ]


@pytest.mark.parametrize("name", ["preview", "send"])
def test_others_see_neither_letter_nor_button(client, name):
    newsletter = create_newsletter()
    client.force_login(members.staff())
    arguments = [newsletter.pk, "sv"] if name == "preview" else [newsletter.pk]

    assert client.get(page_of(name, *arguments)).status_code == 403


def test_the_list_of_subscribers_is_only_read(editor):
    subscriber = create_subscriber()
    change = reverse("admin:news_subscriber_change", args=[subscriber.pk])

    assert editor.post(change, {"email": "x@example.org"}).status_code == 403
    assert Subscriber.objects.get().email == subscriber.email
