"""The card's JSON, equal to one worked out by hand."""

from decimal import Decimal

from selaras.errors import Problem
from selaras.scoring.card import to_json
from selaras.scoring.facts import Fact
from selaras.scoring.instrument import HouseholdClass
from selaras.scoring.points import scorecard
from selaras.scoring.tally import Tallies, UnitTally
from tests.scoring.build import (
    aspect,
    bands,
    expression,
    form,
    indicator,
    instrument,
    labels,
    options,
    tallies,
    tally,
)

# Kesehatan: jamban 54/93 falls in the band of 75, worth 3.75 of 5; the notes have option b, 50. (3.75 + 1) / 7.
BY_HAND = """{
  "instrument": {
    "id": "contoh",
    "version": "1.0",
    "sha256": "0000000000000000000000000000000000000000000000000000000000000000"
  },
  "engine": "uji 1.0",
  "problems": [
    {
      "level": "warning",
      "where": "",
      "message": "berkas 1 \\"é\\" tidak dapat dibaca",
      "remedy": "simpan ulang sebagai .xlsx lalu coba lagi"
    }
  ],
  "units": [
    {
      "unit": "36.72.05.1005",
      "households": 100,
      "total": 67.857142857143,
      "weight_missing": 0.5,
      "classes": {
        "ks1": 31,
        "ks2": 0
      },
      "unclassified": 2,
      "aspects": {
        "kesehatan": {
          "score": 67.857142857143,
          "weight": 20,
          "weight_missing": 0
        },
        "ekonomi": {
          "score": null,
          "weight": 0.5,
          "weight_missing": 3
        }
      },
      "indicators": {
        "jamban": {
          "value": 0.58064516129,
          "n": 93,
          "true": 54,
          "missing": 5,
          "not_applicable": 2,
          "option": null,
          "points": 0.75,
          "weight": 5,
          "score": 3.75
        },
        "catatan": {
          "value": null,
          "n": null,
          "true": null,
          "missing": null,
          "not_applicable": null,
          "option": "b",
          "points": 0.5,
          "weight": 2,
          "score": 1
        },
        "pendapatan": {
          "value": null,
          "n": 0,
          "true": null,
          "missing": 100,
          "not_applicable": 0,
          "option": null,
          "points": null,
          "weight": 3,
          "score": null
        }
      }
    }
  ]
}
"""


def test_a_card_is_the_one_worked_out_by_hand() -> None:
    shape = form()
    plan = instrument(
        indicator("jamban", "kesehatan", "5.0", rule="bands", bands=bands(("0", "0.5", "0"), ("0.5", "1", "75"))),
        indicator("catatan", "kesehatan", "2", origin="record", rule="options", options=options(b="50")),
        indicator("pendapatan", "ekonomi", "3", aggregate="mean"),
        aspects=(aspect("kesehatan", "20"), aspect("ekonomi", "0.5")),
        classes=tuple(HouseholdClass(name, labels(name), expression("true()", shape)) for name in ("ks1", "ks2")),
    )
    counts = {"jamban": tally(93, 54, 5, 2), "pendapatan": tally(missing=100)}
    unit = UnitTally("36.72.05.1005", 100, {"ks1": 31}, 2, counts)
    problem = Problem("file.unreadable", values={"name": '1 "é"'}, level="warning")
    card = scorecard(plan, Tallies("uji 1.0", (unit,), (problem,)), [Fact(unit.unit, "catatan", option="b")])
    assert to_json(card) == BY_HAND


def test_an_empty_card_is_valid_and_numbers_keep_every_digit() -> None:
    plan = instrument(indicator("a", aggregate="sum", low=Decimal(0), high=Decimal(1)))
    assert '"units": []' in to_json(scorecard(plan, tallies()))
    total = Decimal("9999999999999.123456789012")
    card = scorecard(plan, tallies((None, 1, {"a": tally(1, total=total)})))
    assert '"unit": null' in to_json(card)
    assert '"value": 9999999999999.123456789012' in to_json(card)
