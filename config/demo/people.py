"""Who one can be in the demo, by one click. The seed writes them; they have no password."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members import roles


@dataclass(frozen=True)
class DemoPerson:
    """`role` is what one sees as this person, in a word or two; `group` makes staff."""

    key: str
    name: str
    email: str
    role: str | Promise
    group: str = ""
    is_administrator: bool = False

    @property
    def is_staff(self) -> bool:
        return bool(self.group) or self.is_administrator


MEMBERS = (
    DemoPerson(
        "member",
        "Ingrid Sjöholt",
        "ingrid.sjoholt@alvhamra-kommun.example",
        _("Member, the employer has paid"),
    ),
    DemoPerson(
        "newcomer",
        "Mehmet Lindåker",
        "mehmet.lindaker@brevlada.example",
        _("New member with an invoice to pay"),
    ),
    DemoPerson(
        "late",
        "Bodil Ståhlnäs",
        "bodil.stahlnas@tallasen-forsakring.example",
        _("Member whose fee is overdue"),
    ),
    DemoPerson(
        "student",
        "Elvira Norrmark",
        "elvira.norrmark@malarviks-universitet.example",
        _("Student in the free first year"),
    ),
    DemoPerson(
        "last-weeks",
        "Hugo Tranås",
        "hugo.tranas@hogskolan-i-ekinge.example",
        _("Student whose year soon ends"),
    ),
    DemoPerson(
        "lapsed",
        "Rune Askelund",
        "rune.askelund@hemposten.example",
        _("Former member, the fee was never paid"),
    ),
    DemoPerson(
        "guest",
        "Marit Ekdalen",
        "marit.ekdalen@kompassrosen-bemanning.example",
        _("Not a member, has booked the conference"),
    ),
)

STAFF = (
    DemoPerson(
        "secretary",
        "Görel Ahlstedt",
        "gorel@kansliet.example",
        _("Membership secretary"),
        group=roles.MEMBERSHIP_SECRETARY,
    ),
    DemoPerson(
        "treasurer",
        "Torkel Brännvik",
        "torkel@kansliet.example",
        _("Treasurer"),
        group=roles.TREASURER,
    ),
    DemoPerson(
        "event-manager",
        "Samira Ekstedt",
        "samira@kansliet.example",
        _("Event manager"),
        group=roles.EVENT_MANAGER,
    ),
    DemoPerson(
        "editor",
        "Pontus Gråbo",
        "pontus@kansliet.example",
        _("Editor"),
        group=roles.EDITOR,
    ),
    DemoPerson(
        "privacy-officer",
        "Åsa Källdal",
        "asa@kansliet.example",
        _("Privacy officer"),
        group=roles.PRIVACY_OFFICER,
    ),
    DemoPerson(
        "administrator",
        "Sixten Wennerhag",
        "sixten@kansliet.example",
        _("Administrator, may do everything"),
        is_administrator=True,
    ),
)

PEOPLE = {person.key: person for person in (*MEMBERS, *STAFF)}
