import datetime as dt
from typing import Any, cast

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news import pictures, search
from news.editions import LANGUAGES
from news.models import Article, Page


class SearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search the news"),
        max_length=search.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
    )


ONE_LINE = ("title", "slug", "picture_alt")


def _wide(widget: type[forms.Widget] = forms.TextInput, **attrs: int) -> forms.Widget:
    return widget(attrs={"class": "vLargeTextField", **attrs})


class ArticleForm(forms.ModelForm):
    """The editor's form. When an article is published is no field of it but an operation."""

    publish_at = forms.SplitDateTimeField(
        label=gettext_lazy("Publish at"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=gettext_lazy("A time to come, when the article publishes itself."),
    )

    class Meta:
        model = Article
        fields = (
            *(
                f"{name}_{language}"
                for language in LANGUAGES
                for name in ("title", "slug", "lead", "body", "picture_alt")
            ),
            "author",
            "topics",
            "picture",
        )
        widgets = {
            **{f"{name}_{language}": _wide() for language in LANGUAGES for name in ONE_LINE},
            **{f"lead_{language}": _wide(forms.Textarea, rows=3) for language in LANGUAGES},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "author" in self.fields:
            # An editor needs no list of all members to sign an article.
            author = cast(forms.ModelChoiceField, self.fields["author"])
            people = get_user_model().objects.order_by("name")
            author.queryset = people.filter(Q(is_staff=True) | Q(pk=self.instance.author_id))

    def clean_picture(self) -> Any:
        picture = self.cleaned_data["picture"]
        return pictures.clean(picture) if isinstance(picture, UploadedFile) else picture

    def clean_publish_at(self) -> dt.datetime | None:
        publish_at = self.cleaned_data["publish_at"]
        if publish_at and publish_at <= timezone.now():
            raise forms.ValidationError(
                _("Choose a time to come, or leave this empty and press “Save and publish”.")
            )
        return publish_at


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = (
            *(
                f"{name}_{language}"
                for language in LANGUAGES
                for name in ("title", "slug", "lead", "body")
            ),
            "is_shown",
            "place",
            "position",
        )
        widgets = {
            **{
                f"{name}_{language}": _wide()
                for language in LANGUAGES
                for name in ("title", "slug")
            },
            **{f"lead_{language}": _wide(forms.Textarea, rows=3) for language in LANGUAGES},
        }
