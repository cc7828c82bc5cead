"""XML from strangers: the same tree as ever, and nothing that a document type could do."""

from pathlib import Path
from xml.etree.ElementTree import ParseError, tostring

import pytest
from defusedxml.ElementTree import fromstring

from selaras.odk.safe_xml import DocumentTypeError, parse

GOOD = [
    b"<data id='x'><a>1</a><b/>teks<!-- komentar --><?olah ini?></data>",
    b'<?xml version="1.0" encoding="UTF-8"?>\n<d xmlns:o="http://o"><o:m a="1">\xc3\xa9 &amp; &#233;</o:m></d>',
    '<?xml version="1.0" encoding="UTF-16"?><d>é</d>'.encode("utf-16"),
    b'<?xml version="1.0" encoding="ISO-8859-1"?><d>\xe9</d>',
    b"<d><![CDATA[<!DOCTYPE a>]]></d>",
    b"<d>&lt;!DOCTYPE a&gt;</d>",
]


@pytest.mark.parametrize("xml", GOOD)
def test_what_is_read_is_what_defusedxml_reads(xml: bytes) -> None:
    assert tostring(parse(xml)) == tostring(fromstring(xml))


@pytest.mark.parametrize(
    "xml",
    [
        b"<!DOCTYPE d><d/>",
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/a.dtd"><d/>',
        b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>',
        b'<!DOCTYPE d [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><d/>',
        b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE d [<!ATTLIST d a CDATA "b">]><d/>',
        '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'.encode("utf-16"),
        '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'.encode("utf-16-be"),
        b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>',
        b"<?xml version='1.0' encoding = 'us-ascii' standalone='yes'?><!DOCTYPE d><d/>",
    ],
)
def test_a_document_type_is_refused_in_every_encoding(xml: bytes) -> None:
    with pytest.raises(DocumentTypeError):
        parse(xml)


@pytest.mark.parametrize(
    "xml",
    [b"", b" ", b"x", b"<d", b"<d></e>", b"<d/><d/>", b"<d>\0</d>", b"<d>&#0;</d>", b"<d>&a;</d>", b"\xff\xfe<",
     b"<d a='1' a='2'/>", b"<o:d/>", b"<d>\xff</d>", b"<?xml version='1.0' encoding='lain'?><d/>"],
)  # fmt: skip
def test_what_is_no_xml_raises_what_a_reader_of_forms_expects(xml: bytes) -> None:
    with pytest.raises((ParseError, LookupError, ValueError)):
        parse(xml)


def test_a_hundred_thousand_levels_are_read_and_let_go() -> None:
    assert len(list(parse(b"<d>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</d>").iter())) == 100_001


def test_no_file_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "rahasia"
    secret.write_text("rahasia")
    with pytest.raises(DocumentTypeError):
        parse(f'<!DOCTYPE d [<!ENTITY a SYSTEM "{secret.as_uri()}">]><d>&a;</d>'.encode())


def test_an_encoding_that_spells_a_document_type_otherwise_is_not_read() -> None:
    with pytest.raises(ParseError):
        parse(b'<?xml version="1.0" encoding="cp037"?>' + '<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'.encode("cp037"))
