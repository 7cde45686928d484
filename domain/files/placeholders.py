"""Cells that say nothing though something stands in them, and rows that are no records: totals, and the ends of reports."""

import re
import unicodedata

WORDS = frozenset(
    "n/a|na|n.a|nil|null|none|nan|nd|n/d|s/o|undefined|unspecified|unknown|not provided|not available|not applicable|"
    "not set|not specified|not known|not given|no data|no value|not defined|tbd|tba|tbc|to be determined|to be defined|"
    "to be confirmed|please select|keine angabe|unbekannt|nicht angegeben|inconnu|non renseigné|desconocido|sin datos|"
    "sconosciuto|onbekend|desconhecido|无|無|未知|不详|不詳|暂无|なし|不明".split("|")
)
"""What people and systems write where they have nothing to say, without what stands around it."""
IN_BRACKETS = frozenset("blank|empty|missing|no name|leer|vide|vacío|vuoto|空".split("|"))
"""Words that say nothing only if brackets stand around them."""
NAMES = frozenset("Na Nil Null None Nan Nd".split())
"""What are people's names, too, as a person's name is written."""
NAMES_OF_PEOPLE = frozenset({"name", "contact_name"})
TOTALS = frozenset(
    "total|totals|grand total|overall total|subtotal|sub total|sum|average|count|record count|summe|gesamt|gesamtsumme|"
    "zwischensumme|total général|sous total|totale|somma|suma|totaal|soma|合计|总计|小计|合計|總計|小計".split("|")
)
END_OF_REPORT = re.compile(
    r"(generated|exported|printed|created|downloaded|report run|erstellt|exportiert|gedruckt|généré|exporté) "
    r"(by|on|at|from|am|von|le|par)\b.*|(copyright|©|\(c\) ?\d{4}).*|confidential\b.*|"
    r"(page|seite|página|pagina) \d+( ?(of|/|von|de|di|van|sur) ?\d+)?|(end|ende|fin) (of|des|der|du) .*|"
    r"\d+ (rows?|records?|results?|items?|entries|zeilen|datensätze)( .*)?|(filtered by|report name|as of|stand)\b ?:.*",
    re.IGNORECASE,
)
MARKS = re.compile(r"[\s!-/:-@\[-`{-~–—−…ー]*")
A_NUMBER = re.compile(r"\W*([a-z]{1,3}\W*)?\d[\d.,' ]*\W*([a-z]{1,3})?\W*", re.IGNORECASE)
A_CURRENCY = re.compile(r"[A-Z]{3}")


def says_nothing(cell: str, field: str = "") -> bool:
    """Whether a cell of a field is as good as blank: `N/A`, `-`, `[not provided]` and the like.

    `NA` is Namibia where a country is asked for, and `Null` may be how a person is called.
    """
    plain = unicodedata.normalize("NFKC", cell).strip()
    if MARKS.fullmatch(plain):
        return True
    if (field == "country" and plain == "NA") or (field in NAMES_OF_PEOPLE and plain in NAMES):
        return False
    bare = plain.strip(" -–—_*#.?!:[](){}<>\"'")
    word = " ".join(bare.casefold().split())
    return word in WORDS or (plain[0] in "[({<" and word in IN_BRACKETS)


def is_total(cells: tuple[str, ...]) -> bool:
    """Whether a row sums up others: it says so, and otherwise holds only numbers."""
    words = [cell for cell in cells if cell and not A_NUMBER.fullmatch(cell)]
    if not words:
        return False
    first = " ".join(re.sub(r"[:()=\-]", " ", words[0].casefold()).split())
    return re.sub(r" [\d.,]+$", "", first) in TOTALS and all(A_CURRENCY.fullmatch(word) for word in words[1:])


def is_end_of_report(cells: tuple[str, ...]) -> bool:
    """Whether a row is what reports write below their last record: who made them and when, a page, a count."""
    said = [cell for cell in cells if cell]
    return 0 < len(said) <= 2 and bool(END_OF_REPORT.fullmatch(" ".join(said[0].split())))
