"""Names for invented families: everyday names of the region, joined at random. Nobody real is meant.

Lists of our own: libraries of fake data mix regions and titles in ways that nobody in Cilegon would believe.
"""

import random

_WOMEN_OLD = (
    "Aminah Sumiati Rohayati Maemunah Sarinah Juhaeriyah Marwiyah Asiah Rukmini Supinah Tasminah Sanawiyah Umiyati "
    "Kusmiati Saodah Hindun Mulyati Rohanah Suhaemi Jubaedah"
).split()
_WOMEN_YOUNG = (
    "Nurhayati Neneng Iis Yuliana Lilis Eka Dewi Rina Siska Maya Wulan Fitriyani Anisa Putri Ratna Evi Leni Susi "
    "Tuti Ida Nani Yanti Hera Desi Intan Lestari Melati Nisa Rahma Vina"
).split()
_WOMEN_LAST = (
    "Maesaroh Hasanah Fatimah Rohmah Wahyuni Handayani Astuti Lestari Kurniasih Komariah Sa'adah Mutmainah Nurjanah "
    "Rahmawati Safitri Anggraeni Hidayah Khotimah Masitoh Solihah"
).split()
_MEN_OLD = (
    "Sarmin Jaenudin Sanusi Marjuki Suhardi Tarmidi Kasim Durahman Sarnubi Mansur Rosidi Jumadi Madsuki Sukarna "
    "Wahidin Abdulah Rasmin Sofwan Hamdani Basri"
).split()
_MEN_YOUNG = (
    "Asep Ahmad Dedi Ujang Hendra Rudi Agus Ade Iwan Yusuf Fahmi Rizki Andi Irfan Bayu Dani Eko Fajar Gilang Heri "
    "Ilham Jajang Maman Nanang Opik Rahmat Saepul Topik Wawan Yayan"
).split()
_MEN_LAST = (
    "Saepudin Rohman Suhendi Mulyadi Hidayat Firmansyah Maulana Setiawan Kurniawan Fauzi Ramdani Supriadi Ridwan "
    "Nurdin Hakim Sobari Wijaya Permana Syarifudin Junaedi"
).split()
#: Children of the last twenty years carry other names than their grandparents.
_GIRLS = (
    "Aisyah Zahra Naila Syifa Keyla Alya Nabila Salma Khansa Aqila Rania Tiara Bilqis Hana Jihan Kirana Nayla Olivia "
    "Qonita Shakila"
).split()
_BOYS = (
    "Alif Rafa Fathir Zidan Azka Bilal Dafa Farel Ghani Haikal Ibnu Kenzi Luthfi Naufal Raka Satria Umar Vino Yazid "
    "Zaki"
).split()
_GIRLS_LAST = "Azzahra Aulia Maharani Lestari Salsabila Khairunnisa Ramadhani Putri Humaira Safira".split()
_BOYS_LAST = "Ramadhan Pratama Nugraha Putra Al-Farizi Hidayat Maulana Saputra Firdaus Alamsyah".split()

GROWN_OLD = 48
CHILD = 20


def name(draw: random.Random, *, woman: bool, age: int) -> str:
    """One full name that fits sex and generation; about a quarter of the older people carry a single name."""
    if age < CHILD:
        return f"{draw.choice(_GIRLS if woman else _BOYS)} {draw.choice(_GIRLS_LAST if woman else _BOYS_LAST)}"
    old = age >= GROWN_OLD
    if woman:
        first = draw.choice(_WOMEN_OLD if old else _WOMEN_YOUNG)
        last = draw.choice(_WOMEN_LAST)
        prefix = "Siti " if draw.random() < 0.25 and first not in {"Siti", "Dewi"} else ""
        return f"{prefix}{first}" if (old and draw.random() < 0.5) or prefix else f"{first} {last}"
    first = draw.choice(_MEN_OLD if old else _MEN_YOUNG)
    return first if old and draw.random() < 0.45 else f"{first} {draw.choice(_MEN_LAST)}"
