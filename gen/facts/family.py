"""A family of facts is one typed model: from its fields come the rows on the page, their words, the
JSON that is published, its schema and its documentation."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

from . import words

INF = float("inf")
IN_JSON = PlainSerializer(lambda value: str(value) if value in (INF, -INF) else value)
Extended = Annotated[
    float, IN_JSON, WithJsonSchema({"anyOf": [{"type": "number"}, {"enum": ["inf", "-inf"]}]})
]
"""A number that may be infinite; JSON has no infinity, and says "inf" or "-inf"."""

Size = Annotated[
    float,
    IN_JSON,
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"enum": ["inf"]}]}),
]
"""A number from 0 to infinity."""


@dataclass(frozen=True)
class Place:
    """What a place in a pair is called, and what it means."""

    title: str
    description: str

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {**handler(core), **vars(self)}


Shape = Annotated[list[Annotated[int, Field(ge=1)]], Field(title="list of whole numbers")]
"""The sizes of a tensor."""

PAGE_ONLY = Field(exclude=True)
"""Marks a fact that the JSON does not have."""


@dataclass(frozen=True)
class Row:
    """A fact on a page: its permanent address, its label, its text in Markdown, its value.

    `value` is what programs get, in full precision (see `values.py`). At a `glance` stand the few
    facts at the top of the page, the others in its table.
    """

    key: str
    label: str
    text: str
    value: Any
    glance: bool = False


@dataclass(frozen=True)
class Fact:
    """How a field of a family is found and shown; its docstring says what it means.

    `find` computes it, from what its family is made of. A field with a `label` is a row of the
    page, at the address `key`, by default its name; `words` and `value` make the row's text and
    value of all facts, by default plainly of the field. Without words there is no row. With
    `glance` it stands at the page's top instead, or where `glance` finds so.
    """

    label: str = ""
    find: Callable[[Any], Any] | None = None
    words: Callable[[Any], str] | None = None
    value: Callable[[Any], Any] | None = None
    key: str = ""
    glance: bool | Callable[[Any], bool] = False

    def row(self, name: str, facts: Any) -> Row | None:
        value = getattr(facts, name)
        text = self.words(facts) if self.words else plain(value)
        if not text:
            return None
        shown = self.value(facts) if self.value else value
        glance = self.glance(facts) if callable(self.glance) else self.glance
        return Row(self.key or name.replace("_", "-"), self.label, text, shown, glance)


def plain(value: Any) -> str:
    """The words of a value that needs no others; none of what is unknown."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"${words.about(value)}$"
    return str(value)


class Part(BaseModel):
    """A value of several parts, each a field with a docstring that says what it means."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True
    )

    @classmethod
    def told(cls) -> dict[str, Fact]:
        """Each field's name and what is said of it."""
        return {
            name: fact
            for name, field in cls.model_fields.items()
            for fact in field.metadata
            if isinstance(fact, Fact)
        }

    def named(self) -> dict[str, Any]:
        """The parts by the names that the JSON has."""
        fields = type(self).model_fields.items()
        return {field.alias or name: getattr(self, name) for name, field in fields}

    def rows(self) -> Iterator[Row]:
        """The rows of the page, in the order of the fields."""
        for name, fact in self.told().items():
            value = getattr(self, name)
            if fact.label:
                if row := fact.row(name, self):
                    yield row
            elif isinstance(value, Part):
                yield from value.rows()


class Extent(Part):
    """An interval of numbers, and which of its ends belong to it."""

    lower: Extended
    """lower end"""
    lower_attained: bool
    """whether that end belongs to it"""
    upper: Extended
    """upper end"""
    upper_attained: bool
    """whether that end belongs to it"""

    def __str__(self) -> str:
        return f"${words.extent(self)}$"


EVERYTHING = Extent(lower=-INF, lower_attained=False, upper=INF, upper_attained=False)


class Family(Part):
    """What is true of a function of one shape. `family` names it in the schema, its docstring says
    there what it holds, the title in `model_config` what it is."""

    family: ClassVar[str]

    @classmethod
    def of(cls, source: Any, *names: str) -> dict[str, Any]:
        """The facts of these names, or all, as they are found of `source`."""
        told = cls.told()
        return {
            name: fact.find(source)
            for name, fact in told.items()
            if fact.find and (not names or name in names)
        }

    def published(self) -> dict[str, Any]:
        """What `/activations.json` has under `facts`."""
        return self.model_dump(mode="json", by_alias=True)


class Schema(GenerateJsonSchema):
    """JSON Schema whose titles are only those that somebody wrote."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """A model's JSON Schema (draft 2020-12), of what it is written as."""
    return _in_lines(model.model_json_schema(mode="serialization", schema_generator=Schema))


def _in_lines(node: Any) -> Any:
    """The schema with each description in one line."""
    if isinstance(node, list):
        return [_in_lines(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: _in_lines(part) for key, part in node.items()}
    if isinstance(found.get("description"), str):
        found["description"] = " ".join(found["description"].split())
    return found


def titled(title: str) -> Any:
    """A field's type in words, where what is made of the schema would not say enough."""
    return Field(title=title)
