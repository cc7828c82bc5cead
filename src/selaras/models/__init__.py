"""What is stored. Inside, one order of imports, foreign keys point left only:

keys < places < files < people < helplines, recaps, sessions, uploads < log < jobs < instruments < cycles <
teams, exports < links, phones < households < targets < submissions <
agreed, arrivals, checks, rechecks, duplicates, rights, statements < photos < needs < plans < purses < meetings <
walks < activities < evidence < blurs, looks < confirmations < reactions < results < followups, strategies <
claims < gladi < weekly
"""

from selaras.models.activities import Activity
from selaras.models.agreed import AgreedAnswers, AgreedImport, AgreedState
from selaras.models.arrivals import (
    Arrival,
    ArrivalFile,
    ArrivalState,
    EditSource,
    EditState,
    HouseholdEdit,
    Outcome,
    Reason,
    SecondEntry,
    Visit,
)
from selaras.models.blurs import Blur
from selaras.models.checks import Check, CheckKind
from selaras.models.claims import Claim, ClaimFinding, KeptLimit, ProofLimit
from selaras.models.confirmations import (
    AidKind,
    AidUser,
    Confirmation,
    FamilySheet,
    Holder,
    Holding,
    Said,
    SheetContact,
    Via,
    WomanAccess,
    WomanBenefit,
    WomanControl,
    WomanSaid,
)
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
from selaras.models.dossiers import Dossier, DossierAnnex
from selaras.models.duplicates import Comparing, Duplicate, DuplicateAnswer, Merge
from selaras.models.evidence import (
    CodeItem,
    CodeList,
    Evidence,
    EvidenceKind,
    EvidenceState,
    EvidenceUse,
    LokusPoint,
)
from selaras.models.exports import Export
from selaras.models.files import StoredFile
from selaras.models.followups import FollowUp
from selaras.models.gladi import (
    ChampionFigure,
    Gladi,
    GladiMark,
    GladiMarker,
    GladiSheet,
    GladiTask,
    TaskState,
)
from selaras.models.helplines import Helpline, HelplineKind
from selaras.models.households import Erasure, Household, NikSaid, Person, Sex
from selaras.models.instruments import IndicatorRef, InstrumentDraft, InstrumentVersion
from selaras.models.jobs import Job, JobState, Worker
from selaras.models.keys import DataKey, KeyPurpose, SearchHashes
from selaras.models.links import AgencyLink, ApiToken, Invitation
from selaras.models.log import AuditEntry, Seal
from selaras.models.looks import PictureLook, PictureMatch, Reused
from selaras.models.meetings import Attendance, Decision, Guest, Letterhead, Meeting, MeetingKind
from selaras.models.needs import Need
from selaras.models.people import Agency, User
from selaras.models.phones import FieldForm, NikAsked, PhoneToken
from selaras.models.photos import PhotoConsent, PhotoPrint, PhotoUse
from selaras.models.places import Place, PlaceAlias, PlaceKind, PlaceLevel
from selaras.models.plans import (
    THIS_YEAR,
    Answer,
    Ask,
    AskVersion,
    Commitment,
    CommitmentNeed,
    CommitmentState,
    CommitmentVersion,
    Fund,
)
from selaras.models.purses import Measure, Purse
from selaras.models.reactions import (
    Reaction,
    ReactionBox,
    ReactionPapers,
    ReactionQuestion,
    ReactionReply,
    ReactionSlip,
    ReactionText,
    ReactionTextState,
)
from selaras.models.recaps import Publication, PublicationKind, Recap, RecapState
from selaras.models.rechecks import Recheck, RecheckEntry, RecheckFamily
from selaras.models.results import (
    Counter,
    Fact,
    HouseholdClass,
    HouseholdScore,
    Result,
    State,
    UnitCounter,
)
from selaras.models.rights import (
    Breach,
    BreachCause,
    BreachKind,
    Deed,
    RefusalGround,
    RequestKind,
    RequestState,
    RightsRequest,
)
from selaras.models.sealing import CannotUnsealError
from selaras.models.sessions import BrowserSession
from selaras.models.statements import FamilyState, Split, Statement
from selaras.models.strategies import Audience, Comparison, FindingSource, Strategy, StrategyVersion
from selaras.models.submissions import (
    BatchState,
    ColumnMemory,
    CurrentAnswers,
    ImportBatch,
    ImportRow,
    Submission,
    SubmissionMode,
)
from selaras.models.targets import SavedView, Target, TargetChange, TargetDecision, TargetReason, TargetState
from selaras.models.teams import Group, GroupKind, Team, TeamKind, TeamMember
from selaras.models.uploads import Upload, UploadPiece
from selaras.models.walks import Near, SafetyWalk, Unsafe, WalkFinding, When
from selaras.models.weekly import Digest, WeeklyPage

__all__ = [
    "THIS_YEAR",
    "Achievement",
    "Activity",
    "Agency",
    "AgencyLink",
    "AgreedAnswers",
    "AgreedImport",
    "AgreedState",
    "AidKind",
    "AidUser",
    "Answer",
    "ApiToken",
    "Arrival",
    "ArrivalFile",
    "ArrivalState",
    "Ask",
    "AskVersion",
    "Attendance",
    "Audience",
    "AuditEntry",
    "BatchState",
    "Blur",
    "Breach",
    "BreachCause",
    "BreachKind",
    "BrowserSession",
    "CannotUnsealError",
    "ChampionFigure",
    "Check",
    "CheckKind",
    "Claim",
    "ClaimFinding",
    "CodeItem",
    "CodeList",
    "ColumnMemory",
    "Commitment",
    "CommitmentNeed",
    "CommitmentState",
    "CommitmentVersion",
    "Comparing",
    "Comparison",
    "Confidence",
    "Confirmation",
    "Counter",
    "CurrentAnswers",
    "Cycle",
    "CycleInstrument",
    "DataKey",
    "Decision",
    "Deed",
    "Digest",
    "Dossier",
    "DossierAnnex",
    "Duplicate",
    "DuplicateAnswer",
    "EditSource",
    "EditState",
    "Erasure",
    "Evidence",
    "EvidenceKind",
    "EvidenceState",
    "EvidenceUse",
    "Export",
    "Fact",
    "FamilySheet",
    "FamilyState",
    "FieldForm",
    "FindingSource",
    "FollowUp",
    "Fund",
    "Gladi",
    "GladiMark",
    "GladiMarker",
    "GladiSheet",
    "GladiTask",
    "Group",
    "GroupKind",
    "Guest",
    "Helpline",
    "HelplineKind",
    "Holder",
    "Holding",
    "Household",
    "HouseholdClass",
    "HouseholdEdit",
    "HouseholdScore",
    "ImportBatch",
    "ImportRow",
    "IndicatorRef",
    "InstrumentDraft",
    "InstrumentVersion",
    "Invitation",
    "Job",
    "JobState",
    "KeptLimit",
    "KeyPurpose",
    "Letterhead",
    "Lokus",
    "LokusPoint",
    "Measure",
    "Meeting",
    "MeetingKind",
    "Membership",
    "Merge",
    "Near",
    "Need",
    "NikAsked",
    "NikSaid",
    "Outcome",
    "Person",
    "PhoneToken",
    "PhotoConsent",
    "PhotoPrint",
    "PhotoUse",
    "PictureLook",
    "PictureMatch",
    "Place",
    "PlaceAlias",
    "PlaceKind",
    "PlaceLevel",
    "ProofLimit",
    "Publication",
    "PublicationKind",
    "Purse",
    "Reaction",
    "ReactionBox",
    "ReactionPapers",
    "ReactionQuestion",
    "ReactionReply",
    "ReactionSlip",
    "ReactionText",
    "ReactionTextState",
    "Reason",
    "Recap",
    "RecapState",
    "Recheck",
    "RecheckEntry",
    "RecheckFamily",
    "RefusalGround",
    "RequestKind",
    "RequestState",
    "Result",
    "Reused",
    "RightsRequest",
    "Role",
    "Round",
    "RoundKind",
    "SafetyWalk",
    "Said",
    "SavedView",
    "Seal",
    "SearchHashes",
    "SecondEntry",
    "Sex",
    "SheetContact",
    "Split",
    "Stage",
    "State",
    "Statement",
    "StoredFile",
    "Strategy",
    "StrategyVersion",
    "Submission",
    "SubmissionMode",
    "Target",
    "TargetChange",
    "TargetDecision",
    "TargetReason",
    "TargetState",
    "TaskState",
    "Team",
    "TeamKind",
    "TeamMember",
    "UnitCounter",
    "Unsafe",
    "Upload",
    "UploadPiece",
    "User",
    "Via",
    "Visit",
    "WalkFinding",
    "WeeklyPage",
    "When",
    "WomanAccess",
    "WomanBenefit",
    "WomanControl",
    "WomanSaid",
    "Worker",
]
