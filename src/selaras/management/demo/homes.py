"""The answers of an invented family as a whole: house, meals, money, voice, safety."""

import math
import random

Answers = dict[str, str]

#: How often a cadre comes home without this answer: people do not like to name their income.
MAY_BE_BLANK = {
    "visit_date": 0.0,
    "consent": 0.0,
    "kode_keluarga": 0.0,
    "head_name": 0.0,
    "address": 0.0,
    "rw": 0.0,
    "rt": 0.0,
    "household_size": 0.0,
    "has_kk": 0.0,
    "income_monthly": 0.13,
    "saves": 0.04,
    "floor_area": 0.06,
    "toilet_drain": 0.04,
    "mental_illness": 0.03,
    "decides_money": 0.05,
    "felt_safety": 0.05,
    "marriage_paper": 0.03,
    "knows_channel": 0.02,
}


def _likely(draw: random.Random, x: float) -> bool:
    return draw.random() < 1 / (1 + math.exp(-x))


def _yes(draw: random.Random, x: float) -> str:
    return "ya" if _likely(draw, x) else "tidak"


def _rank(draw: random.Random, x: float, names: tuple[str, ...], cuts: tuple[float, ...]) -> str:
    """The first name whose cut `x`, shaken a little, does not reach: names from worst to best."""
    shaken = x + draw.gauss(0, 0.7)
    return next((name for name, cut in zip(names, cuts, strict=False) if shaken < cut), names[-1])


def health(draw: random.Random, means: float, ties: float) -> Answers:
    """How the family meets illness."""
    answers = {
        "sick_care": "tidak_pernah_sakit" if draw.random() < 0.06 else _yes(draw, 2.2 + 0.4 * ties),
        "healthy_3_months": _yes(draw, 0.9 + 0.4 * means),
        "mental_illness": _yes(draw, -4.0),
    }
    if answers["mental_illness"] == "ya":
        answers["mental_treated"] = _yes(draw, 0.4 + 0.5 * ties)
    return answers


def daily(draw: random.Random, means: float, ties: float) -> Answers:
    """Meals, clothes, worship, time together."""
    return {
        "meals_per_day": _rank(draw, means, ("1", "2", "3"), (-2.4, 0.1)),
        "protein_days": str(max(0, min(7, round(2.6 + 1.3 * means + draw.gauss(0, 1.1))))),
        "clothes_for_occasions": _yes(draw, 3.0 + means),
        "new_clothes": _yes(draw, 2.0 + means),
        "worship": _yes(draw, 3.6 + 0.3 * ties),
        "religious_learning": _yes(draw, 1.3 + 0.7 * ties),
        "eats_together": _yes(draw, 2.0 + 0.3 * ties),
    }


def house(draw: random.Random, means: float, size: int) -> Answers:
    """The dwelling: what is poor about it is poor together."""
    answers = {
        "house_ownership": draw.choice(("sewa", "menumpang", "milik", "milik"))
        if means < 0.3
        else draw.choice(("milik", "milik_bersertifikat", "milik_bersertifikat", "sewa")),
        "floor_area": str(max(12, round(30 + 11 * means + 3 * size + draw.gauss(0, 9)))),
        "floor_type": _rank(draw, means, ("tanah", "bambu", "semen", "keramik"), (-2.1, -1.9, 0.0)),
        "wall_type": _rank(draw, means, ("lainnya", "bambu", "kayu", "tembok"), (-2.5, -1.7, -1.3)),
        "roof_type": _rank(draw, means, ("lainnya", "seng", "genteng"), (-2.4, -0.9)),
        "house_condition": _rank(draw, means, ("rusak_berat", "rusak_ringan", "baik"), (-1.1, 0.3)),
        "water_source": _water(draw, means),
        "toilet": _rank(draw, means, ("tidak_ada", "bersama", "jamban_lain", "leher_angsa"), (-1.2, -0.75, -0.45)),
        "waste": _rank(draw, means, ("dibuang", "dibakar", "diangkut", "dipilah"), (-1.0, 0.3, 1.9)),
        "handwashing": _yes(draw, 0.7 + 0.6 * means),
        "garden": _yes(draw, -0.3 + 0.2 * means),
    }
    if answers["toilet"] != "tidak_ada":
        flush = 1.2 if answers["toilet"] == "leher_angsa" else -0.6
        answers["toilet_drain"] = _rank(draw, means + flush, ("sungai", "lubang", "tangki_septik"), (-0.2, 0.5))
    return answers


def _water(draw: random.Random, means: float) -> str:
    if _likely(draw, -1.6 - 0.7 * means):
        return draw.choice(("tidak_terlindung", "tidak_terlindung", "sungai"))
    return draw.choice(("sumur_bor", "sumur_bor", "sumur_terlindung", "pdam", "isi_ulang", "mata_air_terlindung"))


def economy(draw: random.Random, means: float, schooling: float, members: tuple[Answers, ...]) -> Answers:
    """Income follows means and the number who work; a woman's business follows schooling."""
    workers = sum(member.get("works") == "ya" for member in members)
    income = math.exp(13.9 + 0.42 * means + 0.12 * schooling + draw.gauss(0, 0.28)) * (0.55 + 0.4 * workers)
    answers = {
        "income_monthly": str(round(income / 50_000) * 50_000),
        "saves": _yes(draw, -0.7 + 0.9 * means),
        "woman_business": _yes(draw, -0.9 + 0.5 * schooling),
        "training": _yes(draw, -1.7 + 0.3 * schooling),
    }
    if answers["woman_business"] == "ya":
        answers["business_permit"] = _yes(draw, -1.3 + 0.7 * schooling)
    if answers["training"] == "ya":
        answers["training_used"] = _yes(draw, -0.4 + 0.4 * schooling)
    return answers


def voice(draw: random.Random, schooling: float, ties: float, members: tuple[Answers, ...]) -> Answers:
    """Who decides, which groups women belong to, and what the family takes part in."""
    couple = any(member["relation"] == "pasangan" for member in members)
    woman_heads = any(member["relation"] == "kepala" and member["sex"] == "perempuan" for member in members)
    answers = {
        "decides_money": _decides(draw, schooling, couple=couple, woman_heads=woman_heads),
        "decides_children": _decides(draw, schooling + 0.5, couple=couple, woman_heads=woman_heads),
        "women_groups": _groups(draw, ties),
        "voice": _yes(draw, -2.0 + 0.6 * ties + 0.4 * schooling),
        "community": _yes(draw, 1.2 + 0.9 * ties),
        "community_leader": _yes(draw, -2.2 + 0.9 * ties),
        "donates": _yes(draw, 0.2 + 0.6 * ties),
        "media": _yes(draw, 2.6 + 0.4 * schooling),
        "helped": _yes(draw, -1.6),
    }
    if answers["helped"] == "ya":
        answers["benefit"] = _rank(draw, ties, ("tidak", "kurang", "cukup", "sangat"), (-1.6, -0.8, 0.7))
        answers["help_held_by"] = _decides(draw, schooling, couple=couple, woman_heads=woman_heads)
    return answers


def _decides(draw: random.Random, schooling: float, *, couple: bool, woman_heads: bool) -> str:
    if woman_heads:
        return draw.choices(("perempuan", "bersama", "orang_lain"), (0.8, 0.12, 0.08))[0]
    if not couple:
        return draw.choices(("laki_laki", "bersama"), (0.8, 0.2))[0]
    return _rank(draw, schooling, ("laki_laki", "bersama", "perempuan"), (-0.6, 1.0))


def _groups(draw: random.Random, ties: float) -> str:
    leanings = {"majelis_taklim": 0.4, "dasawisma": -0.9, "posyandu": -2.3, "kwt": -2.5, "up2k": -3.0, "lainnya": -3.4}
    joined = [group for group, leaning in leanings.items() if _likely(draw, leaning + 0.9 * ties)]
    return " ".join(joined) or "tidak_ada"


def protection(draw: random.Random, schooling: float, ties: float, members: tuple[Answers, ...]) -> Answers:
    """Felt safety and care of children. Nothing here asks what someone has suffered."""
    couple = any(member["relation"] == "pasangan" for member in members)
    children = any(int(member.get("age_years", "99")) < 18 for member in members)
    answers = {
        "felt_safety": _rank(draw, 0.3 * ties, ("tidak_aman", "kurang_aman", "aman", "sangat_aman"), (-1.5, -0.7, 0.9)),
        "knows_channel": _yes(draw, -0.8 + 0.6 * ties + 0.4 * schooling),
        "marriage_paper": _yes(draw, 1.5 + 0.6 * schooling) if couple else "tidak_berpasangan",
    }
    care = {"parenting_shared": 0.8 + 0.4 * schooling, "parenting_class": -1.6 + 0.7 * ties, "child_time": 0.7}
    answers |= {name: _yes(draw, x) if children else "tidak_ada_anak" for name, x in care.items()}
    return answers
