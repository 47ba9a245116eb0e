"""A zip archive as the answer to a request."""

from werkzeug.wrappers import Response


def archive_answer(data: bytes, name: str) -> Response:
    """The archive as a download under `name`, which holds letters, digits, `-` and `.` only."""
    return Response(data, mimetype="application/zip", headers={"Content-Disposition": f'attachment; filename="{name}"'})
