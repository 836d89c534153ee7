"""What search engines and other sites read of an article: schema.org as JSON-LD."""

import json

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from news.editions import Edition, Reference

ASSOCIATION = "Forum för Dataskydd"

# So that no text of an article can close the script element around it.
_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def article_json(edition: Edition, sources: list[Reference], *, author: str) -> SafeString:
    article = edition.article
    association = {"@type": "Organization", "name": ASSOCIATION, "url": f"{settings.SITE_URL}/"}
    described = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": edition.title,
        "description": edition.summary,
        "inLanguage": edition.language,
        "datePublished": article.published_at and article.published_at.isoformat(),
        "dateModified": article.updated_at.isoformat(),
        "author": {"@type": "Person", "name": author} if author else association,
        "publisher": association,
        "mainEntityOfPage": edition.canonical_url,
        "image": picture_url(edition) or None,
        "citation": [source.url for source in sources if source.url],
    }
    told = {name: value for name, value in described.items() if value}
    text = json.dumps(told, ensure_ascii=False)
    return mark_safe(text.translate(_IN_SCRIPT))  # noqa: S308 - it cannot leave its element


def picture_url(edition: Edition) -> str:
    """With the host; empty without a picture."""
    picture = edition.article.picture
    return f"{settings.SITE_URL}{picture.url}" if picture else ""
