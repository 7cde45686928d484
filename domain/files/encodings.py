"""The encoding of a text file: UTF-8 if it can be, or else what a library finds it to look like; an odd byte changes none of it."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes

from domain.core.language import _
from domain.core.refusals import RuleBroken

NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "mac_roman": "MacRoman",
    "cp932": "Shift JIS",
    "gb18030": "GB 18030",
    "big5": "Big5",
}
"""Encodings that spreadsheets write besides Unicode's, the likelier first, and what people call them."""
ODD_BYTE = "[\udc80-\udcff]"
"""How a byte that is no text stands in a decoded text, as Python's `surrogateescape` has it."""
NO_LETTERS = str.maketrans({0xF8F0: "\udca0", 0xF8F1: "\udcfd", 0xF8F2: "\udcfe", 0xF8F3: "\udcff"})
"""Bytes for which Python's Shift JIS has characters that nobody else knows."""
MOST_ODD = 0.05
"""The share of bytes beyond ASCII that may be odd; with more, it is another encoding."""
WORST = 0.7
"""From which cost on a text makes no sense in an encoding."""
SAMPLE = 50_000
ACCENTS_IN_A_ROW = "[\u00c0-\u024f]{4,}"
CYRILLIC = "[\u0400-\u04ff]"
AROUND_WORDS = "“”„‘’«»‹›€£¥–—…°®©™ºª·•'.()[]-/:&!?+*#"


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A text, with odd bytes as `ODD_BYTE` has them. `encoding` is the name people know; `is_guess` says that nothing shows it is right."""

    text: str
    encoding: str
    is_guess: bool = False


def decoded(content: bytes, wanted: str | None = None) -> Decoded:
    """The text in a file, in the encoding `wanted` or else the one it seems to have.

    Raises RuleBroken for an encoding nobody knows, one that the file is not in, and for what is no text.
    """
    found = _as_wanted(content, wanted) if wanted else _as_it_seems(content)
    if "\0" in found.text:
        raise _no_text()
    return found


def _no_text() -> RuleBroken:
    return RuleBroken(_("This is not a CSV file: it holds something other than text."))


def _as_wanted(content: bytes, wanted: str) -> Decoded:
    try:
        codec = codecs.lookup(wanted.strip())
        text = _text(content, "utf-8-sig" if codec.name == "utf-8" else codec.name)
    except (LookupError, UnicodeError) as error:
        if isinstance(error, LookupError):
            raise RuleBroken(
                _("There is no encoding {name}; utf-8 and cp1252 are some.").format(name=wanted)
            ) from error
        raise RuleBroken(_("The file is not in {name}.").format(name=wanted)) from error
    if len(re.findall(ODD_BYTE, text)) > _most_odd(content):
        raise RuleBroken(_("The file is not in {name}.").format(name=wanted))
    return Decoded(text=text, encoding=NAMES.get(codec.name.replace("-", "_"), codec.name.upper()))


def _as_it_seems(content: bytes) -> Decoded:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return Decoded(text=content.decode("utf-16"), encoding="UTF-16")
        except UnicodeDecodeError as error:
            raise _no_text() from error
    text = _text(content, "utf-8-sig")
    odd = len(re.findall(ODD_BYTE, text))
    if odd <= len(re.findall("[^\0-\x7f]", text)) - odd:
        return Decoded(text=text, encoding="UTF-8")
    codec = _guess(content)
    return Decoded(text=_text(content, codec), encoding=NAMES[codec], is_guess=True)


def _text(content: bytes, codec: str) -> str:
    text = content.decode(codec, "surrogateescape")
    return text.translate(NO_LETTERS) if codec == "cp932" else text


def _most_odd(content: bytes) -> float:
    return max(1, MOST_ODD * sum(byte > 127 for byte in content))


def _guess(content: bytes) -> str:
    """The encoding in which the lines that are not ASCII make the most sense."""
    sample = b""
    for line in content.splitlines(keepends=True):
        if not line.isascii() and len(sample) < SAMPLE:
            sample += line
    costs = {codec: cost for codec in NAMES if (cost := _cost(sample, codec)) is not None}
    best = min(costs, key=lambda codec: costs[codec], default="")
    if not best or costs[best][0] > WORST:
        raise _no_text()
    western, central = costs.get("cp1252"), costs.get("cp1250")
    if best in {"cp1252", "cp1250"} and western and central and western[0] == central[0]:
        return "cp1250" if _is_central(_text(sample, "cp1252"), _text(sample, "cp1250")) else "cp1252"
    return best


def _cost(sample: bytes, codec: str) -> tuple[float, float] | None:
    """How little sense a text makes in an encoding, and how little it is like a language; None where it has too many odd bytes."""
    text = _text(sample, codec)
    odd = len(re.findall(ODD_BYTE, text))
    if odd > _most_odd(sample):
        return None
    clean = re.sub(ODD_BYTE, "", text)
    found = from_bytes(
        clean.encode(codec, "ignore"), cp_isolation=[codec], threshold=1, preemptive_behaviour=False
    ).best()
    if found is None:
        return None
    return round(found.chaos + _oddness(clean) + MOST_ODD * bool(odd), 2), -found.coherence


def _oddness(text: str) -> float:
    """The share of characters beyond ASCII that make no sense.

    They are no letters within a word, capitals behind small letters, many accents in a row, or Cyrillic letters among Latin ones.
    """
    count = odd = 0
    for word in re.findall(r'[^\s,;|"]+', text):
        inner = word.strip(AROUND_WORDS)
        odd += sum(len(accents) for accents in re.findall(ACCENTS_IN_A_ROW, inner))
        odd += len(re.findall(CYRILLIC, inner)) if re.search("[A-Za-z]", inner) else 0
        for place, char in enumerate(inner):
            if not char.isascii():
                count += 1
                is_letter = unicodedata.category(char)[0] in "LM" and not "｡" <= char <= "ﾟ"
                odd += not (is_letter or char in "’・〆") or (char.isupper() and inner[place - 1 : place].islower())
    return odd / max(count, 1)


def _is_central(western: str, central: str) -> bool:
    """Whether letters that Windows-1252 and 1250 read differently are of Central Europe: most are consonants there, vowels in the west."""
    votes = 0
    for place, (west, east) in enumerate(zip(western, central, strict=True)):
        if west != east:
            votes += _vote(west, east, western[place - 1 : place], western[place + 1 : place + 2])
    return votes > 0


def _vote(west: str, east: str, before: str, after: str) -> int:
    """1 where the letter between two others is rather the Central European one, -1 where it is rather the western one."""
    if west in "ñÑ":
        return -1 if _is_vowel(after) else 1
    if not west.isalpha() or east in "ěĚőŐűŰůŮ":
        return 1
    if _is_vowel(west) == _is_vowel(east):
        return -1 if _is_vowel(west) else 1
    return 1 if _is_vowel(before) or _is_vowel(after) else -1


def _is_vowel(char: str) -> bool:
    return bool(char) and unicodedata.normalize("NFKD", char)[0] in "aeiouyøæAEIOUYØÆ"
