"""The paths of v1."""

from django.http import HttpRequest
from ninja import Router

from selaras.api import shapes
from selaras.api.door import REFUSALS, Token, reader
from selaras.queries import cycles, instruments, loci
from selaras.queries.cycles import CyclePage
from selaras.queries.instruments import InstrumentPage
from selaras.queries.loci import LokusPage
from selaras.queries.refs import CycleRef, InstrumentRef

router = Router()


@router.get(
    "/cycles",
    auth=Token("programme"),
    response={200: list[shapes.Cycle], **REFUSALS},
    url_name="api_cycles",
    tags=["programme"],
)
def list_cycles(request: HttpRequest) -> list[CycleRef]:
    """The programme years that the token's owner may see, newest first."""
    return list(cycles.cycles_seen(reader(request)))


@router.get(
    "/cycles/{slug}",
    auth=Token("programme"),
    response={200: shapes.CycleDetail, **REFUSALS},
    url_name="api_cycle",
    tags=["programme"],
)
def one_cycle(request: HttpRequest, slug: str) -> CyclePage:
    """One programme year with its stages and loci."""
    return cycles.cycle_page(reader(request), slug)


@router.get(
    "/cycles/{slug}/loci/{code}",
    auth=Token("scores"),
    response={200: shapes.Card, **REFUSALS},
    url_name="api_card",
    tags=["scores"],
)
def one_card(request: HttpRequest, slug: str, code: str) -> LokusPage:
    """The score of one lokus (`36.72.05.1005`), aspect by aspect."""
    return loci.lokus_page(reader(request), slug, code)


@router.get(
    "/instruments",
    auth=Token("instruments"),
    response={200: list[shapes.Instrument], **REFUSALS},
    url_name="api_instruments",
    tags=["instruments"],
)
def list_instruments(request: HttpRequest) -> list[InstrumentRef]:
    """Every published version, newest first."""
    return list(instruments.published(reader(request)))


@router.get(
    "/instruments/{instrument_id}/{version}",
    auth=Token("instruments"),
    response={200: shapes.InstrumentDetail, **REFUSALS},
    url_name="api_instrument",
    tags=["instruments"],
)
def one_instrument(request: HttpRequest, instrument_id: str, version: str) -> InstrumentPage:
    """Every rule and weight of one version."""
    return instruments.instrument_page(reader(request), instrument_id, version)
