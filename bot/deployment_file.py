"""Reads a deployment file and the tables beside it, and words what is wrong with them, a line each."""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.mistakes import Mistake
from handlers.cases.calendar import require_holidays
from handlers.deployment import Deployment
from storage.vocabulary import AreaLevel

Keys = tuple[str | int, ...]
#: in which level of area one of each lies
_ABOVE = {AreaLevel.VILLAGE: AreaLevel.DISTRICT, AreaLevel.DISTRICT: AreaLevel.REGENCY}


class DeploymentError(Mistake):
    """The deployment cannot be used; one line for each fault: where, what was expected, what stands there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def read_deployment(path: Path) -> Deployment:
    """Return the checked contents of a deployment file; its `areas` name files relative to it.

    Raises DeploymentError.
    """
    document = _parse(path)
    areas = _read_areas(document)
    try:
        deployment = Deployment.model_validate({**document.values, "areas": areas.rows})
    except ValidationError as error:
        raise DeploymentError(list(_worded(error, document, areas))) from error
    if faults := [f"{_place(keys, document, areas)}: {fault}" for keys, fault in _misplaced(deployment)]:
        raise DeploymentError(faults)
    _require_known(deployment, document)
    return deployment


# What follows is not looked at by the model: an earlier release may have loaded what this one refuses.


def _misplaced(deployment: Deployment) -> Iterator[tuple[Keys, str]]:
    """Yield areas that do not lie where they must: else one could lie within itself."""
    levels = {area.code: area.level for area in deployment.areas}
    for n, area in enumerate(deployment.areas):
        keys, parent = ("areas", n, "parent_code"), levels.get(area.parent_code or "")
        if area.level is AreaLevel.VILLAGE and parent is None:
            yield keys, "missing, a village needs the code of its district"
        elif parent and parent is not _ABOVE.get(area.level):
            yield keys, f"no {area.level} lies in a {parent}, as {area.parent_code} is"


def _require_known(deployment: Deployment, document: "_Document") -> None:
    """Raises DeploymentError where numbers or holidays of the country are not known."""
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - read by who loads a file, not by who runs

    if deployment.phone_region not in SUPPORTED_REGIONS:
        found = _shown(deployment.phone_region)
        where = document.at(("phone_region",))
        raise DeploymentError(
            [f"{where}: expected a country whose numbers are known, such as ID, found {found}"]
        )
    try:
        require_holidays(deployment.calendar)
    except ValueError as error:
        raise DeploymentError([f"{document.at(('calendar', 'country'))}: {error}"]) from None


# --- YAML ---


class _Loader(yaml.SafeLoader):
    """Reads scalars as YAML 1.2 does: 20:00 is a time and not 1200, "no" is a word, 0564 is a telephone number."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _tag, _pattern, _first in [
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
]:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))


@dataclass(frozen=True, slots=True)
class _Document:
    path: Path
    values: dict[str, Any]
    #: where each key or list entry begins
    lines: dict[Keys, int] = field(default_factory=dict)

    def at(self, keys: Keys) -> str:
        """Return "file:line: path.in.it", with the line of the nearest known key."""
        known = next((keys[:n] for n in range(len(keys), 0, -1) if keys[:n] in self.lines), ())
        line = f":{self.lines[known]}" if known else ""
        where = ".".join(map(str, keys))
        return f"{self.path}{line}: {where}" if where else f"{self.path}{line}"


def _parse(path: Path) -> _Document:
    loader = _Loader(_text(path, "DEPLOYMENT names it, seen from the folder you start in"))
    lines: dict[Keys, int] = {}
    try:
        root = loader.get_single_node()
        twice = list(_survey(root, (), lines))
        if twice:
            raise DeploymentError(
                [f"{path}:{line}: {'.'.join(map(str, keys))}: given twice" for keys, line in twice]
            )
        values = loader.construct_document(root) if root else None
    except yaml.MarkedYAMLError as error:
        raise DeploymentError([_not_yaml(path, error)]) from error
    except RecursionError as error:
        raise DeploymentError([f"{path}: lists within lists without end"]) from error
    except (yaml.YAMLError, ValueError) as error:
        problem = str(error).splitlines()[0]
        raise DeploymentError([f"{path}: expected YAML, found: {problem}"]) from error
    finally:
        loader.dispose()
    if not isinstance(values, dict):
        raise DeploymentError([f"{path}: expected keys and values, found {_shown(values)}"])
    return _Document(path, values, lines)


def _not_yaml(path: Path, error: yaml.MarkedYAMLError) -> str:
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    line = f":{mark.line + 1}" if mark else ""
    since = f" ({error.context}, line {begun.line + 1})" if begun and error.problem else ""
    return f"{path}{line}: expected YAML, found: {error.problem or error.context}{since}"


def _text(path: Path, hint: str = "areas: names it, seen from the folder of the deployment file") -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DeploymentError([f"{path}: cannot be read ({error.strerror}); {hint}"]) from error
    except UnicodeDecodeError as error:
        raise DeploymentError(
            [f"{path}: expected UTF-8 text, found another encoding at byte {error.start}"]
        ) from error


def _survey(node: yaml.Node | None, keys: Keys, lines: dict[Keys, int]) -> Iterator[tuple[Keys, int]]:
    """Note the line of every entry; yield the keys that are given twice."""
    if isinstance(node, yaml.SequenceNode):
        for index, entry in enumerate(node.value):
            lines[*keys, index] = entry.start_mark.line + 1
            yield from _survey(entry, (*keys, index), lines)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here, line = (*keys, str(key.value)), key.start_mark.line + 1
            if here in lines:
                yield here, line
            lines[here] = line
            yield from _survey(value, here, lines)


# --- areas ---


class _Files(BaseModel, extra="forbid"):
    """What `areas` holds: files relative to the deployment file."""

    #: CSV: code, level (2 regency, 3 district, 4 village), name, parent_code, lat, lon; more columns are ignored
    table: str
    #: GeoJSON FeatureCollection, WGS84; `properties.code` names the area
    boundaries: str | None = None


_Point = Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=3)]
_Ring = Annotated[list[_Point], Field(min_length=4)]


class _Polygon(BaseModel):
    type: Literal["Polygon"]
    coordinates: Annotated[list[_Ring], Field(min_length=1)]


class _MultiPolygon(BaseModel):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Annotated[list[_Ring], Field(min_length=1)]], Field(min_length=1)]


class _Properties(BaseModel):
    code: str


class _Feature(BaseModel):
    properties: _Properties
    geometry: Annotated[_Polygon | _MultiPolygon, Field(discriminator="type")]


class _Boundaries(BaseModel):
    features: list[_Feature]


_LEVELS = {"2": AreaLevel.REGENCY, "3": AreaLevel.DISTRICT, "4": AreaLevel.VILLAGE}
_COLUMNS = ("code", "level", "name", "parent_code", "lat", "lon")


@dataclass(frozen=True, slots=True)
class _Areas:
    path: Path
    rows: list[dict[str, Any]]
    lines: list[int]


def _read_areas(document: _Document) -> _Areas:
    try:
        files = _Files.model_validate(document.values.get("areas"))
    except ValidationError as error:
        raise DeploymentError(
            [_fault(document.at(("areas", *fault["loc"])), fault["msg"], fault) for fault in _details(error)]
        ) from error
    areas = _read_table(document.path.parent / files.table)
    if files.boundaries:
        _add_boundaries(areas, document.path.parent / files.boundaries)
    return areas


def _read_table(path: Path) -> _Areas:
    reader = csv.DictReader(_text(path).splitlines())
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise DeploymentError(
            [f"{path}:1: expected the columns {', '.join(_COLUMNS)}; {missing[0]} is missing"]
        )
    areas = _Areas(path, [], [])
    faults = []
    for row in reader:
        areas.lines.append(reader.line_num)
        areas.rows.append({column: row[column] or None for column in _COLUMNS})
        areas.rows[-1]["level"] = _LEVELS.get(row["level"] or "")
        if areas.rows[-1]["level"] is None:
            level = _shown(row["level"])
            faults.append(f"{path}:{reader.line_num}: level: expected 2, 3 or 4, found {level}")
    if faults:
        raise DeploymentError(faults)
    _forget_province(areas)
    return areas


def _forget_province(areas: _Areas) -> None:
    """The regency's own parent is no part of the deployment."""
    known = {row["code"] for row in areas.rows}
    for row in areas.rows:
        if row["level"] is AreaLevel.REGENCY and row["parent_code"] not in known:
            row["parent_code"] = None


def _add_boundaries(areas: _Areas, path: Path) -> None:
    try:
        raw = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise DeploymentError([f"{path}:{error.lineno}: expected JSON, found: {error.msg}"]) from error
    except RecursionError as error:
        raise DeploymentError([f"{path}: lists within lists without end"]) from error
    try:
        found = TypeAdapter(_Boundaries).validate_python(raw)
    except ValidationError as error:
        raise DeploymentError(
            [
                _fault(f"{path}: {'.'.join(map(str, fault['loc']))}", fault["msg"], fault)
                for fault in _details(error)
            ]
        ) from error
    rows = {row["code"]: row for row in areas.rows}
    faults = [
        f"{path}: features.{n}.properties.code: expected a code of {areas.path.name}, found {feature.properties.code}"
        for n, feature in enumerate(found.features)
        if feature.properties.code not in rows
    ]
    if faults:
        raise DeploymentError(faults)
    for feature in found.features:
        rows[feature.properties.code]["boundary"] = feature.geometry.model_dump()


# --- wording ---


def _details(error: ValidationError) -> list[dict[str, Any]]:
    return [dict(fault) for fault in error.errors(include_url=False, include_context=False)]


def _worded(error: ValidationError, document: _Document, areas: _Areas) -> Iterator[str]:
    for fault in _details(error):
        keys: Keys = fault["loc"]
        if keys:
            yield _fault(_place(keys, document, areas), fault["msg"], fault)
            continue
        for line in fault["msg"].removeprefix("Value error, ").splitlines():
            where, _, what = line.partition(": ")
            path = tuple(int(part) if part.isdigit() else part for part in where.split("."))
            yield f"{_place(path, document, areas)}: {what}"


def _place(keys: Keys, document: _Document, areas: _Areas) -> str:
    if keys[0] == "areas" and len(keys) > 1 and isinstance(keys[1], int):
        column = ".".join(map(str, keys[2:]))
        return f"{areas.path}:{areas.lines[keys[1]]}: {column}".removesuffix(": ")
    return document.at(keys)


def _fault(where: str, message: str, fault: dict[str, Any]) -> str:
    match fault["type"]:
        case "missing":
            return f"{where}: missing"
        case "extra_forbidden":
            return f"{where}: unknown key"
        case _:
            expected = re.sub(r"^Value error, ", "", message)
            expected = re.sub(
                r"^(?:Input|String|Tuple|Frozenset|Value) should (?:be|have|match)\b", "expected", expected
            )
            expected = re.sub(r"a valid dictionary or instance of \w+", "keys and values", expected)
            return f"{where}: {expected}, found {_shown(fault['input'])}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"
