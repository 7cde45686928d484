"""Files as they were seen, and five more of each kind, give the right values; what is doubtful in them is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.core.people import Actor
from domain.files.columns import Reading, Records, read_table
from domain.files.data_quality import doubts_of
from domain.files.imports import NewImport
from domain.files.sheets import NO_LETTER, read_sheet
from storage.unit_of_work import UnitOfWork
from tests.firm import WHOLE, FirmDesks, FrozenClock, found_firm
from usecases.files.imports import ImportDesk

SEEN = Path(__file__).parent / "seen"
Values = list[tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file (the name of one that was seen, or its content), how it is read, what is kept of it, and words that are said."""

    file: str | bytes
    kind: Records
    kept: Values
    said: Sequence[str] = ()
    reading: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return (SEEN / self.file).read_bytes() if isinstance(self.file, str) else self.file


def accounts(file: str | bytes, *kept: tuple[Any, ...], said: Sequence[str] = (), **reading: Any) -> Case:
    return Case(file=file, kind=Records.ACCOUNTS, kept=list(kept), said=said, reading=reading)


def contacts(file: str | bytes, *kept: tuple[Any, ...], said: Sequence[str] = (), **reading: Any) -> Case:
    return Case(file=file, kind=Records.CONTACTS, kept=list(kept), said=said, reading=reading)


def leads(file: str | bytes, *kept: tuple[Any, ...], said: Sequence[str] = (), **reading: Any) -> Case:
    return Case(file=file, kind=Records.LEADS, kept=list(kept), said=said, reading=reading)


def deals(file: str | bytes, *kept: tuple[Any, ...], said: Sequence[str] = (), **reading: Any) -> Case:
    return Case(file=file, kind=Records.DEALS, kept=list(kept), said=said, reading=reading)


def in_encoding(encoding: str, name: str, industry: str, known_as: str) -> Case:
    content = f"name,industry\r\n{name},{industry}\r\n".encode(encoding)
    return accounts(content, (name, industry, None, None), said=[f"looks like {known_as}"])


NAMES = ("First Name=name", "Last Name=name")
HEADER = "First Name,Last Name,Account\n"
TWO_NUMBERS = "may be two numbers. Type"
NO_CELLS = "name,industry,history"

KINDS: dict[str, list[Case]] = {
    "amounts with a symbol": [
        deals(
            "amounts-with-symbol.csv",
            ("Audit", "22700.00", "USD"),
            ("Review", "1234.56", "EUR"),
            ("Plan", "-500.00", "USD"),
            currency="USD",
        ),
        deals(b"title,amount\na1,\xc2\xa3 85k\n", ("a1", "85000.00", "GBP")),
        deals(b"title,amount\na2,85 000 EUR\na3,EUR 12\n", ("a2", "85000.00", "EUR"), ("a3", "12.00", "EUR")),
        deals(b"title,amount\na4,CHF 85'000.-\n", ("a4", "85000.00", "CHF")),
        deals(b'title,amount\na5,"85,000"\n', said=["85,000 may be two numbers. Type 85000 or 85.00."], currency="EUR"),
        deals(
            b"title,amount,currency\na6,$5.00,Euro\na7,$5,USD\n",
            ("a7", "5.00", "USD"),
            said=["says $, the currency EUR"],
        ),
    ],
    "amounts that begin with zero": [
        deals("zero-led-amount.csv", ("a", "0.50", "EUR"), said=["0.125 has more than two digits"], currency="EUR"),
        deals(
            b"title,amount\nb1,0.500\n", said=["no amount with , as its decimal sign"], currency="EUR", decimal="comma"
        ),
        deals(b'title,amount\nb2,"0,500"\n', ("b2", "0.50", "EUR"), currency="EUR"),
        deals(b'title,amount\nb3,"0,75 \xe2\x82\xac"\n', ("b3", "0.75", "EUR")),
        deals(b"title,amount\nb4,-0.500\n", ("b4", "-0.50", "EUR"), currency="EUR"),
        deals(b"title,amount\nb5,0.050\n", ("b5", "0.05", "EUR"), currency="EUR", decimal="point"),
    ],
    "Windows-1251": [
        accounts("cp1251.csv", ("Ромашка ООО", "Торговля", None, None), said=["looks like Windows-1251"]),
        in_encoding("cp1251", "Лукойл", "Энергетика", "Windows-1251"),
        in_encoding("cp1251", "ЗАО Север", "Строительство", "Windows-1251"),
        in_encoding("cp1251", "Альфа Банк", "Финансы", "Windows-1251"),
        in_encoding("cp1251", "Київстар", "Зв'язок", "Windows-1251"),
        in_encoding("cp1251", "Яндекс", "Технологии", "Windows-1251"),
    ],
    "Shift JIS": [
        accounts("cp932.csv", ("田中商店", "小売", None, None), said=["looks like Shift JIS"]),
        in_encoding("cp932", "トヨタ自動車", "自動車", "Shift JIS"),
        in_encoding("cp932", "株式会社青空商事", "卸売", "Shift JIS"),
        in_encoding("cp932", "ソニー", "電機", "Shift JIS"),
        in_encoding("cp932", "山田商店", "食品", "Shift JIS"),
        in_encoding("cp932", "日産", "製造業", "Shift JIS"),
    ],
    "blank cells that Excel leaves out": [
        accounts(
            "excel-drops-trailing-commas.csv",
            *[(f"Firm{n:02} Quay {chr(64 + n + 1)}{chr(64 + n + 11)}", "Retail", None, None) for n in range(1, 16)],
            ("Late01 Moor BL", "Retail", None, None),
            ("Late02 Moor CM", "Retail", None, None),
            ("Late03 Moor DN", "Retail", None, None),
        ),
        accounts(f"{NO_CELLS}\nc1\n".encode(), ("c1", None, None, None)),
        accounts(f"{NO_CELLS}\nc2,wine,,,,\n".encode(), ("c2", "wine", None, None)),
        accounts(f"{NO_CELLS};\nc3,wine\n".replace(",", ";").encode(), ("c3", "wine", None, None)),
        accounts(f"{NO_CELLS}\nc4,,old\nc5\n".encode(), ("c4", None, None, "old"), ("c5", None, None, None)),
        accounts(f"{NO_CELLS}\nc6, Ltd,wine,old\n".encode(), said=["4 cells, but the header has 3"]),
    ],
    "first and last name": [
        contacts(
            "first-and-last-name.csv",
            ("John Moss", None, "+442079460101"),
            ("Jane Moss", None, "+442079460102"),
            asked=NAMES,
        ),
        contacts(f"{HEADER}Wei,Zhang,d1\n".encode(), ("Zhang Wei", None, None), asked=NAMES[::-1]),
        contacts(f"{HEADER}N/A,Roe,d2\n".encode(), ("Roe", None, None), asked=NAMES),
        contacts(f"{HEADER}Ann,,d3\n".encode(), ("Ann", None, None), asked=NAMES),
        contacts(f"{HEADER}Christopher,Null,d4\n".encode(), ("Christopher Null", None, None), asked=NAMES),
        contacts(b"t,f,l,account\nDr,Ann,Lee,d5\n", ("Dr Ann Lee", None, None), asked=("t=name", "f=name", "l=name")),
    ],
    "words for the status and the source of leads": [
        leads(
            "lead-status-words.csv",
            ("La Ltd", "open", "web"),
            ("Lb Ltd", "open", "web"),
            ("Ld Ltd", "disqualified", "referral"),
            ("Le Ltd", "open", "referral"),
            ("Lf Ltd", "disqualified", "outbound"),
            said=["A lead is open or disqualified", "There is no channel x", "Why it was disqualified is not said"],
        ),
        leads(b"company,Lead Status,Lead Source\ne1,Attempted to Contact,Trade Show\n", ("e1", "open", "conference")),
        leads(b"company,status,channel\ne2,In Progress,Organic search\n", ("e2", "open", "web")),
        leads(b"company,status,channel\ne3,Lost Lead,Word of mouth\n", ("e3", "disqualified", "referral")),
        leads(b"company,status\ne4,Parked\n", ("e4", "open", "other"), channel="other", values=("status:Parked=open",)),
        leads(b"company,status\ne5,Parked\n", said=["Parked is open or disqualified is not plain"], channel="other"),
    ],
    "an odd byte": [
        accounts(
            "one-bad-byte-in-utf8.csv",
            ("Müller Bau GmbH", None, None, "fine"),
            ("Zoë Ltd", None, None, f"price 5{NO_LETTER}EUR"),
            ("École SA", None, None, "x"),
            said=["holds the byte A0"],
        ),
        accounts("name\nŽďár ".encode() + b"\xff\n", (f"Žďár {NO_LETTER}", None, None, None), said=["the byte FF"]),
        accounts("name\n華為 ".encode() + b"\x80\n", (f"華為 {NO_LETTER}", None, None, None), said=["the byte 80"]),
        accounts("name\nЗвезда ".encode() + b"\xc3x\n", (f"Звезда {NO_LETTER}x", None, None, None), said=["byte C3"]),
        accounts(
            "name\nGarçon é ".encode() + b"\x92s\n", (f"Garçon é {NO_LETTER}s", None, None, None), said=["byte 92"]
        ),
        accounts("name\nŁódź Węgiel ".encode("cp1250") + b"\x81\n", (f"Łódź Węgiel {NO_LETTER}", None, None, None)),
    ],
    "extensions": [
        contacts("phone-extension.csv", ("Pat Moss", None, "+442079460005;ext=12")),
        contacts(b"account,name,phone\nf1,Ann,020 7946 0005 x13\n", ("Ann", None, "+442079460005;ext=13")),
        contacts(b"account,name,phone\nf2,Bo,(415) 555-0132 ext 4\n", ("Bo", None, "+14155550132;ext=4"), country="US"),
        contacts(b"account,name,phone\nf3,Cy,+49 30 901820 extension 7\n", ("Cy", None, "+4930901820;ext=7")),
        contacts(b"account,name,phone\nf4,Di,+44 20 7946 0005;ext=9\n", ("Di", None, "+442079460005;ext=9")),
        contacts(b"account,name,phone\nf5,Ed,+44 20 7946 0005\n", ("Ed", None, "+442079460005")),
    ],
    "companies that say nothing": [
        leads("placeholder-company.csv", said=["The name is blank."], channel="web"),
        leads(b"company,contact_name\nNULL,Ann\n#N/A,Bo\n", said=["The name is blank."], channel="web"),
        leads(b"company,contact_name\n--None--,Ann\n", said=["The name is blank."], channel="web"),
        leads(b"company,contact_name\n(blank),Ann\nBlank,Bo\n", ("Blank", "open", "web"), channel="web"),
        leads("company\n未知\n不明\n".encode(), said=["The name is blank."], channel="web"),
        leads(b"company\nUnknown Pleasures Ltd\n", ("Unknown Pleasures Ltd", "open", "web"), channel="web"),
    ],
    "phones of another country": [
        accounts("us-account.csv", ("Tallgrass Inc", None, "US", None)),
        contacts("us-contact-local-phone.csv", ("Pat Moss", None, "+14155550132")),
        contacts(b"account,name,phone,country\nTallgrass Inc,Eva,030 901820,DE\n", ("Eva", None, "+4930901820")),
        contacts(b"account,name,phone\ng1,Ole,22 12 34 56\n", ("Ole", None, "+4722123456"), country="Norway"),
        contacts(b"account,name,phone\ng2,Kim,020 7946 0000\n", ("Kim", None, "+442079460000")),
        contacts(
            b"account,name,phone\ng3,Una,+1 123 456 7890\n", ("Una", None, "+11234567890"), said=["nobody can have"]
        ),
        contacts(b"account,name,phone\ng4,Ida,12\n", ("Ida", None, None), said=["too few or too many digits"]),
    ],
}


def _values(kind: Records) -> Callable[[UnitOfWork], Values]:
    def accounts_of(work: UnitOfWork) -> Values:
        return [(one.name, one.industry, one.country, one.history) for one, _people in work.accounts.everything()]

    def contacts_of(work: UnitOfWork) -> Values:
        people = sorted((one for _at, all_of in work.accounts.everything() for one in all_of), key=lambda one: one.id)
        return [(one.name, one.email, one.phone) for one in people]

    def leads_of(work: UnitOfWork) -> Values:
        return [(one.account.name, one.status.value, one.source) for one in work.leads.everything()]

    def deals_of(work: UnitOfWork) -> Values:
        money = [(one.title, one.value) for one in work.deals.everything()]
        return [(title, value and f"{value.amount:.2f}", value and value.currency) for title, value in money]

    return {
        Records.ACCOUNTS: accounts_of,
        Records.CONTACTS: contacts_of,
        Records.LEADS: leads_of,
        Records.DEALS: deals_of,
    }[kind]


async def _taken(desk: ImportDesk, actor: Actor, case: Case) -> list[str]:
    """Everything that is said of a file that is imported."""
    reading = Reading(**case.reading)
    sheet = read_sheet(case.content, reading.encoding, reading.delimiter)
    table = read_table(sheet, case.kind, reading)
    new = NewImport(kind=case.kind, file="seen.csv", reading=reading, digest=str(hash(case.content)))
    run = await desk.carry_out(actor, new, table)
    said = [doubt.sentence for doubt in doubts_of(table.rows, run.verdicts)]
    said += [remark.sentence for row in run.refused for remark in row.remarks]
    assert [sentence for sentence in said if "--" in sentence] == [], "an option is no word of Slack"
    return [*said, f"looks like {sheet.encoding}"] if sheet.is_guess else said


async def test_files_give_the_right_values_and_say_what_is_doubtful(firm: FirmDesks) -> None:
    wrong = []
    for number, (kind, cases) in enumerate(KINDS.items()):
        own = await found_firm(firm.store, FrozenClock(), f"T{number}")
        desk = ImportDesk(firm.store, WHOLE)
        actor = await desk.acting(own.workspace_id, None, "import seen.csv")
        for case in cases:
            before = await firm.store.read(own.workspace_id, _values(case.kind))
            said = await _taken(desk, actor, case)
            kept = (await firm.store.read(own.workspace_id, _values(case.kind)))[len(before) :]
            missing = [words for words in case.said if not any(words in sentence for sentence in said)]
            if kept != case.kept or missing:
                wrong.append((kind, case.file, kept, missing, said))
    assert wrong == []
