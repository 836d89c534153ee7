"""All of A's and none of B's: in the copy, and after A was erased in everything there is."""

import dataclasses
import logging

import pytest

from privacy import collection, erasure, removal
from privacy.collection import tables
from privacy.declarations import DELETE, RowRule, keep_row, not_exported, technical
from privacy.register import register
from tests.factories import privacy as factory
from tests.privacy import canaries
from tests.privacy.canaries import bird, dump, faults_of_copy, faults_of_erasure, session_texts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# The whole list: what the Bookkeeping Act keeps, the proofs, and the log of who looked.
STAYS = {
    "billing.Invoice": {
        "customer_name",
        "customer_address",
        "customer_organisation_number",
        "customer_vat_number",
        "customer_reference",
        "order_number",
        "cost_centre",
        "peppol_id",
        "number",
        "reason",
    },
    "billing.InvoiceLine": {"text", "detail"},
    "billing.Payment": {"note"},
    "billing.BankTransaction": {"text", "payer_name", "payer_account", "references", "closed_note"},
    "members.Membership": {"exempt_reason"},
    "members.HistoricalMembership": {"exempt_reason", "history_change_reason"},
    "members.Consent": {"channel"},
    "privacy.AccessLog": {"role"},
}


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def birds():
    return bird("A"), bird("B")


def all_text() -> str:
    return "".join(dump().values()) + session_texts()


def test_every_table_of_the_register_is_filled(birds):
    anna, _bo = birds
    filled = {label for label, _column, _held in anna.cells.values()}
    with_rows = {table.model._meta.label for table in collection.collect(anna.subject)}
    known = {model._meta.label for declared, model in tables() if not declared.history_of}

    assert known - with_rows - canaries.NOT_FILLED == set()
    assert len(filled) > 20
    assert len(anna.cells) > 90


def test_the_copy_of_a_holds_all_of_a_and_nothing_of_b(birds):
    assert faults_of_copy(*birds) == []


def test_after_erasing_a_the_whole_store_holds_the_allow_list_and_b_is_untouched(birds, caplog):
    anna, bo = birds
    before = all_text()
    with caplog.at_level(logging.DEBUG):
        factory.erased(anna.user)

    assert faults_of_erasure(anna, bo, STAYS, before) == []
    told = " ".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
    assert (anna.found_in(told), anna.user.email in told) == (set(), False)
    kept = {anna.cells[token][0] for token in anna.found_in(all_text())}
    assert kept == set(STAYS)


# --- Would it be noticed? -------------------------------------------------------------------------


def changed(monkeypatch, label, **changes):
    declared = register.declarations[label.lower()]
    mutant = dataclasses.replace(declared, **changes)
    monkeypatch.setitem(register.declarations, label.lower(), mutant)


def column(monkeypatch, label, name, held):
    declared = register.declarations[label.lower()]
    changed(monkeypatch, label, fields={**declared.fields, name: held})


def withheld(monkeypatch):
    declared = register.declarations["events.booking"].fields["name"]
    column(
        monkeypatch,
        "events.Booking",
        "name",
        dataclasses.replace(declared, exported=not_exported("x")),
    )


MUTANTS = {
    "a table is forgotten": lambda m: m.setattr(
        register,
        "declarations",
        {label: one for label, one in register.declarations.items() if label != "events.booking"},
    ),
    "a column is called technical": lambda m: column(m, "members.User", "phone", technical()),
    "a way to the person is forgotten": lambda m: changed(m, "members.FeeExemption", person=()),
    "guests are not found by their address": lambda m: changed(
        m, "events.Booking", person_email=""
    ),
    "a table is kept": lambda m: changed(m, "members.Application", on_erasure=keep_row("x")),
    "an account is kept": lambda m: changed(m, "members.User", on_erasure=RowRule("keep", "x")),
    "earlier versions are forgotten": lambda m: [
        m.setattr(removal, "forget_versions", lambda model, pks: None),
        m.setattr(erasure, "tables", None, raising=False),
        m.setattr(
            collection,
            "tables",
            lambda known=register: [pair for pair in tables(known) if not pair[0].history_of],
        ),
    ],
    "the log keeps the names": lambda m: changed(
        m, "admin.LogEntry", on_erasure=keep_row("x"), person=()
    ),
    "a column is not emptied": lambda m: m.setattr(removal, "cleared", lambda field: "cnryA0001x"),
    "the books go": lambda m: changed(m, "members.Consent", on_erasure=DELETE),
    "copies to others are forgotten": lambda m: changed(m, "mail.Mail", found_by=None),
    "the name is withheld": withheld,
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mistake_in_the_register_is_noticed(birds, monkeypatch, name):
    anna, bo = birds
    before = all_text()
    MUTANTS[name](monkeypatch)

    assert noticed(anna, bo, before)


def noticed(anna, bo, before) -> bool:
    """By the copy, by the erasure, or because the database refuses."""
    if faults_of_copy(anna, bo):
        return True
    try:
        factory.erased(anna.user)
    except Exception:
        return True
    kept = {anna.cells[token][0] for token in anna.found_in(all_text())}
    return bool(faults_of_erasure(anna, bo, STAYS, before)) or kept != set(STAYS)
