"""Twilio's own description of its API, and requests held against it.

`twilio-api.json` is an extract: the operations named below with the parameters they take. To make it anew from the
full description (twilio_api_v2010.json of twilio/twilio-oai, MIT, licence alongside), or after adding an operation:

    python -m tests.fakes.twilio.spec FULL.json
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_ACCOUNT: Final = "/2010-04-01/Accounts/{AccountSid}"
OPERATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "CreateMessage": ("post", f"{_ACCOUNT}/Messages.json"),
    "ListMessage": ("get", f"{_ACCOUNT}/Messages.json"),
    "FetchAccount": ("get", "/2010-04-01/Accounts/{Sid}.json"),
    "ListIncomingPhoneNumber": ("get", f"{_ACCOUNT}/IncomingPhoneNumbers.json"),
    "UpdateIncomingPhoneNumber": ("post", f"{_ACCOUNT}/IncomingPhoneNumbers/{{Sid}}.json"),
}
#: what the API shows of them
SCHEMAS: Final[Mapping[str, str]] = {
    "message": "api.v2010.account.message",
    "account": "api.v2010.account",
    "incoming_phone_number": "api.v2010.account.incoming_phone_number",
}
EXTRACT: Final = Path(__file__).with_name("twilio-api.json")

#: of a field's description, what a value can be held against
_KEPT: Final = ("type", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "enum")

Json = dict[str, Any]


class Spec:
    """What requests may look like."""

    def __init__(self, extract: Path = EXTRACT) -> None:
        described = json.loads(extract.read_text(encoding="utf-8"))
        self._operations: Json = described["operations"]
        self._fields: Json = described["fields"]

    def faults(self, operation: str, params: Sequence[tuple[str, str]]) -> list[str]:
        """Return what is wrong with the parameters of a request."""
        fields = self._operations[operation]
        return list(self._faults(operation, fields, params))

    def fields(self, kind: str) -> list[str]:
        """Return the names of what the API shows of a thing of this kind."""
        return list(self._fields[kind])

    def _faults(self, operation: str, fields: Json, params: Sequence[tuple[str, str]]) -> Iterator[str]:
        given = [name for name, _ in params]
        for name, field in fields.items():
            if field.get("required") and name not in given:
                yield f"{operation}: {name} is missing"
        for name, value in params:
            if name not in fields:
                yield f"{operation}: unknown field {name}"
            elif given.count(name) > 1 and fields[name].get("type") != "array":
                yield f"{operation}: {name} is given twice"
            elif (wanted := _mismatch(fields[name], value)) is not None:
                yield f"{operation}: {name} is not {wanted}"


def _mismatch(field: Json, value: str) -> str | None:
    """Return what a value ought to be and is not."""
    match field.get("type"):
        case "integer" if not value.isdecimal():
            return "an integer"
        case "boolean" if value.lower() not in {"true", "false"}:
            return "a boolean"
    if "enum" in field and value not in field["enum"]:
        return f"one of {field['enum']}"
    if "pattern" in field and not re.fullmatch(field["pattern"], value):
        return str(field["pattern"])
    if "maximum" in field and int(value) > field["maximum"]:
        return f"at most {field['maximum']}"
    if field.get("format") == "uri" and not _is_url(value):
        return "an address"
    return None


def _is_url(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "_" not in parts.netloc


def extract(full: Json) -> Json:
    """Return what `Spec` needs of the full description."""
    operations = {
        name: _parameters(full, full["paths"][path][method]) for name, (method, path) in OPERATIONS.items()
    }
    schemas = full["components"]["schemas"]
    fields = {kind: sorted(schemas[name]["properties"]) for kind, name in SCHEMAS.items()}
    return {"version": full["info"]["version"], "operations": operations, "fields": fields}


def _parameters(full: Json, operation: Json) -> Json:
    """Return the fields of the address's query and of the form."""
    query = {
        parameter["name"]: _kept(full, parameter["schema"])
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }
    form = operation.get("requestBody", {}).get("content", {}).get("application/x-www-form-urlencoded", {})
    schema = form.get("schema", {})
    fields = {name: _kept(full, field) for name, field in schema.get("properties", {}).items()}
    for name in schema.get("required", []):
        fields[name]["required"] = True
    return query | fields


def _kept(full: Json, field: Json) -> Json:
    if "$ref" in field:
        field = full["components"]["schemas"][field["$ref"].rpartition("/")[2]]
    return {name: field[name] for name in _KEPT if name in field}


def _lines(described: Json) -> str:
    """Return JSON with a line for each operation, so that a change can be read as one."""
    parts = [
        f'"{part}": {{\n'
        + ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in described[part].items())
        + "\n}"
        for part in ("operations", "fields")
    ]
    return "{\n" + ",\n".join([f'"version": {json.dumps(described["version"])}', *parts]) + "\n}\n"


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    EXTRACT.write_text(_lines(extract(source)), encoding="utf-8")
