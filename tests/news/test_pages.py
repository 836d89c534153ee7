import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from lxml import html

from news import first_rows
from news.models import Page
from tests.factories.news import create_editor, create_page

pytestmark = pytest.mark.django_db


def get(client, url: str):
    answer = client.get(url)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def address(slug: str, language: str = "sv") -> str:
    with translation.override(language):
        return reverse("page", args=[slug])


# --- The first ones -------------------------------------------------------------------------


def test_the_site_comes_with_its_pages():
    assert set(Page.objects.values_list("code", flat=True)) == {
        code for code, *_ in first_rows.PAGES
    }


def test_what_staff_wrote_stays_when_the_first_rows_are_written_again():
    Page.objects.filter(code="about").update(title_sv="Om föreningen")

    first_rows.create(apps)

    assert Page.objects.get(code="about").title_sv == "Om föreningen"
    assert Page.objects.count() == len(first_rows.PAGES)


@pytest.mark.parametrize("code", [code for code, *_ in first_rows.PAGES])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_each_can_be_read_in_both_languages(client, code, language):
    page = Page.objects.get(code=code)

    shown = get(client, page.edition(language).url)

    assert shown.get("lang") == language
    assert shown.cssselect("h1")[0].text == getattr(page, f"title_{language}")
    assert len(shown.cssselect(".prose h2, .benefits h2")) > 0


@pytest.mark.parametrize("code", [code for code, *_ in first_rows.PAGES])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_links_in_them_lead_somewhere(client, code, language):
    shown = get(client, Page.objects.get(code=code).edition(language).url)
    links = [link.get("href") for link in shown.cssselect(".prose a")]
    ours = [link for link in links if link.startswith("/")]

    statuses = {link: client.get(link).status_code for link in ours}

    assert {link: status for link, status in statuses.items() if status not in {200, 302}} == {}
    assert all(link.startswith("/en/") == (language == "en") for link in ours)


def test_the_contact_page_shows_the_facts_of_the_association(client):
    facts = get(client, "/kontakt/").cssselect(".facts")[0].text_content()

    assert "802999-9995" in facts
    assert "111 11 Stockholm" in facts


def test_the_start_page_says_what_staff_wrote(client, django_assert_num_queries):
    client.get("/")
    Page.objects.filter(code="start").update(
        title_sv="Välkommen", lead_sv="Till oss.", body_sv="<h2>Därför</h2><ul><li>Så</li></ul>"
    )

    shown = get(client, "/")

    assert shown.cssselect("h1")[0].text_content() == "Välkommen"
    assert shown.cssselect(".hero .lead")[0].text_content() == "Till oss."
    assert [item.text_content() for item in shown.cssselect(".benefits li")] == ["Så"]
    with django_assert_num_queries(7):  # two of them for the footer
        client.get("/")


def test_the_page_of_the_start_page_has_no_address_of_its_own(client):
    assert client.get("/start/")["Location"] == "/"
    assert client.get("/en/start/")["Location"] == "/en/"
    assert "/start/" not in client.get("/sitemap.xml").text


@pytest.mark.parametrize("change", [{"is_shown": False}, {"code": "other"}])
def test_without_its_texts_the_start_page_still_opens(client, change):
    Page.objects.filter(code="start").update(**change)

    assert get(client, "/").cssselect("h1")[0].text_content() == "Forum för Dataskydd"


# --- Reading --------------------------------------------------------------------------------


def test_an_address_it_had_before_leads_to_the_one_it_has(client):
    page = create_page(slug_sv="natverk")
    page.slug_sv = "lokala-grupper"
    page.save()

    answer = client.get("/natverk/")

    assert (answer.status_code, answer["Location"]) == (301, "/lokala-grupper/")


def test_the_address_of_the_other_language_leads_to_the_own_one(client):
    answer = client.get("/en/om-oss/")

    assert (answer.status_code, answer["Location"]) == (301, "/en/about/")


def test_the_link_to_the_other_language_leads_there_at_once(client):
    links = get(client, "/om-oss/").cssselect(".service-bar a[hreflang=en]")

    assert [link.get("href") for link in links] == ["/en/about/"]


def test_a_page_in_one_language_says_so_to_the_readers_of_the_other(client):
    create_page(slug_sv="lokala-natverk", title_sv="Lokala nätverk")

    shown = get(client, "/en/lokala-natverk/")

    assert "This page is in Swedish only." in shown.cssselect(".notice")[0].text_content()
    assert shown.cssselect("article")[0].get("lang") == "sv"


def test_a_hidden_page_is_for_editors(client):
    create_page(slug_sv="utkast", is_shown=False)

    assert client.get("/utkast/").status_code == 404
    client.force_login(create_editor())
    assert get(client, "/utkast/").cssselect("meta[name=robots]")[0].get("content") == "noindex"


def test_no_such_page(client):
    assert client.get("/det-har-finns-inte/").status_code == 404


def test_the_footer_names_the_shown_pages_in_their_columns(client):
    create_page(slug_sv="natverk", title_sv="Nätverk", place="association", position=5)
    create_page(slug_sv="hemlig", title_sv="Hemlig", place="association", is_shown=False)
    create_page(slug_sv="los", title_sv="Lös")

    footer = get(client, "/om-oss/").cssselect("footer")[0]
    links = [link.text for link in footer.cssselect("a")]

    assert [name for name in links if name in {"Nätverk", "Om oss", "Hemlig", "Lös"}] == [
        "Nätverk",
        "Om oss",
    ]
    assert "802999-9995" in footer.text_content()


# --- Writing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug_sv", "slug_en"), [("nyheter", ""), ("en", ""), ("", "news"), ("demo", "")]
)
def test_no_page_takes_the_address_of_another_part_of_the_site(slug_sv, slug_en):
    page = Page(
        title_sv="Ny",
        slug_sv=slug_sv or "ny",
        body_sv="<p>Text</p>",
        title_en="New",
        slug_en=slug_en or "brand-new",
        body_en="<p>Text</p>",
    )

    with pytest.raises(ValidationError) as refusal:
        page.full_clean()

    assert list(refusal.value.message_dict) == ["slug_sv" if slug_sv else "slug_en"]


def test_a_page_needs_a_text():
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        Page(title_sv="Tom").full_clean()

    assert refusal.value.messages == ["A page needs a title and a text in at least one language."]


def test_only_clean_html_is_stored():
    page = create_page(body_sv="<p onclick='x()'>Text<script>alert(1)</script></p>")

    assert page.body_sv == "<p>Text</p>"


def test_staff_write_a_page(client):
    client.force_login(create_editor())

    answer = client.post(
        reverse("admin:news_page_add"),
        {
            "title_sv": "Lokala nätverk",
            "body_sv": "<p>Vi träffas.</p>",
            "is_shown": "on",
            "position": 50,
        },
    )

    assert answer.status_code == 302
    assert "Vi träffas." in get(client, "/lokala-natverk/").cssselect(".prose")[0].text_content()


def test_earlier_versions_are_kept_and_come_back(client):
    client.force_login(create_editor())
    page = create_page(body_sv="<p>Först.</p>")
    page.body_sv = "<p>Sedan.</p>"
    page.save()
    first = page.history.earliest()

    url = reverse("admin:news_page_simple_history", args=[page.pk, first.pk])
    shown = get(client, url)
    fields = {
        field.get("name"): field.text or field.get("value") or ""
        for field in shown.cssselect("textarea, input[name=position]")
    }
    client.post(url, {**fields, "title_sv": page.title_sv, "slug_sv": page.slug_sv})

    assert Page.objects.get(pk=page.pk).body_sv == "<p>Först.</p>"


@pytest.mark.parametrize(("code", "may"), [("about", False), ("", True)])
def test_pages_that_the_site_links_to_cannot_be_deleted(client, code, may):
    client.force_login(create_editor())
    page = Page.objects.filter(code="about").get() if code else create_page()

    answer = client.post(reverse("admin:news_page_delete", args=[page.pk]), {"post": "yes"})

    assert answer.status_code == (302 if may else 403)
    assert Page.objects.filter(pk=page.pk).exists() is not may


@pytest.mark.parametrize("name", ["add", "changelist"])
def test_the_editors_pages_open(client, name):
    client.force_login(create_editor())

    assert client.get(reverse(f"admin:news_page_{name}")).status_code == 200
