"""Names of companies in a form in which two spellings of one are the same: without case, accents, signs and legal forms.

Accounts are filed under keys made of this form (`duplicates.py`). Whatever changes it, `legal_forms.txt` included, needs a migration that
files them again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from domain.core.spelling import bare_words

CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u30ff\u3130-\u318f\u31f0-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""A Chinese, Japanese or Korean character: each stands for itself, as no blank says where words end."""
UNSPACED = re.compile(f"{CJK.pattern}|[\u0e00-\u0e7f]")
"""A character of a script that writes a legal form and the name without a blank; Thai is one."""
SHORTEST_UNSPACED = 4
"""Characters of the shortest form that is told from a name it is written to."""


@lru_cache(maxsize=16_384)
def normal_name(name: str) -> str:
    """The name without case, accents, punctuation, leading article and legal forms: `acme` for `The ACME Co., Ltd.`.

    Of Chinese, Japanese and Korean names each character is a word: `青 空` for `株式会社青空`.
    """
    words = bare_words(name)
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return _spelt(" ".join(_without_forms(words)))


def name_parts(normal: str) -> list[str]:
    """The words of a normal name; characters of Chinese, Japanese or Korean that stand together are one, with blanks between them."""
    if normal.isascii():
        return normal.split()
    parts: list[str] = []
    for word in normal.split():
        if parts and is_cjk(word) and is_cjk(parts[-1]):
            parts[-1] += f" {word}"
        else:
            parts.append(word)
    return parts


def is_legal_form(text: str) -> bool:
    """Whether a text is nothing but a legal form, such as `S.A. de C.V.`; `Co.` is, where it stands by itself."""
    form = "".join(bare_words(text))
    return form in BEHIND or form == "co"


def is_cjk(word: str) -> bool:
    """Whether a word of a normal name is a Chinese, Japanese or Korean character, or several."""
    return not word.isascii() and CJK.match(word) is not None


def _spelt(words: str) -> str:
    return words if words.isascii() else " ".join(CJK.sub(r" \g<0> ", words).split())


def _without_forms(words: list[str]) -> list[str]:
    """The words without the legal forms at either end; something always remains."""
    while True:
        most = min(len(words) - 1, MOST_WORDS)
        for count in range(most, 0, -1):
            if "".join(words[-count:]) in BEHIND:
                words = words[:-count]
                break
            if "".join(words[:count]) in IN_FRONT:
                words = words[count:]
                break
        else:
            shorter = _cut_unspaced(words)
            if shorter == words:
                return words
            words = shorter


def _cut_unspaced(words: list[str]) -> list[str]:
    """The words without a form that is written to the first or last of them without a blank."""
    if not words or (words[0].isascii() and words[-1].isascii()):
        return words
    first, *_rest = words
    form = next((form for form in WRITTEN_TO if first.startswith(form) and first != form), "")
    if form:
        return [first.removeprefix(form), *words[1:]]
    last = words[-1]
    form = next((form for form in WRITTEN_TO if last.endswith(form) and last != form), "")
    return [*words[:-1], last.removesuffix(form)]


def _forms() -> Iterator[tuple[str, bool]]:
    """Legal forms without blanks, each with whether it stands in front of names, too."""
    is_in_front = False
    for line in files("domain.sales").joinpath("legal_forms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            is_in_front = "in front" in line
        elif line and not line.startswith("#"):
            yield "".join(bare_words(line)), is_in_front


BEHIND = frozenset(form for form, _is_in_front in _forms())
IN_FRONT = frozenset(form for form, is_in_front in _forms() if is_in_front)
WRITTEN_TO = sorted(
    (form for form in IN_FRONT if UNSPACED.match(form) and len(form) >= SHORTEST_UNSPACED), key=len, reverse=True
)
MOST_WORDS = 12
"""Words of the longest form."""
