"""Pages that stand: about us, statutes, contact. Staff edit them; some the site itself links to."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_prose_editor.fields import ProseEditorField
from simple_history.models import HistoricalRecords
from translated_fields import TranslatedField

from news import rich_text, slugs
from news.editions import LANGUAGES, PageEdition
from news.models.texts import InLanguages, complete, has_slug, once_named, own_slug_first


class PageQuerySet(models.QuerySet["Page"]):
    def shown(self) -> Self:
        return self.filter(is_shown=True)

    def in_footer(self) -> Self:
        return self.shown().exclude(place="").order_by("place", "position", "pk")

    def known_as(self, slug: str, *, language: str) -> Self:
        """By its address in any language; the one that has it in this language first."""
        return self.filter(has_slug(slug)).order_by(own_slug_first(slug, language), "pk")

    def once_known_as(self, slug: str) -> Self:
        """By an address that it had before."""
        return once_named(self, slug)


class Page(InLanguages, models.Model):
    class Place(models.TextChoices):
        ASSOCIATION = "association", pgettext_lazy("footer", "The association")
        YOUR_DATA = "your-data", pgettext_lazy("footer", "Your data")

    code = models.SlugField(
        _("code"),
        max_length=20,
        blank=True,
        editable=False,
        help_text=_("What the site itself calls the page. Such a page is hidden, never deleted."),
    )
    title = TranslatedField(models.CharField(_("title"), max_length=200, blank=True))
    slug = TranslatedField(
        models.SlugField(
            _("address"),
            max_length=slugs.LONGEST + 5,
            blank=True,
            help_text=_("Made of the title when left empty. Old addresses lead to the new one."),
        )
    )
    lead = TranslatedField(
        models.TextField(
            _("lead"), blank=True, help_text=_("One or two sentences that stand above the text.")
        )
    )
    body = TranslatedField(
        ProseEditorField(
            _("text"),
            blank=True,
            extensions=rich_text.EDITOR_EXTENSIONS,
            sanitize=rich_text.clean,
        )
    )
    is_shown = models.BooleanField(
        _("shown"), default=True, help_text=_("A hidden page is seen by those who may edit it.")
    )
    place = models.CharField(
        _("column of the footer"),
        max_length=15,
        choices=Place.choices,
        blank=True,
        help_text=_("Left empty, only links in other texts lead to the page."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=50)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    history = HistoricalRecords()
    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["place", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="page_complete_in_some_language",
                condition=complete("sv") | complete("en"),
                violation_error_message=_(
                    "A page needs a title and a text in at least one language."
                ),
            ),
            models.UniqueConstraint(
                name="page_code_once", fields=["code"], condition=Q(code__gt="")
            ),
            models.UniqueConstraint(
                name="page_slug_sv_unique",
                fields=["slug_sv"],
                condition=Q(slug_sv__gt=""),
                violation_error_message=_("Another page has this Swedish address."),
            ),
            models.UniqueConstraint(
                name="page_slug_en_unique",
                fields=["slug_en"],
                condition=Q(slug_en__gt=""),
                violation_error_message=_("Another page has this English address."),
            ),
        ]

    def __str__(self) -> str:
        return next(filter(None, (getattr(self, f"title_{code}") for code in LANGUAGES)), "")

    def save(self, **kwargs: Any) -> None:
        self.clean_bodies()
        super().save(**kwargs)

    def clean(self) -> None:
        super().clean()
        taken = {
            f"slug_{language}": _("Another part of the site has this address.")
            for language in LANGUAGES
            if _leads_elsewhere(getattr(self, f"slug_{language}"), language)
        }
        if taken:
            raise ValidationError(taken)

    def edition(self, language: str) -> PageEdition:
        return PageEdition(page=self, language=self.language_for(language), wanted=language)


def _leads_elsewhere(slug: str, language: str) -> bool:
    """Pages stand last among the addresses: /news/ would never be theirs."""
    if not slug or slug in LANGUAGES:
        return bool(slug)
    start = "/" if language == LANGUAGES[0] else f"/{language}/"
    with translation.override(language):
        try:
            return resolve(f"{start}{slug}/").view_name != "page"
        except Resolver404:
            return False
