"""What every row with texts in both languages knows of itself."""

from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When

from news import rich_text, slugs
from news.editions import LANGUAGES


def complete(language: str) -> Q:
    """A text can be read in a language when it has a title, an address and a body in it."""
    return Q(**{f"{name}_{language}__gt": "" for name in ("title", "slug", "body")})


def has_slug(slug: str) -> Q:
    return Q(slug_sv=slug) | Q(slug_en=slug)


def once_named(rows: Any, slug: str) -> Any:
    """Those that had this address in any language before; their earlier versions remember."""
    return rows.filter(pk__in=rows.model.history.filter(has_slug(slug)).values("id"))


def own_slug_first(slug: str, language: str) -> Case:
    return Case(When(Q(**{f"slug_{language}": slug}), then=Value(0)), default=Value(1))


class InLanguages(models.Model):
    """For rows with title, slug and body in each language, of which either may be missing."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """An address for each language that has a title and none yet."""
        for language in LANGUAGES:
            title = getattr(self, f"title_{language}")
            if title and not getattr(self, f"slug_{language}"):
                slug = slugs.free_slug(self, title, language=language)
                setattr(self, f"slug_{language}", slug)

    def clean_bodies(self) -> None:
        for language in LANGUAGES:
            name = f"body_{language}"
            setattr(self, name, rich_text.clean(getattr(self, name)))

    @property
    def languages(self) -> list[str]:
        """Those in which it can be read."""
        return [
            language
            for language in LANGUAGES
            if all(getattr(self, f"{name}_{language}") for name in ("title", "slug", "body"))
        ]

    @property
    def missing_languages(self) -> list[str]:
        return [language for language in LANGUAGES if language not in self.languages]

    def language_for(self, wanted: str) -> str:
        """What a reader of this language gets: that language, or the one there is."""
        return wanted if wanted in self.languages else self.languages[0]
