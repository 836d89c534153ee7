import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from news.models import Article, Source, State, Topic
from tests.factories.news import NOW, create_article, create_topic, text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("english"),
]

HOUR = dt.timedelta(hours=1)
COMPLETE = {"title_sv": "T", "slug_sv": "t", "body_sv": "<p>x</p>"}


def succeeds(**fields) -> None:
    Article.objects.bulk_create([Article(**fields)])


def fails(**fields) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        succeeds(**fields)


@pytest.mark.parametrize("lacking", ["title_sv", "slug_sv", "body_sv"])
def test_an_article_is_complete_in_some_language(lacking):
    fails(**{**COMPLETE, lacking: ""})
    fails(**{**COMPLETE, lacking: "", "title_en": "T"})


def test_a_picture_is_described_in_each_language_of_the_article():
    english = {"title_en": "T", "slug_en": "t", "body_en": "<p>x</p>"}

    fails(**COMPLETE, picture="news/a.png")
    fails(**COMPLETE, **english, picture="news/a.png", picture_alt_sv="En sak")
    Article.objects.bulk_create(
        [Article(**COMPLETE, picture="news/a.png", picture_alt_sv="En sak")]
    )


def test_what_is_withdrawn_was_published_before():
    fails(**COMPLETE, unpublished_at=NOW)
    fails(**COMPLETE, published_at=NOW, unpublished_at=NOW - HOUR)


def test_an_address_leads_to_one_article():
    create_article(texts={"sv": text(title="T")})

    fails(**COMPLETE)


def test_an_old_article_is_imported_once():
    Article.objects.bulk_create([Article(**COMPLETE, imported_hash="sv:1")])

    fails(**{**COMPLETE, "slug_sv": "u"}, imported_hash="sv:1")


@pytest.mark.parametrize(
    "fields",
    [{"label_sv": ""}, {"label_sv": "x", "url": "javascript:alert(1)"}, {"url": "https://x.se"}],
)
def test_a_source_has_a_label_and_a_web_address_or_none(fields):
    article = create_article()

    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.create(article=article, **fields)


def test_a_topic_has_a_name_in_both_languages():
    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(name_sv="AI", slug_sv="ai", slug_en="ai")


@pytest.mark.parametrize(
    ("published_at", "unpublished_at", "state"),
    [
        (None, None, State.DRAFT),
        (NOW + HOUR, None, State.SCHEDULED),
        (NOW, None, State.PUBLISHED),
        (NOW - HOUR, NOW + HOUR, State.PUBLISHED),
        (NOW - HOUR, NOW, State.WITHDRAWN),
        (NOW - HOUR, NOW - HOUR, State.WITHDRAWN),
    ],
)
def test_state_follows_from_the_clock(published_at, unpublished_at, state):
    article = create_article(published_at=published_at, unpublished_at=unpublished_at)

    assert article.state(NOW) == state
    assert {s: list(Article.objects.in_state(s, NOW)) for s in State} == {
        s: [article] if s == state else [] for s in State
    }


def test_saving_cleans_the_body_whatever_the_road():
    article = create_article()
    article.body_sv = "<p>a</p><script>alert(1)</script>"

    article.save()

    article.refresh_from_db()
    assert article.body_sv == "<p>a</p>"


def test_showing_cleans_once_more():
    article = create_article()
    Article.objects.update(body_sv="<p>a</p><script>alert(1)</script>")
    article.refresh_from_db()

    assert article.edition("sv").body == "<p>a</p>"


def test_an_edition_in_the_language_there_is():
    article = create_article(texts={"sv": text(title="Svensk", lead="Ingress.")})
    edition = article.edition("en")

    assert (edition.title, edition.lang, str(edition.language_notice)) == (
        "Svensk",
        "sv",
        "This article is in Swedish only.",
    )
    assert article.edition("sv").lang == ""
    assert article.edition("sv").language_notice == ""
    assert article.missing_languages == ["en"]


def test_a_half_written_language_is_not_shown():
    article = create_article(texts={"sv": text(), "en": text(title="English")})
    article.body_en = "<p></p>"
    article.save()

    assert article.languages == ["sv"]
    assert list(Article.objects.in_language("en")) == []
    assert list(Article.objects.in_language("sv")) == [article]


def test_the_summary_is_the_lead_or_the_first_words():
    words = "<p>" + "ord " * 50 + "</p>"
    article = create_article(texts={"sv": text(lead="", body=words), "en": text(lead="Lead.")})

    assert article.edition("sv").summary == "ord " * 39 + "ord…"
    assert article.edition("en").summary == "Lead."


def test_years_are_counted_by_the_calendar_of_stockholm():
    new_year = dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)
    article = create_article(published_at=new_year)
    create_article(published_at=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))

    assert article.year == 2026
    assert list(Article.objects.in_year(2026)) == [article]
    assert Article.objects.years() == [2026, 2024]


def test_related_articles_share_topics_most_first():
    ai, kakor, mote = (create_topic(sv=name, en=name) for name in ("AI", "Kakor", "Möte"))
    article = create_article(topics=[ai, kakor])
    one = create_article(topics=[ai, mote])
    both = create_article(topics=[ai, kakor])
    create_article(topics=[mote])

    assert list(Article.objects.related_to(article)) == [both, one]


def test_changed_later_is_told_by_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)
    article = create_article(published_at=NOW - HOUR)
    old = create_article(published_at=NOW - dt.timedelta(days=1500))
    assert (article.changed_later_at, old.changed_later_at) == (None, None)

    time_machine.move_to(NOW + dt.timedelta(days=1), tick=False)
    article.save()

    assert article.changed_later_at == NOW + dt.timedelta(days=1)


def test_label_of_a_source_falls_back_to_the_other_language():
    article = create_article()
    source = Source.objects.create(article=article, label_en="The decision")

    assert str(source) == "The decision"
    assert source.language_for("sv") == "en"
