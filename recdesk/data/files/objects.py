"""Objects in the place of ids: {"id": 1, "name": "Ann"} becomes its id, its other fields columns beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

ID_FIELDS = (
    "id", "_id", "$oid", "$numberLong", "$numberInt", "$uuid", "$date", "uid", "uuid", "guid", "key", "sku", "code",
    "asin", "isbn", "ean", "slug",
)  # fmt: skip
"""Fields that tell an object apart, the likeliest first; those with $ are MongoDB's."""
NEARLY_ALL = 0.9
"""Share of the values that are objects, from which the others are taken for ids themselves."""
Path = tuple[str, ...]
"""Keys from the outside to a value."""


def paths_of(names: Sequence[str], values: Mapping[str, Sequence[Any]]) -> dict[str, Path]:
    """Columns by name with the way to their values; objects that have an id become several.

    Args:
        names: keys of the rows' objects.
        values: by name a sample of what stands there; objects as mappings, None for nothing.
    """
    found: dict[str, Path] = {}
    for name in names:
        filled = [value for value in values[name] if value is not None]
        inner = _inner_id(name, filled)
        found[name] = (name, *inner)
        if inner:
            objects = [value for value in filled if isinstance(value, Mapping)]
            fields = dict.fromkeys(field for value in objects for field in value)
            for field in fields:
                if field != inner[0] and (beside := f"{name}.{field}") not in names:
                    deeper = _inner_id(field, [value[field] for value in objects if value.get(field) is not None])
                    found[beside] = (name, field, *deeper)
    return found


def _inner_id(name: str, every: Sequence[Any]) -> Path:
    """The way from nearly all of these values to their ids; () where they are no objects or have none."""
    values = [value for value in every if isinstance(value, Mapping)]
    if not values or len(values) < NEARLY_ALL * len(every):
        return ()
    there = set.intersection(*(set(value) for value in values))
    named = [field for field in sorted(there) if field.lower().replace("_", "") == f"{name.lower()}id".replace("_", "")]
    for field in (*ID_FIELDS, *named):
        if field in there:
            inside = [value[field] for value in values if value[field] is not None]
            if not any(isinstance(value, Mapping | list) for value in inside):
                return (field,)
            if deeper := _inner_id(field, inside):
                return (field, *deeper)
    return ()
