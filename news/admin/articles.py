from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, URLField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from simple_history.admin import SimpleHistoryAdmin
from translated_fields import TranslatedFieldAdmin

from news import operations, previews
from news.admin.editing import EditorUnderContentPolicy, MissingLanguageFilter, languages_column
from news.editions import LANGUAGES
from news.forms import ArticleForm
from news.models import Article, ArticleQuerySet, Source, State, Topic

RESTORING = "news_article_simple_history"


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return State.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> ArticleQuerySet:
        if self.value() in State.values:
            return queryset.in_state(str(self.value()), timezone.now())
        return queryset


class SourceInline(admin.TabularInline):
    model = Source
    extra = 1
    fields = ["order", "label_sv", "label_en", "url"]
    formfield_overrides = {URLField: {"assume_scheme": "https"}}


@admin.register(Topic)
class TopicAdmin(TranslatedFieldAdmin, admin.ModelAdmin):
    list_display = ["name_sv", "name_en"]
    search_fields = ["name_sv", "name_en"]


@admin.register(Article)
class ArticleAdmin(EditorUnderContentPolicy, TranslatedFieldAdmin, SimpleHistoryAdmin):
    form = ArticleForm
    inlines = [SourceInline]
    change_form_template = "news/admin/change_form.html"
    actions = ["publish", "withdraw"]
    list_display = ["__str__", "state", "languages", "published_at", "author"]
    list_filter = [StateFilter, MissingLanguageFilter, "topics"]
    list_select_related = ["author"]
    search_fields = ["title_sv", "title_en", "lead_sv", "lead_en", "body_sv", "body_en"]
    date_hierarchy = "published_at"
    autocomplete_fields = ["topics"]
    readonly_fields = ["state", "languages", "published_at", "unpublished_at", "updated_at"]
    fieldsets = [
        (
            gettext_lazy("Publishing"),
            {"fields": ["state", "languages", "published_at", "unpublished_at", "publish_at"]},
        ),
        (
            gettext_lazy("Swedish"),
            {"fields": ["title_sv", "slug_sv", "lead_sv", "body_sv", "picture_alt_sv"]},
        ),
        (
            gettext_lazy("English"),
            {"fields": ["title_en", "slug_en", "lead_en", "body_en", "picture_alt_en"]},
        ),
        (
            gettext_lazy("Both languages"),
            {"fields": ["author", "topics", "event_keys", "picture", "updated_at"]},
        ),
    ]

    class Media:
        css = {"all": ["news/editor.css"]}
        js = ["news/editor.js"]

    # --- Saving -----------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, article: Article, form: Any, change: bool) -> None:
        if request.resolver_match and request.resolver_match.url_name == RESTORING:
            operations.restore(version=article, by=request.user)
        else:
            super().save_model(request, article, form, change)

    # --- Columns ----------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("state"))
    def state(self, article: Article) -> Any:
        return article.state(timezone.now()).label

    languages = languages_column

    # --- Publishing -------------------------------------------------------------------------

    def save_related(
        self, request: HttpRequest, form: ArticleForm, formsets: list[Any], change: bool
    ) -> None:
        """The article is whole only now, with its topics and sources."""
        super().save_related(request, form, formsets, change)
        now = timezone.now()
        try:
            if "_publish" in request.POST:
                operations.publish(article=form.instance, by=request.user, now=now)
            elif "_withdraw" in request.POST:
                operations.withdraw(article=form.instance, by=request.user, now=now)
            elif publish_at := form.cleaned_data.get("publish_at"):
                operations.schedule(article=form.instance, at=publish_at, by=request.user, now=now)
        except operations.Refused as refusal:
            messages.error(request, refusal.message)

    @admin.action(description=gettext_lazy("Publish now"), permissions=["change"])
    def publish(self, request: HttpRequest, articles: ArticleQuerySet) -> None:
        for article in articles:
            operations.publish(article=article, by=request.user, now=timezone.now())
        count = len(articles)
        told = ngettext("%d article is published.", "%d articles are published.", count)
        messages.success(request, told % count)

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, articles: ArticleQuerySet) -> None:
        for article in articles:
            try:
                operations.withdraw(article=article, by=request.user, now=timezone.now())
            except operations.Refused as refusal:
                messages.error(request, f"{article}: {refusal.message}")
            else:
                messages.success(request, _("Withdrawn: %(article)s") % {"article": article})

    # --- Looking at it ----------------------------------------------------------------------

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = dict(extra_context or {})
        article = self.get_object(request, object_id)
        if article:
            context |= {
                "links": _links(article),
                "state_now": article.state(timezone.now()),
                "subtitle": "",  # stands in the breadcrumbs already
            }
        return super().change_view(request, object_id, form_url, context)

    def view_on_site(self, article: Article) -> str | None:
        """Its address, once it has one that others may follow. A form sent back may have none."""
        if article.state(timezone.now()) != State.PUBLISHED or not article.languages:
            return None
        return article.edition(get_language() or LANGUAGES[0]).url

    def history_view_title(self, request: HttpRequest, obj: Model) -> str:
        return _("Earlier versions of “%(article)s”") % {"article": obj}

    def history_form_view_title(self, request: HttpRequest, obj: Model) -> str:
        return _("An earlier version of “%(article)s”") % {"article": obj}


def _links(article: Article) -> list[tuple[str, str]]:
    return [(language, previews.link(article, language=language)) for language in article.languages]
