"""Read a multipart upload without ever writing it to disk in clear: pictures stay in memory until they are sealed."""

import io

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from backend.documents.attach_paper import LARGEST, PictureTooBig
from backend.foundation.problems import Malformed

MOST_PARTS = 8
LONGEST_FIELD = 500_000
"""Bytes of all fields that are no files; the parser's own buffer of 64 KB counts as one of them."""


def read_upload(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """(fields, files) of a multipart body, each by name; file names are not looked at, types not believed.

    Raises Malformed for what is no multipart form, PictureTooBig for a body with more than a picture in it.
    """
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or "boundary" not in options:
        raise Malformed
    if len(body) > LARGEST + LONGEST_FIELD:
        raise PictureTooBig
    parser = FormDataParser(
        stream_factory=_InMemory(),
        max_form_memory_size=LONGEST_FIELD,
        max_content_length=LARGEST + LONGEST_FIELD,
        max_form_parts=MOST_PARTS,
        silent=False,
    )
    try:
        _, fields, files = parser.parse(io.BytesIO(body), kind, len(body), options)
    except (ValueError, RequestEntityTooLarge) as error:
        raise Malformed from error
    return dict(fields.items()), {name: part.read() for name, part in files.items()}


class _InMemory:
    """Opens a place in memory for each file of an upload, whatever it says about itself."""

    def __call__(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None,
        content_length: int | None = None,
    ) -> io.BytesIO:
        return io.BytesIO()
