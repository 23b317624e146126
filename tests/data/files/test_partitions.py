from pathlib import Path

from recdesk.data.files.column_preview import Columns
from recdesk.data.files.partitions import partitions, with_partitions
from recdesk.data.importing import ImportPlan, import_files
from recdesk.data.planning import propose
from tests.data.conftest import pairs
from tests.data.making import write


def test_names_of_the_folders_right_above_have_values() -> None:
    path = Path("/data/a=1/log/day=2020-01-02/country=de%20AT/part.csv")
    assert partitions(path) == {"day": "2020-01-02", "country": "de AT"}
    assert partitions(Path("/log.zip"), "x/day=__HIVE_DEFAULT_PARTITION__/part.csv") == {"day": ""}
    assert partitions(Path("/data/a = b/part.csv")) == {}


def test_columns_of_the_file_count_before_those_of_its_folders() -> None:
    columns = Columns(["user", "day"], True, [["a", "1"]])
    made = with_partitions(columns, {"day": "2", "shop": "s"})
    assert (made.names, made.rows, made.partitions) == (["user", "day", "shop"], [["a", "1", "s"]], {"shop": "s"})
    assert made.of_file.names == ["user", "day"]
    assert with_partitions(columns, {"day": "2"}) is columns


def test_a_file_alone_has_them_too(tmp_path: Path) -> None:
    folder = tmp_path / "user=ann" / "date=2020-01-02"
    folder.mkdir(parents=True)
    dataset = import_files(ImportPlan(write(folder / "log.csv", "item,rating\nx,1\ny,2\n"))).dataset
    assert pairs(dataset) == [("ann", "x"), ("ann", "y")]
    assert dataset.times is not None and dataset.times.tolist() == [1_577_923_200] * 2
    assert dataset.ratings is not None and dataset.ratings.tolist() == [1, 2]


def test_folders_whose_values_are_not_wanted_leave_the_rows_as_they_are(tmp_path: Path) -> None:
    for year in (2023, 2024):
        folder = tmp_path / f"year={year}"
        folder.mkdir()
        write(folder / "part-0.csv", "user_id,item_id,timestamp\n" + f"ann,x,{year}-01-01\nbo,y,{year}-01-02\n")
    dataset = import_files(propose([tmp_path])).dataset
    assert dataset.n_interactions == 4 and dataset.report["rejected"] == {}
