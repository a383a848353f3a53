"""Which sections of the assessment rules the engine's tests show. It reads the tests, it runs none of them."""

import ast
from pathlib import Path

SECTIONS = {"1", "2", "3", "4", "5", "5.1", "5.2", "5.3", "5.4", "6", "7", "8", "9"}


def sections_of(test: ast.FunctionDef) -> set[str]:
    return {
        ast.literal_eval(argument)
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.section"
        for argument in mark.args
    }


def sections_by_test(source: str) -> dict[str, set[str]]:
    """The sections of each test by its name."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return {function.name: sections_of(function) for function in functions if function.name.startswith("test_")}


TESTS = {
    f"{path.name}::{name}": sections
    for path in sorted(Path(__file__).parent.glob("test_*.py"))
    if path.name != Path(__file__).name
    for name, sections in sections_by_test(path.read_text(encoding="utf-8")).items()
}


def test_every_section_has_a_test():
    assert SECTIONS - set().union(*TESTS.values()) == set()


def test_every_test_names_the_section_that_it_shows():
    assert [name for name, sections in TESTS.items() if not sections] == []


def test_every_section_named_is_one_of_the_rules():
    assert {name: sections for name, sections in TESTS.items() if not sections <= SECTIONS} == {}


def test_a_mark_is_read_and_a_missing_one_is_seen():
    source = """
@pytest.mark.section("5.3", "8")
@pytest.mark.parametrize("points", [1])
def test_marked(points): ...

@pytest.mark.parametrize("section", ["7"])
def test_unmarked(section): ...

def helper(): ...
"""
    assert sections_by_test(source) == {"test_marked": {"5.3", "8"}, "test_unmarked": set()}
