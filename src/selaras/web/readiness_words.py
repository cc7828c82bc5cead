"""What readiness is called and how it speaks: layers, causes, owners, days, signals."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from selaras.queries.readiness import Desk, Due, Loss, OwnerLine
from selaras.queries.readiness_signals import SignalLine
from selaras.queries.recheck_rates import FEW
from selaras.queries.signals import Kind
from selaras.scoring.layers import Cause
from selaras.web.tags import bulat, tanggal

#: Layer → what it is called, and what it says.
LAYERS = (
    ("claim", gettext_lazy("Klaim"), gettext_lazy("yang dinyatakan kota dan yang diukur dari keluarga")),
    ("evidenced", gettext_lazy("Berbukti"), gettext_lazy("sejauh buktinya ada dan tidak ditolak")),
    ("received", gettext_lazy("Diterima menurut keluarga"), gettext_lazy("tanpa yang menurut keluarga belum sampai")),
    ("verified", gettext_lazy("Terverifikasi"), gettext_lazy("yang sudah dilihat orang lain")),
    ("jury", gettext_lazy("Juri"), gettext_lazy("diisi saat penilaian")),
)

CAUSES: dict[Cause, tuple[object, object]] = {
    "unclaimed": (gettext_lazy("Belum diklaim atau belum diukur"), gettext_lazy("isi klaim atau lengkapi pendataan")),
    "unreached": (gettext_lazy("Belum tercapai"), gettext_lazy("pekerjaan di lapangan yang masih perlu dilakukan")),
    "unproved": (gettext_lazy("Belum terbukti"), gettext_lazy("unggah bukti yang diminta butirnya")),
    "denied": (gettext_lazy("Belum diterima menurut keluarga"), gettext_lazy("antarkan, lalu tanyakan lagi")),
    "unverified": (gettext_lazy("Belum terverifikasi"), gettext_lazy("periksa buktinya, atau cek ulang keluarganya")),
}  # fmt: skip

DESKS: dict[Desk, object] = {
    "agency": gettext_lazy("OPD belum disebut di instrumen"),
    "field": gettext_lazy("Pendataan: kader dan lurah"),
    "recheck": gettext_lazy("Cek ulang: camat dan sekretariat"),
    "evidence": gettext_lazy("Meja bukti: camat dan sekretariat"),
}

#: Signal → what it is called.
SIGNALS: dict[Kind, object] = {
    "denied": gettext_lazy("Keluarga menyatakan belum"),
    "undelivered": gettext_lazy("Komitmen disebut selesai, keluarga menyatakan belum"),
    "bare": gettext_lazy("Klaim tanpa bukti"),
    "beyond": gettext_lazy("Klaim melebihi buktinya"),
    "lower": gettext_lazy("Temuan di bawah klaim"),
    "worse": gettext_lazy("Keluarga yang memburuk"),
    "differs": gettext_lazy("Klaim berbeda dari catatan"),
    "stale": gettext_lazy("Klaim berubah sesudah diperiksa"),
}


def why(loss: Loss) -> str:
    """Why these points are missing, in a sentence."""
    n = {"n": bulat(loss.count)}
    match loss.cause:
        case "unclaimed":
            return _("Belum ada jawaban keluarga.") if loss.desk == "field" else _("Belum ada klaim.")
        case "unreached":
            return _unreached(loss)
        case "unproved":
            if loss.reason:
                return _("Buktinya ditolak: %(reason)s.") % {"reason": loss.reason.rstrip(".")}
            if not loss.count:
                return _("Belum ada bukti.")
            return _("Bukti yang ada menunjukkan kurang dari klaim.")
        case "denied":
            return ngettext(
                "%(n)s keluarga menyatakan belum menerima.",
                "%(n)s keluarga menyatakan belum menerima.",
                loss.count or 0,
            ) % n  # fmt: skip
        case _:
            return _unverified(loss)


def _unreached(loss: Loss) -> str:
    values = {"n": bulat(loss.count), "what": codes(loss.commitments)}
    if loss.count:
        lacking = ngettext("%(n)s keluarga belum.", "%(n)s keluarga belum.", loss.count) % values
        return f"{lacking} {_promised(loss)}".strip()
    return _promised(loss) or _("Yang ada belum mencapai nilai penuh.")


def _promised(loss: Loss) -> str:
    return _("Dijanjikan: %(what)s.") % {"what": codes(loss.commitments)} if loss.commitments else ""


def _unverified(loss: Loss) -> str:
    if loss.reason:
        return _("Temuan pemeriksa: %(reason)s.") % {"reason": loss.reason.rstrip(".")}
    n = {"n": bulat(loss.count), "few": bulat(FEW)}
    if loss.desk == "recheck":
        if not loss.count:
            return _("Belum ada keluarga yang dicek ulang.")
        return _("Baru %(n)s keluarga dicek ulang; perlu %(few)s.") % n
    if loss.desk == "evidence":
        return ngettext("%(n)s bukti menunggu diperiksa.", "%(n)s bukti menunggu diperiksa.", loss.count or 0) % n
    return _("Yang sudah diperiksa menunjukkan kurang dari klaim.")


def codes(commitments: tuple[int, ...]) -> str:
    """`K-014, K-021`."""
    return ", ".join(f"K-{number:03d}" for number in commitments)


def whose(loss: Loss) -> str:
    """Whose it is to bring them."""
    return ", ".join(loss.agencies) if loss.desk == "agency" and loss.agencies else str(DESKS[loss.desk])


def owner(line: OwnerLine) -> str:
    """An agency's short name, or what a desk is called."""
    return line.agency or str(DESKS[line.desk])


def by_when(due: Due | None) -> str:
    """`paling lambat 27 Oktober 2024, sebelum Penilaian provinsi`; '' where the calendar says nothing."""
    if due is None:
        return ""
    values = {"day": tanggal(due.day), "what": due.what}
    if due.before:
        said = _("paling lambat %(day)s, sebelum %(what)s") % values
    else:
        said = (_("paling lambat %(day)s, %(what)s") if due.what else _("paling lambat %(day)s")) % values
    late = _("sudah lewat")
    return f"{said} ({late})" if due.late else said


def until(due: Due | None) -> str:
    """`sampai 27 Oktober 2024`, or that it is past; '' where the calendar says nothing."""
    if due is None:
        return ""
    values = {"day": tanggal(due.day)}
    return (_("lewat sejak %(day)s") if due.late else _("sampai %(day)s")) % values


def signal(line: SignalLine) -> str:
    """What the signal says, and what may explain it."""
    count = _few() if line.count is None else bulat(line.count)
    values = {"n": count, "reason": line.reason.rstrip("."), "title": line.title, "agency": line.agency}
    match line.kind:
        case "denied":
            return _(
                "%(n)s keluarga yang terhitung sudah punya, atau yang dijanjikan, menyatakan belum menerima."
                " Bisa juga mereka menunggu bagian kedua; tanyakan dulu."
            ) % values  # fmt: skip
        case "undelivered":
            return _("“%(title)s” dari %(agency)s disebut selesai; %(n)s keluarga menyatakan belum.") % values
        case "bare":
            if line.reason:
                return _("Semua buktinya ditolak: %(reason)s.") % values
            return _("Nilainya diklaim, tetapi tidak ada bukti yang melekat padanya.")
        case "beyond":
            return _("Bukti yang ada menunjukkan kurang dari yang diklaim.")
        case "lower":
            return _("Orang lain yang memeriksa menemukan kurang dari klaim: %(reason)s.") % values
        case "worse":
            return _("%(n)s keluarga yang dulu sudah punya kini tidak lagi. Kunjungi, cari sebabnya.") % values
        case "differs":
            return _("Catatan lokus berkata lain (sumber: %(reason)s). Samakan, atau jelaskan di dasar klaim.") % values
        case _:
            return _("Klaimnya diubah sesudah seseorang memeriksanya. Minta diperiksa lagi.")


def _few() -> str:
    return _("beberapa (kurang dari 5)")
