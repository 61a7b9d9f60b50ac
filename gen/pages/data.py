"""What is published for programs: `/activations.csv`, the schema, and the tables that explain them.

`gen/activations.schema.json` is the only list of the fields. The columns of the CSV follow it, and
the tables of `docs/data.md` are written from its descriptions.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).with_name("schemas")
SCHEMA = SCHEMAS / "activations.schema.json"
FORMS_SCHEMA = SCHEMAS / "forms.schema.json"
EQUIVALENTS_SCHEMA = SCHEMAS / "equivalents.schema.json"
MODELS_SCHEMA = SCHEMAS / "models.schema.json"
# a sentence for readers; its signs need UTF-8, which some spreadsheets have to be told
LEFT_OUT = ("summary",)
ITEM = "*"
IN_A_NAME = {"-inf": "minus_inf", "+inf": "plus_inf"}
IN_WORDS = {"boolean": "true or false", "integer": "whole number", "string": "text"}


@dataclass(frozen=True)
class Field:
    """A field of a record: the keys and places that lead to it, and its part of the schema."""

    path: tuple[str | int, ...]
    column: str
    schema: Mapping[str, Any]

    @property
    def address(self) -> str:
        """`facts.range.lower`, `facts.slope_at_zero[0]`, as JavaScript would write it."""
        text = ""
        for step in self.path:
            if step == ITEM:
                text += "[i]"
            elif isinstance(step, int) or step in IN_A_NAME:
                text += f"[{json.dumps(step)}]"
            else:
                text += f".{step}"
        return text.removeprefix(".")

    @property
    def is_cell(self) -> bool:
        """Whether it is one cell of the CSV, and not an object or a pair of them."""
        return not {"properties", "prefixItems"} & self.schema.keys()


def lines(found: Mapping[str, Any], *groups: str) -> str:
    """JSON text with a line for each key of `groups`, which are objects; quick to write."""
    texts = []
    for key, value in found.items():
        if key in groups:
            inside = ",\n".join(
                f"  {json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}"
                for name, part in value.items()
            )
            text = f"{{\n{inside}\n }}"
        else:
            text = json.dumps(value, ensure_ascii=False)
        texts.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(texts) + "\n}\n"


Schema = Mapping[str, Any]


def schema(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON Schema of `/activations.json`: SCHEMA, and what kinds add to it for their facts."""
    whole: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for kind, own in {r["kind"]: r["schema"] for r in records if r["schema"]}.items():
        name, activation = f"{kind}_facts", whole["$defs"]["activation"]
        whole["$defs"][name] = own
        activation["properties"]["kind"]["enum"].append(kind)
        then = {"properties": {"facts": {"$ref": f"#/$defs/{name}"}}}
        activation["allOf"].append({"if": {"properties": {"kind": {"const": kind}}}, "then": then})
    return whole


def schema_text(records: Sequence[Mapping[str, Any]]) -> str:
    """The text of `/activations.schema.json`."""
    if any(record["schema"] for record in records):
        return json.dumps(schema(records), indent=1, ensure_ascii=False) + "\n"
    return SCHEMA.read_text(encoding="utf-8")


def _facts(whole: Schema) -> list[str]:
    """The definitions of facts, one for each shape."""
    return [name for name in whole["$defs"] if name.endswith("_facts")]


def definition(whole: Schema, name: str) -> dict[str, Any]:
    """A definition of the schema, with its reference followed."""
    return _resolved(whole, whole["$defs"][name])


def _resolved(whole: Schema, node: Mapping[str, Any]) -> dict[str, Any]:
    """The node with what it refers to put in; its own description stays."""
    if "$ref" not in node:
        return dict(node)
    target = whole["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return {**node, **target, "description": node.get("description", target.get("description"))}


def fields(
    whole: Schema, node: Mapping[str, Any], path: tuple[str | int, ...] = (), column: str = ""
) -> Iterator[Field]:
    """Every field below an object or a pair of the schema, each before its own parts.

    `column` is the name of the column of `node` itself; parts add to it with an underscore.
    """
    steps: list[tuple[str | int, str, Mapping[str, Any]]]
    if "prefixItems" in node:
        # the title of a place in a pair names it; its type is said by what it refers to
        steps = [
            (n, item["title"], {k: v for k, v in item.items() if k != "title"})
            for n, item in enumerate(node["prefixItems"])
        ]
    else:
        steps = [
            (key, IN_A_NAME.get(key, key), item) for key, item in node.get("properties", {}).items()
        ]
    for step, name, item in steps:
        found = Field((*path, step), f"{column}_{name}" if column else name, _resolved(whole, item))
        yield found
        yield from fields(whole, found.schema, found.path, found.column)


def columns(whole: Schema) -> list[Field]:
    """The columns of `/activations.csv` after `slug`, in the schema's order.

    A fact that several kinds have, such as `sum`, has one column.
    """
    shared = fields(whole, definition(whole, "activation"))
    found = [field for field in shared if field.path[0] != "facts"]
    for name in _facts(whole):
        found += fields(whole, definition(whole, name), ("facts",))
    cells = [f for f in found if f.is_cell and f.column not in LEFT_OUT]
    return list({field.column: field for field in cells}.values())


def table(records: Sequence[Mapping[str, Any]]) -> str:
    """The text of `/activations.csv`: one line for each activation (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    layout = columns(schema(records))
    writer.writerow(["slug", *(field.column for field in layout)])
    for record in records:
        cells = [cell(_at(record, field.path)) for field in layout]
        writer.writerow([record["slug"], *cells])
    return text.getvalue()


def _at(record: Any, path: Sequence[str | int]) -> Any:
    """What the path leads to in the record; None where an object on the way is absent or null."""
    found = record
    for step in path:
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int):
            found = found[step]
        else:
            return None
    return found


def cell(value: Any) -> str:
    """A value as text: empty for null, `a; b` for a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(map(_item, value))
    return value if isinstance(value, str) else repr(value)


def _item(value: Any) -> str:
    """An item of a list: an interval as `[0.0, inf)`, a parameter as `name=value`, a kink as x."""
    match value:
        case {"lower": low, "lower_attained": low_in, "upper": high, "upper_attained": high_in}:
            return f"{'[' if low_in else '('}{cell(low)}, {cell(high)}{']' if high_in else ')'}"
        case {"name": name, "shown": shown}:
            return f"{name}={cell(shown)}"
        case {"name": name, "paper": paper}:
            return f"{name}: {paper}"
        case {"x": place}:
            return cell(place)
    return cell(value)


def field_tables(records: Sequence[Mapping[str, Any]]) -> str:
    """The tables of `docs/data.md`: every field, its type, its column and what it means."""
    whole = schema(records)
    in_table = {field.column for field in columns(whole)}
    sections = []
    for name in ("activation", *_facts(whole)):
        node = definition(whole, name)
        path = ("facts",) if name != "activation" else ()
        rows = [_row(field, in_table) for field in _with_items(whole, node, path)]
        sections.append(
            f"### {node['title']} {{: #{name.replace('_', '-')} }}\n\n{node['description']}\n\n"
            "| Field | Column | Type | Meaning |\n| --- | --- | --- | --- |\n" + "\n".join(rows)
        )
    return "\n\n".join(sections) + "\n"


def model_fields() -> str:
    """The table of `docs/data.md` for a family's record in `/models.json`."""
    family = json.loads(MODELS_SCHEMA.read_text(encoding="utf-8"))["$defs"]["family"]
    rows = [
        f"| `{name}` | {_type(node)} | {node['description']} |"
        for name, node in family["properties"].items()
    ]
    return "| Field | Type | Meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"


def _with_items(
    whole: Schema, node: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[Field]:
    """The fields below `node`, and for a list of objects the fields of its items."""
    for field in fields(whole, node, path):
        yield field
        items = field.schema.get("items")
        if isinstance(items, Mapping) and "properties" in items:
            for part in fields(whole, items):
                yield Field((*field.path, ITEM, *part.path), "", part.schema)


def _row(field: Field, in_table: set[str]) -> str:
    column = f"`{field.column}`" if field.is_cell and field.column in in_table else ""
    return (
        f"| `{field.address}` | {column} | {_type(field.schema)} | {field.schema['description']} |"
    )


def _type(node: Mapping[str, Any]) -> str:
    if "title" in node:
        return str(node["title"])
    if "enum" in node:
        return " or ".join(map(str, node["enum"]))
    return IN_WORDS.get(node["type"], node["type"])


def anchors(records: Sequence[Mapping[str, Any]]) -> str:
    """The permanent addresses of facts on pages, the commonest first."""
    labels: dict[str, list[str]] = {}
    pages: dict[str, list[str]] = {}
    for record in records:
        for key, label in record["anchors"].items():
            known = labels.setdefault(key, [])
            known += [label] if label not in known else []
            pages.setdefault(key, []).append(record["slug"])
    rows = [
        f"| [`#{key}`](/activations/{pages[key][0]}.md#{key}) | {'; '.join(known)} |"
        f" {len(pages[key])} |"
        for key, known in sorted(labels.items(), key=lambda item: -len(pages[item[0]]))
    ]
    return "| Anchor | Fact | Pages |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
