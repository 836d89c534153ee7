from news.models.articles import Article, ArticleQuerySet, Source, State, Topic
from news.models.newsletters import Newsletter, Subscriber
from news.models.pages import Page
from news.models.texts import complete

__all__ = [
    "Article",
    "ArticleQuerySet",
    "Newsletter",
    "Page",
    "Source",
    "State",
    "Subscriber",
    "Topic",
    "complete",
]
