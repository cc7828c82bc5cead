"""The pages of photos for those outside: what is shown to whom, what a form says, and bytes that are safe."""

import io
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from selaras.actions import activities
from selaras.models import Blur, Lokus, Role, User
from selaras.web.blurring import named, why
from tests import build
from tests.build_blurs import PLANTED, confirmed, looked, of_people, of_picture, taken
from tests.build_evidence import CODE, ani, bring, scored_lokus, secretary
from tests.build_programme import programme
from tests.drawn_faces import group
from tests.drawn_photos import scene
from tests.web.sample_blurs import SUSPECTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def lokus() -> Lokus:
    return scored_lokus()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, blur: Blur) -> str:
    return reverse(name, args=[blur.evidence.cycle.slug, blur.evidence.uuid])


def boxes(blur: Blur, more: tuple[tuple[int, ...], ...] = ()) -> dict[str, list[str]]:
    """What a form says of its boxes."""
    rows = [*(tuple(box[:4]) for box in blur.proposed), *more]
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return {
        name: [str(number) for number in column]
        for name, column in zip(("kiri", "atas", "lebar", "tinggi"), columns, strict=True)
    }


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def test_the_form_hides_what_it_says_and_leads_to_the_next_photo(lokus: Lokus) -> None:
    by, client = ani(), client_of(secretary())
    first, second = of_people(by, lokus, 1), of_people(by, lokus, 2)

    response = client.post(at("blur", first), {"version": "1", **boxes(first, ((5, 5, 60, 60),))})

    assert (response.status_code, response["Location"]) == (302, at("blur", second))
    done = Blur.objects.get(pk=first.pk)
    assert done.regions == [*(box[:4] for box in first.proposed), [5, 5, 60, 60]]
    last = client.post(at("blur", second), {"version": "1", **boxes(second)})
    assert last["Location"] == reverse("blurs", args=[lokus.cycle.slug])


def test_an_empty_row_is_no_box_and_a_half_filled_one_is_said(lokus: Lokus) -> None:
    client, blur = client_of(secretary()), of_people(ani(), lokus)
    spare = {"kiri": ["10", ""], "atas": ["10", ""], "lebar": ["50", ""], "tinggi": ["50", ""]}
    half = {"kiri": ["10", "3"], "atas": ["10", ""], "lebar": ["50", ""], "tinggi": ["50", "x"]}

    wrong = client.post(at("blur", blur), {"version": "1", **half})
    assert (wrong.status_code, "kotak nomor 2 tidak sah" in wrong.content.decode()) == (422, True)
    assert Blur.objects.get(pk=blur.pk).public is None

    client.post(at("blur", blur), {"version": "1", "bukan_wajah": "1", **spare})
    assert Blur.objects.get(pk=blur.pk).regions == [[10, 10, 50, 50]]


def test_nobody_needs_a_look_at_what_was_marked_and_drops_the_marks(lokus: Lokus) -> None:
    client, blur = client_of(secretary()), of_people(ani(), lokus)
    said = {"version": "1", "kosong": "1", **boxes(blur)}

    wrong = client.post(at("blur", blur), said)
    assert (wrong.status_code, "menandai 3 bagian sebagai wajah" in wrong.content.decode()) == (422, True)

    client.post(at("blur", blur), {**said, "bukan_wajah": "1"})
    done = Blur.objects.get(pk=blur.pk)
    assert (done.nobody, done.regions, done.public is None) == (True, [], False)


def test_nobody_with_a_box_that_she_drew_is_asked_which(lokus: Lokus) -> None:
    client, blur = client_of(secretary()), of_people(ani(), lokus)
    said = {"version": "1", "kosong": "1", "bukan_wajah": "1", **boxes(blur, ((5, 5, 60, 60),))}

    response = client.post(at("blur", blur), said)

    assert (response.status_code, Blur.objects.get(pk=blur.pk).public) == (422, None)
    assert "hapus kotaknya, atau batalkan pernyataannya" in response.content.decode()
    assert response.content.decode().count('class="blur-box"') == len(blur.proposed) + 1


def test_pictures_come_as_pictures_that_we_drew_and_the_copy_only_once_there_is_one(lokus: Lokus) -> None:
    client, blur = client_of(secretary()), of_people(ani(), lokus)
    assert client.get(at("blur_copy", blur)).status_code == 404

    confirmed(secretary(), blur)
    for name in ("blur_work", "blur_copy"):
        whole = client.get(at(name, blur))
        small = client.get(at(name, blur), {"kecil": "1"})
        headers = {key: whole[key] for key in ("Content-Type", "X-Content-Type-Options")}
        assert headers == {"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff"}
        assert "no-store" in whole["Cache-Control"]
        assert [word for word in PLANTED if word in whole.content or word in small.content] == []
        with Image.open(io.BytesIO(small.content)) as picture:
            assert max(picture.size) <= 480


def test_whoever_sees_the_evidence_sees_the_copy_and_not_the_people(lokus: Lokus) -> None:
    blur = confirmed(secretary(), of_people(ani(), lokus))
    expected = {
        "administrator": (200, 403, 403),
        "juror": (404, 404, 404),
        "leader": (200, 200, 403),
        "lurah": (200, 200, 200),
    }
    people = {
        "administrator": build.member(Role.ADMINISTRATOR, ""),
        "juror": build.member(Role.JUROR, "36.72"),
        "leader": build.member(Role.LEADER, "36.72"),
        "lurah": build.member(Role.SUPERVISOR, CODE),
    }
    found = {
        who: tuple(client_of(user).get(at(name, blur)).status_code for name in ("blur_copy", "blur_work", "blur"))
        for who, user in people.items()
    }
    assert found == expected


def test_of_an_activity_a_juror_sees_the_public_copy_alone_and_only_once_there_is_one() -> None:
    lokus = programme().lokus
    of = activities.report(
        by=ani(),
        cycle_slug=lokus.cycle.slug,
        lokus_code=CODE,
        activity_id=uuid4(),
        told=activities.Told("Penyuluhan", date(2024, 8, 9)),
        photo=taken(group()[0]),
    )
    looked()
    juror, leader = (client_of(build.member(role, "36.72")) for role in (Role.JUROR, Role.LEADER))
    page = reverse("activity", args=[lokus.cycle.slug, of.uuid])
    image = reverse("activity_photo", args=[lokus.cycle.slug, of.uuid])
    assert (juror.get(image).status_code, image in juror.get(page).content.decode()) == (404, False)
    assert (leader.get(image).status_code, image in leader.get(page).content.decode()) == (200, True)

    blur = confirmed(secretary(), Blur.objects.get())
    assert blur.public is not None
    assert juror.get(image).content == blur.public.content()
    assert image in juror.get(page).content.decode()
    assert leader.get(image).content != blur.public.content()


def test_a_copy_is_taken_back_from_its_page_and_whoever_was_slower_is_told(lokus: Lokus) -> None:
    client, blur = client_of(secretary()), confirmed(secretary(), of_people(ani(), lokus))

    late = client.post(at("blur_withdraw", blur), {"version": "1"}, follow=True)
    assert "sudah diputuskan orang lain" in late.content.decode()
    client.post(at("blur_withdraw", blur), {"version": "2"})

    assert Blur.objects.get(pk=blur.pk).public is None
    page = client.get(at("blur", blur)).content.decode()
    assert page.count('class="blur-box"') == len(blur.proposed)


def test_the_list_tells_what_waits_what_is_ready_and_what_cannot_be_drawn(lokus: Lokus) -> None:
    by, client = ani(), client_of(secretary())
    waits, ready = of_people(by, lokus, 1, caption="Menunggu"), of_people(by, lokus, 2, caption="Siap")
    confirmed(secretary(), ready)
    lost = of_people(by, lokus, 3, caption="Rusak")
    Blur.objects.filter(pk=lost.pk).update(work=None)
    bring(by, lokus, b"%PDF-1.4\n%%EOF\n", name="surat.pdf", caption="Surat")
    of_picture(by, lokus, scene(9), caption="Baru sampai")
    address = reverse("blurs", args=[lokus.cycle.slug])

    pages = {state: client.get(address, {"keadaan": state}).content.decode() for state in ("", "siap", "tidak-bisa")}
    titles = ("Menunggu", "Siap", "Rusak", "Surat", "Baru sampai")
    shown = {state: [title for title in titles if f">{title}</a>" in text] for state, text in pages.items()}
    assert shown == {"": ["Menunggu"], "siap": ["Siap"], "tidak-bisa": ["Rusak"]}
    assert "1 foto baru sampai" in pages[""]
    assert at("blur", waits) in pages[""]


def test_the_statements_of_the_list_do_not_grow(lokus: Lokus) -> None:
    by, user = ani(), secretary()
    address = reverse("blurs", args=[lokus.cycle.slug])
    numbers = []
    for seeds in ((1,), (2, 3)):
        for seed in seeds:
            of_people(by, lokus, seed)
        client = client_of(user)
        client.get(address)
        with CaptureQueriesContext(connection) as made:
            client.get(address)
        numbers.append(len(made))
    assert numbers[0] == numbers[1]


def test_each_signal_is_a_sentence_with_its_numbers() -> None:
    said = [plain(why(signal)) for row in SUSPECTS.rows for signal in row.signals]

    assert said == [
        "Foto yang sama dengan “Jamban RW 01” (Sukmajaya, P2WKSS 2024, 12 Agustus 2024),"
        " hanya dicerminkan dan dipotong.",
        "Menurut kameranya diambil 4,2 km dari titik lokus, padahal lokusnya hanya sampai 800 m."
        " Wajar bila kegiatannya memang di tempat lain.",
        "Menurut kameranya diambil 30 Juli 2024, 10 hari sebelum kegiatannya (9 Agustus 2024)."
        " Wajar bila jam kameranya salah.",
        "Foto yang sama dengan foto pendataan Gedong Dalem, 12 Agustus 2024, hanya disimpan ulang.",
        "Berkasnya sama persis dengan bukti lain di Ciwedus, P2WKSS 2022, 12 Agustus 2024.",
        "Menurut kameranya diambil sesudah foto ini sampai di sini. Wajar bila jam kameranya salah.",
        "Menurut kameranya diambil 10 Agustus 2024, 1 hari sesudah kegiatannya (9 Agustus 2024)."
        " Wajar bila jam kameranya salah.",
        "Menurut kameranya diambil 950 m dari titik lokus, padahal lokusnya hanya sampai 800 m."
        " Wajar bila kegiatannya memang di tempat lain.",
    ]


def test_what_is_not_hers_is_named_by_place_and_year() -> None:
    hidden = SUSPECTS.rows[2].signals[0].other
    assert hidden is not None
    assert (plain(named(hidden)), hidden.evidence) == ("bukti lain di Ciwedus, P2WKSS 2022, 12 Agustus 2024", None)
    assert isinstance(SUSPECTS.rows[0].mine.evidence, UUID)
