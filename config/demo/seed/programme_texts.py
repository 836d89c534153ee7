"""What is said of the invented events, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    slug: str
    title_sv: str
    title_en: str
    summary_sv: str
    summary_en: str
    description_sv: str = ""
    description_en: str = ""
    place: str = "Föreningshuset Lyktan, Stockholm"
    address: str = "Lyktgränd 4, Stockholm"


_GOTHENBURG = {
    "place": "Konferenshuset Fyrvaktaren, Göteborg",
    "address": "Vaktargatan 12, Göteborg",
}
_MALMO = {"place": "Biografen Kometen, Malmö", "address": "Stjärngatan 7, Malmö"}

TEXTS = {
    "processors": Text(
        "bitraden",
        "Biträdesavtal som håller när något händer",
        "Processor agreements that hold when something happens",
        "Vad ska stå i avtalet för att det ska hjälpa er den dag biträdet drabbas?",
        "What must the agreement say to be of help on the day the processor is hit?",
    ),
    "municipal-network": Text(
        "natverk-kommuner",
        "Nätverksträff för ombud i kommuner",
        "Network meeting for municipal officers",
        "Vi byter erfarenheter om register, nämnder och skolplattformar.",
        "We compare notes on records, committees and school platforms.",
    ),
    "deletion": Text(
        "gallring",
        "Gallring som blir av",
        "Deletion that gets done",
        "Från beslut på papper till rader som verkligen försvinner ur systemen.",
        "From a decision on paper to rows that really leave the systems.",
        **_GOTHENBURG,
    ),
    "arena": Text(
        "nordic-privacy-arena",
        "Nordic Privacy Arena",
        "Nordic Privacy Arena",
        "Två dagar, tre spår och dataskyddsfolk från hela Norden.",
        "Two days, three tracks and privacy people from all the Nordic countries.",
        "Konferensen samlar jurister, ombud, tekniker och forskare kring det som har hänt under "
        "året och det som väntar. Första dagen handlar om tillsyn och rättsfall, den andra om "
        "teknik, säkerhet och arbetet i vardagen.\n\nPresentationerna hålls på svenska eller "
        "engelska och tolkas åt båda hållen. Lunch och kaffe ingår, och första kvällen äter vi "
        "middag tillsammans. Den som deltar på nätet ser alla spår direkt.",
        "The conference brings lawyers, officers, engineers and researchers together around what "
        "has happened in the year and what lies ahead. The first day is about supervision and "
        "case law, the second about technology, security and daily work.\n\nThe talks are in "
        "Swedish or English with interpretation both ways. Lunch and coffee are included, and on "
        "the first evening we have dinner together. Those who take part online see all tracks "
        "live.",
        place="Kongresshallen Vintergatan, Stockholm",
        address="Vintergatan 1, Stockholm",
    ),
    "schools": Text(
        "barnens-uppgifter",
        "Barnens uppgifter i skolans appar",
        "Children's data in the apps of schools",
        "Lärplattformar, bilder och betyg: vem ansvarar, och vad behövs egentligen?",
        "Platforms, pictures and grades: who is responsible, and what is really needed?",
    ),
    "breakfast": Text(
        "frukost",
        "Frukost med frågor ur vardagen",
        "Breakfast with everyday questions",
        "En timme på nätet där vi svarar på varandras frågor.",
        "An hour online in which we answer each other's questions.",
        "Skicka gärna din fråga i förväg, annars ställer du den på plats. Vi spelar inte in, och "
        "det som sägs stannar hos dem som är med.",
        "Send your question beforehand if you like, or ask it on the day. We do not record, and "
        "what is said stays with those who are there.",
    ),
    "logs": Text(
        "loggar",
        "Vem har tittat? Om loggar som någon läser",
        "Who has looked? On logs that somebody reads",
        "Åtkomstloggar ska avskräcka och avslöja. Så gör du dem begripliga.",
        "Access logs are to deter and to reveal. How to make sense of them.",
        **_MALMO,
    ),
    "cameras": Text(
        "kameror",
        "Kameran i trapphuset",
        "The camera in the stairwell",
        "Kamerabevakning för bostadsbolag, butiker och skolor i praktiken.",
        "Cameras in housing, shops and schools, in practice.",
    ),
    "ai-act": Text(
        "ai-forordningen",
        "När AI-förordningen möter dataskyddet",
        "Where the AI Act meets data protection",
        "Två regelverk, samma system: vad ska göras en gång och vad ska göras två?",
        "Two sets of rules, one system: what is to be done once, and what twice?",
    ),
    "health-data": Text(
        "halsodata",
        "Hälsodata mellan vård och forskning",
        "Health data between care and research",
        "Rättslig grund, avidentifiering och vad patienten får veta.",
        "Legal basis, de-identification and what the patient is told.",
        **_GOTHENBURG,
    ),
    "transfers": Text(
        "tredjeland",
        "Tredjelandsöverföring efter de senaste domarna",
        "Transfers to third countries after the latest judgments",
        "Vi går igenom vad som gäller och vilka frågor du ska ställa till leverantören.",
        "We go through what applies and which questions to ask the supplier.",
    ),
    "access-requests": Text(
        "ratt-till-tillgang",
        "Rätten till tillgång, från begäran till svar",
        "The right of access, from request to answer",
        "Hur man hittar allt, vad man stryker och hur svaret blir läsbart.",
        "How to find everything, what to strike out and how to make the answer readable.",
    ),
    "summer-network": Text(
        "natverk-sensommar",
        "Nätverksträff i sensommaren",
        "Network meeting in late summer",
        "Vi ses, äter något och pratar om hösten.",
        "We meet, have a bite and talk about the autumn.",
        **_MALMO,
    ),
    "ransom": Text(
        "utpressning",
        "Utpressad: en kommun berättar",
        "Held to ransom: a municipality tells its story",
        "Vad som låstes, vad som läckte och vad som borde ha varit annorlunda.",
        "What was locked, what leaked and what should have been different.",
    ),
    "first-hour": Text(
        "forsta-timmen",
        "Incidentens första timme",
        "The first hour of a breach",
        "En övning med telefon, klocka och för lite fakta.",
        "An exercise with a telephone, a clock and too few facts.",
    ),
    "procurement": Text(
        "upphandling",
        "Dataskydd i upphandlingen",
        "Data protection in procurement",
        "Krav som går att utvärdera, och svar som går att lita på.",
        "Requirements that can be assessed, and answers that can be trusted.",
    ),
    "recruitment": Text(
        "rekrytering",
        "Dataskydd i rekryteringen",
        "Data protection in recruitment",
        "Från annons till anställning: vad får frågas, sparas och sökas?",
        "From advertisement to contract: what may be asked, kept and looked up?",
        "Vi följer en rekrytering steg för steg: annonsen, ansökningarna, urvalet, testerna, "
        "referenserna och bakgrundskontrollen. Vid varje steg frågar vi vad som behövs, på vilken "
        "grund och hur länge det sparas.\n\nSeminariet vänder sig till dig som arbetar med "
        "dataskydd eller personalfrågor. Du behöver inga förkunskaper.",
        "We follow a recruitment step by step: the advertisement, the applications, the "
        "selection, the tests, the references and the background check. At each step we ask what "
        "is needed, on which basis, and for how long it is kept.\n\nThe seminar is for those who "
        "work with data protection or with staff. No previous knowledge is needed.",
    ),
    "workshop": Text(
        "konsekvensbedomning",
        "Verkstad: en konsekvensbedömning på tre timmar",
        "Workshop: an impact assessment in three hours",
        "Ta med ett riktigt fall. Liten grupp, två handledare.",
        "Bring a real case. A small group with two tutors.",
        "Vi arbetar i grupper om fyra med era egna fall och en mall som ni får behålla. Därför är "
        "platserna få; är det fullt kan du ställa dig på väntelistan.",
        "We work in groups of four with your own cases and a template that is yours to keep. That "
        "is why there are few seats; if it is full you can join the waiting list.",
        **_GOTHENBURG,
    ),
    "open-evening": Text(
        "oppen-kvall",
        "Öppen kväll: dataskydd för föreningar",
        "Open evening: data protection for associations",
        "Gratis för alla. Medlemsregister, bilder på webben och utskick.",
        "Free for everybody. Registers of members, pictures on the web and mailings.",
        "En timme för dig som är förtroendevald och vill göra rätt utan att bli jurist. Vi lägger "
        "ut en checklista efteråt.",
        "An hour for board members of associations who want to do it right without becoming "
        "lawyers. We publish a checklist afterwards.",
    ),
    "research": Text(
        "forskning",
        "Forskningsdata och etikprövning",
        "Research data and ethical review",
        "Vem frågar man först, och vad ska stå i informationen till deltagarna?",
        "Whom to ask first, and what must the participants be told?",
    ),
    "agencies": Text(
        "myndigheter",
        "Offentlighet och dataskydd på en myndighet",
        "Public access and data protection at an agency",
        "Utlämnande, sekretess och de personuppgifter som följer med.",
        "Disclosure, secrecy and the personal data that come along.",
        "En eftermiddag om handlingar som begärs ut: från första frågan i registraturen till "
        "maskning och beslut. Vi har fall från skola, vård och tillsyn.",
        "An afternoon on documents that are asked for: from the first question at the registry to "
        "masking and decision. We have cases from schools, care and supervision.",
    ),
    "drafting": Text(
        "informationstexter",
        "Informationstexter som någon läser",
        "Privacy notices that somebody reads",
        "Skrivstuga: ta med er egen text och gå hem med en bättre.",
        "A writing workshop: bring your own text and go home with a better one.",
        **_MALMO,
    ),
    "annual-lecture": Text(
        "arsforelasning",
        "Årsföreläsningen",
        "The annual lecture",
        "Talaren är inte klar ännu.",
        "The speaker is not settled yet.",
    ),
}
