"""Every surface there is, drawn from every sample, and what each message tells, as the nouns' own files say it."""

from tests.nouns import gathered
from tests.views.facts import Drawings, Facts

DRAWINGS: Drawings = gathered("DRAWINGS")
"""Every surface there is, by the view that draws it."""
FACTS: Facts = gathered("FACTS")
"""What each message's template is given at delivery."""
