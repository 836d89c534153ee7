"""Nothing is stored that the register does not know: proven on the site, and on planted gaps."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test.utils import isolate_apps
from simple_history.models import HistoricalRecords

from privacy import checks, gaps
from privacy.purposes import Basis, Keep, Purpose
from privacy.register import Category, Data, Register, register, technical

PURPOSE = Purpose(
    key="test",
    title="Test",
    why="To test.",
    basis=Basis.CONTRACT,
    keep=Keep(days=1, after="it was written"),
    needed="Required.",
)


def test_every_table_and_column_of_the_site_is_declared():
    assert [str(gap) for gap in gaps.undeclared()] == []


def test_a_gap_stops_a_deployment(monkeypatch):
    monkeypatch.setattr(gaps, "undeclared", lambda: [gaps.Gap("members.Diary", "is new.")])

    errors = checks.everything_is_declared(None)

    assert [(error.id, error.msg) for error in errors] == [
        ("privacy.E001", "Register of personal data: members.Diary is new.")
    ]


def found(*mutants: type[models.Model], known: Register | None = None) -> list[str]:
    """What the mutants add to the gaps of the site."""
    known = known or Register()
    people = [get_user_model()]
    own = {model._meta.label for model in mutants}
    reported = gaps.undeclared(known, models=[*people, *mutants])
    return [str(gap) for gap in reported if any(gap.what.startswith(label) for label in own)]


def knowing(label: str = "privacy.Mutant", **changes: object) -> Register:
    """A register in which the mutant is declared in full, but for the change."""
    known = Register()
    fields = changes.pop("fields", {"text": Data(Category.CONTACT), "at": technical()})
    words = {"person": "user", "purpose": PURPOSE, "kept_from": "at", **changes}
    known.declare(label, fields=fields, **words)
    return known


class Columns:
    """The columns of a mutant that `knowing` declares."""

    def __new__(cls) -> dict[str, models.Field]:
        return {
            "user": models.ForeignKey(get_user_model(), models.CASCADE, related_name="+"),
            "text": models.CharField(max_length=5),
            "at": models.DateTimeField(),
        }


def mutant(name: str = "Mutant", base: type = models.Model, **columns: object) -> type:
    meta = type("Meta", (), {"app_label": "privacy"})
    return type(name, (base,), {"__module__": __name__, "Meta": meta, **columns})


@isolate_apps("privacy")
def test_a_table_declared_in_full_is_no_gap():
    assert found(mutant(**Columns()), known=knowing()) == []


@isolate_apps("privacy")
def test_the_address_of_a_guest_may_stand_in_another_table():
    known = knowing(person=(), person_email="user__email")

    assert found(mutant(**Columns()), known=known) == []


@isolate_apps("privacy")
def test_mutant_table_of_a_person():
    assert found(mutant(**Columns())) == ["privacy.Mutant is declared nowhere."]


@isolate_apps("privacy")
def test_mutant_table_of_nobody_with_an_address():
    assert found(mutant(email=models.EmailField())) == ["privacy.Mutant is declared nowhere."]


NEW_COLUMNS: list[Callable[[], models.Field]] = [
    lambda: models.CharField(max_length=9),
    models.FileField,
    models.JSONField,
    models.GenericIPAddressField,
    models.BooleanField,
    lambda: models.ForeignKey(get_user_model(), models.CASCADE, related_name="+"),
]


@pytest.mark.parametrize("column", NEW_COLUMNS)
@isolate_apps("privacy")
def test_mutant_column_of_a_declared_table(column):
    mutated = mutant(**Columns(), extra=column())

    assert found(mutated, known=knowing()) == ["privacy.Mutant.extra is declared nowhere."]


@isolate_apps("privacy")
def test_mutant_many_to_many():
    mutated = mutant(**Columns(), others=models.ManyToManyField(get_user_model(), related_name="+"))
    hidden = mutated.others.through

    assert found(mutated, hidden, known=knowing()) == [
        "privacy.Mutant.others is declared nowhere.",
        "privacy.Mutant_others is declared nowhere: declare privacy.Mutant.others.",
    ]


@isolate_apps("privacy")
def test_mutant_history_of_an_undeclared_table():
    mutated = mutant(**Columns(), history=HistoricalRecords(app="privacy"))

    assert "privacy.HistoricalMutant is declared nowhere." in found(mutated, mutated.history.model)


@isolate_apps("privacy")
def test_mutant_column_in_a_history_alone():
    class Remark(models.Model):
        remark = models.TextField()

        class Meta:
            abstract = True

    mutated = mutant(**Columns(), history=HistoricalRecords(app="privacy", bases=[Remark]))

    assert found(mutated, mutated.history.model, known=knowing()) == [
        "privacy.HistoricalMutant.remark is declared nowhere."
    ]


@isolate_apps("privacy")
def test_mutant_column_of_an_inherited_table():
    parent = mutant(**Columns())
    child = mutant("MutantChild", base=parent, diary=models.TextField())
    known = knowing()
    known.declare(
        "privacy.MutantChild",
        person="mutant_ptr__user",
        purpose=PURPOSE,
        kept_with="mutant_ptr",
        fields={},
    )

    assert found(parent, child, known=known) == ["privacy.MutantChild.diary is declared nowhere."]


@isolate_apps("privacy")
def test_mutant_that_claims_to_hold_nobody_and_names_one():
    known = Register()
    known.no_person("privacy.Mutant", fields="user text at", reason="So they say.")

    assert found(mutant(**Columns()), known=known) == [
        "privacy.Mutant.user names a person: put it into `person` or `actors`."
    ]


@isolate_apps("privacy")
def test_mutant_that_claims_to_hold_nobody_and_hangs_on_a_table_that_does():
    first = mutant(**Columns())
    second = mutant("Second", first=models.ForeignKey(first, models.CASCADE, related_name="+"))
    known = knowing()
    known.no_person("privacy.Second", fields="first", reason="So they say.")

    assert found(first, second, known=known) == [
        (
            "privacy.Second.first leads to privacy.Mutant, which holds personal data: "
            "declare the person."
        )
    ]


@isolate_apps("privacy")
def test_mutant_that_can_point_at_anything():
    mutated = mutant(
        kind=models.ForeignKey(ContentType, models.CASCADE, related_name="+"),
        number=models.PositiveIntegerField(),
        thing=GenericForeignKey("kind", "number"),
    )
    known = Register()
    known.no_person("privacy.Mutant", fields="kind number", reason="So they say.")

    assert found(mutated, known=known) == [
        "privacy.Mutant.thing can point at anything, people too."
    ]


@isolate_apps("privacy")
def test_mutant_column_that_was_renamed():
    columns = Columns()
    mutated = mutant(user=columns["user"], at=columns["at"], words=columns["text"])

    assert found(mutated, known=knowing()) == [
        "privacy.Mutant.words is declared nowhere.",
        "privacy.Mutant.text is declared, but there is no such column.",
    ]


WRONG_WORDS = [
    ({"person": "at"}, "privacy.Mutant reaches no person by the path 'at'."),
    ({"person": ()}, "privacy.Mutant does not say in `person` (or `person_email`) whose data"),
    ({"person_email": "mail"}, "privacy.Mutant has no column 'mail'."),
    ({"person_email": "user__mail"}, "privacy.Mutant has no column 'user__mail'."),
    ({"kept_from": None}, "privacy.Mutant says in neither `kept_from` nor `kept_with`"),
    ({"kept_from": "then"}, "privacy.Mutant cannot count from 'then'"),
    ({"kept_from": None, "kept_with": "friend"}, "privacy.Mutant has no column 'friend'"),
    ({"actors": "text"}, "privacy.Mutant.text is an actor, but names no person."),
]


@pytest.mark.parametrize(("words", "gap"), WRONG_WORDS)
@isolate_apps("privacy")
def test_declaration_that_does_not_hold(words, gap):
    reported = found(mutant(**Columns()), known=knowing(**words))

    assert any(line.startswith(gap) for line in reported), reported


@isolate_apps("privacy")
def test_health_wants_explicit_consent():
    known = knowing(fields={"text": Data(Category.HEALTH), "at": technical()})

    assert found(mutant(**Columns()), known=known) == [
        "privacy.Mutant.text is a special category: it wants explicit consent."
    ]


@isolate_apps("privacy")
def test_a_purpose_of_its_own_wants_a_period_of_its_own():
    other = replace(PURPOSE, key="other")
    known = knowing(fields={"text": Data(Category.CONTACT, purpose=other), "at": technical()})

    assert found(mutant(**Columns()), known=known) == [
        (
            "privacy.Mutant.text has a purpose of its own: "
            "say in `kept_from` what its period is counted from."
        )
    ]


def test_a_label_without_a_table_is_a_gap():
    known = Register({**register.declarations}, [])
    known.no_person("members.Gone", reason="It was removed.")

    assert "members.Gone is declared, but there is no such table." in [
        str(gap) for gap in gaps.undeclared(known)
    ]


def test_nothing_is_declared_twice():
    known = knowing()

    with pytest.raises(ValueError, match=r"privacy\.Mutant is declared twice"):
        known.no_person("privacy.Mutant", reason="Again.")
