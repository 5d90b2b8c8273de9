"""What a person does in a Discord client, as the `data` of the interaction it sends."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.wire.payloads import Payload

USER, CHANNEL, ROLE = 6, 7, 8  # option types whose value is an id, with the object beside it in `resolved`
VALUE_INPUTS = {
    4: "",
    21: None,
    23: False,
}  # modal inputs with one value: text, radio group, checkbox; others have `values`


def command(commands: Sequence[Payload], name: str, options: Mapping[str, Any], focused: str = "") -> Payload:
    """A slash command by its full name ("city view"); users, channels and roles are given as their payloads.

    `focused` is the option still being typed; then required ones may be missing. A LookupError is a slip that
    Discord's client would not let through.
    """
    root, *groups = name.split()
    synced = leaf = _named(commands, root, type=1)
    path = []
    for group in groups:
        leaf = _named(leaf["options"], group)
        path.append({"type": leaf["type"], "name": group})
    resolved: Payload = {}
    given = [_option(_named(leaf.get("options", []), key), value, resolved) for key, value in options.items()]
    missing = {option["name"] for option in leaf.get("options", []) if option.get("required")} - options.keys()
    if missing and not focused:
        raise LookupError(f"/{name} needs {missing}")
    filled = [option | ({"focused": True} if option["name"] == focused else {}) for option in given]
    for step in reversed(path):
        filled = [step | {"options": filled}]
    return {"id": synced["id"], "name": root, "type": 1, "options": filled, "resolved": resolved}


def menu(commands: Sequence[Payload], name: str, target: Payload) -> Payload:
    """A context menu entry on a member or on a message."""
    resolved: Payload = {}
    kind = 2 if "user" in target else 3
    if kind == 2:
        target_id = _option({"name": "", "type": USER}, target, resolved)["value"]
    else:
        target_id, resolved = target["id"], {"messages": {target["id"]: target}}
    synced = _named(commands, name, type=kind)
    return {"id": synced["id"], "name": name, "type": kind, "target_id": target_id, "resolved": resolved}


def component(message: Payload, custom_id: str, values: Sequence[str] | None) -> Payload:
    """A press on a button, or a choice (`values`) in a select, that the message shows."""
    for part in _parts(message["components"]):
        if part.get("custom_id") == custom_id and not part.get("disabled"):
            pressed = {"custom_id": custom_id, "component_type": part["type"], "id": part.get("id", 0)}
            return pressed | ({"values": list(values)} if values is not None else {})
    raise LookupError(f"the message shows nothing to press with the id {custom_id!r}")


def submit(modal: Payload, values: Mapping[str, Any]) -> Payload:
    """A modal sent off: inputs not in `values` stay as they were opened; labels' texts are not sent."""
    unknown = values.keys() - {part.get("custom_id") for part in _parts(modal["components"])}
    if unknown:
        raise LookupError(f"the modal has no input {unknown}")
    return {"custom_id": modal["custom_id"], "components": [_submitted(row, values) for row in modal["components"]]}


def _submitted(part: Payload, values: Mapping[str, Any]) -> Payload:
    sent = {"type": part["type"], "id": part.get("id", 0)}
    if "components" in part:
        return sent | {"components": [_submitted(inner, values) for inner in part["components"]]}
    if "component" in part:
        return sent | {"component": _submitted(part["component"], values)}
    if "custom_id" not in part:
        return sent
    key = "value" if part["type"] in VALUE_INPUTS else "values"
    untouched = part.get("value", VALUE_INPUTS.get(part["type"], []))
    return sent | {"custom_id": part["custom_id"], key: values.get(part["custom_id"], untouched)}


def _option(option: Payload, value: Any, resolved: Payload) -> Payload:
    if option["type"] == USER:
        user = value["user"]
        resolved.setdefault("users", {})[user["id"]] = user
        resolved.setdefault("members", {})[user["id"]] = {key: value[key] for key in value if key != "user"}
        value = user["id"]
    elif option["type"] in (CHANNEL, ROLE):
        kind = "channels" if option["type"] == CHANNEL else "roles"
        resolved.setdefault(kind, {})[value["id"]] = value | {"permissions": value.get("permissions", "0")}
        value = value["id"]
    return {"name": option["name"], "type": option["type"], "value": value}


def _named(things: Sequence[Payload], name: str, **more: Any) -> Payload:
    for thing in things:
        if thing["name"] == name and all(thing[key] == value for key, value in more.items()):
            return thing
    raise LookupError(f"{name!r} is not among {[thing['name'] for thing in things]}")


def _parts(components: Sequence[Payload]) -> Iterator[Payload]:
    """Every component, however deep: rows and containers hold several, labels one, sections an accessory."""
    for part in components:
        yield part
        inner = [part[key] for key in ("component", "accessory") if key in part]
        yield from _parts([*part.get("components", []), *inner])
