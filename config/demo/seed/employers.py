"""Where invented people work: invented towns, agencies, companies and schools.

Organisation numbers have a right check digit and lie in stretches that nobody has been given.
"""

from dataclasses import dataclass
from random import Random

from stdnum import luhn

from config.demo.seed import names


@dataclass(frozen=True)
class Employer:
    name: str
    domain: str
    organisation_number: str
    street: str
    postcode: str
    city: str
    titles: tuple[str, ...]
    is_public: bool
    weight: int
    """How many of the members work there, compared with the others."""

    @property
    def peppol_id(self) -> str:
        """The scheme 0007 is that of Swedish organisation numbers."""
        return f"0007:{self.organisation_number}"


# The first six digits tell what it is: 2120 a municipality, 2321 a region, 2021 an agency, 55 a
# company, 97 a partnership.
MUNICIPALITY, REGION, AGENCY, COMPANY, PARTNERS = "212099", "232199", "202199", "559999", "979999"

_OFFICES = (
    "Dataskyddsombud",
    "Jurist",
    "Arkivarie",
    "Registrator",
    "Informationssäkerhetssamordnare",
)
_FIRMS = ("Advokat", "Biträdande jurist", "Partner", "Jurist", "Konsult i dataskydd")
_COMPANIES = (
    "Dataskyddsombud",
    "Bolagsjurist",
    "Chef för regelefterlevnad",
    "Informationssäkerhetschef",
    "Systemutvecklare",
    "Produktägare",
    "HR-specialist",
)
_SCHOOLS = ("Dataskyddsombud", "Universitetsjurist", "Forskningshandläggare", "Lektor", "Doktorand")

_KINDS = (
    (
        MUNICIPALITY,
        True,
        _OFFICES,
        """
        Almhaga kommun|Björkforsens kommun|Ekinge kommun|Granviks kommun|Hästångers kommun
        Kvarnlunda kommun|Lindnäs kommun|Mälarviks kommun|Norrtjärns kommun|Sällinge kommun
        Tallåsens kommun|Västerhults kommun|Åhamra kommun|Älvhamra kommun|Ödesholms kommun
        """,
    ),
    (REGION, True, _OFFICES, "Region Mittskogen|Region Södra Älvdalen|Region Norrtjärn"),
    (
        AGENCY,
        True,
        _OFFICES,
        """
        Statens registerverk|Verket för samhällsuppgifter|Intygsverket|Statens arkivnämnd
        Myndigheten för e-underskrifter
        Tillsynsverket för kollektivtrafik|Nämnden för folkbildningsstöd
        Myndigheten för växtskydd|Delegationen för öppna data|Statens mätverk
        """,
    ),
    (
        COMPANY,
        False,
        _COMPANIES,
        """
        Tallåsen Försäkring AB|Björkforsens Sparbank AB|Nordkällan Energi AB|Kvarnlunda Vård AB
        Blåklinten Hälsodata AB|Lindnäs Logistik AB|Hamnarna Telekom AB|Fjällsippan Pension AB
        Sällinge Läkemedel AB|Mörkö Spel AB|Granvik Livs AB|Skyttelns Textil AB|Rönnbärets Resor AB
        Ljungheden Bostäder AB|Vågbrytaren Data AB|Kompassrosen Bemanning AB|Stenkast Media AB
        Månhagen Utbildning AB|Ekollonet E-handel AB|Tranbäret Kosmetik AB|Isranden Molntjänster AB
        Norrskensstråket Flyg AB|Humlegrens Fastigheter AB|Vinterviken Analys AB
        Åskmolnet Säkerhet AB
        """,
    ),
    (
        PARTNERS,
        False,
        _FIRMS,
        """
        Advokatfirman Björkfors & Ekinge KB|Advokatbyrån Ödesholm HB|Sällinge & Granvik Advokater KB
        Juristhuset Mälarvik HB|Dataskyddsbyrån Tre Nycklar HB|Advokatfirman Norrtjärn KB
        """,
    ),
    (
        AGENCY,
        True,
        _SCHOOLS,
        """
        Mälarviks universitet|Universitetet i Älvhamra|Högskolan i Ekinge|Tekniska högskolan Granvik
        """,
    ),
)


def all_employers() -> list[Employer]:
    """Always the same ones, whatever the seed: a town has its number."""
    random = Random("employers")
    employers: list[Employer] = []
    for prefix, is_public, titles, listed in _KINDS:
        for name in listed.strip().replace("\n", "|").split("|"):
            number = organisation_number(prefix, len(employers) + 11)
            employers.append(_employer(name.strip(), number, titles, is_public, random))
    return employers


def is_school(employer: Employer) -> bool:
    return employer.titles == _SCHOOLS


def organisation_number(prefix: str, serial: int) -> str:
    body = f"{prefix}{serial:03}"
    return body + luhn.calc_check_digit(body)


def _employer(
    name: str, number: str, titles: tuple[str, ...], is_public: bool, random: Random
) -> Employer:
    home = next((town for town in names.TOWNS if town[0] in name), None)
    city, postcode = home or random.choice(names.TOWNS)
    has_box = random.random() < 0.4
    return Employer(
        name=name,
        domain=_domain(name),
        organisation_number=number,
        street=f"Box {random.randint(100, 989)}" if has_box else names.street(random),
        postcode=postcode,
        city=city,
        titles=titles,
        is_public=is_public,
        weight=random.choice((1, 1, 2, 3, 5, 8)),
    )


def _domain(name: str) -> str:
    words = names.mail_part(name.replace("&", "")).split(".")
    return "-".join(word for word in words if word not in {"ab", "kb", "hb"}) + ".example"
