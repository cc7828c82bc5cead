"""What is stored. Inside, one order of imports, foreign keys point left only:

keys < places < files < people < log < jobs < instruments < cycles < households < submissions < results
"""

from selaras.models.cycles import (
    Achievement,
    Confidence,
    Cycle,
    CycleInstrument,
    Lokus,
    Membership,
    Role,
    Round,
    RoundKind,
    Stage,
)
from selaras.models.files import StoredFile
from selaras.models.households import Erasure, Household, Person, Sex
from selaras.models.instruments import IndicatorRef, InstrumentVersion
from selaras.models.jobs import Job, JobState, Worker
from selaras.models.keys import DataKey, KeyPurpose, SearchHashes
from selaras.models.log import AuditEntry, Seal
from selaras.models.people import Agency, User
from selaras.models.places import Place, PlaceAlias, PlaceKind, PlaceLevel
from selaras.models.results import (
    Counter,
    Fact,
    HouseholdClass,
    HouseholdScore,
    Result,
    State,
    UnitCounter,
)
from selaras.models.sealing import CannotUnsealError
from selaras.models.submissions import (
    BatchState,
    CurrentAnswers,
    ImportBatch,
    ImportRow,
    Submission,
    SubmissionMode,
)

__all__ = [
    "Achievement",
    "Agency",
    "AuditEntry",
    "BatchState",
    "CannotUnsealError",
    "Confidence",
    "Counter",
    "CurrentAnswers",
    "Cycle",
    "CycleInstrument",
    "DataKey",
    "Erasure",
    "Fact",
    "Household",
    "HouseholdClass",
    "HouseholdScore",
    "ImportBatch",
    "ImportRow",
    "IndicatorRef",
    "InstrumentVersion",
    "Job",
    "JobState",
    "KeyPurpose",
    "Lokus",
    "Membership",
    "Person",
    "Place",
    "PlaceAlias",
    "PlaceKind",
    "PlaceLevel",
    "Result",
    "Role",
    "Round",
    "RoundKind",
    "Seal",
    "SearchHashes",
    "Sex",
    "Stage",
    "State",
    "StoredFile",
    "Submission",
    "SubmissionMode",
    "UnitCounter",
    "User",
    "Worker",
]
