"""Archives, workbooks that are no .xlsx, and documents that are neither."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from recdesk.core.errors import DataError
from recdesk.data.files import limits
from recdesk.data.files.archives import members_of, opened_member
from recdesk.data.files.source import Source
from recdesk.data.importing import ImportPlan, import_files, propose
from tests.data.conftest import pairs
from tests.data.making import write

TEXT = "user,item\na,x\na,y\nb,x\n"
PAIRS = [("a", "x"), ("a", "y"), ("b", "x")]
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def zipped(files: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(files: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def ods(text: str) -> bytes:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in line.split(",")
        )
        + "</table:table-row>"
        for line in text.splitlines()
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {SPACES}><office:body><office:spreadsheet>'
        f'<table:table table:name="Log">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{SHEET}"/></manifest:manifest>'
    )
    return zipped({"mimetype": SHEET, "META-INF/manifest.xml": manifest, "content.xml": content})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.tar", tarred({"log.csv": TEXT.encode()})),
        ("log.tgz", tarred({"a/log.csv": TEXT.encode()}, "w:gz")),
        ("log.tar.bz2", tarred({"log.csv": TEXT.encode(), "README": b"What these data are"}, "w:bz2")),
        ("log.bin", tarred({"log.csv": TEXT.encode()}, "w:xz")),
        ("log.zip", zipped({"inner.zip": zipped({"log.csv": TEXT})})),
        ("tar.zip", zipped({"inner.tar.gz": tarred({"log.csv": TEXT.encode()}, "w:gz")})),
        ("log.ods", ods(TEXT)),
        ("log.xlsx", ods(TEXT)),
        ("ods.zip", zipped({"log.ods": ods(TEXT)})),
    ],
)
def test_a_table_is_found_in_them(name: str, content: bytes, tmp_path: Path) -> None:
    path = write(tmp_path / name, content)
    assert pairs(import_files(ImportPlan(path)).dataset) == PAIRS
    assert pairs(import_files(propose([path])).dataset) == PAIRS


def test_files_of_an_archive_in_an_archive_stand_behind_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "all.zip", zipped({"x/a.zip": zipped({"m/log.csv": TEXT, "n.csv": "1"}), "b.csv": "2"}))
    assert members_of(path) == ("x/a.zip/m/log.csv", "x/a.zip/n.csv", "b.csv")
    with opened_member(path, "x/a.zip/m/log.csv") as member:
        assert member is not None and member.stream.read() == TEXT.encode()
    with opened_member(path, "x/a.zip/gone.csv") as member:
        assert member is None
    assert Source(path, member="x/a.zip/m/log.csv").columns().names == ["user", "item"]
    with pytest.raises(DataError, match=r"“all\.zip” holds no file “q\.csv”"):
        _ = Source(path, member="q.csv").sample


def test_a_tar_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HARMLESS", 2**20)
    path = write(tmp_path / "bomb.tgz", tarred({"log.csv": bytes(2**24)}, "w:gz"))
    with pytest.raises(DataError, match="unpacks to more than 250 times its size"):
        propose([path])


@pytest.mark.parametrize("cut", [600, 3000])
def test_a_tar_file_that_is_cut_short_is_told(cut: int, tmp_path: Path) -> None:
    path = write(tmp_path / "cut.tar", tarred({"log.csv": TEXT.encode() * 100})[:cut])
    with pytest.raises(DataError, match="damaged or cut short"):
        import_files(ImportPlan(path))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.docx", zipped({"word/document.xml": "<w/>"}), "“x.docx” is a file of the kind Word, which is not read."),
        (
            "x.numbers",
            zipped({"Index/Document.iwa": b"\0"}),
            "“x.numbers” is a file of the kind Numbers (Apple), which is not read.",
        ),
        (
            "x.odt",
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}),
            "“x.odt” is a file of the kind OpenDocument text, which is not read.",
        ),
        ("x.pdf", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", "“x.pdf” is a file of the kind PDF, which is not read."),
        ("x.h5", b"\x89HDF\r\n\x1a\n" + bytes(50), "“x.h5” is a file of the kind HDF5, which is not read."),
        (
            "x.xls",
            "<html><body><table><tr><td>user</td></tr></table></body></html>",
            "“x.xls” is a web page or XML that calls itself a workbook.",
        ),
        (
            "y.xls",
            '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
            "“y.xls” is a web page or XML that calls itself a workbook.",
        ),
        ("z.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "“z.xls” is a damaged workbook."),
    ],
)
def test_what_is_not_read_is_named(name: str, content: bytes | str, sentence: str, tmp_path: Path) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(DataError) as refusal:
        import_files(ImportPlan(path))
    assert refusal.value.sentence == sentence
    assert refusal.value.suggestion


@pytest.mark.parametrize(
    ("offset", "value", "said"),
    [
        (8, 0x41, "is locked with a password"),  # strong encryption
        (8, 0x01, "is locked with a password"),
        (8, 0x20, "is packed in a way that cannot be read"),  # a patch of another file
        (10, 99, "is packed in a way that cannot be read"),  # a method that nobody knows
    ],
)
def test_what_cannot_be_unpacked_gets_a_sentence(offset: int, value: int, said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "user,item\n" + "u,i\n" * 50)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + offset] = value
    data[data.index(b"PK\x03\x04") + offset - 2] = value  # what stands before the member itself
    path.write_bytes(data)
    with pytest.raises(DataError) as raised:
        import_files(ImportPlan(path, name="a"))
    assert said in raised.value.sentence
