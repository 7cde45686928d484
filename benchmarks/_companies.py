"""Names of fictional companies: varied, plausible, and none so like another that a person would take them for the same."""

import random
from collections import defaultdict

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extractOne

from domain.sales.company_names import normal_name
from domain.sales.duplicates import SIMILAR, Key, Sought, keys_of

ONSETS = "b bl br c ch cl cr d dr f fl fr g gl gr h j k kl kr l m n p pl pr qu r s sh sk st t th tr v w y z".split()
VOWELS = "a a a e e e i i o o u u ai ea ee ie oa ou".split()
CODAS = "b ck d ft g k l ld ll lm m n nd ng nt p r rd rk rn rt s sk st t th x".split()
ENDINGS = (
    "acre and ane ard beck berg bold born burn bury by cliff combe cor cote croft dale den dine do don el era ey fax feld field "
    "fold ford gate gen ger ham hurst ick ilo ine ing ion ista ius key land lex ley line lo lund man mark mere mont nell nova "
    "or pool quist ra rick rix rod sen shaw son stad stead ston stow ter thal thorpe tia tree um ux vale via vik wall way wick "
    "wold wood worth yard"
).split()
TRADES = (
    "Analytics, Brewing, Capital, Ceramics, Chemicals, Construction, Dairy, Energy, Engineering, Farming, Foods, Freight, "
    "Furniture, Glass, Health, Hotels, Insurance, Interiors, Labs, Lighting, Logistics, Marine, Materials, Media, Metals, "
    "Mining, Motors, Optics, Packaging, Paper, Pharma, Plastics, Printing, Rail, Robotics, Seeds, Shipping, Software, Steel, "
    "Systems, Textiles, Timber, Tools, Travel, Water"
).split(", ")
FORMS = (*("Ltd", "GmbH", "AG", "Inc.", "LLC", "BV", "SA", "plc", "Oy", "AB", "KG", "srl") * 3, "Group", "Holding")
MOST_SLIPS = 4
"""Letters by which two names must differ at least, beside what the duplicate check asks for."""


class Companies(list[str]):
    """A list of names that grows as far as it is wanted; the same seed gives the same names."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)
        self._filed: dict[Key, list[str]] = defaultdict(list)

    def grow(self, count: int) -> None:
        """Think up names until there are `count`."""
        while len(self) < count:
            name = self._draw()
            if not self._is_like_another(name):
                self.append(name)
                for key in keys_of(name):
                    self._filed[key].append(normal_name(name))

    def _draw(self) -> str:
        choose = self._random.choice
        words = [self._word()]
        if self._random.random() < 0.4:
            words.append(choose(TRADES))
        elif self._random.random() < 0.5:
            words += ["&", self._word()]
        return f"{' '.join(words)} {choose(FORMS)}"

    def _word(self) -> str:
        choose = self._random.choice
        syllables = [choose(ONSETS) + choose(VOWELS) + choose(CODAS) for _syllable in range(self._random.randint(1, 2))]
        return ("".join(syllables) + choose(VOWELS) * self._random.randint(0, 1) + choose(ENDINGS)).title()

    def _is_like_another(self, name: str) -> bool:
        wanted = normal_name(name)
        others = [other for key in Sought.of(name).keys for other in self._filed.get(key, ())]
        return bool(
            any(f"{wanted} ".startswith(f"{other} ") or other.startswith(f"{wanted} ") for other in others)
            or extractOne(wanted, others, scorer=token_sort_ratio, score_cutoff=SIMILAR - 1)
            or extractOne(wanted, others, scorer=DamerauLevenshtein.distance, score_cutoff=MOST_SLIPS - 1)
        )
