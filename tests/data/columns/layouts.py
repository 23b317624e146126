"""Files without column names, laid out as those that are passed around, and which of their columns is what."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

Rows = list[list[object]]
BEGIN = 1_577_836_800


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def hexadecimal(number: int, length: int) -> str:
    return "".join(random.Random(number).choices("0123456789abcdef", k=length))


ARTISTS = [
    (hexadecimal(at, 32), f"{['Plaid', 'Moby', 'Air', 'Orbital', 'Underworld'][at % 5]} {chr(97 + at // 5)}")
    for at in range(60)
]


def yoochoose(r: random.Random) -> Rows:
    clicks = [(session, at) for session in range(1, 60) for at in range(r.randrange(1, 6))]
    return [[s, iso(BEGIN + 9999 * s + 61 * at), 214_500_000 + r.randrange(4000), 0] for s, at in clicks]


def gowalla(r: random.Random) -> Rows:
    """One person, newest first: 200 lines of the real file have no more."""
    return [
        [0, iso(BEGIN - 3600 * at), f"{30 + r.random():.9f}", f"{-97 + r.random():.9f}", r.randrange(20_000, 420_000)]
        for at in range(200)
    ]


def foursquare(r: random.Random) -> Rows:
    kinds = ["Bar", "Arts & Crafts Store", "Home (private)", "Medical Center"]
    rows: Rows = []
    for at in range(200):
        venue = r.randrange(300)
        place = [f"{40 + venue / 1000:.6f}", f"{-74 - venue / 1000:.6f}", -240]
        when = f"Tue Apr 03 18:{at // 60:02}:{at % 60:02} +0000 2012"
        rows.append(
            [r.randrange(470, 900), hexadecimal(venue, 24), hexadecimal(venue % 4, 24), kinds[venue % 4], *place, when]
        )
    return rows


def gorse(r: random.Random) -> Rows:
    kinds = ["star", "read", "like"]
    return [[r.choice(kinds), f"u{r.randrange(50)}", f"i{r.randrange(80)}", iso(BEGIN + at)] for at in range(150)]


def unknown_events(r: random.Random) -> Rows:
    kinds = ["favori", "vu"]
    return [[r.choice(kinds), r.randrange(3400, 3460), r.randrange(6000, 6090), iso(BEGIN + at)] for at in range(150)]


def taobao(r: random.Random) -> Rows:
    kinds = ["pv", "pv", "pv", "buy", "cart"]
    clicks = [(user, r.randrange(1, 5_162_429), at) for user in (1, 100, 115) for at in range(60)]
    return [[user, item, item % 9439 + 100, r.choice(kinds), 1_511_544_070 + 977 * at] for user, item, at in clicks]


def retailrocket(r: random.Random) -> Rows:
    kinds = ["view", "addtocart", "transaction"]
    return [
        [(BEGIN + 77 * at) * 1000, r.randrange(100_000, 1_400_000), r.choice(kinds), r.randrange(1, 400_000)]
        for at in range(200)
    ]


def movielens(r: random.Random) -> Rows:
    return [
        [r.randrange(1, 943), r.randrange(1, 1682), r.randrange(1, 6), 880_000_000 + r.randrange(10**7)]
        for _ in range(200)
    ]


def movielens_of_one(r: random.Random) -> Rows:
    """One person, who rates everything once, by the ids of the films."""
    items = sorted(r.sample(range(1, 3900), 200))
    return [[1, item, r.choice([5, 4.5, 3]), 838_985_046 + r.randrange(900)] for item in items]


def dense_of_one(r: random.Random) -> Rows:
    """As KuaiRec: everybody saw everything, so that the items count."""
    return [[0, item, r.randrange(5000, 20_000), 1_593_890_000 + r.randrange(10**6)] for item in range(200)]


def book_crossing(r: random.Random) -> Rows:
    return [
        [276_725 + r.randrange(90), f"0{r.randrange(34 * 10**7, 35 * 10**7)}", r.choice([0, 0, 5, 8, 10])]
        for _ in range(200)
    ]


def jester(r: random.Random) -> Rows:
    return [[user, joke, f"{r.uniform(-10, 10):.3f}"] for user in range(1, 5) for joke in r.sample(range(1, 150), 40)]


def last_fm_1k(r: random.Random) -> Rows:
    rows: Rows = []
    for at in range(200):
        track = r.randrange(80)
        artist = ARTISTS[track % 60]
        song = f"Track of {artist[1]} {'abcdefghij'[track % 10]}"
        rows.append(["user_000001", iso(BEGIN - 240 * at), *artist, hexadecimal(500 + track, 36), song])
    return rows


def last_fm_360k(r: random.Random) -> Rows:
    heard = [(user, artist) for user in range(5) for artist in r.sample(ARTISTS, 40)]
    return [[hexadecimal(900 + user, 40), *artist, r.randrange(1, 2500)] for user, artist in heard]


def million_songs(r: random.Random) -> Rows:
    songs = [f"SO{hexadecimal(at, 16).upper()}" for at in range(900)]
    return [[hexadecimal(7000 + at // 17, 40), r.choice(songs), r.choice([1, 1, 2, 5])] for at in range(200)]


def epinions(r: random.Random) -> Rows:
    return [[user, r.randrange(1, 139_000), r.randrange(1, 6)] for user in range(1, 20) for _ in range(10)]


def counted(r: random.Random) -> Rows:
    return [
        [at, r.randrange(100, 160), r.randrange(1000, 1090), r.randrange(1, 6), BEGIN + 77 * at] for at in range(200)
    ]


def orders(r: random.Random) -> Rows:
    """Each order is of one customer, whose orders stand apart."""
    lines = [(at // 4, r.randrange(20_000, 20_090), r.randrange(1, 13)) for at in range(200)]
    return [
        [536_365 + order, 17_000 + order * 7 % 31, f"{item}A", n, f"2010-12-01 08:{order:02}:00"]
        for order, item, n in lines
    ]


def item_first(r: random.Random) -> Rows:
    """Histories one after the other, each in the order of its times."""
    people = r.sample(range(100, 160), 40)
    return [[r.randrange(1000, 1090), user, BEGIN + 13 * user + 77 * at] for user in people for at in range(5)]


def words(r: random.Random) -> Rows:
    people, fruits = ["anna", "bob", "carl", "dora", "emil", "frieda"], ["apple", "pear", "plum", "fig", "kiwi", "lime"]
    return [[r.choice(people), r.choice(fruits), r.randrange(1, 6)] for _ in range(60)]


def place_between(r: random.Random) -> Rows:
    return [
        [r.randrange(50), f"{48 + r.random():.5f}", f"{11 + r.random():.5f}", 7000 + r.randrange(80)]
        for _ in range(150)
    ]


def phones(r: random.Random) -> Rows:
    """Ids of ten and eleven digits beside epoch seconds."""
    return [[13_800_000_000 + r.randrange(50), 2_000_000_000 + r.randrange(80), BEGIN + 5 * at] for at in range(150)]


def amazon_item_first(r: random.Random) -> Rows:
    """As the ratings of 2018, by item; ids are known by how they are written."""
    people = [f"A{hexadecimal(at, 13).upper()}" for at in range(40)]
    goods = [f"B0{hexadecimal(at, 8).upper()}" for at in range(30)]
    return [
        [item, r.choice(people), r.choice([5.0, 3.0]), BEGIN + r.randrange(10**7)] for item in goods for _ in range(5)
    ]


def mail_second(r: random.Random) -> Rows:
    return [[f"SKU-{r.randrange(60)}", f"p{r.randrange(30)}@x.org", f"2020-01-{1 + at // 8:02}"] for at in range(200)]


LAYOUTS: dict[Callable[[random.Random], Rows], dict[str, int]] = {
    yoochoose: {"user": 1, "time": 2, "item": 3},
    gowalla: {"user": 1, "time": 2, "item": 5},
    foursquare: {"user": 1, "item": 2, "time": 8},
    gorse: {"event": 1, "user": 2, "item": 3, "time": 4},
    unknown_events: {"event": 1, "user": 2, "item": 3, "time": 4},
    taobao: {"user": 1, "item": 2, "event": 4, "time": 5},
    retailrocket: {"time": 1, "user": 2, "event": 3, "item": 4},
    movielens: {"user": 1, "item": 2, "rating": 3, "time": 4},
    movielens_of_one: {"user": 1, "item": 2, "rating": 3, "time": 4},
    dense_of_one: {"user": 1, "item": 2, "time": 4},
    book_crossing: {"user": 1, "item": 2, "rating": 3},
    jester: {"user": 1, "item": 2, "rating": 3},
    last_fm_1k: {"user": 1, "time": 2, "item": 5},
    last_fm_360k: {"user": 1, "item": 2, "title": 3},
    million_songs: {"user": 1, "item": 2, "rating": 3},
    epinions: {"user": 1, "item": 2, "rating": 3},
    counted: {"user": 2, "item": 3, "rating": 4, "time": 5},
    orders: {"user": 2, "item": 3, "rating": 4, "time": 5},
    item_first: {"item": 1, "user": 2, "time": 3},
    words: {"user": 1, "item": 2, "rating": 3},
    place_between: {"user": 1, "item": 4},
    amazon_item_first: {"item": 1, "user": 2, "rating": 3, "time": 4},
    mail_second: {"item": 1, "user": 2, "time": 3},
    phones: {"user": 1, "item": 2, "time": 3},
}
"""For each layout its roles, by number of the column from 1."""
