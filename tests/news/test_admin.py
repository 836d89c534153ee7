import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from lxml import html
from PIL import Image

from news.models import Article, State
from tests.factories.news import NOW, ago, create_article, create_editor, create_topic, text

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LIST = reverse("admin:news_article_changelist")
ADD = reverse("admin:news_article_add")


@pytest.fixture
def editor():
    return create_editor()


@pytest.fixture
def staff(client, editor):
    client.force_login(editor)
    return client


def change(article: Article) -> str:
    return reverse("admin:news_article_change", args=[article.pk])


def form(**fields: object) -> dict[str, object]:
    sources = {
        f"sources-{name}": number
        for name, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0))
    }
    return {"title_sv": "Rubrik", "body_sv": "<p>Text.</p>", **sources, **fields}


def errors(response) -> list[str]:
    page = html.fromstring(response.content.decode())
    return [item.text_content() for item in page.cssselect(".errorlist li")]


def messages(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_write_and_publish_at_once(staff, editor):
    topic = create_topic()

    staff.post(
        ADD,
        form(
            _publish="1",
            topics=[topic.pk],
            **{
                "sources-TOTAL_FORMS": 1,
                "sources-0-label_sv": "IMY",
                "sources-0-url": "www.imy.se",
                "sources-0-order": 1,
            },
        ),
    )

    article = Article.objects.get()
    assert (article.title_sv, article.slug_sv, article.body_sv) == (
        "Rubrik",
        "rubrik",
        "<p>Text.</p>",
    )
    assert article.state(timezone.now()) == State.PUBLISHED
    assert list(article.sources.values_list("label_sv", "url")) == [("IMY", "https://www.imy.se")]
    assert list(article.topics.all()) == [topic]
    assert {version.history_user for version in article.history.all()} == {editor}


def test_save_without_publishing(staff):
    staff.post(ADD, form())

    assert Article.objects.get().state(timezone.now()) == State.DRAFT


def test_schedule(staff):
    staff.post(ADD, form(publish_at_0="2099-12-01", publish_at_1="08:00"))

    assert Article.objects.get().published_at == dt.datetime(2099, 12, 1, 7, tzinfo=dt.UTC)


def test_schedule_in_the_past_is_refused_and_nothing_typed_is_lost(staff):
    response = staff.post(ADD, form(publish_at_0="2020-12-01", publish_at_1="08:00"))

    assert len(errors(response)) == 1
    page = html.fromstring(response.content.decode())
    assert page.cssselect("#id_title_sv")[0].get("value") == "Rubrik"
    assert page.cssselect("#id_publish_at_0")[0].get("value") == "2020-12-01"
    assert Article.objects.count() == 0


def test_withdraw(staff):
    article = create_article()

    staff.post(change(article), form(_withdraw="1"))

    article.refresh_from_db()
    assert article.state(timezone.now()) == State.WITHDRAWN


def test_withdraw_a_draft_is_refused_with_the_reason(staff):
    article = create_article(published_at=None)

    response = staff.post(change(article), form(_withdraw="1"), follow=True)

    assert len(messages(response)) == 2
    article.refresh_from_db()
    assert article.state(timezone.now()) == State.DRAFT


@pytest.mark.parametrize(
    "fields",
    [
        {"title_sv": ""},
        {"body_sv": "<p></p>"},
        {"body_sv": "<script>alert(1)</script>"},
    ],
)
def test_an_article_that_nobody_could_read_is_refused(staff, fields):
    response = staff.post(ADD, form(**fields))

    assert len(errors(response)) == 1
    assert Article.objects.count() == 0


def test_a_script_does_not_get_in(staff):
    staff.post(ADD, form(body_sv="<p>Text.</p><script>alert(1)</script>"))

    assert Article.objects.get().body_sv == "<p>Text.</p>"


def test_a_picture_without_words_is_refused(staff, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    written = io.BytesIO()
    Image.new("RGB", (4, 4)).save(written, format="PNG")

    def upload() -> SimpleUploadedFile:
        return SimpleUploadedFile("a.png", written.getvalue())

    assert len(errors(staff.post(ADD, form(picture=upload())))) == 1
    staff.post(ADD, form(picture=upload(), picture_alt_sv="En svart ruta"))
    staff.post(ADD, form(title_sv="Annan", picture=SimpleUploadedFile("a.png", b"x")))

    assert [article.picture_width for article in Article.objects.all()] == [4]


def test_the_list_marks_what_is_missing(staff):
    create_article(texts={"sv": text(title="Bara svensk")})
    create_article(texts={"sv": text(title="Båda"), "en": text(title="Both")})

    page = html.fromstring(staff.get(LIST).content.decode())

    marks = {
        row.cssselect(".field-__str__")[0].text_content(): [
            image.get("src").rpartition("/")[2] for image in row.cssselect(".field-languages img")
        ]
        for row in page.cssselect("#result_list tbody tr")
    }
    assert marks == {
        "Båda": ["icon-yes.svg", "icon-yes.svg"],
        "Bara svensk": ["icon-yes.svg", "icon-no.svg"],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=draft", ["Utkast"]),
        ("state=scheduled", ["Planerad"]),
        ("state=published", ["Ute"]),
        ("state=withdrawn", ["Borta"]),
        ("state=nonsense", ["Borta", "Planerad", "Ute", "Utkast"]),
        ("missing=sv", []),
        ("missing=en", ["Borta", "Planerad", "Ute", "Utkast"]),
        ("q=planerad", ["Planerad"]),
    ],
)
def test_filters_and_search(staff, query, found):
    create_article(texts={"sv": text(title="Utkast")}, published_at=None)
    create_article(
        texts={"sv": text(title="Planerad")}, published_at=timezone.now() + dt.timedelta(days=9)
    )
    create_article(texts={"sv": text(title="Ute")}, published_at=ago(days=1))
    create_article(
        texts={"sv": text(title="Borta")}, published_at=ago(days=2), unpublished_at=ago(days=1)
    )

    page = html.fromstring(staff.get(f"{LIST}?{query}").content.decode())

    assert sorted(cell.text_content() for cell in page.cssselect(".field-__str__")) == found


def test_actions(staff):
    draft = create_article(texts={"sv": text(title="A")}, published_at=None)
    other = create_article(texts={"sv": text(title="B")}, published_at=None)
    chosen = {"_selected_action": [draft.pk, other.pk]}

    staff.post(LIST, {"action": "publish", **chosen})
    assert {a.state(timezone.now()) for a in Article.objects.all()} == {State.PUBLISHED}

    staff.post(LIST, {"action": "withdraw", **chosen})
    assert {a.state(timezone.now()) for a in Article.objects.all()} == {State.WITHDRAWN}


def test_an_earlier_version_comes_back_and_stays_published(staff):
    article = create_article(texts={"sv": text(title="Först")}, published_at=None)
    first = article.history.get()
    staff.post(change(article), form(title_sv="Sedan", _publish="1"))
    url = reverse("admin:news_article_simple_history", args=[article.pk, first.pk])

    page = html.fromstring(staff.get(url).content.decode())
    assert page.cssselect("#id_title_sv")[0].get("value") == "Först"
    staff.post(url, form(title_sv="Först", slug_sv="forst"))

    article.refresh_from_db()
    assert article.title_sv == "Först"
    assert article.state(timezone.now()) == State.PUBLISHED


def test_the_preview_link_shows_the_draft(staff, client):
    article = create_article(texts={"sv": text(title="Utkast")}, published_at=None)

    page = html.fromstring(staff.get(change(article)).content.decode())
    link = page.cssselect(".object-tools a")[0].get("href")

    assert "Utkast" in client.get(link).content.decode()


def test_only_staff_are_offered_as_authors(staff, editor, django_user_model):
    django_user_model.objects.create_user("medlem@example.org", name="Mia Medlem")

    page = html.fromstring(staff.get(ADD).content.decode())

    assert [option.text for option in page.cssselect("#id_author option")][1:] == [str(editor)]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_as_few_questions_with_many_articles(
    staff, rows, django_assert_max_num_queries
):
    for number in range(rows):
        create_article(texts={"sv": text(title=f"Nr {number}")}, published_at=NOW)

    with django_assert_max_num_queries(12):
        staff.get(LIST)
