"""Which counts of a publication are withheld, so that no small one can be read or computed from the others.

Pure: numbers in, numbers out. `System` says what is counted and what adds up to what, over tables, areas and periods
at once; `plan` what is withheld; `intervals` what an attacker can still compute. The thinking is in
docs/decisions/0016-small-counts-are-withheld-with-all-that-tell-them.md.
"""

from selaras.scoring.suppression.attack import Interval, intervals
from selaras.scoring.suppression.system import LEAST, System, broken, protected
from selaras.scoring.suppression.withholding import CannotProtectError, Plan, plan

__all__ = ["LEAST", "CannotProtectError", "Interval", "Plan", "System", "broken", "intervals", "plan", "protected"]
