"""What killed exports left beside a file, with people in it."""

import os
from pathlib import Path

from recdesk.core import temporary
from recdesk.core.files import replacing
from recdesk.core.temporary import DAY, discard_old_parts


def test_half_an_export_goes_when_nobody_has_touched_it_for_a_day(tmp_path: Path) -> None:
    target = tmp_path / "recommendations of everybody in the shop.csv"
    old, fresh = (tmp_path / f"{temporary.part_prefix(target.name)}{name}.part" for name in ("old", "fresh"))
    another = tmp_path / ".diary.part"
    for path in (old, fresh, another):
        path.write_text("someone")
    for path in (old, another):
        os.utime(path, (path.stat().st_mtime - DAY - 60,) * 2)
    discard_old_parts(target)
    assert {path.name for path in tmp_path.iterdir()} == {fresh.name, another.name}
    discard_old_parts(tmp_path / "gone" / "file.csv")


def test_a_part_names_its_owner_and_ends_with_its_file_in_place(tmp_path: Path) -> None:
    temporary.use_folder(tmp_path, "12-0123abcd")
    with replacing(tmp_path / "a.json") as stream:
        stream.write("{}")
        (part,) = tmp_path.glob("*.part")
        assert part.name.startswith(".a.json.12-0123abcd.")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
