import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from news import operations
from news.article_import import parse
from news.models import Article, Source, State
from news.operations import Imported, Outcome, SourceEntry
from tests.factories.news import NOW, create_article, create_editor, create_topic, text

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases,
    pytest.mark.usefixtures("english"),
]

HOUR = dt.timedelta(hours=1)


def state(article) -> State:
    return Article.objects.get(pk=article.pk).state(NOW)


def history(article) -> list[tuple]:
    rows = article.history.order_by("history_id")
    return [(row.history_type, row.published_at, row.history_user) for row in rows]


# --- Writing --------------------------------------------------------------------------------


def test_write_article():
    editor = create_editor()
    topic = create_topic()

    article = operations.write_article(
        texts={"sv": text(title="Svensk"), "en": text(title="English")},
        sources=[SourceEntry(label_sv="IMY", label_en="The IMY", url="https://www.imy.se/")],
        topics=[topic],
        by=editor,
    )

    article.refresh_from_db()
    assert (article.slug_sv, article.slug_en) == ("svensk", "english")
    assert article.state(NOW) == State.DRAFT
    assert list(article.topics.all()) == [topic]
    assert list(article.sources.values_list("label_sv", "label_en", "url", "order")) == [
        ("IMY", "The IMY", "https://www.imy.se/", 1)
    ]
    assert history(article) == [("+", None, editor)]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (
            {"sv": text(title="")},
            "An article needs a title and a text in at least one language.",
        ),
        (
            {"sv": text(body="<p></p>")},
            "An article needs a title and a text in at least one language.",
        ),
    ],
)
def test_write_article_refuses_what_cannot_be_read(texts, message):
    with pytest.raises(ValidationError) as refusal:
        operations.write_article(texts=texts, by=None)

    assert refusal.value.messages == [message]
    assert Article.objects.count() == 0


def test_write_article_with_a_bad_source_leaves_nothing_behind():
    with pytest.raises(ValidationError):
        operations.write_article(
            texts={"sv": text()}, sources=[SourceEntry("IMY", url="javascript:x")], by=None
        )

    assert Article.objects.count() == 0


# --- Publishing -----------------------------------------------------------------------------


def test_publish_and_publish_again():
    editor = create_editor()
    article = create_article(published_at=None)

    operations.publish(article=article, by=editor, now=NOW)
    operations.publish(article=article, by=editor, now=NOW + HOUR)

    article.refresh_from_db()
    assert article.published_at == NOW
    assert history(article) == [("+", None, None), ("~", NOW, editor)]


def test_publish_what_was_scheduled():
    article = create_article(published_at=NOW + HOUR)

    operations.publish(article=article, by=None, now=NOW)

    article.refresh_from_db()
    assert article.published_at == NOW


def test_publish_what_was_withdrawn_keeps_its_first_date():
    article = create_article(published_at=NOW - HOUR, unpublished_at=NOW)

    operations.publish(article=article, by=None, now=NOW + HOUR)

    article.refresh_from_db()
    assert (article.published_at, article.unpublished_at) == (NOW - HOUR, None)


def test_schedule():
    article = create_article(published_at=None)

    operations.schedule(article=article, at=NOW + HOUR, by=None, now=NOW)

    assert state(article) == State.SCHEDULED


def test_schedule_refuses_a_time_that_has_passed():
    article = create_article(published_at=None)

    with pytest.raises(operations.TimeHasPassed):
        operations.schedule(article=article, at=NOW, by=None, now=NOW)

    assert state(article) == State.DRAFT


def test_withdraw_and_withdraw_again():
    article = create_article(published_at=NOW - HOUR)

    operations.withdraw(article=article, by=None, now=NOW)
    operations.withdraw(article=article, by=None, now=NOW + HOUR)

    article.refresh_from_db()
    assert article.unpublished_at == NOW


def test_withdraw_what_is_scheduled_makes_it_a_draft():
    article = create_article(published_at=NOW + HOUR)

    operations.withdraw(article=article, by=None, now=NOW)

    assert state(article) == State.DRAFT


def test_withdraw_refuses_a_draft():
    article = create_article(published_at=None)

    with pytest.raises(operations.NothingToWithdraw):
        operations.withdraw(article=article, by=None, now=NOW)


def test_restore_brings_texts_back_and_leaves_the_publishing_alone():
    editor = create_editor()
    article = create_article(texts={"sv": text(title="Först")}, published_at=None)
    operations.publish(article=article, by=None, now=NOW)
    article.refresh_from_db()
    article.title_sv = "Sedan"
    article.save()

    first = article.history.earliest().instance
    operations.restore(version=first, by=editor)

    article.refresh_from_db()
    assert (article.title_sv, article.published_at) == ("Först", NOW)
    assert article.history.latest().history_user == editor


# --- Old articles ---------------------------------------------------------------------------

FILE = (
    "Gammal nyhet\n\nIngress.\n\nText.\n\nLäs mer här:\n\nArtikel från IMY\nhttps://www.imy.se/\n"
)


def imported(content: str = FILE, *, name: str = "gammal.txt", publish: bool = False) -> Imported:
    return operations.import_article(
        parsed=parse(content.encode()),
        language="sv",
        file_name=name,
        publish_it=publish,
        now=NOW,
    )


def test_import_makes_a_draft():
    result = imported()

    article = Article.objects.get()
    assert (result.outcome, result.is_published_now) == (Outcome.CREATED, False)
    assert (article.title_sv, article.lead_sv, article.body_sv) == (
        "Gammal nyhet",
        "Ingress.",
        "<p>Text.</p>",
    )
    assert list(article.sources.values_list("label_sv", "url")) == [
        ("Artikel från IMY", "https://www.imy.se/")
    ]
    assert article.state(NOW) == State.DRAFT


def test_import_the_same_again_changes_nothing():
    imported()
    before = list(Article.objects.values()), list(Source.objects.values())

    result = imported(FILE.replace("\n", "\r\n"), name="annat-namn.txt")

    assert result.outcome == Outcome.UNCHANGED
    assert (list(Article.objects.values()), list(Source.objects.values())) == before


def test_import_the_same_again_leaves_later_corrections_alone():
    article = imported().article
    article.title_sv = "Rättad rubrik"
    article.save()

    imported()

    assert [a.title_sv for a in Article.objects.all()] == ["Rättad rubrik"]


def test_import_then_publish():
    imported()

    result = imported(publish=True)

    assert (result.outcome, result.is_published_now) == (Outcome.UNCHANGED, True)
    assert state(result.article) == State.PUBLISHED


def test_import_does_not_bring_back_what_was_withdrawn():
    article = imported(publish=True).article
    operations.withdraw(article=article, by=None, now=NOW)

    assert imported(publish=True).is_published_now is False
    assert state(article) == State.WITHDRAWN


def test_import_a_changed_file_changes_its_article():
    imported(publish=True)

    result = imported(FILE.replace("Text.", "Ny text.").replace("https://www.imy.se/\n", ""))

    article = Article.objects.get()
    assert result.outcome == Outcome.UPDATED
    assert article.body_sv == "<p>Ny text.</p>"
    assert list(article.sources.values_list("label_sv", "url")) == [("Artikel från IMY", "")]
    assert article.state(NOW) == State.PUBLISHED


def test_import_touches_no_article_that_came_another_way():
    create_article(texts={"sv": text(title="Gammal nyhet")})

    with pytest.raises(operations.AddressTaken):
        imported()

    assert Article.objects.get().body_sv == "<p>Brödtext om Gammal nyhet.</p>"


def test_import_keeps_the_day_that_the_file_names():
    result = imported(FILE.replace("Ingress", "2021-12-03\n\nIngress"), publish=True)

    assert result.article.published_at == dt.datetime(2021, 12, 3, 11, tzinfo=dt.UTC)


def test_import_never_publishes_in_the_future():
    result = imported(FILE.replace("Ingress", "2031-12-03\n\nIngress"), publish=True)

    assert result.article.published_at == NOW
