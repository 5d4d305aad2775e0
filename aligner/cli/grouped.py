"""Options that several commands have: declared once, as a dataclass that a command takes as one parameter."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, get_type_hints


def flat(command: Callable[..., int]) -> Callable[..., int]:
    """`command` with a parameter for each field of the dataclasses among its parameters, as typer wants them.

    A field that two of the dataclasses have is one option.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {}
    taken: dict[str, inspect.Parameter] = {}
    for parameter in inspect.signature(command).parameters.values():
        wanted = hints[parameter.name]
        if is_dataclass(wanted):
            groups[parameter.name] = wanted
            for each in _parameters(wanted):
                taken.setdefault(each.name, each)
        else:
            taken[parameter.name] = _option(parameter.name, wanted, parameter.default)

    def called(**values: Any) -> int:
        made = {
            name: group(**{each.name: values[each.name] for each in fields(group)})
            for name, group in groups.items()
        }
        own = {name: value for name, value in values.items() if name in hints}
        return command(**own, **made)

    called.__name__, called.__doc__ = command.__name__, command.__doc__
    called.__signature__ = inspect.Signature(list(taken.values()))  # type: ignore[attr-defined]
    called.__annotations__ = {name: parameter.annotation for name, parameter in taken.items()}
    return called


def _parameters(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        _option(
            each.name, hints[each.name], inspect.Parameter.empty if each.default is MISSING else each.default
        )
        for each in fields(group)
    ]


def _option(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
