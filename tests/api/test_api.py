"""The API reads what its owner's pages show, and no further than the token was made for."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from selaras.access import API_SCOPES
from selaras.actions.tokens import make_token, revoke_token
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import ApiToken, AuditEntry, Role, User
from selaras.queries.loci import lokus_page
from tests import build, leaks
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db


def planted() -> tuple[Programme, User]:
    of = programme()
    bring(of, families_file([family(f"GD-{i:03d}", 4, "leher_angsa", i) for i in range(1, 8)]))
    return of, build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)


def secret_of(user: User, *scopes: str) -> str:
    return make_token(by=user, name="uji", scopes=scopes or tuple(API_SCOPES), days=30)[1]


def get(secret: str, path: str, **headers: str) -> tuple[int, object]:
    response = Client().get(f"/api/v1/{path}", headers={"authorization": f"Bearer {secret}", **headers})
    return response.status_code, json.loads(response.content) if response.content else None


def test_a_card_says_what_the_page_says() -> None:
    of, user = planted()
    page = lokus_page(user, of.cycle.slug, of.lokus.area)
    status, card = get(secret_of(user), f"cycles/{of.cycle.slug}/loci/{of.lokus.area}")
    assert status == 200
    assert isinstance(card, dict)
    aspect, told = page.aspects[0], card["aspects"][0]
    assert (card["total"]["value"], card["lokus"]["code"], card["as_of"] is not None) == (
        pytest.approx(float(page.total.value or 0), abs=1e-11),
        of.lokus.area,
        True,
    )
    assert [line["name"] for line in told["indicators"]] == [line.name for line in aspect.indicators]
    (line,) = [line for line in told["aspects"][0]["indicators"] if line["name"] == "jamban"]
    assert (line["value"], line["n"], line["true"], line["missing"], line["hidden"]) == (1, 7, 7, 0, False)


def test_every_resource_answers_its_owner() -> None:
    of, user = planted()
    secret = secret_of(user)
    version = f"{of.version.instrument}/{of.version.version}"
    answers = [
        get(secret, path) for path in ("cycles", f"cycles/{of.cycle.slug}", "instruments", f"instruments/{version}")
    ]
    assert [status for status, _ in answers] == [200] * 4
    years, year, instruments, instrument = (body for _, body in answers)
    assert isinstance(years, list)
    assert isinstance(year, dict)
    assert isinstance(instruments, list)
    assert isinstance(instrument, dict)
    assert (years[0]["slug"], year["loci"][0]["lokus"]["code"]) == (of.cycle.slug, of.lokus.area)
    assert (instruments[0]["id"], instrument["aspects"][0]["name"]) == ("contoh", "kesehatan")


def test_two_years_are_a_list_of_two() -> None:
    """Ninja takes a pair for a status and what to answer."""
    of = programme()
    later = build.cycle("36.72", 2025)
    build.lokus(later, of.lokus.area)
    status, years = get(secret_of(build.member(Role.ADMINISTRATOR)), "cycles")
    assert isinstance(years, list)
    assert (status, {year["slug"] for year in years}) == (200, {of.cycle.slug, later.slug})


@pytest.mark.parametrize("scope", list(API_SCOPES))
def test_a_token_opens_what_it_was_made_for_and_nothing_else(scope: str) -> None:
    of, user = planted()
    secret = secret_of(user, scope)
    paths = {
        "programme": "cycles",
        "scores": f"cycles/{of.cycle.slug}/loci/{of.lokus.area}",
        "instruments": "instruments",
    }
    assert {name: get(secret, path)[0] for name, path in paths.items()} == {
        name: 200 if name == scope else 403 for name in paths
    }


def test_a_token_reads_no_more_than_its_owner() -> None:
    of, _ = planted()
    path = f"cycles/{of.cycle.slug}/loci/{of.lokus.area}"
    neighbour = build.member(Role.SUPERVISOR, "36.72.05.1001")
    idle = build.user("tanpa-tugas")
    assert get(secret_of(neighbour), path)[0] == 404
    with pytest.raises(Forbidden):
        secret_of(idle)
    leaves = build.member(Role.SUPERVISOR, of.lokus.area)
    secret = secret_of(leaves)
    assert get(secret, path)[0] == 200
    leaves.memberships.update(ends=timezone.now())
    assert get(secret, path)[0] == 403


def test_a_small_group_of_health_is_not_told_by_the_api_either() -> None:
    of = programme(sample(privacy="| field | class | purpose |\n| jamban | kesehatan | uji |"))
    kinds = ["cemplung"] * 2 + ["leher_angsa"] * 8
    bring(of, families_file([family(f"GD-{i:03d}", 4, kind, 2000) for i, kind in enumerate(kinds, start=1)]))
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    _, card = get(secret_of(user), f"cycles/{of.cycle.slug}/loci/{of.lokus.area}")
    assert isinstance(card, dict)
    sanitation = card["aspects"][0]["aspects"][0]
    (line,) = sanitation["indicators"]
    assert (line["hidden"], line["value"], line["true"], line["n"], line["score"]["value"]) == (
        True,
        None,
        None,
        None,
        None,
    )
    assert sanitation["score"] == {"value": None, "low": None, "high": None, "before": None, "hidden": True}


def test_unknown_revoked_and_expired_tokens_open_nothing_and_say_why() -> None:
    _, user = planted()
    token, secret = make_token(by=user, name="uji", scopes=["programme"], days=1)
    assert get(secret, "cycles")[0] == 200
    revoke_token(by=user, token=token.uuid)
    revoke_token(by=user, token=token.uuid)
    expired = secret_of(user)
    ApiToken.objects.exclude(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    for wrong in (secret, expired, "selaras_salah", ""):
        status, said = get(wrong, "cycles")
        assert isinstance(said, dict)
        assert (status, said["problems"][0]["code"]) == (401, "token.unknown")
    answer = Client().get("/api/v1/cycles")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    with pytest.raises(Missing):
        revoke_token(by=build.member(Role.SECRETARIAT, "36.73"), token=token.uuid)


def test_what_has_not_changed_is_not_sent_again() -> None:
    _, user = planted()
    secret = secret_of(user)
    first = Client().get("/api/v1/cycles", headers={"authorization": f"Bearer {secret}"})
    same = Client().get(
        "/api/v1/cycles", headers={"authorization": f"Bearer {secret}", "if-none-match": first.headers["ETag"]}
    )
    assert (same.status_code, same.content) == (304, b"")
    assert (first.headers["Cache-Control"], "Authorization" in first.headers["Vary"]) == ("private, no-cache", True)


def test_a_session_is_no_token_and_nothing_can_be_written() -> None:
    _, user = planted()
    client = Client()
    client.force_login(user)
    assert client.get("/api/v1/cycles").status_code == 401
    assert client.post("/api/v1/cycles", headers={"authorization": f"Bearer {secret_of(user)}"}).status_code == 405


def test_tokens_are_checked_when_made_and_kept_as_hashes_alone() -> None:
    _, user = planted()
    for name, scopes, days, code in [
        (" ", ["scores"], 30, "token.no_name"),
        ("a", [], 30, "token.no_scope"),
        ("a", ["scores", "semua"], 30, "token.no_scope"),
        ("a", ["scores"], 367, "token.days"),
        ("a", ["scores"], 0, "token.days"),
    ]:
        with pytest.raises(InputError) as refused:
            make_token(by=user, name=name, scopes=scopes, days=days)
        assert [problem.code for problem in refused.value.problems] == [code]
    secret = secret_of(user)
    get(secret, "cycles")
    get(secret, "cycles")
    assert leaks.found([secret]) == set()
    actions = AuditEntry.objects.filter(action__startswith="tokens.").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["tokens.make", "tokens.use"]


def test_the_description_names_every_path() -> None:
    described = json.loads(Client().get("/api/openapi.json").content)
    assert sorted(described["paths"]) == [
        "/api/v1/cycles",
        "/api/v1/cycles/{slug}",
        "/api/v1/cycles/{slug}/loci/{code}",
        "/api/v1/instruments",
        "/api/v1/instruments/{instrument_id}/{version}",
    ]
