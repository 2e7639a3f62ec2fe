"""The rules of docs/architecture.md: who imports whom, what stands where, how files are called."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from sertool.cli.main import cli
from sertool.graph.operators import OPERATORS
from sertool.project.options import FLAGS, OPTIONS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "toolchain" / "sertool"

#: The rooms that each room imports; every room imports the modules that belong to none.
ROOMS: dict[str, set[str]] = {
    "augmentation": set(),
    "corpora": set(),
    "frontend": set(),
    "graph": set(),
    "targets": set(),
    "standardization": {"graph"},
    "answers": {"frontend", "standardization"},
    "training": {"graph"},
    "laq": {"graph", "training"},
    "tflite": {"graph"},
    "baselines": {"answers", "graph", "laq", "tflite", "training"},
    "material": {"answers", "augmentation", "corpora", "frontend", "standardization", "training"},
    "device": {"answers", "targets"},
    "firmware": {"answers", "device", "frontend", "graph", "standardization", "targets"},
    "engines": {"answers", "device", "firmware", "frontend", "graph", "standardization", "targets", "tflite"},
    "verify": {"engines"},
    "report": {"graph"},
    "experiments": {
        "answers", "baselines", "corpora", "engines", "firmware", "frontend", "graph", "laq", "material",
        "standardization", "targets", "training",
    },
    "project": {
        "augmentation", "corpora", "device", "frontend", "laq", "standardization", "targets", "training",
    },
    "checkpoints": {"project", "report"},
    "stages": {
        "answers", "augmentation", "checkpoints", "corpora", "device", "engines", "experiments", "firmware",
        "frontend", "graph", "laq", "material", "project", "report", "standardization", "targets", "tflite",
        "training", "verify",
    },
    "cli": {"checkpoints", "corpora", "project", "stages", "targets", "verify"},
}  # fmt: skip

#: Words that say nothing of what a file holds, or that more than one thing here is called by.
VAGUE = {"model", "network", "rendered", "rows", "tables"}
EMPTY = {"common", "helpers", "misc", "utils"}
MOST_LINES = 400

#: Arguments of other tools that are called as options of the command line are.
OTHERS_OPTIONS = {"--version", "--help"}
SPEAKS_OPTIONS = ("cli/", "project/options.py", "device/runners/")
KEYS = {*FLAGS, *(key for option in OPTIONS for key in option.keys)}


def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(known: Mapping[str, ast.Module]) -> dict[str, set[str]]:
    """What each module imports of the package, wherever the import stands: in functions, for type checkers."""
    edges: dict[str, set[str]] = {name: set() for name in known}
    for name, module in known.items():
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{name} imports relatively"
                source = str(node.module)
                wanted = [f"{source}.{alias.name}" for alias in node.names]
                edges[name] |= {each if each in known else source for each in wanted} & known.keys()
            elif isinstance(node, ast.Import):
                edges[name] |= {alias.name for alias in node.names} & known.keys()
    return edges


def room(module: str) -> str | None:
    """The room of a module; None for one that belongs to none."""
    name = module.split(".")[1] if "." in module else ""
    return name if (PACKAGE / name).is_dir() and name else None


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """The names of one circle, in its order; empty where there is none."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in sorted(edges[name]):
            if found := follow(other, [*path, name]):
                return found
        done.add(name)
        return []

    return next((found for name in edges if (found := follow(name, []))), [])


MODULES = modules()
IMPORTED = imported(MODULES)


def test_a_circle_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_imports_in_functions_and_for_type_checkers_count() -> None:
    text = "if TYPE_CHECKING:\n    from a import b\ndef f():\n    import c\n    from d import e\n"
    known = {name: ast.parse("") for name in ("a", "a.b", "c", "d")} | {"it": ast.parse(text)}
    assert imported(known)["it"] == {"a.b", "c", "d"}


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(IMPORTED) == []


def test_rooms_are_the_folders_of_the_package() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert ROOMS.keys() == folders


def test_rooms_import_what_their_row_says_and_nothing_else() -> None:
    crossing: dict[str, set[str]] = {name: set() for name in ROOMS}
    for module, others in IMPORTED.items():
        for other in others:
            mine, theirs = room(module), room(other)
            if module == "sertool" or mine == theirs or theirs is None:
                continue
            assert mine is not None, f"{module} belongs to no room and imports {other}"
            assert theirs in ROOMS[mine], f"{module} imports {other}: {mine} knows no {theirs}"
            crossing[mine].add(theirs)
    assert crossing == ROOMS, "a row says more than is imported"


def test_no_rooms_import_each_other_in_a_circle() -> None:
    assert circle(ROOMS) == []


def test_the_document_tells_these_rooms_and_imports() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("| room |") :].split("\n\n")[0].splitlines()[2:]
    told = {}
    for line in table:
        name, _, imports, _ = (cell.strip() for cell in line.strip("|").split("|"))
        told[name.strip("`")] = set(re.findall(r"`(\w+)`", imports))
    assert told == ROOMS


def test_the_document_names_every_module_that_belongs_to_no_room() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    paragraph = text[text.index("A few modules belong to no room") :].split("\n\n")[0]
    alone = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert set(re.findall(r"`(\w+)`", paragraph)) == alone


def literals(module: ast.Module) -> Iterator[str]:
    """Every literal text of a module but docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(module) if isinstance(node, documented) and node.body]
    docstrings = {id(body[0].value) for body in bodies if isinstance(body[0], ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def options(command: click.Command) -> set[str]:
    """The long options of a command and of all below it."""
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    own = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
    return own.union(*map(options, inner))


def sources(*suffixes: str) -> list[Path]:
    folders = (ROOT / name for name in ("toolchain", "firmware_templates", "tests", "benchmarks", "examples"))
    return sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes)


def test_options_are_named_by_the_command_line_and_by_their_table_alone() -> None:
    known = options(cli) - OTHERS_OPTIONS
    assert {"--skip-bad", "--jobs", "--layout"} <= known
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(SPEAKS_OPTIONS):
            for text in literals(ast.parse(path.read_text(encoding="utf-8"))):
                named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) & known
                assert not named, f"{name} says {named}: name the setting, as {next(iter(FLAGS))}"


def test_settings_that_texts_name_are_settings() -> None:
    tables = "|".join({re.escape(key.rpartition(".")[0]) for key in KEYS if "." in key})
    for name, module in MODULES.items():
        for text in literals(module):
            for key in re.findall(rf"(?<![\w./-])(?:{tables})\.[a-z_]+(?![\w./-])", text):
                file = key.rpartition(".")[2] in ("c", "html", "json", "npz", "sqlite", "toml")
                assert file or key in KEYS, f"{name} names {key}"


def test_options_of_settings_are_options_of_some_command() -> None:
    assert set(FLAGS.values()) <= options(cli)


def test_values_know_no_text() -> None:
    for name, module in MODULES.items():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef):
                methods = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
                assert "text" not in methods, f"{name}.{node.name}.text: write to_dict, and the text in cli/"


def test_a_module_that_is_imported_defines_and_does_nothing() -> None:
    """So tables are literal: nothing is put into one from elsewhere."""
    definitions = ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.ClassDef
    for name, module in MODULES.items():
        for node in module.body:
            at = f"{name}, line {node.lineno}"
            if isinstance(node, ast.If):
                known = ("TYPE_CHECKING", "not TYPE_CHECKING", "__name__ == '__main__'")
                assert ast.unparse(node.test) in known, at
                continue
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            assert docstring or isinstance(node, definitions), at
            targets = node.targets if isinstance(node, ast.Assign) else []
            assert all(isinstance(target, ast.Name | ast.Tuple) for target in targets), at


def test_nobody_right_of_the_graph_asks_for_the_kind_of_a_layer() -> None:
    """Who needs to know more than `Layer` says has a table of operators, and looks a layer up in it."""
    kinds = {kind.__name__ for kind in OPERATORS.values()}
    for name, module in MODULES.items():
        if room(name) == "graph":
            continue
        for node in ast.walk(module):
            asked: ast.AST | None = node.cls if isinstance(node, ast.MatchClass) else None
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("isinstance", "issubclass"):
                asked = node.args[1]
            names = {each.id for each in ast.walk(asked) if isinstance(each, ast.Name)} if asked else set()
            assert not names & kinds, f"{name} asks whether a layer is {', '.join(names & kinds)}"


def test_no_file_is_long() -> None:
    for path in sources(".py", ".c", ".h", ".in"):
        count = len(path.read_text(encoding="utf-8").splitlines())
        assert count <= MOST_LINES, f"{path.relative_to(ROOT)} has {count} lines"


def test_names_of_files_say_what_they_hold() -> None:
    stems = Counter(path.stem for path in PACKAGE.rglob("*.py"))
    assert {stem for stem in VAGUE if stems[stem] > 1} == set()
    assert EMPTY & stems.keys() == set()
