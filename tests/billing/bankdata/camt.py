"""Writes camt.052, .053 and .054 in versions 02 and 08, as Swedish banks fill them in."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

BANKGIRO = "9912346"
IBAN = "SE4550000000058398257466"
NAMES = {
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
}


@dataclass(frozen=True)
class Ref:
    """Structured remittance. `amount` only where the bank splits the payment."""

    ocr: str = ""
    invoice: str = ""
    credit_note: str = ""
    amount: str = ""
    kind: str = "SCOR"


@dataclass(frozen=True)
class Tx:
    amount: str = ""
    refs: tuple[Ref, ...] = ()
    text: tuple[str, ...] = ()
    name: str = ""
    payer: str = ""  # an account, or a bankgiro number with BG in front
    payee: str = f"BG{BANKGIRO}"
    bank_reference: str = ""
    end_to_end: str = "NOTPROVIDED"
    direction: str = ""
    charge: str = ""
    currency: str = "SEK"
    return_reason: str = ""


@dataclass(frozen=True)
class Ntry:
    amount: str
    txs: tuple[Tx, ...] = ()
    direction: str = "CRDT"
    status: str = "BOOK"
    booked: str = "<Dt>2026-04-02</Dt>"
    currency: str = "SEK"
    bank_reference: str = ""
    reversal: bool = False
    batch: str = ""  # the inside of Btch
    code: str = ""  # BkTxCd/Prtry/Cd
    info: str = ""


@dataclass
class Camt:
    entries: tuple[Ntry, ...] = ()
    kind: str = "camt.054"
    version: str = "08"
    message_id: str = "MSG-1"
    report_id: str = "REPORT-1"
    created: str = "2026-04-03T06:05:12+02:00"
    extra: str = ""  # balances and summaries
    account: str = field(default=f"<IBAN>{IBAN}</IBAN>")

    def text(self) -> str:
        message, report = NAMES[self.kind]
        entries = "\n".join(self._entry(entry) for entry in self.entries)
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{self.kind}.001.{self.version}">\n'
            f"<{message}><GrpHdr><MsgId>{self.message_id}</MsgId>"
            f"<CreDtTm>{self.created}</CreDtTm></GrpHdr>\n"
            f"<{report}><Id>{self.report_id}</Id><CreDtTm>{self.created}</CreDtTm>"
            f"<Acct><Id>{self.account}</Id><Ccy>SEK</Ccy></Acct>{self.extra}\n"
            f"{entries}\n</{report}></{message}></Document>\n"
        )

    def data(self) -> bytes:
        return self.text().encode()

    @property
    def _is_old(self) -> bool:
        return self.version < "08"

    def _entry(self, entry: Ntry) -> str:
        status = entry.status if self._is_old else f"<Cd>{entry.status}</Cd>"
        batch = f"<Btch>{entry.batch}</Btch>" if entry.batch else ""
        details = batch + "\n".join(self._tx(tx, entry) for tx in entry.txs)
        code = f"<BkTxCd><Prtry><Cd>{entry.code or 'PMNT'}</Cd></Prtry></BkTxCd>"
        return (
            f'<Ntry><Amt Ccy="{entry.currency}">{entry.amount}</Amt>'
            f"<CdtDbtInd>{entry.direction}</CdtDbtInd>"
            f"{'<RvslInd>true</RvslInd>' if entry.reversal else ''}<Sts>{status}</Sts>"
            f"{element('BookgDt', entry.booked)}"
            f"{element('AcctSvcrRef', entry.bank_reference)}{code}"
            f"{element('NtryDtls', details)}{element('AddtlNtryInf', escape(entry.info))}</Ntry>"
        )

    def _tx(self, tx: Tx, entry: Ntry) -> str:
        amount = f'<Amt Ccy="{tx.currency}">{tx.amount}</Amt>' if tx.amount else ""
        direction = element("CdtDbtInd", tx.direction or entry.direction)
        if self._is_old:
            amount = element("AmtDtls", element("TxAmt", amount))
        else:
            amount += direction
        return (
            "<TxDtls><Refs>"
            f"{element('AcctSvcrRef', tx.bank_reference)}{element('EndToEndId', tx.end_to_end)}"
            f"</Refs>{amount}{self._charges(tx)}{self._parties(tx)}{_remittance(tx)}"
            f"{_returned(tx)}</TxDtls>"
        )

    def _charges(self, tx: Tx) -> str:
        if not tx.charge:
            return ""
        record = f'<Amt Ccy="{tx.currency}">{tx.charge}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        return element("Chrgs", record if self._is_old else element("Rcrd", record))

    def _parties(self, tx: Tx) -> str:
        name = element("Nm", escape(tx.name))
        debtor = name if self._is_old else element("Pty", name)
        return element(
            "RltdPties",
            element("Dbtr", debtor)
            + element("DbtrAcct", _account(tx.payer))
            + element("CdtrAcct", _account(tx.payee)),
        )


def element(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>" if inside else ""


def balance(code: str, amount: str, currency: str = "SEK", direction: str = "CRDT") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        "<Dt><Dt>2026-04-02</Dt></Dt></Bal>"
    )


def _account(number: str) -> str:
    if not number:
        return ""
    for prefix, scheme in (("BG", "BGNR"), ("+", "MOBNB")):
        if number.startswith(prefix):
            value = number.removeprefix("BG")
            return element(
                "Id", f"<Othr><Id>{value}</Id><SchmeNm><Prtry>{scheme}</Prtry></SchmeNm></Othr>"
            )
    return element("Id", f"<IBAN>{number}</IBAN>")


def _remittance(tx: Tx) -> str:
    lines = "".join(element("Ustrd", escape(line)) for line in tx.text)
    return element("RmtInf", lines + "".join(_structured(ref, tx) for ref in tx.refs))


def _structured(ref: Ref, tx: Tx) -> str:
    documents = "".join(
        f"<RfrdDocInf><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Nb>{number}</Nb></RfrdDocInf>"
        for code, number in (("CINV", ref.invoice), ("CREN", ref.credit_note))
        if number
    )
    name = "CdtNoteAmt" if ref.credit_note and not ref.invoice else "RmtdAmt"
    amount = f'<{name} Ccy="{tx.currency}">{ref.amount}</{name}>' if ref.amount else ""
    kind = f"<Tp><CdOrPrtry><Cd>{ref.kind}</Cd></CdOrPrtry></Tp>"
    creditor = f"<CdtrRefInf>{kind}<Ref>{ref.ocr}</Ref></CdtrRefInf>" if ref.ocr else ""
    return element("Strd", documents + element("RfrdDocAmt", amount) + creditor)


def _returned(tx: Tx) -> str:
    if not tx.return_reason:
        return ""
    return f"<RtrInf><Rsn><Cd>{tx.return_reason}</Cd></Rsn></RtrInf>"
