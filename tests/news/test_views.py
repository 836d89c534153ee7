import datetime as dt
import json
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation
from lxml import etree, html

from news import operations, previews
from news.models import Article
from news.operations import SourceEntry
from tests.factories import events
from tests.factories.news import (
    ago,
    create_article,
    create_articles,
    create_editor,
    create_topic,
    text,
)

pytestmark = pytest.mark.django_db

BOTH = {"sv": text(title="Svensk rubrik"), "en": text(title="English title")}


def address(name: str, *args: object, language: str = "sv") -> str:
    with translation.override(language):
        return reverse(f"news:{name}", args=args)


def get(client, url: str, *, status: int = 200) -> html.HtmlElement:
    response = client.get(url)
    assert response.status_code == status
    return html.fromstring(response.content.decode())


def titles(page: html.HtmlElement) -> list[str]:
    return [link.text_content().strip() for link in page.cssselect(".teaser h2 a")]


def words(page: html.HtmlElement, selector: str) -> str:
    [element] = page.cssselect(selector)
    return " ".join(element.text_content().split())


def search(client, words: str) -> list[str]:
    response = client.get(address("search"), {"q": words})
    return titles(html.fromstring(response.content.decode()))


# --- One article ----------------------------------------------------------------------------


def test_an_article_as_it_is_read(client):
    editor = create_editor()
    topic = create_topic()
    article = create_article(
        texts={"sv": text(title="Rubrik", lead="Ingress.", body="<h2>Mellan</h2><p>Text.</p>")},
        author=editor,
        topics=[topic],
        sources=[SourceEntry("IMY", url="https://www.imy.se/"), SourceEntry("Utan länk")],
        published_at=dt.datetime(2026, 3, 9, 23, 30, tzinfo=dt.UTC),
    )

    page = get(client, address("article", 2026, "rubrik"))

    assert article.edition("sv").url == address("article", 2026, "rubrik")
    assert page.cssselect("h1")[0].text_content() == "Rubrik"
    assert page.cssselect(".lead")[0].text_content() == "Ingress."
    assert [tag.text for tag in page.cssselect(".prose > h2, .prose > p")][:2] == [
        "Mellan",
        "Text.",
    ]
    assert words(page, ".byline").startswith("Rut Redaktör · 10 mars 2026")
    assert [
        (item.text_content(), [link.get("href") for link in item.cssselect("a")])
        for item in page.cssselect(".sources li")
    ] == [("IMY", ["https://www.imy.se/"]), ("Utan länk", [])]
    assert [link.text for link in page.cssselect(".tags a")] == ["Tillsyn"]


def test_an_article_without_author_is_the_association_s(client):
    create_article(texts={"sv": text(title="Rubrik")}, published_at=ago(days=1))

    page = get(client, Article.objects.get().edition("sv").url)

    assert (
        page.cssselect(".byline")[0].text_content().split("·")[0].strip() == "Forum för Dataskydd"
    )


@pytest.mark.parametrize(
    "published_at", [None, timezone.now() + dt.timedelta(days=300)], ids=["draft", "scheduled"]
)
def test_what_is_not_published_is_not_there(client, published_at):
    create_article(texts={"sv": text(title="Rubrik")}, published_at=published_at)
    year = published_at.year if published_at else timezone.localdate().year

    get(client, address("article", year, "rubrik"), status=404)
    assert titles(get(client, address("list"))) == []


def moved(article: Article, slug: str) -> str:
    """Its address from before."""
    old = article.edition("sv").url
    article.slug_sv = slug
    article.save()
    return old


def test_an_address_it_had_before_leads_to_the_one_it_has(client):
    article = create_article(published_at=ago(days=2))
    old = moved(article, "ny-adress")

    answer = client.get(old)

    assert (answer.status_code, answer["Location"]) == (301, article.edition("sv").url)
    assert answer["Location"].endswith("/ny-adress/")


def test_an_address_belongs_first_to_the_article_that_has_it_today(client):
    old = moved(create_article(published_at=ago(days=2)), "ny-adress")
    heir = create_article(published_at=ago(days=1), texts={"sv": text(title="Ny vägledning")})

    assert heir.edition("sv").url == old
    assert client.get(old).status_code == 200


@pytest.mark.parametrize(("unpublished_at", "status"), [(None, 404), (ago(days=1), 410)])
def test_an_address_from_before_tells_no_more_than_the_one_of_today(client, unpublished_at, status):
    article = create_article(published_at=ago(days=2))
    old = moved(article, "ny-adress")
    if unpublished_at is None:
        article.published_at = None
    article.unpublished_at = unpublished_at
    article.save()

    assert client.get(old).status_code == status


def test_what_is_withdrawn_is_gone_and_says_so(client):
    article = create_article(texts={"sv": text(title="Rubrik")}, published_at=ago(days=2))
    operations.withdraw(article=article, by=None, now=timezone.now())

    page = get(client, article.edition("sv").url, status=410)

    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex"
    assert titles(get(client, address("list"))) == []


@pytest.mark.parametrize("slug", ["finns-inte", "svensk", "svensk-rubrik-2"])
def test_unknown_addresses(client, slug):
    create_article(texts=BOTH)

    get(client, address("article", 2026, slug), status=404)


def test_an_article_has_one_address_in_each_language(client):
    article = create_article(texts=BOTH, published_at=ago(days=1))
    swedish, english = article.edition("sv").url, article.edition("en").url
    assert swedish.endswith("/svensk-rubrik/")
    assert english.startswith("/en/news/")
    assert english.endswith("/english-title/")

    for asked in (
        address("article", 1999, "svensk-rubrik"),
        address("article", article.year, "english-title"),
    ):
        answer = client.get(asked)
        assert (answer.status_code, answer["Location"]) == (301, swedish)
    answer = client.get(address("article", article.year, "svensk-rubrik", language="en"))
    assert (answer.status_code, answer["Location"]) == (301, english)


def test_the_same_slug_in_two_languages_leads_to_the_reader_s_own(client):
    create_article(texts={"en": text(title="AI")}, published_at=ago(days=1))
    create_article(texts={"sv": text(title="AI", lead="Svensk.")}, published_at=ago(days=1))

    page = get(client, address("article", ago(days=1).year, "ai"))

    assert page.cssselect(".lead")[0].text_content() == "Svensk."


def test_an_article_in_the_other_language_says_so(client):
    create_article(texts={"sv": text(title="Rubrik")}, published_at=ago(days=1))
    edition = Article.objects.get().edition("en")

    page = get(client, edition.url)

    assert page.get("lang") == "en"
    assert page.cssselect(".notice")[0].text_content().strip() == str(edition.language_notice)
    assert page.cssselect("article > [lang=sv] h1")[0].text_content() == "Rubrik"
    assert page.cssselect("link[rel=canonical]")[0].get("href") == edition.canonical_url
    assert edition.canonical_url.endswith(Article.objects.get().edition("sv").url)


def test_what_machines_read(client, settings):
    article = create_article(
        texts={
            "sv": text(title="</script><b>&", lead="Kort & gott"),
            "en": text(title="English"),
        },
        sources=[SourceEntry("IMY", url="https://www.imy.se/")],
        published_at=ago(days=1),
    )
    edition = article.edition("sv")

    page = get(client, edition.url)

    head = page.find("head")
    assert (
        head.cssselect("link[rel=canonical]")[0].get("href")
        == f"http://localhost:8000{edition.url}"
    )
    assert {
        link.get("hreflang"): link.get("href") for link in head.cssselect("link[hreflang]")
    } == {
        "sv": edition.canonical_url,
        "en": article.edition("en").canonical_url,
    }
    og = {tag.get("property"): tag.get("content") for tag in head.cssselect("meta[property]")}
    assert (og["og:type"], og["og:title"], og["og:locale"]) == ("article", "</script><b>&", "sv_SE")
    assert head.cssselect("meta[name=description]")[0].get("content") == "Kort & gott"
    data = json.loads(head.cssselect("script[type='application/ld+json']")[0].text)
    assert (data["@type"], data["headline"], data["citation"]) == (
        "Article",
        "</script><b>&",
        ["https://www.imy.se/"],
    )


def test_related_articles(client):
    topic = create_topic()
    article = create_article(texts=BOTH, topics=[topic], published_at=ago(days=3))
    create_article(texts={"sv": text(title="Annan")}, topics=[topic], published_at=ago(days=2))
    create_article(texts={"sv": text(title="Utkast")}, topics=[topic], published_at=None)

    page = get(client, article.edition("sv").url)

    assert [link.text_content().strip() for link in page.cssselect(".teaser h3 a")] == ["Annan"]


# --- Preview --------------------------------------------------------------------------------


def test_a_preview_shows_a_draft_to_whoever_holds_the_link(client):
    article = create_article(texts={"sv": text(title="Utkast")}, published_at=None)

    response = client.get(previews.link(article, language="sv"))

    page = html.fromstring(response.content.decode())
    assert page.cssselect("h1")[0].text_content() == "Utkast"
    assert page.cssselect("meta[name=robots]")[0].get("content") == "noindex"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_a_preview_link_expires(client, time_machine):
    time_machine.move_to("2026-03-10T12:00Z", tick=False)
    link = previews.link(create_article(), language="sv")

    time_machine.move_to("2026-03-17T12:00Z", tick=False)
    get(client, link, status=200)
    time_machine.move_to("2026-03-17T12:00:01Z", tick=False)
    get(client, link, status=410)


def test_a_forged_preview_link_leads_nowhere(client):
    link = previews.link(create_article(), language="sv")

    get(client, f"{link[:-2]}x/", status=404)


def test_a_preview_of_a_deleted_article_leads_nowhere(client):
    article = create_article()
    link = previews.link(article, language="sv")
    article.delete()

    get(client, link, status=404)


# --- Lists ----------------------------------------------------------------------------------


def test_the_newest_first_ten_a_page(client):
    create_articles(12)

    assert titles(get(client, address("list"))) == [f"Artikel {n}" for n in range(10)]
    assert titles(get(client, address("list") + "?page=2")) == ["Artikel 10", "Artikel 11"]


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1e9", "%01"])
def test_any_page_number_is_answered(client, number):
    create_articles(1)

    assert titles(get(client, f"{address('list')}?page={number}")) == ["Artikel 0"]


def test_a_list_tells_what_is_in_the_other_language(client):
    create_article(texts={"sv": text(title="Bara svensk")}, published_at=ago(days=1))

    page = get(client, address("list", language="en"))

    assert titles(page) == ["Bara svensk"]
    assert page.cssselect(".teaser h2[lang=sv]")
    assert "This article is in Swedish only." in page.cssselect(".teaser")[0].text_content()


def test_the_archive_of_a_year(client):
    create_article(
        texts={"sv": text(title="Då")}, published_at=dt.datetime(2021, 11, 30, tzinfo=dt.UTC)
    )
    create_article(texts={"sv": text(title="Nu")}, published_at=ago(days=1))

    assert titles(get(client, address("archive", 2021))) == ["Då"]
    assert [link.text for link in get(client, address("list")).cssselect(".tags a")] == [
        str(ago(days=1).year),
        "2021",
    ]
    get(client, address("archive", 2020), status=404)


@pytest.mark.parametrize("year", ["0000", "9999", "99999", "20"])
def test_years_out_of_the_calendar_are_no_error(client, year):
    create_articles(1)

    assert client.get(f"{address('list')}{year}/").status_code == 404
    assert client.get(f"{address('list')}{year}/x/").status_code == 404


def test_the_list_of_a_topic(client):
    topic = create_topic()
    create_article(texts={"sv": text(title="Om tillsyn")}, topics=[topic], published_at=ago(days=1))
    create_article(texts={"sv": text(title="Annat")}, published_at=ago(days=1))

    assert titles(get(client, address("topic", "tillsyn"))) == ["Om tillsyn"]
    answer = client.get(address("topic", "supervision"))
    assert (answer.status_code, answer["Location"]) == (301, address("topic", "tillsyn"))
    get(client, address("topic", "finns-inte"), status=404)


def test_topics_without_published_articles_are_not_offered(client):
    create_article(topics=[create_topic()], published_at=None)
    create_articles(1)

    assert [link.text for link in get(client, address("list")).cssselect(".tags a")] == ["2026"]


def test_an_empty_list(client):
    assert get(client, address("list")).cssselect(".empty-state")


@pytest.mark.parametrize("name", ["list", "feed", "search"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_read(client, name, method):
    assert getattr(client, method)(address(name)).status_code == 405


@pytest.mark.parametrize("rows", [1, 10, 1000])
def test_pages_ask_as_few_questions_with_a_thousand_articles(
    client, django_assert_num_queries, rows
):
    topic = create_topic()
    create_articles(rows)
    articles = list(Article.objects.newest_first())
    topic.articles.set(articles)
    edition = articles[0].edition("sv")

    with django_assert_num_queries(6):
        client.get(address("list"))
    with django_assert_num_queries(7):
        client.get(address("topic", "tillsyn"))
    with django_assert_num_queries(7):
        client.get(address("archive", 2026))
    with django_assert_num_queries(6):
        client.get(f"{address('search')}?q=text")
    with django_assert_num_queries(2):
        client.get(address("feed"))
    with django_assert_num_queries(6):
        client.get(edition.url)


# --- Search ---------------------------------------------------------------------------------


@pytest.fixture
def findable():
    create_article(
        texts={
            "sv": text(title="Ny vägledning om kamerabevakning", body="<p>Årsmötet beslöt.</p>"),
            "en": text(title="Guidance on cameras", body="<p>The annual meeting decided.</p>"),
        },
        published_at=ago(days=1),
    )
    create_article(
        texts={"sv": text(title="Kakor", lead="Om samtycke till kakor")}, published_at=ago(days=2)
    )
    create_article(texts={"sv": text(title="Kamera i utkast")}, published_at=None)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kamera", ["Ny vägledning om kamerabevakning"]),
        ("KAMERABEVAKNING", ["Ny vägledning om kamerabevakning"]),
        ("årsmötet", ["Ny vägledning om kamerabevakning"]),
        ("ÅRSMÖTET", ["Ny vägledning om kamerabevakning"]),
        ("meeting", ["Ny vägledning om kamerabevakning"]),
        ("samtycke kakor", ["Kakor"]),
        ("kakor kamera", []),
        ("finns inte", []),
        ("%", []),
        ("'; drop table", []),
        ("!&|():*<->", []),
    ],
)
def test_search(client, findable, words, found):
    assert search(client, words) == found


@pytest.mark.postgres
@pytest.mark.parametrize("words", ["vägledningarna", "meetings"])
def test_search_knows_the_forms_of_words(client, findable, words):
    response = client.get(address("search"), {"q": words})

    assert titles(html.fromstring(response.content.decode())) == [
        "Ny vägledning om kamerabevakning"
    ]


@pytest.mark.postgres
def test_search_puts_a_title_before_a_text(client):
    create_article(
        texts={"sv": text(title="Annat", body="<p>Tillsyn.</p>")}, published_at=ago(days=1)
    )
    create_article(texts={"sv": text(title="Tillsyn", body="<p>x</p>")}, published_at=ago(days=2))

    assert search(client, "tillsyn") == ["Tillsyn", "Annat"]


@pytest.mark.postgres
def test_search_uses_its_index(db):
    create_articles(500)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Article.objects.search("kamera").explain()

    assert "news_search_sv" in plan
    assert "news_search_en" in plan


def test_a_search_too_long_keeps_what_was_typed(client):
    page = get(client, f"{address('search')}?q={'x' * 101}")

    assert page.cssselect("#id_q")[0].get("value") == "x" * 101
    assert page.cssselect("#id_q_error")


def test_a_search_for_nothing(client):
    create_articles(1)

    assert titles(get(client, address("search"))) == []
    assert titles(get(client, f"{address('search')}?q=%01")) == []


# --- Feed -----------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")


def test_the_feed_is_atom_as_rfc_4287_wants_it(client):
    topic = create_topic()
    article = create_article(
        texts={"sv": text(title="A < B & C", lead="x < y & z"), "en": text(title="English")},
        topics=[topic],
        published_at=ago(days=1),
    )
    create_article(texts={"en": text(title="English only")}, published_at=ago(days=2))

    response = client.get(address("feed"))

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.content)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    for parent in [feed, *feed.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
        assert DATE.fullmatch(parent.findtext(f"{ATOM}updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Forum för Dataskydd"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == [
        f"http://localhost:8000{address('list')}",
        f"http://localhost:8000{address('feed')}",
    ]
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "A < B & C"
    assert entry.find(f"{ATOM}summary").get("type") == "html"
    assert entry.findtext(f"{ATOM}summary") == "x &lt; y &amp; z"
    assert entry.find(f"{ATOM}link").get("href") == article.edition("sv").canonical_url
    assert entry.find(f"{ATOM}category").get("term") == "Tillsyn"


def test_the_feed_of_each_language(client):
    create_article(texts={"sv": text(title="Svensk")}, published_at=ago(days=1))
    create_article(texts=BOTH, published_at=ago(days=2))

    def entries(language: str) -> list[str]:
        feed = etree.fromstring(client.get(address("feed", language=language)).content)
        return [title.text for title in feed.findall(f"{ATOM}entry/{ATOM}title")]

    assert entries("sv") == ["Svensk", "Svensk rubrik"]
    assert entries("en") == ["English title"]


def test_an_entry_keeps_its_id_when_its_title_changes(client):
    article = create_article(published_at=ago(days=1))

    def ids() -> list[str]:
        feed = etree.fromstring(client.get(address("feed")).content)
        return [element.text for element in feed.findall(f"{ATOM}entry/{ATOM}id")]

    before = ids()
    article.title_sv, article.slug_sv = "Ny rubrik", "ny-rubrik"
    article.save()

    assert ids() == before
    assert before[0].startswith("tag:localhost,")


def test_no_cookie_for_a_reader(client):
    create_article(texts=BOTH, published_at=ago(days=1))

    for url in (address("list"), Article.objects.get().edition("sv").url, address("feed")):
        assert client.get(url).cookies == {}


def test_an_article_names_the_events_it_is_about(client):
    now = timezone.now()
    event = events.event(title_sv="Frukost", published_at=now, starts_at=now + dt.timedelta(days=9))
    called_off = events.event(published_at=now, cancelled_at=now)
    article = create_article(published_at=ago(days=1))
    Article.objects.update(event_keys=[event.slug, called_off.slug])

    links = get(client, article.edition("sv").url).cssselect("#related-events ~ ul a")

    assert [link.text for link in links] == ["Frukost"]
