"""Who may: the ONLY place that decides it. `may_…` say yes or no, `…_for(user)` give the rows a person may see.

A membership is a scope: a role, in one cycle or all, below a place code or for an agency. It *covers* what lies in
its area; it *touches* also what its area lies in: a cadre of RW 03 touches the lokus and the cycle around her.
What a person does not touch does not exist for her (Missing); what she touches and may not do is Forbidden. Rights:

    names, addresses, class labels   secretariat of the city, lurah/camat of the lokus, cadre of her RW
    a family's kesehatan answers     the agency that the indicator names; for others counts of 5 and more
    everything else                  see each predicate, and tests/access/test_table.py, which is complete

Sources: UU 27/2022 art. 4 (health is specific data) and 16 (purpose limitation); domain of the programme's decrees.
"""

from selaras.access.doors import (
    PHRASES,
    demand,
    one,
    the_batch,
    the_cycle,
    the_household,
    the_lokus,
)
from selaras.access.families import (
    households_for,
    imports_for,
    may_erase_household,
    may_import,
    may_see_batch,
    may_see_class,
    may_see_health,
    may_see_household,
    may_see_names,
    scores_for,
    shown_count,
    submissions_for,
)
from selaras.access.programme import (
    cycles_for,
    facts_for,
    loci_for,
    may_enter_facts,
    may_manage_cycle,
    may_open_cycle,
    may_record_achievement,
    may_score,
    may_see_cycle,
    may_see_lokus,
    results_for,
)
from selaras.access.scopes import (
    ASSIGNABLE,
    CONSOLE,
    KEEPERS,
    NAMES,
    SMALLEST_COUNT,
    Actor,
    Console,
    Scope,
    has_role,
    scopes_of,
)
from selaras.access.server import (
    audit_for,
    instruments_for,
    may_assign,
    may_back_up,
    may_load_places,
    may_manage_people,
    may_publish_instrument,
    may_read_audit,
    may_rotate_keys,
    may_see_instrument,
    may_see_job,
    memberships_for,
)

__all__ = [
    "ASSIGNABLE",
    "CONSOLE",
    "KEEPERS",
    "NAMES",
    "PHRASES",
    "SMALLEST_COUNT",
    "Actor",
    "Console",
    "Scope",
    "audit_for",
    "cycles_for",
    "demand",
    "facts_for",
    "has_role",
    "households_for",
    "imports_for",
    "instruments_for",
    "loci_for",
    "may_assign",
    "may_back_up",
    "may_enter_facts",
    "may_erase_household",
    "may_import",
    "may_load_places",
    "may_manage_cycle",
    "may_manage_people",
    "may_open_cycle",
    "may_publish_instrument",
    "may_read_audit",
    "may_record_achievement",
    "may_rotate_keys",
    "may_score",
    "may_see_batch",
    "may_see_class",
    "may_see_cycle",
    "may_see_health",
    "may_see_household",
    "may_see_instrument",
    "may_see_job",
    "may_see_lokus",
    "may_see_names",
    "memberships_for",
    "one",
    "results_for",
    "scopes_of",
    "scores_for",
    "shown_count",
    "submissions_for",
    "the_batch",
    "the_cycle",
    "the_household",
    "the_lokus",
]
