"""One document as any of its forms."""

from cityloop.printing.book import book_of
from cityloop.printing.document import Document, Form
from cityloop.printing.page import page_of
from cityloop.printing.pdf import pdf_of
from cityloop.printing.word import word_of

WRITERS = {Form.html: page_of, Form.pdf: pdf_of, Form.docx: word_of, Form.xlsx: book_of}


def written(document: Document, form: Form) -> bytes:
    """The bytes of the document as a form; the same document gives the same."""
    return WRITERS[form](document)
