"""Form list, form, manifest, list of families, integrity, submission: what phones call, in the order of a day."""

from urllib.parse import quote

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.cache import get_conditional_response

from selaras.actions.field.receiving import Parcel, Receipt, Sender, receive, receive_at_once
from selaras.models import ArrivalState, PhoneToken
from selaras.odk import openrosa
from selaras.odk.fieldform import DATASET
from selaras.openrosa.door import answer, for_phones, says
from selaras.openrosa.parcels import parcel_of
from selaras.queries import phones

#: Most ids that one question of integrity may name; Collect asks for what its own list holds.
MOST_IDS = 20_000


@for_phones("GET", "HEAD")
def form_list(request: HttpRequest, phone: PhoneToken) -> HttpResponse:
    """`formList`, also for one `formID`."""
    base = _base(request)
    wanted = request.GET.get("formID")
    forms = [form for form in phones.forms_of(phone) if wanted in {None, form.form_id}]
    return _conditional(
        request,
        openrosa.form_list(
            openrosa.ListedForm(
                form_id=form.form_id,
                name=form.title,
                version=form.version,
                md5=form.md5,
                url=f"{base}/forms/{quote(form.form_id, safe='')}/{quote(form.version, safe='')}.xml",
                manifest=f"{base}/manifest/{quote(form.form_id, safe='')}/{quote(form.version, safe='')}",
            )
            for form in forms
        ),
    )


@for_phones("GET", "HEAD")
def form(request: HttpRequest, phone: PhoneToken, form_id: str, version: str) -> HttpResponse:
    """A form's XML; old versions never go."""
    return _conditional(request, phones.xform_of(phone, form_id, version))


@for_phones("GET", "HEAD")
def manifest(request: HttpRequest, phone: PhoneToken, form_id: str, version: str) -> HttpResponse:
    """What a form reads beside itself: the list of this phone's families."""
    phones.xform_of(phone, form_id, version)
    base = _base(request)
    listed = openrosa.MediaFile(
        filename=f"{DATASET}.csv",
        md5=phones.list_hash(phone),
        url=f"{base}/{DATASET}.csv",
        integrity=f"{base}/integrity/{DATASET}",
    )
    return _conditional(request, openrosa.manifest([listed]))


@for_phones("GET", "HEAD")
def family_list(request: HttpRequest, phone: PhoneToken) -> HttpResponse:
    """The families of this phone, with an ETag: unchanged lists cost no data."""
    return _conditional(request, phones.family_list(phone), content_type="text/csv; charset=utf-8")


@for_phones("GET", "HEAD")
def integrity(request: HttpRequest, phone: PhoneToken) -> HttpResponse:
    """Which of the families that the phone knows are not on its list any more."""
    ids = [text for text in request.GET.get("id", "").split(",") if text][:MOST_IDS]
    return answer(openrosa.integrity(phones.gone(phone, ids)))


_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_CUT = (MultiPartParserError, UnreadablePostError, OSError)
_UNREADABLE = (*_TOO_MUCH, *_CUT)


def _at_once(request: HttpRequest, phone: PhoneToken) -> HttpResponse | None:
    """The answer to a good new form of a phone that came in lately. Else None: `submission` looks at everything."""
    try:
        parcel = _parcel(request)
    except _UNREADABLE:
        return None
    receipt = None if parcel is None else receive_at_once(sender=Sender.of(phone), parcel=parcel)
    return None if receipt is None else _thanks(receipt)


def _parcel(request: HttpRequest) -> Parcel | None:
    """The request taken apart, or why it cannot be; asked twice it says the same, though its body is read by then."""
    kept: dict[str, Parcel | Exception | None] = request.__dict__.setdefault("selaras_parcel", {})
    if not kept:
        try:
            kept[""] = parcel_of(request)
        except _UNREADABLE as error:
            kept[""] = error
    found = kept[""]
    if isinstance(found, Exception):
        raise found
    return found


@for_phones("HEAD", "GET", "POST", at_once=_at_once)
def submission(request: HttpRequest, phone: PhoneToken) -> HttpResponse:
    """A filled form. HEAD is 204 without `Location`, from anybody with an open token: only then is its limit read."""
    if request.method != "POST":
        return answer(b"", status=204)
    try:
        parcel = _parcel(request)
    except _TOO_MUCH:
        return says("Kiriman ini terlalu besar. Hapus foto yang tidak perlu, lalu kirim lagi.", status=413)
    except _CUT:
        return says("Kiriman terputus di jalan. Isian aman di HP; kirim lagi saat sinyal baik.", status=400)
    if parcel is None:
        return says("Kiriman tiba tanpa formulir. Isian aman di HP; kirim lagi.", status=400)
    receipt = receive(sender=Sender.of(phone), parcel=parcel)
    return _thanks(receipt)


def _thanks(receipt: Receipt) -> HttpResponse:
    return answer(
        openrosa.response(_words(receipt), nature="" if receipt.kind == "held" else "submit_success"),
        status=202 if receipt.again else 201,
    )


_HELD = {
    "broken": "Kiriman Anda kami simpan, tetapi isinya rusak. Petugas akan memeriksanya; tidak perlu mengirim lagi.",
    "no_id": "Kiriman Anda kami simpan, tetapi tanpa nomor. Petugas akan memeriksanya; tidak perlu mengirim lagi.",
    "other_bytes": "Kiriman Anda kami simpan. Nomornya sama dengan kiriman lain yang isinya berbeda; petugas akan "
    "membandingkannya.",
    "unknown_form": "Kiriman Anda kami simpan, tetapi formulirnya tidak dikenal tahun ini. Petugas akan memeriksanya.",
    "unknown_version": "Kiriman Anda kami simpan. Formulir di HP Anda versi lama; perbarui daftar formulir sebelum "
    "kunjungan berikutnya.",
    "late": "Kiriman Anda kami simpan, tetapi masa pendataan sudah lewat. Petugas akan memutuskannya.",
    "closed": "Kiriman Anda kami simpan, tetapi tahun program sudah ditutup. Petugas akan memutuskannya.",
    "no_original": "Perbaikan Anda kami simpan, tetapi kiriman pertamanya belum sampai. Kirim juga yang pertama.",
}


_HELD_SINCE = "Kiriman ini sudah kami simpan dan menunggu keputusan petugas. Tidak perlu mengirim lagi."
_SET_ASIDE = "Kiriman ini sudah kami terima, tetapi petugas menyisihkannya. Tanyakan alasannya kepada kelurahan."


def _words(receipt: Receipt) -> str:
    """What the cadre reads. Something held looks otherwise than something taken, the first time and every time."""
    if receipt.arrival.state == ArrivalState.SET_ASIDE:
        return _SET_ASIDE
    if receipt.kind == "held":
        # What was held later, when it was read, is the office's to explain.
        return _HELD.get(receipt.arrival.reason, _HELD_SINCE)
    if receipt.kind == "repeat":
        return "Sudah kami terima sebelumnya." if not receipt.files else "Foto sudah kami terima. Terima kasih."
    return "Terima kasih, kiriman sudah kami terima."


def _conditional(request: HttpRequest, body: bytes, *, content_type: str = openrosa.CONTENT_TYPE) -> HttpResponse:
    """The body, or 304 where the phone has it: the ETag is of the bytes."""
    response = answer(body, content_type=content_type)
    response["ETag"] = f'"{openrosa.md5_of(body)}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _base(request: HttpRequest) -> str:
    """`https://host/odk/<token>`, by the host that the phone called: a server in a village has no other name."""
    token = request.resolver_match.kwargs["token"] if request.resolver_match else ""
    return request.build_absolute_uri(f"/odk/{token}")
