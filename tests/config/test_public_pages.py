"""What machines are told of the public pages: caches, search engines, those who share a link."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import etree, html

from news.models import Article, Page
from tests.factories import events, members
from tests.factories.news import ago, create_article, create_page, text

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def head(answer) -> dict[str, str]:
    page = html.fromstring(answer.content.decode())
    links, metas = page.xpath("//head/link"), page.xpath("//head/meta[@property]")
    found = {link.get("hreflang") or link.get("rel"): link.get("href") for link in links}
    return found | {meta.get("property"): meta.get("content") for meta in metas}


# --- Caches ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/nyheter/", "/evenemang/", "/om-oss/", "/sitemap.xml"]
)
def test_what_all_see_alike_may_be_kept_for_a_while(client, path):
    answer = client.get(path)

    assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert "Cookie" in answer.headers.get("Vary", "") or path == "/sitemap.xml"
    assert answer.cookies == {}


def test_an_unchanged_page_is_not_sent_again(client):
    first = client.get("/om-oss/")
    again = client.get("/om-oss/", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_an_edit_is_seen_at_once_by_who_asks_with_the_old_page_in_hand(client):
    etag = client.get("/om-oss/").headers["ETag"]
    Page.objects.filter(code="about").update(title_sv="Om föreningen")

    answer = client.get("/om-oss/", headers={"If-None-Match": etag})

    assert answer.status_code == 200
    assert "Om föreningen" in answer.content.decode()


@pytest.mark.parametrize("name", ["account_login", "events:cart"])
def test_a_page_with_a_secret_is_nobody_elses(client, name):
    """A form carries a token of its reader."""
    answer = client.get(reverse(name))

    assert "public" not in answer.headers.get("Cache-Control", "")
    assert not answer.has_header("Content-Encoding")


def test_a_page_for_somebody_with_a_session_is_nobody_elses(client):
    session = client.session
    session["something"] = 1
    session.save()

    assert "public" not in client.get("/").headers.get("Cache-Control", "")


def test_a_page_for_somebody_logged_in_is_kept_by_nobody(client):
    client.force_login(members.person())

    answer = client.get("/")

    assert answer.headers["Cache-Control"] == "no-store, private"
    assert not answer.has_header("ETag")


def test_pages_travel_compressed():
    answer = Client(headers={"Accept-Encoding": "gzip"}).get("/om-oss/")

    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < 8000


# --- Search engines and sharing -------------------------------------------------------------


def test_a_page_names_its_address_and_those_of_its_translations(client, settings):
    site = settings.SITE_URL

    told = head(client.get("/en/about/?utm_source=x"))

    assert told["canonical"] == f"{site}/en/about/"
    assert (told["sv"], told["en"]) == (f"{site}/om-oss/", f"{site}/en/about/")
    assert (told["og:url"], told["og:title"]) == (f"{site}/en/about/", "About us")


def test_the_second_page_of_a_list_is_a_page_of_its_own(client, settings):
    assert head(client.get("/nyheter/?page=2&x=1"))["canonical"].endswith("/nyheter/?page=2")
    assert head(client.get("/nyheter/?page=<b>"))["canonical"].endswith("/nyheter/")


def test_a_text_in_one_language_has_one_address(client, settings):
    create_page(slug_sv="natverk", title_sv="Nätverk")

    told = head(client.get("/en/natverk/"))

    assert told["canonical"] == f"{settings.SITE_URL}/natverk/"
    assert "en" not in told


@pytest.mark.parametrize("path", ["/konto/login/", "/finns-inte/"])
def test_other_pages_name_none(client, path):
    assert "canonical" not in head(client.get(path))


def test_robots_are_told_where_the_list_of_pages_is(client, settings):
    lines = client.get("/robots.txt").text.splitlines()

    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /mina-sidor/", "Disallow: /en/my-pages/"} <= set(lines)
    assert lines[-1] == f"Sitemap: {settings.SITE_URL}/sitemap.xml"


def sitemap(client) -> dict[str, dict[str, str]]:
    """Each address with the addresses of its languages."""
    tree = etree.fromstring(client.get("/sitemap.xml").content)
    assert tree.tag == f"{{{NAMES['s']}}}urlset"
    return {
        url.findtext("s:loc", namespaces=NAMES): {
            link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", NAMES)
        }
        for url in tree
    }


def test_the_sitemap_names_every_page_in_its_languages(client, settings):
    site, now = settings.SITE_URL, timezone.now()
    create_article(texts={"sv": text(title="Bara svensk")}, published_at=ago(days=40))
    create_article(texts={"sv": text(title="Kommer")}, published_at=now + timedelta(days=1))
    event = events.event(published_at=ago(days=3))
    create_page(slug_sv="hemlig", is_shown=False)

    found = sitemap(client)

    year = Article.objects.order_by("pk")[0].year
    assert found[f"{site}/nyheter/{year}/bara-svensk/"] == {}
    both = {"sv": f"{site}/om-oss/", "en": f"{site}/en/about/"}
    assert found[both["sv"]] == found[both["en"]] == both
    assert f"{site}/en/events/{event.slug}/" in found
    assert not [address for address in found if "hemlig" in address or "kommer" in address]


def test_every_address_of_the_sitemap_opens(client, settings):
    create_article(published_at=ago(days=2))
    events.event(published_at=ago(days=3))

    statuses = {
        url: client.get(url.removeprefix(settings.SITE_URL)).status_code for url in sitemap(client)
    }

    assert set(statuses.values()) == {200}
    assert len(statuses) > 20


def test_the_sitemap_costs_the_same_for_many(client, django_assert_num_queries):
    for number in range(12):
        create_article(texts={"sv": text(title=f"Artikel {number}")}, published_at=ago(days=number))

    with django_assert_num_queries(3):
        client.get("/sitemap.xml")


@pytest.mark.parametrize("logged_in", [False, True])
def test_a_null_byte_in_the_address_is_a_bad_request(client, logged_in):
    if logged_in:
        client.force_login(members.person())

    for address in ["/?q=%00", "/nyheter/%00/", "/admin/?q=%00"]:
        assert client.get(address).status_code in {400, 404}, address


# --- When we work on the site ---------------------------------------------------------------


def test_while_we_work_on_the_site_every_page_says_so(client, settings, django_assert_num_queries):
    settings.MAINTENANCE = True

    with django_assert_num_queries(0):
        answers = [client.get(path) for path in ("/", "/en/events/", "/finns-inte/", "/admin/")]

    assert {answer.status_code for answer in answers} == {503}
    assert all("Vi arbetar med webbplatsen" in answer.text for answer in answers)
    assert answers[0].headers["Retry-After"] == "300"


def test_the_probe_answers_while_we_work(client, settings):
    settings.MAINTENANCE = True

    assert client.get("/healthz").status_code == 200
