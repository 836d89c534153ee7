"""One register of all personal data. Each room declares its own tables in `<room>/privacy.py`.

    from django.utils.translation import gettext_lazy as _

    from privacy.recipients import HOSTING, MAIL
    from privacy.register import (
        BLANK, DELETE, Basis, Category, Data, Keep, Purpose, Sooner,
        declare, keep_row, no_person, not_exported, technical,
    )

    MEMBERSHIP = Purpose(
        key="membership",                         # also the anchor in the notice: #membership
        title=_("Your membership"),
        why=_("To know who our members are and give them what they are entitled to."),
        basis=Basis.CONTRACT,  # 6.1.c and 6.1.f also want because="the law/interest"
        keep=Keep(months=6, after=_("your membership ended")),
        needed=_("Name and e-mail are required: without them you cannot be a member."),
        recipients=(HOSTING, MAIL),
    )

    declare(
        "members.User",
        person="self",                            # or "user", "booking__user", ("buyer", "user")
        purpose=MEMBERSHIP,                       # of every field that names no other
        kept_from="memberships__ends_on",         # what the period is counted from
        on_erasure=BLANK,                         # DELETE the row, BLANK it, keep_row(_("why"))
        fields={                                  # names separated by spaces
            "email name phone": Data(Category.CONTACT),
            "employer title": Data(Category.WORK),
            "diet": Data(Category.HEALTH, purpose=ACCESS_NEEDS, kept_from="last_event_on"),
            "password": Data(Category.SECURITY, exported=not_exported(_("Only a hash is stored."))),
            "is_active created_at": technical(),  # tells nothing about the person by itself
        },
        actors="approved_by",                     # columns that name staff who acted
        sooner=[Sooner(Q(state="unconfirmed"), kept_from="created_at",
                       keep=Keep(days=7, after=_("you applied without confirming")))],
    )
    also_holds("billing.InvoiceLine", person="booking__user", person_email="booking__email")
    declare("members.Note", person="user", kept_with="user", ...)   # lives as long as that row
    declare("events.Booking", person="user", person_email="guest_email", ...)  # guests, by address
    declare("events.Certificate", person="booking__user", person_email="booking__guest_email", ...)
    no_person("members.Fee members.MembershipKind", fields="name_sv name_en amount ...",
              reason=_("Prices and terms."), actors="changed_by")

Not to be declared: the automatic primary key, the first column of each person path and of
`kept_with`, historical tables (django-simple-history) and the hidden tables of many-to-many fields:
they follow from their model. Declare the many-to-many field itself. `kept_from` is a date or
datetime column (through relations, to many rows: the last one), or any expression of the ORM.
Whatever is not declared fails the tests and `manage.py check --deploy`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Model

from privacy.basic_purposes import ACCOUNTABILITY
from privacy.declarations import (
    BLANK,
    CLEAR,
    DELETE,
    MASK,
    Actor,
    Closing,
    Data,
    Declaration,
    FoundBy,
    Held,
    KeptFrom,
    Link,
    Papers,
    RowRule,
    Sooner,
    Store,
    Subject,
    Technical,
    Way,
    base_of_history,
    by_function,
    keep_field,
    keep_row,
    not_exported,
    technical,
)
from privacy.purposes import Basis, Category, Keep, Purpose, Recipient, Text

__all__ = [
    "BLANK",
    "CLEAR",
    "DELETE",
    "MASK",
    "Basis",
    "Category",
    "Data",
    "Keep",
    "Purpose",
    "Recipient",
    "Sooner",
    "Store",
    "Subject",
    "also_holds",
    "before_erasure",
    "by_function",
    "declare",
    "in_the_copy",
    "keep_field",
    "keep_row",
    "no_person",
    "not_exported",
    "register",
    "store",
    "technical",
]


@dataclass
class Register:
    """What the rooms declared. There is one, `register`; tests make their own."""

    declarations: dict[str, Declaration] = field(default_factory=dict)
    stores: list[Store] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    papers: list[Papers] = field(default_factory=list)
    others: dict[str, list[Way]] = field(default_factory=dict)

    def declare(
        self,
        label: str,
        *,
        purpose: Purpose,
        fields: dict[str, Data | Technical],
        person: str | Sequence[str] = (),
        person_email: str = "",
        found_by: FoundBy | None = None,
        kept_from: KeptFrom | None = None,
        kept_with: str = "",
        keep: Keep | None = None,
        on_erasure: RowRule = DELETE,
        at_end: RowRule | None = None,
        actors: str = "",
        sooner: Iterable[Sooner] = (),
        title: Text = "",
        labels: dict[str, Text] | None = None,
    ) -> None:
        """Declare a table with personal data. The example on top of the module explains the words.

        `at_end`: what happens when the period is over; as `on_erasure`, or DELETE where that keeps.
        `found_by`: for a table that hangs on its person otherwise than by columns.
        `title`, `labels`: names of the table and of columns, where those of the model do not do.
        """
        paths = (person,) if isinstance(person, str) else tuple(person)
        links = [*paths, kept_with, person_email if "__" in person_email else ""]
        after = DELETE if on_erasure.kind == "keep" else on_erasure
        self._add(
            Declaration(
                label=label,
                fields={
                    **_links(*links),
                    **_spread(fields),
                    **dict.fromkeys(actors.split(), Actor()),
                },
                purpose=purpose,
                person=paths,
                person_email=person_email,
                found_by=found_by,
                kept_from=kept_from,
                kept_with=kept_with,
                keep=keep,
                on_erasure=on_erasure,
                at_end=at_end or after,
                sooner=tuple(sooner),
                title=title,
                labels=labels or {},
            )
        )

    def no_person(self, labels: str, *, reason: Text, fields: str = "", actors: str = "") -> None:
        """Declare tables without personal data. Several labels may share `fields` and `actors`."""
        held: dict[str, Held] = {
            **dict.fromkeys(fields.split(), Technical()),
            **dict.fromkeys(actors.split(), Actor()),
        }
        shared = len(labels.split()) > 1
        for label in labels.split():
            self._add(Declaration(label=label, fields=held, reason=reason, shared=shared))

    def _add(self, declaration: Declaration) -> None:
        key = declaration.label.lower()
        if key in self.declarations:
            raise ValueError(f"{declaration.label} is declared twice in the register.")
        self.declarations[key] = declaration

    def also_holds(
        self, label: str, *, person: str | Sequence[str] = (), person_email: str = ""
    ) -> None:
        """Another room's table names people of this one: a line of an invoice whom it is for."""
        paths = (person,) if isinstance(person, str) else tuple(person)
        self.others.setdefault(label.lower(), []).append(Way(paths, person_email))

    def ways(self, declared: Declaration) -> list[Way]:
        """Every way from a row of the table to a person. The first is the table's own."""
        return [declared.way, *self.others.get(declared.label.lower(), [])]

    def store(self, store: Store) -> None:
        """Declare what is kept outside the tables: files, logs, the cache, backups."""
        self.stores.append(store)

    def before_erasure(self, closing: Closing) -> Closing:
        """A room's own part of closing an account, done first."""
        self.closings.append(closing)
        return closing

    def in_the_copy(self, papers: Papers) -> Papers:
        """Documents of a room that go into the person's copy besides the tables."""
        self.papers.append(papers)
        return papers

    def of(self, model: type[Model]) -> Declaration | None:
        """The declaration of a table; that of a history or hidden table follows from its model."""
        base = base_of_history(model)
        if base is None:
            return self.declarations.get(model._meta.label_lower)
        declared = self.of(base)
        return declared and declared.of_history(model, base)

    def __iter__(self) -> Iterator[Declaration]:
        return iter(self.declarations.values())

    def purposes(self) -> list[Purpose]:
        """Every purpose that some table serves, once, in the order of the rooms."""
        of_tables = (purpose for table in self for purpose in table.purposes())
        of_stores = (store.purpose for store in self.stores)
        actors = [ACCOUNTABILITY] if any(table.names_actors for table in self) else []
        return list(dict.fromkeys([*of_tables, *of_stores, *actors]))


def _links(*paths: str) -> dict[str, Held]:
    return {path.split("__")[0]: Link() for path in paths if path and path != "self"}


def _spread(fields: dict[str, Data | Technical]) -> dict[str, Held]:
    return {name: held for names, held in fields.items() for name in names.split()}


register = Register()
declare = register.declare
no_person = register.no_person
also_holds = register.also_holds
store = register.store
before_erasure = register.before_erasure
in_the_copy = register.in_the_copy
