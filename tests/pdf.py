"""What can be read in a PDF: as a person reads it, and as somebody who selects it and copies."""

import re

import pypdfium2

#: PDFium's mark where a line ends in a hyphen; and breaks that the eye does not see.
_HYPHEN = re.compile("[\x02\ufffe-]\\s*\n")
_UNSEEN = re.compile("[\u200b\u00ad]")


def pdf_pages(content: bytes) -> list[str]:
    """All text of each page, outside of its edges too; what a line's end parted at a hyphen (`GD-` `001`) is joined."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return [_HYPHEN.sub("-", _UNSEEN.sub("", text.replace("\r\n", "\n"))) for text in pages]


def pdf_text(content: bytes) -> str:
    """All its pages, and what it says of itself (title, author)."""
    document = pypdfium2.PdfDocument(content)
    try:
        said = document.get_metadata_dict(skip_empty=True)
    finally:
        document.close()
    return "\n".join([*pdf_pages(content), *(f"{key}: {value}" for key, value in said.items())])
