"""What is told of each purpose, in both languages, and that it says the same everywhere."""

import datetime as dt
import json

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import translation

from privacy import recipients
from privacy.models import Processor
from privacy.processing import all_processing, rights
from privacy.purposes import Basis
from privacy.register import register
from tests.privacy.people import company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["sv", "en"])
def test_twelve_of_twelve_items_for_every_purpose(language):
    with translation.override(language):
        missing = [
            (one.purpose.key, item)
            for one in all_processing()
            for item, said in one.items().items()
            if not said
        ]
        counts = {len(one.items()) for one in all_processing()}

    assert missing == []
    assert counts == {12}


def test_every_purpose_of_every_table_and_store_is_told_once():
    told = [one.purpose.key for one in all_processing()]

    assert len(told) == len(set(told))
    assert set(told) == {purpose.key for purpose in register.purposes()}


def test_every_recipient_can_be_entered_as_a_company():
    named = {r.key for purpose in register.purposes() for r in purpose.recipients}

    assert named <= {recipient.key for recipient in recipients.ALL}


def test_rights_follow_from_the_basis():
    with translation.override("en"):
        given = {basis: " ".join(rights(basis)) for basis in Basis}

    assert [basis for basis in Basis if "Art. 20" in given[basis]] == [
        Basis.CONSENT,
        Basis.CONTRACT,
        Basis.EXPLICIT_CONSENT,
    ]
    assert [basis for basis in Basis if "Art. 21" in given[basis]] == [Basis.LEGITIMATE_INTEREST]
    assert [basis for basis in Basis if "Art. 7.3" in given[basis]] == [
        Basis.CONSENT,
        Basis.EXPLICIT_CONSENT,
    ]
    assert all("Art. 15" in given[basis] for basis in Basis)


def hosting(key: str) -> list[str]:
    """The companies that the page names as recipients of a purpose."""
    [one] = [one for one in all_processing() if one.purpose.key == key]
    return [company.name for receiver in one.receivers for company in receiver.companies]


def test_companies_in_use_are_named():
    company(name="Värd AB")
    company(name="Gamla Värd AB", ended_on=dt.date(2026, 1, 31))

    assert hosting("security") == ["Värd AB"]


def test_a_company_outside_europe_is_named_with_its_safeguard():
    company(name="Cloud Inc.", country="US", safeguard=Processor.Safeguard.CLAUSES)

    [one] = [one for one in all_processing() if one.purpose.key == "security"]

    assert [transfer.name for transfer in one.transfers] == ["Cloud Inc."]
    assert one.transfers[0].country_name == "USA"


def test_without_companies_nothing_is_promised_about_transfers():
    [one] = [one for one in all_processing() if one.purpose.key == "security"]
    with translation.override("en"):
        assert one.no_transfers == "Ask us: not every company is named here yet."

    company()

    [one] = [one for one in all_processing() if one.purpose.key == "security"]
    with translation.override("en"):
        assert one.no_transfers == "None outside the EU/EEA."


def test_who_works_on_our_instructions_has_a_contract():
    with pytest.raises(IntegrityError):
        company(contract_on=None)


def test_who_works_in_its_own_right_needs_none():
    assert company(role=Processor.Role.CONTROLLER, contract_on=None).pk


def test_a_country_that_does_not_exist_is_refused():
    company = Processor(recipient="bank", name="Bank", country="qq", role="controller")

    with pytest.raises(ValidationError) as refusal:
        company.clean()

    with translation.override("en"):
        assert refusal.value.messages == ["There is no country with these two letters."]


# --- The record of processing ----------------------------------------------------------------


def written(capsys, *options: str) -> str:
    call_command("processing_record", *options)
    return capsys.readouterr().out


def test_the_record_as_json_holds_every_purpose_table_and_column(capsys):
    record = json.loads(written(capsys, "--format", "json", "--lang", "en"))

    assert [activity["key"] for activity in record["activities"]] == [
        purpose.key for purpose in register.purposes()
    ]
    recorded = {
        (table["table"].lower(), column)
        for activity in record["activities"]
        for table in activity["tables"]
        for column in table["columns"]
    }
    assert recorded == {
        (table.label.lower(), name)
        for table in register
        if table.holds_person
        for name, _held in table.personal()
    }


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_record_to_read_names_every_purpose_and_company(capsys, form, language):
    company(name="Värd AB")

    text = written(capsys, "--format", form, "--lang", language)

    with translation.override(language):
        titles = [str(purpose.title) for purpose in register.purposes()]
    assert [title for title in titles if title not in text.replace("&#x27;", "'")] == []
    assert "Värd AB" in text
    assert text.endswith("\n")


def test_the_record_is_the_same_twice(capsys):
    assert written(capsys) == written(capsys)


def test_the_record_in_the_docs_is_that_of_today(capsys):
    """Whoever changes what is stored shows it in the same change: `make record`."""
    committed = (settings.BASE_DIR / "docs/record-of-processing.md").read_text()

    assert written(capsys, "--format", "md", "--lang", "sv") == committed
