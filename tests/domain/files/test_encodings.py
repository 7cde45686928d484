"""Files in the encodings that spreadsheets write are read as they were meant, and one odd byte changes nothing else."""

import pytest

from domain.core.refusals import RuleBroken
from domain.files.columns import Reading, Records, digest_of, plan_columns, rows_in
from domain.files.data_quality import dirt_in
from domain.files.encodings import decoded
from domain.files.sheets import read_sheet

TEXTS = {
    "cp1250": [
        "name,city\nŽďár Stroj,Praha\nČeské dráhy,Brno\n",
        "nazwa;miasto\nŁódź Spółka;Kraków\nWęgiel Śląski;Łódź\n",
        "name\nŠkoda Plzeň\n",
        "cég,város\nGyőri Keksz,Győr\nTűzép,Szeged\n",
        "name,contact\nKovač d.o.o.,Željko Šarić\n",
    ],
    "cp1251": [
        "name,industry\nРомашка ООО,Торговля\n",
        "company;contact\nАльфа Банк;Иван Петров\nСтрой Сервис;Ольга Кузнецова\n",
        "имя;город\nВолга;Казань\n",
        "name\nЗАО Север\n",
        "name,country\nЛукойл,Россия\nПриватБанк,Украина\n",
    ],
    "cp932": [
        "name,industry\n東京商事,卸売\n",
        "会社名,担当者\n山田商店,山田太郎\n",
        "name\n株式会社青空商事\n",
        "name,history\nソニー,カタカナのみ\n",
        "name,city\nトヨタ自動車,豊田市\n日産,横浜\n",
    ],
    "mac_roman": [
        "name,city\nMüller Bau,Köln\nCafé Zoë,Genève\n",
        "nom,ville\nÉcole Élan,Orléans\nHôtel Côté,Nîmes\n",
        "name\nGrößler GmbH\n",
        "name,said\nMuñoz,“hola” señor\n",
        "name,owner\nÅse Bjørn,Søren\n",
    ],
    "gb18030": [
        "name\n蓝天示例有限公司\n",
        "公司,联系人\n北京科技有限公司,张伟\n上海贸易公司,李娜\n",
        "name,city\n华为,深圳\n",
        "名称\n中国银行\n",
        "name,industry\n阿里巴巴,零售\n",
    ],
    "big5": [
        "name\n青空商事股份有限公司\n",
        "公司,聯絡人\n台灣積體電路,張忠謀\n鴻海精密,郭台銘\n",
        "name,city\n聯發科,新竹\n",
        "名稱\n中華電信\n",
        "name,industry\n統一企業,零售\n",
    ],
    "cp1252": [
        "name,city\nMüller Bau,Köln\nCafé Zoë,Genève\n",
        "name,price\nMuñoz,5 €\n",
        "nome\nJoão Simões\nSão Bento\n",
        "navn\nSøren Bjørn\nÅrhus Færge\n",
        "name\nGarçon & Fils – café\n",
    ],
}
ODD = {"cp1250": b"\x81", "cp1251": b"\x98", "cp932": b"\xa0", "gb18030": b"\xff", "big5": b"\xff", "cp1252": b"\x81"}
"""Bytes that are nothing in an encoding; in MacRoman each is something."""


def test_the_encoding_is_guessed_from_a_few_names_and_said_to_be_a_guess() -> None:
    for encoding, texts in TEXTS.items():
        for text in texts:
            found = decoded(text.encode(encoding))
            assert (found.text, found.is_guess) == (text, True), (encoding, text, found.encoding)


def test_one_odd_byte_does_not_turn_a_file_into_another() -> None:
    for encoding, odd in {"utf-8": b"\xa0", **ODD}.items():
        for text in TEXTS.get(encoding, ["name\nMüller Bau\nZoë\nÉcole\n"]):
            read = decoded(text.encode(encoding) + b"a " + odd + b" b\n")
            assert read.text == f"{text}a {chr(0xDC00 + odd[0])} b\n", (encoding, text, read.encoding)


def test_an_odd_byte_is_named_with_its_row_and_the_rest_is_kept() -> None:
    sheet = read_sheet("name,history\nMüller,fine\nZoë,price 5".encode() + b"\xa0EUR\n" + "École,x\n".encode())
    assert sheet.rows[1].cells == ("Zoë", "price 5\N{REPLACEMENT CHARACTER}EUR")
    assert (sheet.encoding, sheet.is_guess) == ("UTF-8", False)
    (dirt,) = dirt_in(rows_in(sheet, plan_columns(sheet.header, Records.ACCOUNTS, [], [])))
    assert (dirt.rows, dirt.sentence) == (
        (3,),
        "holds the byte A0, which is no letter in this encoding; \N{REPLACEMENT CHARACTER} stands for it",
    )


def test_the_encoding_may_be_said() -> None:
    content = "name\nBăncilă\n".encode("cp1250")
    assert read_sheet(content, "cp1250").rows[0].cells == ("Băncilă",)
    assert read_sheet("name\nMüller\n".encode("utf-16-le"), "utf-16-le").rows[0].cells == ("Müller",)
    for encoding, why in (
        ("klingon", "no encoding klingon"),
        ("utf-8", "not in utf-8"),
        ("base64", "no encoding base64"),
    ):
        with pytest.raises(RuleBroken, match=why):
            read_sheet("name\nŽďár Říha\n".encode("cp1250"), encoding)


def test_an_import_that_has_begun_is_known_by_a_version_with_more_ways_to_read_files() -> None:
    before = "556e70"
    assert digest_of(Records.LEADS, Reading(key="id"), b"x") != digest_of(
        Records.LEADS, Reading(key="id", encoding="big5"), b"x"
    )
    assert digest_of(Records.LEADS, Reading(key="id"), b"x").startswith(before)
