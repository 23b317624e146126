"""Files with every disease that delimited text is known to have, each with the rows that a careful person reads."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Nasty:
    """A sick file.

    Attributes:
        content: the file.
        rows: user, item, rating and time of the rows to keep, in file order; shorter where the file has less.
        lines: numbers of the lines that are to be rejected.
        dialect: attributes that must be found.
    """

    content: str | bytes
    rows: list[tuple[str, ...]]
    lines: list[int] = field(default_factory=list)
    dialect: dict[str, object] = field(default_factory=dict)


FOUR = [
    ("007", "1e5", "4.5", "1700000001"),
    ("u2", "Godfather; The", "3", "1700000002"),
    ("007", "9007199254740993001", "1", "1700000003"),
    ("u3", "x-1", "5", "1700000004"),
    ("u2", "1e5", "2", "1700000005"),
]
"""Rows of the common table."""
THREE = [(row[0], row[1].replace("Godfather; The", "the-godfather"), *row[2:]) for row in FOUR]
"""The same with nothing in it that needs a quote."""
HEAD = ("user_id", "item_id", "rating", "timestamp")

MANY = [(f"u{n % 4}", f"x-{n % 5}", str(n % 5 + 1), str(1_700_000_000 + n)) for n in range(15)]


def joined(rows: list[tuple[str, ...]], separator: str, end: str = "\n", named: bool = True) -> str:
    """Rows as they are, no quote."""
    return "".join(separator.join(row) + end for row in ([HEAD] if named else []) + rows)


def quoted(rows: list[tuple[str, ...]], separator: str, quote: str, end: str = "\n", escape: str = "") -> str:
    """Rows with every field quoted."""

    def cell(text: str) -> str:
        hidden = text.replace(escape, escape * 2) if escape else text
        return f"{quote}{hidden.replace(quote, (escape or quote) + quote)}{quote}"

    return "".join(separator.join(map(cell, row)) + end for row in [HEAD, *rows])


TITLED = [
    ("u1", "a", "5", "1700000001"),
    ("u2", 'The "Best", of', "4", "1700000002"),
    ("u1", "Men's; 24\" wheel", "3", "1700000003"),
    ("u3", "back\\slash", "3", "1700000004"),
    ("u3", "", "3", "1700000005"),
]
KEPT_TITLED = TITLED[:-1]

RARE = [
    "::",
    "||",
    " - ",
    ";;",
    "~",
    "^",
    "§",
    "¦",
    "|~|",
    "\x01",
    "\x1f",
    "，",
    "；",
    "&&",
    "#",
    "=>",
    "\t\t",
    ", ",
    ":",
]
CASES: dict[str, Nasty] = {
    **{f"separated by {mark!r}": Nasty(joined(THREE, mark), THREE, dialect={"header": True}) for mark in RARE},
    **{
        f"separated by {mark!r}, no header": Nasty(joined(MANY, mark, named=False), MANY, dialect={"header": False})
        for mark in RARE
    },
    "everything in double quotes": Nasty(quoted(TITLED, ",", '"'), KEPT_TITLED, [6], {"quote": '"', "escape": ""}),
    "everything in single quotes": Nasty(quoted(TITLED, ",", "'"), KEPT_TITLED, [6], {"quote": "'", "escape": ""}),
    "quotes hidden by backslashes": Nasty(quoted(TITLED, ",", '"', escape="\\"), KEPT_TITLED, [6], {"escape": "\\"}),
    "single quotes hidden by backslashes": Nasty(
        quoted(TITLED, ";", "'", escape="\\"), KEPT_TITLED, [6], {"quote": "'", "escape": "\\", "separator": ";"}
    ),
    "two-character separator inside quotes": Nasty(
        quoted(
            [("a", "x::y", "1", "1700000001"), ("b", "z", "2", "1700000002"), ("b", "w", "2", "1700000003")], "::", '"'
        ),
        [("a", "x::y", "1", "1700000001"), ("b", "z", "2", "1700000002"), ("b", "w", "2", "1700000003")],
    ),
    "separators hidden by backslashes, no quotes": Nasty(
        "user,item,rating\na,x\\, the first,1\nb,y,2\nc,z\\,\\,,3\nc,w,4\n",
        [("a", "x, the first", "1"), ("b", "y", "2"), ("c", "z,,", "3"), ("c", "w", "4")],
        dialect={"quote": "", "escape": "\\"},
    ),
    "aligned with blanks": Nasty(
        "user    item   rating  timestamp\nu1      a      5       1700000001\nu22     bb     4       1700000002\n"
        "u333    ccc    3       1700000003\n",
        [("u1", "a", "5", "1700000001"), ("u22", "bb", "4", "1700000002"), ("u333", "ccc", "3", "1700000003")],
    ),
    "aligned to the right": Nasty(
        "  1   10  3\n 20    5  4\n300  100  5\n  7    8  1\n",
        [("1", "10", "3"), ("20", "5", "4"), ("300", "100", "5"), ("7", "8", "1")],
    ),
    "comment lines above": Nasty(
        "# made by a shop\n# on Monday; 2024\n" + joined(FOUR, ","), FOUR, dialect={"skip": 2}
    ),
    "the header is a comment": Nasty(
        "# user item rating\na x 5\nb y 4\nb x 3\n", [("a", "x", "5"), ("b", "y", "4"), ("b", "x", "3")]
    ),
    "a title above": Nasty("Sales, all of them\n\n" + joined(FOUR, ","), FOUR, dialect={"skip": 2}),
    "a title padded with separators": Nasty("Sales,,,\n,,,\n" + joined(FOUR, ","), FOUR, dialect={"skip": 2}),
    "what Excel writes first": Nasty("sep=;\n" + joined(THREE, ";"), THREE, dialect={"skip": 1, "separator": ";"}),
    "blank lines everywhere": Nasty("\n\n" + joined(FOUR, ",").replace("\n", "\n\n \n"), FOUR),
    "rows cut short and run long": Nasty(
        joined(FOUR[:2], ",")
        + "u9,x\n"
        + joined(FOUR[2:4], ",", named=False)
        + "u9,x,1,2,3,4\n"
        + joined(FOUR[4:], ",", named=False),
        FOUR,
        [4, 7],
    ),
    "a footer": Nasty(joined(FOUR, ",") + "\nTotal: 5 rows\n", FOUR, [8]),
    "line breaks in quotes": Nasty(
        'user,item,rating\na,"x\ny",1\nb,"p\n\nq",2\nb,z,3\n',
        [("a", "x\ny", "1"), ("b", "p\n\nq", "2"), ("b", "z", "3")],
    ),
    "line ends mixed": Nasty("user,item\r\na,x\nb,y\rc,x\r\na,y", [("a", "x"), ("b", "y"), ("c", "x"), ("a", "y")]),
    "line ends of old Macs": Nasty(joined(FOUR, ",", "\r"), FOUR),
    "carriage returns doubled": Nasty(joined(FOUR, ",", "\r\r\n"), FOUR),
    "trailing separators in all lines": Nasty(joined(FOUR, ",", ",\n"), FOUR),
    "trailing separators in the rows only": Nasty(joined([], ",") + joined(FOUR, ",", ",\n", named=False), FOUR),
    "trailing separators in the header only": Nasty(joined([], ",", ",,\n") + joined(FOUR, ",", named=False), FOUR),
    "trailing separators in some rows": Nasty(
        joined(FOUR[:3], ",") + joined(FOUR[3:], ",", ",,,\n", named=False), FOUR
    ),
    "row names as R writes them": Nasty(
        '"user" "item" "rating"\n"1" "a" "x" 5\n"2" "b" "y" 4\n"3" "b" "x" 3\n',
        [("a", "x", "5"), ("b", "y", "4"), ("b", "x", "3")],
    ),
    "row names as pandas writes them": Nasty(
        ",user,item,rating\n0,a,x,5\n1,b,y,4\n2,b,x,3\n", [("a", "x", "5"), ("b", "y", "4"), ("b", "x", "3")]
    ),
    "a header wider than the rows": Nasty(
        "user,item,rating,comment\n" + "".join(f"u{n},i{n % 3},4\n" for n in range(20)),
        [(f"u{n}", f"i{n % 3}", "4") for n in range(20)],
    ),
    "a header narrower than the rows": Nasty("user,item\nb,y,2\na,x,1\nb,z,3\n", [("b", "y"), ("b", "z"), ("a", "x")]),
    "texts of as many words each": Nasty(
        "item,title,user\n" + "".join(f"i{n % 3},The Volume Number {n % 3} Of,u{n}\n" for n in range(30)),
        [(f"u{n}", f"i{n % 3}") for n in range(30)],
        dialect={"separator": ","},
    ),
    "commas and blanks inside quotes only": Nasty(
        "user,item\n" + "".join(f'u{n},"No {n % 3}, “the {n % 3}”"\n' for n in range(9)),
        [(f"u{n}", f"No {n % 3}, “the {n % 3}”") for n in range(9)],
        dialect={"separator": ","},
    ),
    "column names twice": Nasty("user,item,item,rating\na,x,y,1\nb,z,w,2\n", [("a", "x", "1"), ("b", "z", "2")]),
    "decimal commas": Nasty(
        "user;item;rating\na;x;4,5\nb;y;3,25\nb;x;1\n", [("a", "x", "4.5"), ("b", "y", "3.25"), ("b", "x", "1")]
    ),
    "decimal commas, three columns": Nasty(
        "4,5;1,5;2,5\n3,0;1,0;2,5\n2,5;1,5;3,5\n", [("4,5", "1,5", "2.5"), ("3,0", "1,0", "2.5"), ("2,5", "1,5", "3.5")]
    ),
    "thousands with points": Nasty(
        "user;item;rating\na;x;1.234,5\nb;y;12.345.678\nb;x;7,25\n",
        [("a", "x", "1234.5"), ("b", "y", "12345678"), ("b", "x", "7.25")],
    ),
    "thousands with commas": Nasty(
        'user,item,rating\na,x,"1,234.5"\nb,y,"12,345,678"\nb,x,7.25\n',
        [("a", "x", "1234.5"), ("b", "y", "12345678"), ("b", "x", "7.25")],
    ),
    "thousands with blanks": Nasty(
        "user;item;rating\na;x;1 234,5\nb;y;12\u00a0345\nb;x;7\u202f000\n",
        [("a", "x", "1234.5"), ("b", "y", "12345"), ("b", "x", "7000")],
    ),
    "a quote that is never closed": Nasty(
        "user,item,rating\n" + "".join(f"u{n},{chr(34) if n == 5 else ''}i{n % 3},4\n" for n in range(12)),
        [(f"u{n}", f"i{n % 3}", "4") for n in range(12) if n != 5],
        [7],
    ),
    "many quotes that are never closed": Nasty(
        "user,item,rating\n" + "".join(f"u{n},{chr(34) if n % 10 == 1 else ''}i{n % 3},4\n" for n in range(40)),
        [(f"u{n}", f"i{n % 3}", "4") for n in range(40) if n % 10 != 1],
        [n + 2 for n in range(40) if n % 10 == 1],
    ),
    "a quote closed too early": Nasty(
        'user,item,rating\na,"x" y,1\nb,"y",2\nb,x,3\nc,"z",3\n',
        [("b", "y", "2"), ("b", "x", "3"), ("c", "z", "3")],
        [2],
    ),
    "quotes with blanks around them": Nasty(
        'user, item, rating\n"a", "x, y", 1\n"b", "z", 2\n"b" , "w" , 2\n',
        [("a", "x, y", "1"), ("b", "z", "2"), ("b", "w", "2")],
    ),
    "zero bytes": Nasty(
        "user,item,rating\na,x,1\nb\0b,y,2\nb,z\0,2\nc,y,3\n", [("a", "x", "1"), ("c", "y", "3")], [3, 4]
    ),
    "bytes of another encoding in the middle": Nasty(
        ("user,item,rating\n" + "用户,书,3\n" * 60).encode() + b"caf\xe9,x,3\n" + "用户,山,3\n".encode() * 3,
        [("用户", "书", "3")] * 60 + [("用户", "山", "3")] * 3,
        [62],
        {"encoding": "utf-8"},
    ),
    "a mark in the middle of nowhere": Nasty(
        "\ufeffuser,item\na,x\nb,y\n", [("a", "x"), ("b", "y")], dialect={"encoding": "utf-8-sig"}
    ),
    "typed names of RecBole": Nasty(
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\n" + joined(FOUR, "\t", named=False), FOUR
    ),
    "ids with blanks around": Nasty("user,item\n a ,x\nb\u00a0,\u3000y\n", [("a", "x"), ("b", "y")]),
    "an end-of-file mark of DOS": Nasty(joined(FOUR, ",", "\r\n") + "\x1a", FOUR),
}
