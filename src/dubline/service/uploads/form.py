"""A form with files, taken apart as it comes in: RFC 7578. Fields may stand before or behind the files."""

from __future__ import annotations

from dataclasses import dataclass

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from dubline.service.problem import ServiceError
from dubline.service.uploads.incoming import CLOSE

FILE = "file"
MOST_FIELDS = 99


@dataclass(frozen=True)
class FileBegins:
    filename: str


Piece = FileBegins | bytes


class FormReader:
    """Gives the files away piece by piece and keeps the other fields."""

    def __init__(self, content_type: str, most_field_bytes: int, most_files: int = 1) -> None:
        self.fields: dict[str, list[str]] = {}
        self._files, self._most_files = 0, most_files
        self._room = most_field_bytes
        self._pieces: list[Piece] = []
        self._header, self._value = bytearray(), bytearray()
        self._disposition = ""
        self._field: str | None = None
        self._text = bytearray()
        self._parts = 0
        self._ended = False
        self._parser = self._made(content_type)

    def feed(self, data: bytes) -> list[Piece]:
        """The pieces of files that are in this part of the body."""
        self._room -= len(data)
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise broken("This is no proper multipart/form-data.") from error
        pieces, self._pieces = self._pieces, []
        self._room += sum(len(piece) for piece in pieces if isinstance(piece, bytes))
        if self._room < 0:
            raise ServiceError(
                413,
                "form_too_large",
                "The fields beside the file are too large.",
                hint="Upload the file by tus, and send long settings with POST /api/v1/jobs.",
                headers=CLOSE,
            )
        return pieces

    def end(self) -> None:
        if not self._ended:
            raise broken("The form ends before its closing boundary.")

    def _made(self, content_type: str) -> MultipartParser:
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data":
            raise ServiceError(
                415,
                "not_a_form",
                "This takes multipart/form-data with a file in it.",
                hint="With curl: -F file=@talk.mp4 -F target_language=es",
                headers=CLOSE,
            )
        if not options.get(b"boundary"):
            raise broken("The Content-Type names no boundary.")
        try:
            return MultipartParser(
                options[b"boundary"],
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._on_header,
                    "on_header_value": self._on_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._named,
                    "on_part_data": self._data,
                    "on_part_end": self._end_part,
                    "on_end": self._end,
                },
            )
        except FormParserError as error:
            raise broken("The boundary is too long.") from error

    def _begin(self) -> None:
        self._disposition, self._field = "", None
        self._parts += 1
        most = MOST_FIELDS + self._most_files
        if self._parts > most:
            raise broken(f"The form has more than {most} parts.")

    def _on_header(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value.decode("latin-1")
        self._header.clear()
        self._value.clear()

    def _named(self) -> None:
        _, options = parse_options_header(self._disposition)
        name = options.get(b"name", b"").decode(errors="replace")
        if not name:
            raise broken("A part of the form has no name.")
        if name != FILE:
            self._field = name
        elif self._files == self._most_files:
            most = "one file" if self._most_files == 1 else f"{self._most_files} files"
            raise broken(f"The form has more than {most}.")
        else:
            self._files += 1
            self._pieces.append(FileBegins(options.get(b"filename", b"").decode(errors="replace")))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self._pieces.append(data[start:end])
        else:
            self._text += data[start:end]

    def _end_part(self) -> None:
        if self._field is None:
            return
        try:
            self.fields.setdefault(self._field, []).append(self._text.decode())
        except UnicodeDecodeError as error:
            raise broken("A field of the form is not in UTF-8.") from error
        self._text.clear()

    def _end(self) -> None:
        self._ended = True


def broken(message: str) -> ServiceError:
    return ServiceError(
        400,
        "form_broken",
        message,
        hint="Send one multipart form with one file and named fields in UTF-8.",
        headers=CLOSE,
    )
