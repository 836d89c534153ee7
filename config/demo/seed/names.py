"""What invented people are called and how they are reached. Nobody here exists.

Addresses end in `.example`, which the internet keeps free for ever (RFC 2606). Phone numbers are
070-174 06 05 to 070-174 06 99, which the Swedish regulator keeps free for fiction.
"""

import unicodedata
from random import Random

FIRST = """
Agneta Ahmed Aino Aleksandra Alva Amina Anders Anette Anna Annika Anton Arvid Astrid Axel Barbro
Bengt Birgitta Björn Bo Britt Camilla Carina Carl Cecilia Christer Dalia Daniel David Denise Ebba
Edvin Elias Elin Elisabet Elsa Emil Emma Erik Eskil Eva Fanny Farid Filip Folke Fredrik Frida
Gabriella Gerd Greta Gun Gunilla Gustav Hampus Hanna Hassan Hedda Helena Henrik Håkan Ida Ilona
Inger Ingrid Irene Isabella Ivar Jakob Jan Jenny Jesper Joakim Johanna Jonas Josefin Julia Jörgen
Kajsa Karin Karl Katarina Kerstin Kim Klara Krister Lars Leila Lena Leo Lina Linnea Lisbet Lova
Lovisa Ludvig Magdalena Magnus Maja Malin Margareta Maria Marianne Markus Marta Martin Matilda
Mattias Mikael Milan Mira Moa Mohammed Monika Märta Nadja Nicole Nils Nina Noor Ola Olga Olle Oskar
Patrik Per Pernilla Petra Pontus Rasmus Rebecka Rickard Robert Rolf Ronja Rut Sadia Samuel Sara
Selma Sigrid Simon Siv Sofia Stefan Sten Stina Susanne Svante Sven Tanja Teodor Teresa Therese
Thomas Tilda Tobias Tove Tuva Ulf Ulla Ulrika Urban Vera Viktor Vilma Yasmin Yngve Ylva Åke Åsa
Örjan Östen
""".split()

LAST = """
Abrahamsson Ahlgren Alfredsson Almén Ambjörnsson Andersson Aronsson Asplund Axelsson Backlund
Bengtsson Berg Bergkvist Bergström Björk Blom Blomkvist Bodin Boman Brandt Broman Byström Böök
Carlsson Dahl Dahlgren Danielsson Edlund Edvardsson Ek Ekberg Eklöf Ekström Eliasson Engberg
Engström Eriksson Falk Fors Forsberg Fransson Friberg Frisk Granlund Gunnarsson Gustafsson Göransson
Hagström Hallberg Hansson Hedin Hedlund Hellström Henriksson Hermansson Holm Holmgren Hård Håkansson
Hörnfeldt Isaksson Ivarsson Jakobsson Jansson Johansson Jonsson Josefsson Jönsson Karlsson Kjellin
Klingberg Krantz Kullberg Lagerkvist Larsson Leander Lilja Lind Lindberg Lindgren Lindholm Ljung
Ljungberg Lundgren Lundmark Lundqvist Löfgren Lönn Magnusson Malm Markström Mattsson Melin Moberg
Molin Månsson Mårtensson Möller Nilsson Norberg Nordin Nordström Norén Nyberg Nyman Nyström Näslund
Oskarsson Ottosson Palm Persson Pettersson Quist Rask Risberg Rosén Rydberg Rönn Samuelsson Sandberg
Sandström Sjöberg Sjögren Skoglund Sköld Stark Stenberg Strand Strömberg Sundin Svanberg Svensson
Säfström Söderberg Söderlund Thelin Thorén Tjernlund Törnqvist Ulfsson Vallin Vesterlund Viklund
Wallén Westin Wikström Winberg Ågren Åhlund Åkerman Åkesson Åström Öberg Öhman Öman Östlund Österberg
""".split()

STREETS = """
Almvägen|Bangatan|Björkallén|Brunnsgatan|Ekbacken|Fabriksgatan|Fältvägen|Hamngatan|Klockarvägen
Kvarngatan|Lindallén|Myntgatan|Norra Strandgatan|Parkvägen|Rådhusgatan|Skolgatan|Slussgatan
Södra Tullgatan|Tingsvägen|Trädgårdsgatan|Tvärgränd|Ängsvägen|Åsgatan|Östra Långgatan
""".strip().replace("\n", "|").split("|")

TOWNS = [
    ("Almhaga", "312 40"),
    ("Björkforsen", "774 91"),
    ("Ekinge", "286 12"),
    ("Granvik", "643 20"),
    ("Hästånger", "825 61"),
    ("Kvarnlunda", "541 33"),
    ("Lindnäs", "139 41"),
    ("Mälarvik", "178 52"),
    ("Norrtjärn", "918 30"),
    ("Sällinge", "712 25"),
    ("Tallåsen", "843 95"),
    ("Västerhult", "511 64"),
    ("Åhamra", "267 90"),
    ("Älvhamra", "681 54"),
    ("Ödesholm", "387 32"),
]

MAILBOXES = ["brevlada.example", "hemposten.example", "mejl.example", "postfack.example"]


def full_name(random: Random) -> str:
    last = random.choice(LAST)
    if random.random() < 0.06:
        last = f"{last} {random.choice(LAST)}"
    return f"{random.choice(FIRST)} {last}"


def phone(random: Random) -> str:
    digits = random.randint(605, 699)
    return f"070-174 0{digits // 100} {digits % 100:02}"


def street(random: Random) -> str:
    return f"{random.choice(STREETS)} {random.randint(1, 94)}"


def mail_part(name: str) -> str:
    """`Åsa Öhman Sjö` -> `asa.ohman.sjo`, as it stands before the @."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return ".".join(plain.split())
