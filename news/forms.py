import datetime as dt
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news import audiences, pictures, search
from news.editions import LANGUAGES
from news.models import Article, Newsletter, Page
from privacy.human_check import HumanCheckLayout, HumanCheckMixin


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


class EventsField(forms.MultipleChoiceField):
    """Of the coming events; those chosen before stay, even when they are over."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, chosen: list[str]) -> None:
        choices = audiences.programme.choices(timezone.now())
        known = {key for key, _label in choices}
        self.choices = [*((key, key) for key in chosen if key not in known), *choices]


class ArticleForm(forms.ModelForm):
    """The editor's form. When an article is published is no field of it but an operation."""

    event_keys = EventsField(label=gettext_lazy("Related events"), required=False)
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
            "event_keys",
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

        if "event_keys" in self.fields:
            cast(EventsField, self.fields["event_keys"]).offer(self.instance.event_keys)

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


class NewsletterForm(forms.ModelForm):
    event_keys = EventsField(
        label=gettext_lazy("Events"),
        required=False,
        help_text=gettext_lazy("Those to come. They stand in the order of their days."),
    )

    class Meta:
        model = Newsletter
        fields = ("subject_sv", "intro_sv", "subject_en", "intro_en", "articles", "event_keys")
        widgets = {f"subject_{language}": _wide() for language in LANGUAGES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "event_keys" in self.fields:
            cast(EventsField, self.fields["event_keys"]).offer(self.instance.event_keys)


class SubscribeForm(HumanCheckMixin, forms.Form):
    """`consent` is ticked by the person, and its words are what is kept."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy(
            "Yes, e-mail me the newsletter of Forum för Dataskydd. I can end it at any time by "
            "one press in any letter."
        )
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "email", "consent", HumanCheckLayout(), Submit("send", _("Get the newsletter"))
        )
