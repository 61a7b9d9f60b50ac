"""What is published for programs: `/activations.csv`, the schemas, the tables that explain them.

`published.py` and the families of facts are the only list of the fields: the columns of the CSV
follow it, and the tables of `docs/data.md` are written from its descriptions.
"""

import csv
import functools
import io
import json
import operator
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..facts import words
from ..facts.family import schema as schema_of
from ..markdown import table as markdown_table
from .published import FILES, Catalogue, ModelFamily

DRAFT = "https://json-schema.org/draft/2020-12/schema"
# a sentence for readers, whose signs need UTF-8, which some spreadsheets have to be told; and what
# has columns of its own
LEFT_OUT = ("summary", "facts")
ITEM = "[i]"  # any place of a list
IN_A_NAME = {"-inf": "minus_inf", "+inf": "plus_inf"}
IN_WORDS = {
    "boolean": "true or false",
    "integer": "whole number",
    "string": "text",
    "null": "null",
}

Schema = Mapping[str, Any]


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
            named = str(step).isidentifier()
            text += f".{step}" if named else ITEM if step == ITEM else f"[{json.dumps(step)}]"
        return text.removeprefix(".")


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


def schema(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The JSON Schema of `/activations.json`: a record's facts are those of its kind."""
    whole = {"$schema": DRAFT, **schema_of(Catalogue)}
    definitions = whole["$defs"]
    kinds: dict[str, dict[str, Any]] = {}
    counts = Counter(record["schema"]["name"] for record in records)
    for record in sorted(records, key=lambda record: -counts[record["schema"]["name"]]):
        family = dict(record["schema"])
        definitions |= family.pop("$defs", {})
        name = f"{family.pop('name')}_facts"
        definitions[name] = family
        kinds.setdefault(family.pop("kind"), {})[name] = {"$ref": f"#/$defs/{name}"}
    activation = definitions["Record"]
    activation["properties"]["kind"]["enum"] = sorted(kinds)
    activation["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind}}},
            "then": {"properties": {"facts": {"oneOf": [*families.values()]}}},
        }
        for kind, families in sorted(kinds.items())
    ]
    return whole


def schemas(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The schemas that are published: name of the file -> text."""
    found = {"activations": schema(records)}
    found |= {name: {"$schema": DRAFT, **schema_of(model)} for name, model in FILES.items()}
    return {
        f"{name}.schema.json": json.dumps(each, indent=1, ensure_ascii=False) + "\n"
        for name, each in found.items()
    }


def _sections(whole: Schema) -> dict[str, tuple[str, ...]]:
    """What has a table of fields, and the path to it: the record, and the facts of each shape, the
    commonest first."""
    facts = (name for name in whole["$defs"] if name.endswith("_facts"))
    return {"Record": (), **dict.fromkeys(facts, ("facts",))}


def _resolved(whole: Schema, node: Schema) -> dict[str, Any]:
    """The node with what it refers to put in, also where that may be null; what it says of itself
    stays."""
    options = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
    if "$ref" in node:
        target = whole["$defs"][node["$ref"].removeprefix("#/$defs/")]
    elif len(options) == 1:
        target = {**_resolved(whole, options[0]), "nullable": "title" not in node}
    else:
        return dict(node)
    own = {key: part for key, part in node.items() if key not in ("$ref", "anyOf")}
    kept = target if "properties" not in target else {**target, "title": "object"}
    return {**kept, **own}


def fields(
    whole: Schema, node: Mapping[str, Any], path: tuple[str | int, ...] = (), column: str = ""
) -> Iterator[Field]:
    """Every field below an object or a pair of the schema, each before its own parts.

    `column` is the name of the column of `node` itself; parts add to it with an underscore.
    """
    steps: list[tuple[str | int, str, Schema]] = [
        (key, IN_A_NAME.get(key, key), item) for key, item in node.get("properties", {}).items()
    ]
    # the title of a place in a pair names it; its type is said by what it refers to
    steps += [
        (place, item["title"], {key: part for key, part in item.items() if key != "title"})
        for place, item in enumerate(node.get("prefixItems", ()))
    ]
    for step, name, item in steps:
        found = Field((*path, step), f"{column}_{name}" if column else name, _resolved(whole, item))
        yield found
        yield from fields(whole, found.schema, found.path, found.column)


def columns(whole: Schema) -> list[Field]:
    """The columns of `/activations.csv` after `slug`, in the schema's order.

    A fact that several kinds have, such as `sum`, has one column.
    """
    found = [
        field
        for name, path in _sections(whole).items()
        for field in fields(whole, whole["$defs"][name], path)
    ]
    # what has parts has columns for these
    cells = (f for f in found if not {"properties", "prefixItems"} & f.schema.keys())
    return list({f.column: f for f in cells if f.column not in LEFT_OUT}.values())


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
    try:
        return functools.reduce(operator.getitem, path, record)
    except (KeyError, TypeError):
        return None


def cell(value: Any) -> str:
    """A value as text: empty for null, `a; b` for a list, in which an interval is `[0.0, inf)`, a
    parameter `name=value` and a kink its x."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case str():
            return value
        case list():
            return "; ".join(map(cell, value))
        case {"lower": low, "lower_attained": low_in, "upper": high, "upper_attained": high_in}:
            return words.between(cell(low), low_in, cell(high), high_in)
        case {"name": name, "shown": shown}:
            return f"{name}={cell(shown)}"
        case {"name": name, "paper": paper}:
            return f"{name}: {paper}"
        case {"x": place}:
            return cell(place)
    return repr(value)


def field_tables(records: Sequence[Mapping[str, Any]]) -> str:
    """The tables of `docs/data.md`: every field, its type, its column and what it means."""
    whole = schema(records)
    in_table = {field.column for field in columns(whole)}
    sections = []
    for name, path in _sections(whole).items():
        node = whole["$defs"][name]
        anchor = "activation" if name == "Record" else name.replace("_", "-")
        rows = [_row(field, in_table) for field in _with_items(whole, node, path)]
        head = f"### {node['title']} {{: #{anchor} }}\n\n{node['description']}\n\n"
        sections.append(head + markdown_table(("Field", "Column", "Type", "Meaning"), rows))
    return "\n".join(sections)


def model_fields() -> str:
    """The table of `docs/data.md` for a family's record in `/models.json`."""
    whole = schema_of(ModelFamily)
    rows = [
        (f"`{field.address}`", _type(field.schema), field.schema["description"])
        for field in fields(whole, whole)
    ]
    return markdown_table(("Field", "Type", "Meaning"), rows)


def _with_items(whole: Schema, node: Schema, path: tuple[str | int, ...]) -> Iterator[Field]:
    """The fields below `node`, and for a list of objects the fields of its items."""
    for field in fields(whole, node, path):
        yield field
        items = _resolved(whole, field.schema.get("items") or {})
        for part in fields(whole, items):
            yield Field((*field.path, ITEM, *part.path), "", part.schema)


def _row(field: Field, in_table: set[str]) -> tuple[str, ...]:
    column = f"`{field.column}`" if field.column in in_table else ""
    return (f"`{field.address}`", column, _type(field.schema), field.schema["description"])


def _type(node: Schema) -> str:
    """A type in words."""
    if node.get("nullable"):
        return f"{_type({**node, 'nullable': False})} or null"
    if "prefixItems" in node:
        return f"[{', '.join(item['title'] for item in node['prefixItems'])}]"
    if "title" in node:
        return str(node["title"])
    if "enum" in node:
        return " or ".join(map(str, node["enum"]))
    if "anyOf" in node:
        *most, last = (text for option in node["anyOf"] for text in _options(option))
        return f"{', '.join(most)} or {last}"
    if node["type"] == "array":
        return "list of objects" if "$ref" in node["items"] else f"list of {_type(node['items'])}s"
    return IN_WORDS.get(node["type"], str(node["type"]))


def _options(node: Schema) -> list[str]:
    """A type in words, or the values that it names as JSON has them."""
    return [json.dumps(value) for value in node["enum"]] if "enum" in node else [_type(node)]


def anchors(records: Sequence[Mapping[str, Any]]) -> str:
    """The permanent addresses of facts on pages, the commonest first."""
    labels: dict[str, dict[str, None]] = defaultdict(dict)
    pages: dict[str, list[str]] = defaultdict(list)
    for record in records:
        for key, (label, _) in record["told"].items():
            labels[key][label] = None
            pages[key].append(record["slug"])
    rows = [
        (f"[`#{key}`](/activations/{slugs[0]}.md#{key})", "; ".join(labels[key]), str(len(slugs)))
        for key, slugs in sorted(pages.items(), key=lambda item: -len(item[1]))
    ]
    return markdown_table(("Anchor", "Fact", "Pages"), rows)
