"""Legal forms, accents and signs make no other company of one; a word that is a name does."""

from itertools import combinations
from time import process_time

from domain.core.spelling import LONGEST
from domain.sales.company_names import name_parts, normal_name

ONE_FIRM = (
    ("青空商事", "株式会社青空商事", "㈱青空商事", "青空商事株式会社", "青空商事(株)", "株式会社 青空商事"),
    ("蓝天示例", "蓝天示例有限公司", "蓝天示例股份有限公司", "蓝天示例有限责任公司"),
    ("藍天示例", "藍天示例有限責任公司"),
    ("삼성전자", "주식회사 삼성전자", "(주)삼성 전자", "㈜삼성전자", "삼성전자주식회사"),
    ("Ромашка", "ООО «Ромашка»", "ЗАО Ромашка", "Общество с ограниченной ответственностью Ромашка"),
    ("Zażółć", "Zazolc Sp. z o.o.", "ZAŻÓŁĆ SP. Z O. O.", "Zażółć spółka z ograniczoną odpowiedzialnością"),
    ("Tata", "Tata Pvt. Ltd.", "Tata Private Limited", "Tata Co., Ltd.", "Tata Company Limited"),
    ("Müller", "Müller GmbH & Co. KG", "Muller GmbH und Co. KG", "Müller & Co. KG", "Müller G.m.b.H."),
    ("Siemens", "Siemens AG", "Siemens Aktiengesellschaft"),
    ("Ørsted", "Orsted A/S", "ØRSTED a/s"),
    ("Đuro", "Duro d.o.o."),
    ("Işık", "ISIK A.Ş.", "Isik Anonim Şirketi"),
    ("Acme", "Acme™", "Acme®, Inc.", "The ACME Corporation", "Ac\u200bme\u202e Ltd", "＊Ａｃｍｅ＊", "_Acme_"),
    ("Dupont", "Dupont S.à r.l.", "SARL Dupont", "Société à responsabilité limitée Dupont"),
    ("Foo", "Foo S.A. de C.V.", "Foo Pty Ltd", "Foo Sdn. Bhd.", "Foo B.V.", "Foo s.r.o.", "Foo Kft."),
    ("Astra", "PT Astra Tbk"),
    ("Sao Mai", "Công ty TNHH Sao Mai", "Sao Mai"),
    ("เอบีซี", "บริษัท เอบีซี จำกัด (มหาชน)", "บริษัทเอบีซีจำกัด"),
    ("אלון", 'אלון בע"מ'),
    ("النور", "النور ذ.م.م"),
    ("Ελλάς", "Ελλάς Α.Ε."),
)
"""Each firm as it may be written."""
OTHERS = (
    ("Stonebridge Ltd", "Stonebridge Partners", "Stonebridge Company", "Stonebridge Group"),
    ("SAS Institute", "Institute"),
    ("Vodafone UK", "Vodafone NL", "Vodafone"),
    ("蓝天集团", "蓝天"),
    ("ガス", "カス"),
    ("हिन्दी", "हिन्दु"),
)
"""Firms that are not one another."""


def test_a_firm_has_one_name_however_it_is_written() -> None:
    differing = {
        written: normal_name(written)
        for name, *others in ONE_FIRM
        for written in others
        if normal_name(written) != normal_name(name)
    }
    assert differing == {}


def test_a_word_that_is_a_name_stays() -> None:
    alike = [pair for firms in OTHERS for pair in combinations(firms, 2) if len({*map(normal_name, pair)}) == 1]
    assert alike == []


def test_a_name_that_is_nothing_but_a_legal_form_stays() -> None:
    for name in ("Limited", "株式会社", "GmbH & Co. KG", "ООО"):
        assert normal_name(name), name


def test_characters_that_stand_together_are_looked_for_together() -> None:
    assert name_parts(normal_name("ABC 青空商事 Tokyo")) == ["abc", "青 空 商 事", "tokyo"]


def test_a_name_of_any_length_is_read_at_once() -> None:
    for part in ("a ", "株式会社", "é", "ltd ", "บริษัท", "\u200b", "."):
        begun = process_time()
        assert len(normal_name(part * 40_000)) <= 2 * LONGEST
        assert process_time() - begun < 0.05, part
