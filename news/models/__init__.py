from news.models.articles import Article, ArticleQuerySet, Source, State, Topic
from news.models.pages import Page
from news.models.texts import complete

__all__ = ["Article", "ArticleQuerySet", "Page", "Source", "State", "Topic", "complete"]
