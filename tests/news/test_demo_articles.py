"""The news of the demo, above all the story of the old site's article, with all that it told."""

import datetime as dt

import pytest

from config.demo.articles import ARTICLES, TEXTS, write_articles
from news import rich_text
from news.models import Article, State
from tests.factories.news import NOW, create_editor

FACTS = {
    "sv": [
        "ICO",
        "29 november 2021",
        "preliminärt",
        "drygt 17 miljoner pund",
        "amerikanska företaget Clearview AI",
        "världens största ansiktsnätverk",
        "10 miljarder bilder",
        "Instagram, Facebook",
        "600 brottsbekämpande myndigheter",
        "2020",
        "gratis",
        "Polismyndigheten",
        "IMY",
        "11 februari 2021",
        "brottsdatalagen",
        "2,5 miljoner kronor",
        "kunnat vänta sig",
        "sparas för alltid",
        "rättslig grund",
        "biometriska",
        "inte berättat",
        "mitten av februari 2022",
    ],
    "en": [
        "ICO",
        "29 November 2021",
        "provisional",
        "just over 17 million pounds",
        "American company Clearview AI",
        "world’s largest facial network",
        "10 billion images",
        "Instagram, Facebook",
        "600 law enforcement agencies",
        "2020",
        "free of charge",
        "Swedish Police",
        "IMY",
        "11 February 2021",
        "brottsdatalagen",
        "2.5 million kronor",
        "could not expect",
        "kept for ever",
        "legal basis",
        "biometric",
        "not told",
        "middle of February 2022",
    ],
}


@pytest.mark.parametrize("language", FACTS)
def test_the_clearview_story_holds_every_fact_and_its_sources(language):
    article = ARTICLES[0].parsed()[language]

    told = f"{article.title} {article.lead} {rich_text.as_text(article.body)}"
    assert [fact for fact in FACTS[language] if fact not in told] == []
    assert [(source.label.split()[-1], source.url) for source in article.sources] == [
        ("(ico.org.uk)", "https://ico.org.uk/"),
        ("(imy.se)", "https://www.imy.se/"),
        ("(nytimes.com)", "https://www.nytimes.com/"),
    ]


def test_every_text_is_used_and_read_whole():
    names = {file.name.split(".")[0] for file in TEXTS.iterdir()}
    assert names == {article.name for article in ARTICLES}

    for article in ARTICLES:
        for parsed in article.parsed().values():
            assert parsed.lead
            assert parsed.left_out == ()


@pytest.mark.django_db
def test_the_demo_shows_articles_in_every_state_and_language():
    editor = create_editor()

    write_articles(now=NOW, authors=[editor])

    states = [article.state(NOW) for article in Article.objects.all()]
    assert {state: states.count(state) for state in State} == {
        State.DRAFT: 1,
        State.SCHEDULED: 1,
        State.PUBLISHED: 15,
        State.WITHDRAWN: 1,
    }
    published = Article.objects.published(NOW)
    assert {tuple(article.languages) for article in published} == {
        ("sv", "en"),
        ("sv",),
        ("en",),
    }
    first = published.order_by("published_at").first()
    assert first.published_at == dt.datetime(2021, 12, 1, 8, tzinfo=dt.UTC)
    assert first.sources.count() == 3
    assert first.author is None
