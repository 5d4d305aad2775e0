"""Small faults to put into the code: cosmic-ray's operators at places drawn by a seed.

A place is named by its function and the words of its line, so that the draw stays the same where other lines change.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SWAPS = {
    "Add": "Sub", "Sub": "Add", "Mul": "Div", "Div": "Mul", "FloorDiv": "Mul", "Mod": "FloorDiv", "Pow": "Mul",
    "BitAnd": "BitOr", "BitOr": "BitAnd", "BitXor": "BitOr", "LShift": "RShift", "RShift": "LShift",
}  # fmt: skip
COMPARISONS = {"Eq": ("NotEq",), "NotEq": ("Eq",), "Lt": ("LtE", "Gt"), "LtE": ("Lt", "GtE"), "Gt": ("GtE", "Lt"),
               "GtE": ("Gt", "LtE"), "Is": ("IsNot",), "IsNot": ("Is",)}  # fmt: skip
OPERATORS = (
    "AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak", "ReplaceFalseWithTrue", "ReplaceTrueWithFalse", "ZeroIterationForLoop",
    "ExceptionReplacer", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Invert",
    *(f"ReplaceBinaryOperator_{a}_{b}" for a, b in SWAPS.items()),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a, bs in COMPARISONS.items() for b in bs),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault; `place` names it for good, `occurrence` and `line` find it in the file as it is now."""

    path: str
    place: str
    operator: str
    occurrence: int
    line: int

    @property
    def name(self) -> str:
        return f"{self.path} {self.place} {self.operator}"


def draw(rooms: Iterable[str], count: int, seed: int) -> list[Mutant]:
    """Faults drawn from all places of the rooms alike; at a place that has several, one of them."""
    places: dict[tuple[str, str], list[Mutant]] = {}
    for room in rooms:
        target = ROOT / "aligner" / room
        for path in sorted(target.rglob("*.py")) if target.is_dir() else [target.with_suffix(".py")]:
            for mutant in mutants_of(path):
                places.setdefault((mutant.path, mutant.place.rpartition(" ")[0]), []).append(mutant)
    chosen = sorted(places, key=lambda place: drawn(seed, place))[:count]
    return [min(places[place], key=lambda mutant: drawn(seed, mutant.name)) for place in chosen]


def drawn(seed: int, what: object) -> bytes:
    return hashlib.sha1(f"{seed} {what}".encode(), usedforsecurity=False).digest()


def named_lines(source: str) -> list[str]:
    """Each line by the function it stands in and its words."""
    functions = function_of_lines(ast.parse(source))
    return [
        f"{functions.get(number, '')}: {line.strip()}" for number, line in enumerate(source.splitlines(), 1)
    ]


def mutants_of(path: Path) -> Iterator[Mutant]:
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    source = path.read_text(encoding="utf-8")
    words, names, inside = source.splitlines(), named_lines(source), path.relative_to(ROOT).as_posix()
    dull, nodes = list(unseen_ranges(ast.parse(source))), list(ast_nodes(get_ast(source)))
    for name in OPERATORS:
        operator, occurrence, seen = get_operator(f"core/{name}")(), -1, Counter[str]()
        for (line, column), _ in (found for node in nodes for found in operator.mutation_positions(node)):
            occurrence += 1
            if any(first <= (line, column) < last for first, last in dull):
                continue
            text = words[line - 1]
            place = f"{names[line - 1]} @{column - len(text) + len(text.lstrip())}"
            seen[place] += 1
            yield Mutant(inside, f"{place} {seen[place]}", name, occurrence, line)


def function_of_lines(tree: ast.Module) -> dict[int, str]:
    """Of each line within a function, the function's name after those it lies in."""
    found: dict[int, str] = {}

    def walk(node: ast.AST, outer: str) -> None:
        for child in ast.iter_child_nodes(node):
            name = outer
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{outer}.{child.name}".lstrip(".")
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                found.update(dict.fromkeys(range(child.body[0].lineno, (child.end_lineno or 0) + 1), name))
            walk(child, name)

    walk(tree, "")
    return found


def lines_of_statement(source: str, line: int) -> range:
    """The lines of the smallest statement (of one with a body, its head) around a line."""
    best = range(line, line + 1)
    size = 10**9
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None) or getattr(node, "cases", None)
            first = (
                body[0].pattern.lineno
                if body and isinstance(node, ast.Match)
                else body[0].lineno
                if body
                else 0
            )
            last = first - 1 if first > node.lineno else node.end_lineno or node.lineno
            if node.lineno <= line <= last and last - node.lineno < size:
                best, size = range(node.lineno, last + 1), last - node.lineno
    return best


def unseen_ranges(tree: ast.Module) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a fault changes nothing when the program runs: annotations, decorators, names given out, `*` in a
    list of parameters, the guard of a `zip`."""
    for node in ast.walk(tree):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.arg | ast.AnnAssign):
            parts.append(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts += [node.returns, *node.decorator_list]
            yield (node.lineno, node.col_offset), (node.body[0].lineno, 0)
        if isinstance(node, ast.ClassDef):
            parts += node.decorator_list
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"TypeVar", "cast", "field"}:
            parts.append(node)
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "").endswith("__") for t in node.targets):
            parts.append(node.value)
        if isinstance(node, ast.keyword) and node.arg == "strict":
            parts.append(node.value)
        yield from stars(node)
        for part in parts:
            if part is not None:
                yield (part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)


def stars(node: ast.AST) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """`*` and `**` that unpack: no operators."""
    values = (
        [node.value]
        if isinstance(node, ast.Starred) or (isinstance(node, ast.keyword) and not node.arg)
        else []
    )
    if isinstance(node, ast.Dict):
        values += [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
    for value in values:
        yield (value.lineno, value.col_offset - 2), (value.lineno, value.col_offset)


def mutated(source: str, mutant: Mutant) -> str:
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    wrong = mutate_code(source, get_operator(f"core/{mutant.operator}")(), mutant.occurrence)
    if not wrong or wrong == source:
        raise SystemExit(f"{mutant.name}: no such place")
    return str(wrong)


def change_of(right: str, wrong: str) -> str:
    lines = difflib.unified_diff(right.splitlines(), wrong.splitlines(), lineterm="", n=0)
    kept = [line for line in lines if line[:1] in "-+" and not line.startswith(("---", "+++"))]
    return " ".join(" ".join(line.split()) for line in kept)
