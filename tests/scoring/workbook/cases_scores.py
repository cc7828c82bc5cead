"""One mistake a time in aspects, indicators, bands and options."""

from tests.sample_workbook import changed, rows, sample
from tests.scoring.workbook.case import Case, case

ASPECT_CASES: dict[str, Case] = {
    "aspect twice": case(
        changed(("aspects", "A4", "kesehatan")),
        "cell.double aspects!A4",
        *(f"indicator.aspect indicators!B{n}" for n in (5, 6)),
    ),
    "weight left out": case(changed(("aspects", "D2", None)), "cell.blank aspects!D2"),
    "weight of nothing": case(changed(("aspects", "D2", 0)), "weight.not_positive aspects!D2"),
    "weight below nothing": case(changed(("indicators", "D2", -2)), "weight.not_positive indicators!D2"),
    "weight in words": case(changed(("indicators", "D2", "dua")), "cell.number indicators!D2"),
    "weight with a comma": case(changed(("indicators", "D2", "2,5")), "cell.number indicators!D2"),
    "weight past 13 figures": case(changed(("indicators", "D2", "12345678901234")), "cell.number indicators!D2"),
    "unknown parent": case(changed(("aspects", "B3", "qqqqq")), "aspect.parent aspects!B3"),
    "parent misspelt": case(changed(("aspects", "B3", "kesehatann")), "aspect.parent_near aspects!B3"),
    "circle of parents": case(
        changed(("aspects", "B2", "sanitasi")), "aspect.circle aspects!B2", "aspect.circle aspects!B3"
    ),
    "its own parent": case(changed(("aspects", "B4", "lembaga")), "aspect.circle aspects!B4"),
    "aspect without indicators": case(
        changed(("aspects", "A5", "kosong"), ("aspects", "C5", "Kosong"), ("aspects", "D5", 1)),
        "aspect.empty aspects!A5",
    ),
    "aspect without label": case(changed(("aspects", "C2", None)), "cell.label aspects!C2"),
}

INDICATOR_CASES: dict[str, Case] = {
    "indicator without name": case(changed(("indicators", "A4", None)), "cell.blank indicators!A4"),
    "indicator twice": case(changed(("indicators", "A4", "sekolah")), "cell.double indicators!A4"),
    "no aspect": case(changed(("indicators", "B3", None)), "cell.blank indicators!B3"),
    "unknown aspect": case(changed(("indicators", "B3", "qqqqq")), "indicator.aspect indicators!B3"),
    "aspect misspelt": case(changed(("indicators", "B3", "kesehatn")), "indicator.aspect_near indicators!B3"),
    "unknown from": case(changed(("indicators", "E3", "xyz")), "cell.closed indicators!E3"),
    "unknown rule": case(changed(("indicators", "F3", "liner")), "cell.closed_near indicators!F3"),
    "unknown aggregate": case(changed(("indicators", "J4", "rata")), "cell.closed indicators!J4"),
    "unknown missing": case(changed(("indicators", "M2", "nol")), "cell.closed indicators!M2"),
    "min_n of a half": case(
        changed(("indicators", "O1", "min_n"), ("indicators", "O2", "1.5")), "indicator.min_n indicators!O2"
    ),
    "options of a survey": case(
        changed(("indicators", "F4", "options"), ("indicators", "K4", None), ("indicators", "L4", None)),
        "indicator.options_survey indicators!F4",
    ),
    "yes_no of a mean": case(
        changed(("indicators", "F4", "yes_no"), ("indicators", "K4", None), ("indicators", "L4", None)),
        "indicator.yes_no indicators!J4",
    ),
    "survey without expression": case(
        changed(("indicators", "I2", None)), "indicator.expression_missing indicators!I2"
    ),
    "over a repeat misspelt": case(changed(("indicators", "G3", "membr")), "over.unknown_near indicators!G3"),
    "applies_to that is a number": case(changed(("indicators", "H3", "${umur}")), "indicator.applies_to indicators!H3"),
    "share of a number": case(changed(("indicators", "I2", "${jumlah}")), "indicator.wants_boolean indicators!I2"),
    "mean of yes and no": case(changed(("indicators", "I4", "${iuran} > 1")), "indicator.wants_number indicators!I4"),
    "sum of a choice": case(
        changed(("indicators", "I4", "${jamban}"), ("indicators", "J4", "sum")), "indicator.wants_number indicators!I4"
    ),
    "count of a number": case(changed(("indicators", "J4", "count")), "indicator.wants_boolean indicators!I4"),
    "a juror's indicator with all that only a survey has": case(
        changed(
            ("indicators", "G5", "member"),
            ("indicators", "H5", "true()"),
            ("indicators", "I5", "true()"),
            ("indicators", "J5", "mean"),
            ("indicators", "M5", "zero"),
            ("indicators", "O1", "min_n"),
            ("indicators", "O5", 3),
        ),
        *(f"indicator.survey_only indicators!{column}5" for column in "GHIJMO"),
    ),
    "low where bands are": case(changed(("indicators", "K2", "0")), "indicator.low_high_unused indicators!K2"),
    "linear without high": case(changed(("indicators", "L3", None)), "indicator.low_high_missing indicators!L3"),
    "low is high": case(changed(("indicators", "K3", 1)), "indicator.low_is_high indicators!L3"),
    "share in percent": case(changed(("indicators", "L3", 100)), "indicator.share_ends indicators!L3"),
    "measure elsewhere": case(
        changed(("indicators", "N5", "forum_anak_active")), "indicator.measure_elsewhere indicators!N5"
    ),
    "protection without measure": case(changed(("indicators", "N6", None)), "indicator.measure_missing indicators!N6"),
    "protection by cases": case(changed(("indicators", "N6", "jumlah_kasus_kdrt")), "indicator.measure indicators!N6"),
    "a need of health that no agency would see": case(
        changed(("privacy", "B2", "kesehatan"), ("indicators", "O1", "agency"), ("indicators", "O4", "Dinkes")),
        "indicator.no_agency indicators!O2",
    ),
    "a need of health that an agency sees": case(
        changed(("privacy", "B2", "kesehatan"), ("indicators", "O1", "agency"), ("indicators", "O2", "Puskesmas")),
    ),
    "cases counted as a record": case(
        changed(("indicators", "C5", "Tidak ada kasus KDRT")), "indicator.raw_cases indicators!C5"
    ),
    "cases counted by an option": case(
        changed(("indicators", "C5", "Perlindungan dari KDRT"), ("options", "C2", "Tidak ada kasus")),
        "indicator.raw_cases indicators!C5",
    ),
    "cases counted by a unit": case(
        changed(
            ("indicators", "C5", "Layanan bagi korban KDRT"),
            ("indicators", "O1", "unit"),
            ("indicators", "O5", "kasus"),
        ),
        "indicator.raw_cases indicators!C5",
    ),
    "cases counted by a name": case(
        changed(
            ("indicators", "A5", "jumlah_kasus_kdrt"),
            ("options", "A2", "jumlah_kasus_kdrt"),
            ("options", "A3", "jumlah_kasus_kdrt"),
        ),
        "indicator.raw_cases indicators!C5",
    ),
    "cases counted below a measure of help": case(
        changed(("indicators", "C6", "Jumlah laporan KDRT")), "indicator.raw_cases indicators!C6"
    ),
    "a measure of which less is better": case(
        changed(
            ("indicators", "N6", "handover_24h"),
            ("indicators", "F6", "linear"),
            ("indicators", "K6", 1),
            ("indicators", "L6", 0),
        ),
        "indicator.measure_backwards indicators!K6",
    ),
    "bands of a measure of which less is better": case(
        changed(
            ("indicators", "N6", "people_trained"),
            ("indicators", "F6", "bands"),
            ("bands", "A5", "saluran"),
            ("bands", "C5", 5),
            ("bands", "D5", 100),
            ("bands", "A6", "saluran"),
            ("bands", "B6", 5),
            ("bands", "D6", 0),
        ),
        "indicator.measure_backwards indicators!F6",
    ),
    "measure misspelt": case(changed(("indicators", "N6", "channel_exist")), "indicator.measure_near indicators!N6"),
    "measure that counts under yes_no": case(
        changed(("indicators", "N6", "people_trained")), "indicator.measure_rule indicators!F6"
    ),
}

POINT_CASES: dict[str, Case] = {
    "rule bands without bands": case(sample(bands=None), "indicator.no_bands indicators!F2"),
    "rule options without options": case(sample(options=None), "indicator.no_options indicators!F5"),
    "bands of nobody": case(changed(("bands", "A5", "qqqqq"), ("bands", "D5", 1)), "points.indicator bands!A5"),
    "bands of an indicator misspelt": case(
        changed(("bands", "A5", "jambann"), ("bands", "D5", 1)), "points.indicator_near bands!A5"
    ),
    "bands without indicator": case(changed(("bands", "D5", 1)), "cell.blank bands!A5"),
    "bands of a linear indicator": case(
        changed(("bands", "A5", "sekolah"), ("bands", "D5", 1)), "points.other_rule bands!A5"
    ),
    "points past the scale": case(changed(("bands", "D4", 101)), "points.outside bands!D4"),
    "points below nothing": case(changed(("options", "D3", -1)), "points.outside options!D3"),
    "points left out": case(changed(("options", "D3", None)), "cell.blank options!D3"),
    "points in words": case(changed(("options", "D3", "nol")), "cell.number options!D3"),
    "option twice": case(changed(("options", "B3", "a")), "cell.double options!B3"),
    "options called by figures, as on an evidence ladder": case(changed(("options", "B2", 1), ("options", "B3", "2"))),
    "option with a space": case(changed(("options", "B3", "a b")), "cell.option options!B3"),
    "option without label": case(changed(("options", "C3", None)), "cell.label options!C3"),
    "band the wrong way": case(changed(("bands", "B3", 0.9)), "band.backwards bands!C3"),
    "a gap": case(changed(("bands", "B3", 0.6)), "band.gap bands!B3"),
    "an overlap": case(changed(("bands", "B3", 0.4)), "band.overlap bands!B3"),
    "an overlap told at the row that stands lower": case(
        sample(bands=[rows("bands")[0], ["jamban", 0.5, 1, 100], ["jamban", 0, 0.6, 0]]), "band.overlap bands!C3"
    ),
    "the same band twice": case(
        changed(("bands", "A5", "jamban"), ("bands", "B5", 0.8), ("bands", "C5", 1), ("bands", "D5", 1)),
        "band.overlap bands!B5",
    ),
    "an open end within": case(changed(("bands", "C3", None)), "band.overlap bands!B4"),
    "a share that starts late": case(changed(("bands", "B2", 0.1)), "band.start_share bands!B2"),
    "a share that ends early": case(changed(("bands", "C4", 0.9)), "band.end_share bands!C4"),
    "a mean with ends": case(
        changed(
            ("indicators", "F4", "bands"),
            ("indicators", "K4", None),
            ("indicators", "L4", None),
            ("bands", "A5", "iuran"),
            ("bands", "B5", 0),
            ("bands", "C5", 10),
            ("bands", "D5", 1),
        ),
        "band.start bands!B5",
        "band.end bands!C5",
    ),
    "a mean without ends": case(
        changed(
            ("indicators", "F4", "bands"),
            ("indicators", "K4", None),
            ("indicators", "L4", None),
            ("bands", "A5", "iuran"),
            ("bands", "D5", 1),
        ),
    ),
    "a share with open ends": case(changed(("bands", "B2", None), ("bands", "C4", None))),
}

CASES = {**ASPECT_CASES, **INDICATOR_CASES, **POINT_CASES}
