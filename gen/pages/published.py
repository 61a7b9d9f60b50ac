"""What the published JSON files hold: each a typed model, from which come its schema and its
documentation. What facts hold is said by their families."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, WithJsonSchema

from activations._entry import FRAMEWORKS

from ..facts.family import Part, titled

Text = Annotated[str, Field(min_length=1, title="text")]
Texts = Annotated[list[Text], titled("list of texts")]
Date = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
Module = Annotated[str | None, Field(title="text or null", pattern=r"^torch\.nn\.")]
Function = Annotated[str | None, Field(title="text or null", pattern=r"^torch\.nn\.functional\.")]


class Parameter(Part):
    name: Text
    """name of the argument"""
    symbol: Text
    """symbol in the formula"""
    default: float | None
    """torch's default; null where torch has none"""
    shown: float
    """value at which facts and samples are computed: the default where there is one"""
    learnable: bool
    """whether torch trains it"""
    meaning: Text
    """what it does"""


class Model(Part):
    name: Text
    """the model"""
    paper: Text
    """key of its paper in papers.bib"""


class Record(Part):
    """What a record holds, whatever the kind of the function."""

    model_config = ConfigDict(title="Every activation")

    name: Text
    """short name, as on the page"""
    title: Text
    """full name"""
    summary: Text
    """one sentence that says what it is"""
    aliases: Texts
    """other names in use"""
    family: Text
    """group in the catalogue, and the anchor of its section there"""
    kind: str
    """what goes in and comes out; it decides which facts there are"""
    torch: Module
    """torch's module; null where torch has none"""
    functional: Function
    """torch's function; null where torch has none"""
    parameters: list[Parameter]
    """the arguments that the formula depends on, in torch's order"""
    formula: Text
    """definition, in LaTeX"""
    derivative: str
    """first derivative, in LaTeX; empty for a layer"""
    second_derivative: str
    """second derivative, in LaTeX; empty unless the function is of one number"""
    papers: Annotated[list[Text], Field(min_length=1, title="list of texts")]
    """keys of papers.bib, the paper that introduced it first"""
    witnesses: Texts
    """packages whose own code was run and gives the function's values, with their versions; beyond
    torch, the second witness, and empty where there is none"""
    models: list[Model]
    """models that made it known, each with its paper"""
    facts: Annotated[dict[str, Any], titled("object")]
    """what is computed or measured, at the shown parameters: see below, by kind"""


class Catalogue(Part):
    """Everything that is computed for the catalogue of activation functions."""

    model_config = ConfigDict(title="activations.json")

    torch: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    """release of torch that the formulas were held against, such as 2.13.0"""
    activations: Annotated[
        dict[str, Record],
        Field(min_length=1, json_schema_extra={"propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"}}),
    ]
    """one record for each activation, by slug: the name of its page and of its table of samples"""


class Forms(Part):
    name: Annotated[str, Field(pattern="^[A-Za-z_][A-Za-z0-9_]*$")]
    """what the SymPy and the Python text define"""
    latex: Text
    """LaTeX without delimiters"""
    mathml: Annotated[str, Field(pattern="^<math .*</math>$")]
    """presentation MathML, with the LaTeX as an annotation"""
    sympy: Text
    """Python source that needs SymPy alone"""
    python: Text
    """Python source that needs the standard library alone"""


class Copies(RootModel[dict[str, Forms]]):
    """The formulas and facts of one activation, by their addresses on its page, each in four
    forms."""

    model_config = ConfigDict(
        title="forms.json",
        json_schema_extra={
            "required": ["definition-formula"],
            "propertyNames": {"pattern": "^[a-z][A-Za-z0-9-]*$"},
        },
    )


# models.json


class ModelFamily(Part):
    activation: str | None
    """the key of the activation in activations.json; null where that has none, or none is stated"""
    name: str | None
    """what the package calls it; null where none is stated"""
    gated: Annotated[bool | None, titled("true, false or null")]
    """whether another projection is multiplied by it; null where that is unclear"""
    takes: Annotated[
        list[Literal["text", "image", "video", "audio", "time"]],
        Field(min_length=1, title="list of texts"),
    ]
    """what the models take: text, image, video, audio, time"""
    year: int | None
    """year in the copyright line of the source; null where it has none"""


class Package(Part):
    versions: dict[str, str]
    """the package and torch, with the versions that were asked"""
    families: Annotated[dict[str, ModelFamily], Field(min_length=1)]
    """one record for each folder or module of models, by its name"""


class Models(Part):
    """Which activation each family of models uses by default, by package."""

    model_config = ConfigDict(title="models.json")

    date: Date
    """when it was measured"""
    transformers: Package
    """Hugging Face's library"""
    timm: Package
    """PyTorch Image Models"""


# equivalents.json

Measured = Annotated[
    float | str,
    WithJsonSchema({"anyOf": [{"type": "number"}, {"enum": ["inf", "-inf", "nan"]}]}),
]
Kinks = Annotated[dict[str, float], Field(description="slope at each kink, by its x")]
Special = Annotated[
    dict[Literal["inf", "-inf", "nan", "100", "-100"], list[Measured | None]],
    Field(
        description="what ±inf, NaN and ±100 give: value and slope (null where there is none), or"
        " for functions of a vector the outputs of a row"
    ),
]
Status = Literal["same", "matched", "different", "missing"]


class Gap(Part):
    max: Measured
    """the largest absolute difference from torch"""
    x: float = 0.0
    """where it is; only where it is more than rounding and the function is of one number"""
    torch: float = 0.0
    """torch's number there"""
    there: float = 0.0
    """the framework's number there"""


class Gaps(Part):
    value: Gap
    """of outputs"""
    slope: Gap | None
    """of slopes beside kinks; null where there are none"""


class Run(Part):
    framework: str
    """where the code belongs"""
    runner: str
    """what ran it: the framework; for ONNX onnx (its reference implementation) and onnxruntime"""
    code: str
    """the code that ran"""
    signature: str
    """how it is declared, with defaults; for ONNX with the opset"""
    code_gap: Gaps
    """largest differences from torch of the code"""
    own: str = ""
    """the call at the framework's own settings"""
    own_gap: Gaps | None = None
    """largest differences from torch of own"""
    kinks: Kinks
    special: Special


class Code(Part):
    framework: Annotated[str, Field(json_schema_extra={"enum": [*FRAMEWORKS]})]
    """where it belongs"""
    status: Status
    """same: as it is called; matched: once settings are given; different: another function by a
    like name; missing: put together"""
    code: str
    """the code, whose last line sets y"""
    own: str | None
    """the same call at the framework's own settings, where these are not torch's"""
    computes: str | None
    """LaTeX of what own, or a different code, computes; null where it is torch's"""
    measured: Annotated[list[Run], Field(min_length=1)]
    """one record for each program that ran it"""


class Edges(Part):
    kinks: Kinks
    special: Special


class Equivalent(Part):
    name: str
    """short name"""
    torch: Edges
    """torch's slopes at kinks and its outputs for special inputs"""
    matrix: dict[str, Literal["same", "matched", "different", "missing", "torch's"]]
    """status by framework; "torch's" where a library that runs on torch has no name for it"""
    elsewhere: list[Code]
    """each code; none where none is given"""


class Grid(Part):
    start: Annotated[float, Field(alias="from")]
    """the first input"""
    to: float
    """the last input"""
    step: float
    """between neighbours"""
    rounding: float
    """a difference counts above it"""


class Equivalents(Part):
    """Each activation's code in other frameworks, and how far what it computes is from torch."""

    model_config = ConfigDict(title="equivalents.json")

    date: Date
    """when it was measured"""
    torch: str
    """torch's version"""
    versions: dict[str, str]
    """version of each package that was asked"""
    grid: Grid
    """the inputs of functions of one number, and from where on a difference counts"""
    activations: dict[str, Equivalent]
    """by the last part of the page's address"""


FILES: dict[str, type[BaseModel]] = {
    "equivalents": Equivalents,
    "forms": Copies,
    "models": Models,
}
"""The published files whose schema depends on no record, by the names that their schemas have."""
