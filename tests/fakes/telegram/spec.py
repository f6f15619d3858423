"""The Bot API's own description, and requests held against it.

`telegram-bot-api.json` is an extract: the methods named below with the types they take. To make it anew from
the full description (PaulSonOfLars/telegram-bot-api-spec, MIT, licence alongside), or after adding a method:

    python -m tests.fakes.telegram.spec FULL.json
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

METHODS: Final = (
    "answerCallbackQuery",
    "deleteMyCommands",
    "deleteWebhook",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "editMessageText",
    "getFile",
    "getMe",
    "getUpdates",
    "getWebhookInfo",
    "sendDocument",
    "sendMediaGroup",
    "sendMessage",
    "sendPhoto",
    "sendVideo",
    "sendVoice",
    "setMyCommands",
    "setWebhook",
)
EXTRACT: Final = Path(__file__).with_name("telegram-bot-api.json")

_ARRAY: Final = "Array of "
_ATTACHED: Final = "attach://"
_PRIMITIVES: Final[Mapping[str, tuple[type, ...]]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
}

Json = dict[str, Any]


@dataclass(frozen=True)
class Upload:
    """A file in a multipart form."""

    name: str
    media_type: str
    content: bytes


class Spec:
    """What requests may look like."""

    def __init__(self, extract: Path = EXTRACT) -> None:
        described = json.loads(extract.read_text(encoding="utf-8"))
        self._methods: Json = described["methods"]
        self._types: Json = described["types"]

    def read(self, method: str, raw: Mapping[str, Any], *, is_json: bool) -> tuple[Json, list[str]]:
        """Return the parameters as values, and what is wrong with them. `is_json`: they are values already."""
        if method not in self._methods:
            return dict(raw), [f"{method}: no such method, or not in the extract"]
        fields = self._methods[method]
        params = {
            name: value if is_json else _decoded(value, fields.get(name, {}).get("types", []))
            for name, value in raw.items()
        }
        loose = {name for name, value in params.items() if isinstance(value, Upload)} - fields.keys()
        faults = self._faults(method, fields, {name: params[name] for name in params.keys() - loose})
        return params, [*faults, *_attachment_faults(method, params, loose)]

    def _faults(self, where: str, fields: Json, values: Mapping[str, Any]) -> Iterator[str]:
        for name in values.keys() - fields.keys():
            yield f"{where}: unknown field {name}"
        for name, field in fields.items():
            if name in values:
                yield from self._value_faults(f"{where}.{name}", field["types"], values[name])
            elif field["required"]:
                yield f"{where}: {name} is missing"

    def _value_faults(self, where: str, types: list[str], value: Any) -> Iterator[str]:
        """Yield what is wrong by the type that fits best; nothing if one fits."""
        if all(wanted.startswith(_ARRAY) for wanted in types) and isinstance(value, list):
            items = [
                wanted.removeprefix(_ARRAY) for wanted in types
            ]  # "Array of X or Array of Y" may hold both
            for index, item in enumerate(value):
                yield from self._value_faults(f"{where}[{index}]", items, item)
            return
        by_type = [list(self._type_faults(where, wanted, value)) for wanted in types]
        yield from min(by_type, key=len)

    def _type_faults(self, where: str, wanted: str, value: Any) -> Iterator[str]:
        if wanted.startswith(_ARRAY):
            yield f"{where}: not a list"
        elif wanted == "InputFile":
            if not isinstance(value, Upload):
                yield f"{where}: not an upload"
        elif wanted in _PRIMITIVES:
            if not isinstance(value, _PRIMITIVES[wanted]) or (
                wanted != "Boolean" and isinstance(value, bool)
            ):
                yield f"{where}: not of type {wanted}"
        elif subtypes := self._types[wanted].get("subtypes"):
            yield from self._value_faults(where, subtypes, value)
        elif isinstance(value, dict):
            yield from self._faults(where, self._types[wanted]["fields"], value)
        else:
            yield f"{where}: not of type {wanted}"


def _attachment_faults(method: str, params: Json, loose: set[str]) -> Iterator[str]:
    """Yield uploads that nothing names, and names that no upload has."""
    named = {
        item["media"].removeprefix(_ATTACHED)
        for item in params.get("media", [])
        if isinstance(item, dict) and str(item.get("media")).startswith(_ATTACHED)
    }
    for name in loose ^ named:
        yield f"{method}: {name} is uploaded and not named, or the other way round"


def _decoded(value: Any, types: list[str]) -> Any:
    """Return the value a form's text stands for; the text itself if it stands for none of `types`."""
    if not isinstance(value, str):
        return value
    wants_json = [wanted for wanted in types if wanted != "String"]
    if not wants_json:
        return value
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    # "1234" for Integer-or-String is the number; a text that happens to be JSON stays a text
    return value if isinstance(decoded, str) else decoded


def extract(full: Json) -> Json:
    """Return what `Spec` needs of the full description."""
    types: Json = {}
    methods = {name: _fields(full, full["methods"][name], types) for name in METHODS}
    return {"version": full["version"], "methods": methods, "types": dict(sorted(types.items()))}


def _fields(full: Json, described: Json, types: Json) -> Json:
    fields = described.get("fields", [])
    for field in fields:
        for wanted in field["types"]:
            _add_type(full, wanted, types)
    return {field["name"]: {"types": field["types"], "required": field["required"]} for field in fields}


def _add_type(full: Json, wanted: str, types: Json) -> None:
    name = wanted.replace(_ARRAY, "")
    if name in types or name not in full["types"]:
        return
    described = full["types"][name]
    types[name] = {}
    if subtypes := described.get("subtypes"):
        types[name]["subtypes"] = subtypes
        for subtype in subtypes:
            _add_type(full, subtype, types)
    else:
        types[name]["fields"] = _fields(full, described, types)


def _lines(described: Json) -> str:
    """Return JSON with a line for each method and type, so that a change can be read as one."""
    parts = [
        f'"{part}": {{\n'
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in described[part].items())
        + "\n}"
        for part in ("methods", "types")
    ]
    return "{\n" + ",\n".join([f'"version": {json.dumps(described["version"])}', *parts]) + "\n}\n"


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    EXTRACT.write_text(_lines(extract(source)), encoding="utf-8")
