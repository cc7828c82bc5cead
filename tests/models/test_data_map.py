"""The data map names every field that is stored, and nothing else."""

import pytest
from django.apps import apps
from django.db import models

from selaras.actions.erasure import PERSONAL
from selaras.models import Household, Role
from selaras.models.data_map import OWNER, FieldClass, Table, data_map, unknown, unmapped


def _table(label: str) -> Table:
    return next(table for table in data_map() if table.label == label)


def test_every_field_of_every_registered_model_is_in_the_map_and_no_other() -> None:
    """A new field is written into `data_map/<topic>.toml`, beside its model: what for, on which basis, how long."""
    assert (sorted(unmapped()), sorted(unknown())) == ([], [])


def test_a_field_that_somebody_adds_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    nickname = models.CharField(max_length=40)
    nickname.name, nickname.concrete = "nickname", True
    usual = Household._meta.get_fields()
    monkeypatch.setattr(Household._meta, "get_fields", lambda *_, **__: (*usual, nickname))
    assert unmapped() == {"selaras.household.nickname"}


def test_each_table_stands_once_and_names_roles_that_exist() -> None:
    tables = data_map()
    assert sorted(table.label for table in tables) == sorted(
        model._meta.label_lower for model in apps.get_models(include_auto_created=True)
    )
    assert {role for table in tables for role in table.seen} - {*Role.values, OWNER} == set()
    assert [table.label for table in tables if not (table.title and table.purpose.endswith("."))] == []


def test_what_is_sealed_or_hashed_in_the_code_is_called_so_and_a_personal_table_has_a_basis() -> None:
    wrong = [
        f"{table.label}.{name}"
        for table in data_map()
        for name, kind in table.fields
        if (name.endswith("_sealed") and kind != FieldClass.SEALED)
        or (name.endswith("_hash") and kind not in {FieldClass.HASH, FieldClass.GENERAL})
    ]
    assert wrong == []
    assert [table.label for table in data_map() if table.is_personal and table.basis == "none"] == []


def test_what_the_registry_shows_by_name_is_plain_and_nothing_else_of_it() -> None:
    kinds = dict(_table("selaras.household").fields)
    assert {name for name, kind in kinds.items() if kind == FieldClass.PERSONAL} == {
        *("head_name", "address", "rw", "rt", "area")
    }
    assert kinds["kk_sealed"] == kinds["phone_sealed"] == FieldClass.SEALED


def test_an_erasure_reaches_every_table_that_keeps_a_family_until_it_asks() -> None:
    """What the map says is kept until the family asks is rewritten by the sweep after an erasure."""
    kept = {
        table.label
        for table in data_map()
        if table.about == "family" and table.is_personal and table.retention in {"family", "unclaimed", "request"}
    }
    assert kept - {model._meta.label_lower for model in PERSONAL} == set()
