"""Files for the tests, in all the ways people write them."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Table = Sequence[Sequence[str]]

BOOKS = """
chinese: 红楼梦 西游记 水浒传 三国演义 儒林外史 聊斋志异 围城 活着 平凡的世界 白鹿原
traditional: 紅樓夢 西遊記 水滸傳 三國演義 儒林外史 聊齋誌異 圍城 臺北人 城南舊事 千江有水千江月
japanese: 吾輩は猫である 坊っちゃん こころ 雪国 人間失格 羅生門 ノルウェイの森 銀河鉄道の夜 舞姫 細雪
german: Müßiggang Größe Fräulein Über Märchen Süßes Räuber Törleß Ärzte Grüße
french: L’Été Thérèse Recherché Père L’Œuvre Misérables Électre Bête Là-bas Chéri
"""
TEXTS = {line.split(": ")[0]: line.split(": ")[1].split() for line in BOOKS.strip().splitlines()}
"""Titles of books."""


def delimited(rows: Table, separator: str = ",", quote: str = '"', end: str = "\n") -> str:
    """Rows as text; fields are quoted where they must be."""

    def cell(text: str) -> str:
        awkward = separator in text or "\n" in text or "\r" in text or (quote and quote in text)
        return f"{quote}{text.replace(quote, quote * 2)}{quote}" if quote and awkward else text

    return "".join(separator.join(map(cell, row)) + end for row in rows)


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    """A file, packed if its name says so."""
    data = content.encode(encoding) if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_table(path: Path, rows: Table, separator: str = ",", encoding: str = "utf-8") -> Path:
    """Delimited text; the first row is the header, if there is to be one."""
    return write(path, delimited(rows, separator), encoding)


def write_parquet(path: Path, columns: dict[str, list[object]]) -> Path:
    """Parquet with the types that pyarrow finds; packed whole if its name says so."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return write(path, sink.getvalue().to_pybytes())


def write_jsonl(path: Path, objects: Sequence[object]) -> Path:
    """One value a line."""
    return write(path, "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in objects))
