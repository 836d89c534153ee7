import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from members import roles
from tests.factories import members as make

pytestmark = pytest.mark.django_db


def test_the_groups_hold_what_the_table_says() -> None:
    """As the migration left them in an empty database."""
    for name, rights in roles.ROLES.items():
        held = Group.objects.get(name=name).permissions.values_list(
            "content_type__app_label", "codename"
        )
        wanted = [
            (label.split(".")[0], f"{action}_{label.split('.')[1]}")
            for label, actions in rights.items()
            for action in actions.split()
        ]
        assert sorted(held) == sorted(wanted)


def test_granting_again_changes_nothing_and_doubles_nothing() -> None:
    before = Permission.objects.count()
    roles.grant(apps)
    assert Permission.objects.count() == before
    assert Group.objects.count() == len(roles.ROLES)


def test_what_somebody_added_by_hand_goes_when_granted_anew() -> None:
    editor = Group.objects.get(name=roles.EDITOR)
    editor.permissions.add(Permission.objects.get(codename="view_user"))
    roles.grant(apps)
    assert not make.staff(roles.EDITOR).has_perm("members.view_user")


def test_every_label_names_a_model() -> None:
    labels = {label for rights in roles.ROLES.values() for label in rights}
    assert [label for label in labels if apps.get_model(label) is None] == []


def test_only_superusers_decide_on_roles() -> None:
    forbidden = {"auth.group", "auth.permission"}
    assert not any(forbidden & rights.keys() for rights in roles.ROLES.values())
