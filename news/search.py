"""Finding articles by words.

PostgreSQL knows the forms of the words of both languages and ranks by where they stand; a word also
finds those that begin with it, since Swedish writes compounds as one word. Elsewhere, every word
must occur somewhere in the article, in any of the ways it is usually written: SQLite does not know
that Å and å are one letter.
"""

import re
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connections
from django.db.models import Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Greatest

if TYPE_CHECKING:
    from news.models import ArticleQuerySet

LONGEST = 100

CONFIGS = {"sv": "swedish", "en": "english"}
_WEIGHTS = {"title": "A", "lead": "B", "body": "C"}


def matching(articles: "ArticleQuerySet", text: str) -> "ArticleQuerySet":
    words = re.findall(r"\w+", text[:LONGEST])
    if not words:
        return articles.none()
    if connections[articles.db].vendor == "postgresql":
        return _full_text(articles, words)
    return articles.filter(reduce(and_, map(_contains, words))).newest_first()


def vector(language: str) -> CombinedExpression:
    """The very expression that the index of the migration holds; PostgreSQL only then uses it."""
    title, lead, body = (
        SearchVector(f"{name}_{language}", config=CONFIGS[language], weight=weight)
        for name, weight in _WEIGHTS.items()
    )
    return title + lead + body


def _full_text(articles: "ArticleQuerySet", words: list[str]) -> "ArticleQuerySet":
    beginnings = " & ".join(f"{word}:*" for word in words)
    queries = {
        language: SearchQuery(beginnings, config=config, search_type="raw")
        for language, config in CONFIGS.items()
    }
    ranks = [SearchRank(vector(language), query) for language, query in queries.items()]
    return (
        articles.alias(text_sv=vector("sv"), text_en=vector("en"), rank=Greatest(*ranks))
        .filter(Q(text_sv=queries["sv"]) | Q(text_en=queries["en"]))
        .order_by("-rank", "-published_at", "-pk")
    )


def _contains(word: str) -> Q:
    return reduce(
        or_,
        (
            Q(**{f"{name}_{language}__contains": spelling})
            for name in _WEIGHTS
            for language in CONFIGS
            for spelling in {word, word.lower(), word.upper(), word.capitalize()}
        ),
    )
