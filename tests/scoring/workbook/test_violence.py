"""What may be asked of a family about violence, and what never."""

import pytest

from selaras.scoring.workbook import read_workbook
from selaras.scoring.workbook.raw_cases import counts_cases
from selaras.scoring.workbook.violence import records_violence
from tests.sample_workbook import changed

ALLOWED = """
Apakah Ibu tahu ke mana melapor bila mengalami kekerasan?
Pernahkah Ibu mengikuti sosialisasi tentang KDRT?
Apakah Ibu merasa aman di rumah?
Apakah Ibu merasa aman dari kekerasan di lingkungan ini?
Pukul berapa anak tidur?
Tahukah Ibu nomor SAPA 129 untuk melaporkan kekerasan?
Menurut Ibu, bolehkah suami memukul istri?
Apakah kekerasan air sumur sudah diperiksa?
Pernah mendengar tentang pencegahan kekerasan terhadap anak?
Do you know where to report violence?
Have you attended a training on gender-based violence?
Apakah keluarga terdampak banjir (korban bencana)?
Apakah Ibu tahu apa yang dilakukan jika melihat kekerasan?
Apakah ada anggota yang mengikuti pelatihan pencegahan KDRT?
tahu_lapor Apakah tahu tempat melapor kekerasan atau pelecehan?
Do you feel safe at home?
Apakah memukul kentongan tanda bahaya dipahami?
Is anyone treated for drug abuse?
Apakah anak mengikuti kelas pencegahan perundungan di sekolah?
Apakah ada posyandu yang buka pukul 08.00?
Apakah jamban dipakai semua anggota?
""".strip().splitlines()

REFUSED = """
Pernahkah Ibu mengalami kekerasan?
Apakah Ibu pernah dipukul suami?
Apakah ada KDRT di rumah ini?
Berapa kali dipukul dalam setahun terakhir?
Pernah mengalami kekerasan? Jika ya, ke mana melapor?
Apakah Ibu pernah melapor kekerasan ke polisi?
Siapa pelaku kekerasan?
Have you ever been beaten by your husband?
Did anyone in the household experience abuse?
jumlah kasus KDRT di rumah tangga
korban_kekerasan
Apakah anak sering dipukul bila nakal?
Apakah ada anggota keluarga yang menjadi korban pelecehan?
kdrt
Apakah suami memukul Ibu?
Ever been sexually assaulted?
Apakah Ibu dilecehkan di tempat kerja?
Apakah anggota keluarga dianiaya, diperkosa, atau ditelantarkan?
Apakah Ibu mendapat layanan karena KDRT?
Apakah pernah terjadi kekerasan di rumah ini yang sudah dilaporkan?
Bentuk KDRT yang dialami
""".strip().splitlines()


@pytest.mark.parametrize("text", ALLOWED)
def test_safety_knowledge_learning_and_opinions_may_be_asked(text: str) -> None:
    assert not records_violence(text)


@pytest.mark.parametrize("text", REFUSED)
def test_violence_that_someone_suffered_may_not_be_asked(text: str) -> None:
    assert records_violence(text)


COUNTS = """
Tidak ada kasus KDRT
Jumlah kasus kekerasan terhadap perempuan
Bebas KDRT
Angka kekerasan anak menurun
Number of violence cases
Kekerasan terhadap anak
Jumlah korban kekerasan yang melapor
Pengaduan KDRT
Laporan kekerasan terhadap perempuan dan anak
Kelurahan aman dan bebas kekerasan
Kasus KDRT per 1.000 keluarga
Tidak ada kekerasan terhadap perempuan dan anak (KTPA)
Tidak ada korban TPPO
Tidak ada pekerja anak
Tidak ada perkawinan di bawah 19 tahun
Angka perkawinan anak
Jumlah kasus yang masuk ke UPTD PPA
Penurunan angka kekerasan
Zero violence
No child marriages
Number of child labour cases
Persentase perempuan korban kekerasan
Tingkat KDRT rendah
Jumlah laporan KDRT yang diterima
Jumlah perempuan yang menjadi korban kekerasan
Kelurahan nihil kasus kekerasan anak
Jumlah rujukan ke UPTD PPA
Banyaknya tiket serah terima
Jumlah tiket rujukan
Jumlah klien UPTD PPA
Klien P2TP2A per tahun
Banyaknya perempuan yang mengadu ke UPTD
Penurunan laporan ke UPTD
Laporan yang masuk ke UPTD
Jumlah aduan ke SAPA 129
Kelurahan aman bagi perempuan (0 aduan)
Upaya: tidak ada kekerasan terhadap anak
Kegiatan menuju nol kekerasan
Gerakan kelurahan bebas KDRT
Sosialisasi: tidak ada kasus KDRT
Persentase rujukan ke UPTD PPA
Persentase perempuan yang dirujuk ke UPTD PPA
Jumlah perempuan yang mengadu
Kurang dari 3 kasus KDRT
Kasus kekerasan anak: 0
Rujukan ke UPTD PPA
Number of clients of UPTD PPA
Efforts: no violence against women
Jumlah perkara yang masuk Unit PPA Polres
Banyaknya telepon ke SAPA 129
Jumlah layanan UPTD PPA
Kunjungan ke UPTD PPA
Jumlah perempuan yang ditangani P2TP2A
Persentase perempuan yang didampingi P2TP2A
Jumlah konseling di Puspaga
Jumlah konseling oleh petugas UPTD PPA
Jumlah visum oleh petugas puskesmas
Jumlah perempuan yang didampingi oleh petugas UPTD PPA
Jumlah permohonan visum
Visum
Tidak ada istri yang dipukul
Jumlah anak yang ditelantarkan
Rumah tangga tanpa pertengkaran
Jumlah anak menikah di bawah 19 tahun
Tidak ada anak yang menikah
Jumlah dispensasi kawin
Permohonan dispensasi nikah
Deklarasi: tidak ada kasus KDRT di kelurahan
Deklarasi bebas kasus KDRT
Deklarasi bebas kekerasan, dan tidak ada korban KDRT
Jumlah telepon tentang KDRT
Jumlah layanan bagi korban kekerasan
Perkara kekerasan yang disidangkan
Number of calls to SAPA 129
Visits to UPTD PPA
Number of women supported by P2TP2A
Jumlah perempuan yang diantar kader ke UPTD PPA
""".strip().splitlines()

DONE = """
Sosialisasi pencegahan KDRT
Rujukan korban kekerasan ditangani
Jumlah orang yang mengikuti pelatihan pencegahan kekerasan
Satgas perlindungan dari kekerasan
Layanan bagi korban kekerasan
Jumlah keluarga dengan jamban
Deklarasi kelurahan bebas kekerasan
Bagian kasus kekerasan yang ditangani
Persentase korban kekerasan yang didampingi
Warga tahu ke mana melapor bila ada kekerasan
Upaya mencegah perkawinan anak
Upaya khusus menghentikan kekerasan terhadap perempuan dan anak
Pencegahan pekerja anak
Jumlah kader PATBM
Perempuan wirausaha, termasuk penyintas kekerasan dan bencana
Kasus TB ditemukan dan diobati
Laporan kegiatan pencegahan KDRT
Keluarga merasa aman dari kekerasan
Child marriage prevention
Share of violence cases handled
People trained to prevent violence
Saluran pengaduan kekerasan ada
Tidak ada anggota keluarga yang merokok
Rumah aman bagi korban kekerasan
Rujukan diterima UPTD PPA dalam 24 jam
Referrals received by UPTD PPA within 24 hours
Bagian rujukan yang diterima UPTD PPA dalam 24 jam
Persentase korban kekerasan yang dirujuk ke UPTD PPA
Kampanye bebas kekerasan di sekolah
Kesepakatan warga tanpa perkawinan anak
Nomor SAPA 129 dan UPTD PPA terpasang
Jumlah kader yang dilatih UPTD PPA
Kunjungan ke UPTD PPA oleh kader
Jumlah rujukan ibu hamil ke UPTD Puskesmas
Jumlah laporan UPTD Pertanian
Jumlah pengaduan sampah yang ditangani
Ibu hamil melapor ke bidan
Kasus gizi buruk pada anak
Saluran pengaduan bagi perempuan dan anak
Jumlah penyuluhan pencegahan perkawinan anak
Persentase remaja yang mengikuti kelas tentang perkawinan anak
Jumlah saluran pengaduan kekerasan
Persentase warga yang tahu nomor SAPA 129
Persentase warga yang merasa aman dari kekerasan
Nomor telepon SAPA 129 ditempel di posyandu
Layanan visum tersedia tanpa biaya
Satgas PPA tingkat kelurahan aktif
Kesepakatan desa bebas perkawinan anak
Number of cadres trained by UPTD PPA
Share of people who know SAPA 129
Kunjungan rumah oleh kader
Jumlah kunjungan ke posyandu
Jumlah telepon umum
Pencegahan kekerasan pada anak 0–18 tahun
""".strip().splitlines()


def test_counting_cases_is_refused_of_an_indicator() -> None:
    assert [text for text in COUNTS if not counts_cases(text)] == []


def test_what_is_done_about_violence_may_be_an_indicator() -> None:
    assert [text for text in DONE if counts_cases(text)] == []


@pytest.mark.parametrize("unit", ["perkara", "kunjungan", "telepon", "layanan", "orang", "perempuan", "dispensasi"])
def test_a_unit_of_women_or_of_what_they_ask_for_counts_cases_beside_who_handles_them(unit: str) -> None:
    def told(label: str) -> list[str]:
        workbook = changed(("indicators", "C5", label), ("indicators", "O1", "unit"), ("indicators", "O5", unit))
        return [one.code for one in read_workbook(workbook, xform=False).problems]

    assert told("UPTD PPA") == ["indicator.raw_cases"]
    assert told("Warga yang dilatih UPTD PPA") == []


def test_an_indicator_that_was_published_before_cases_were_refused_can_still_be_read() -> None:
    workbook = changed(("indicators", "C5", "Tidak ada kasus KDRT"))
    reading = read_workbook(workbook, xform=False, published=True)
    assert [(one.code, one.level) for one in reading.problems] == [("indicator.raw_cases", "warning")]
    assert reading.instrument is not None
    assert read_workbook(workbook, xform=False).instrument is None
