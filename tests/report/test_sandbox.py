"""A company's templates get plain data: no file is read, written or deleted through them, and none goes on for ever."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jinja2.exceptions import SecurityError
from msgspec import Struct
from msgspec.structs import fields
from tests.records import as_record

from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.findings.diagnostics import InputError
from hostwise.report.page import html, markdown, rulebook
from hostwise.report.page.html import html_report
from hostwise.report.page.markdown import markdown_report
from hostwise.report.words.sandbox import PlainSandbox, one_page
from hostwise.report.words.words import filled
from hostwise.workbench.book.book import read_book
from hostwise.workbench.book.graph import rule_graph

HEADING = "<h2>{{ section.title }}</h2>"
REACHING = {
    "the folder of the words": "{{ words.root }}",
    "a file of it": "{{ words.root.joinpath('brand.yaml').read_text() }}",
    "deleting one": "{{ (words.root / 'brand.yaml').unlink() }}",
    "a class": "{{ ''.__class__.__mro__ }}",
    "what a function knows": "{{ words.say.__globals__ }}",
    "a method of a method": "{{ words.say.__func__ }}",
    "by filter": "{{ words|attr('root') }}",
    "by item": "{{ words['root'] }}",
    "by mapping": "{{ [words]|map(attribute='root')|list }}",
    "by format": "{{ '{0.__class__}'.format(words) }}",
    "the module of a chart": "{{ chart.__globals__ }}",
    "a file elsewhere": "{% include '../../../etc/passwd' %}",
    "an absolute file": "{% include '/etc/passwd' %}",
    "itself": "{{ self._TemplateReference__context }}",
    "the environment": "{{ loop.environment }}",
    "a bound method": "{{ report.label }}",
}
NESTED = "{% set a = [1] %}{% set b = [1.0] %}" + "{% set a = [a, a] %}{% set b = [b, b] %}" * 60
ENDLESS = {
    "loops within loops": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "loops of nothing": "{% for a in range(99999) %}{% for b in range(99999) if false %}{% endfor %}{% endfor %}",
    "over the record": "{% for a in record.facts %}" * 5 + "{% endfor %}" * 5,
    "a macro of itself": "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}",
    "a tree of macros": "{% macro m(n) %}{% if n %}{{ m(n-1) }}{{ m(n-1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "a long range": "{{ range(10**12)|list }}",
    "a long text": "{{ 'x' * 10**9 }}",
    "a large power": "{{ 9 ** (9 ** 9) }}",
    "a wide number": "{{ '%1000000000d' % 1 }}",
    "a wide text": "{{ '{:>1000000000}'.format(1) }}",
    "a width filled in": "{{ '{:>{w}}'.format(1, w=1000000000) }}",
    "a wide message": "{{ _('%(a)1000000000d', a=1) }}",
    "doubling": "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "adding": "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "lists of lists": NESTED + "{{ a }}",
    "lists compared": NESTED + "{{ a == b }}",
    "lists joined": NESTED + "{{ a|join }}",
    "lists put together": NESTED + "{{ a ~ b }}",
    "lists sorted": NESTED + "{{ [a, b]|sort }}",
    "much printed": "{% set a = 'x' * 1 %}{% for i in range(90000) %}" + "x" * 9000 + "{% endfor %}",
    "filling up": "{{ 'x'|center(10**9) }}",
}  # fmt: skip
every = pytest.mark.parametrize("source", [*REACHING.values(), *ENDLESS.values()], ids=[*REACHING, *ENDLESS])


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    folder = tmp_path_factory.mktemp("hostile") / "templates"
    shutil.copytree(Path(__file__).parents[2] / "templates", folder)
    return folder


@every
def test_a_hostile_template_ends_in_a_finding(source: str, templates: Path, decided: Any) -> None:
    path = templates / "report" / "options.html.j2"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(HEADING, source), encoding="utf-8")
    html.page_environment.cache_clear()
    before = {file: file.stat().st_mtime_ns for file in templates.rglob("*")}
    start = time.process_time()
    try:
        with pytest.raises(InputError):
            html_report(as_record(decided("support-summariser")), templates)
    finally:
        path.write_text(text, encoding="utf-8")
    assert time.process_time() - start < 20
    after = {file: file.stat().st_mtime_ns for file in templates.rglob("*")}
    assert {file for file in before if before[file] != after.get(file)} <= {path}


PLAIN = (str, int, float, bool, Decimal, date, bytes, type(None))
GIVEN = {"chart", "map_row", "worth", "anchor", "quoted_parts"}
"""Functions of ours that templates are given by name; each takes and gives plain data."""


def reachable(name: str, value: Any, sandbox: PlainSandbox) -> Iterator[tuple[str, Any]]:
    """Everything that a template can reach from a name, as it would: through attributes and items.

    What a class refuses of one object it refuses of all, but for fields and properties, whose values differ.
    """
    waiting, seen = [(name, value)], set()
    tried: dict[type, list[str]] = {}
    while waiting:
        trail, item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        yield trail, item
        if isinstance(item, Mapping):
            waiting += [(f"{trail}[]", each) for each in [*item.keys(), *item.values()]]
        elif isinstance(item, (list, tuple, set, frozenset)):
            waiting += [(f"{trail}[]", each) for each in item]
        elif isinstance(item, Struct):
            kind, again = type(item), []
            for attribute in tried.get(kind) or dir(item):
                own = not (attribute.startswith("_") or callable(getattr(kind, attribute)))
                with suppress(KeyError, ValueError, StopIteration):  # a part that this one has not
                    found = sandbox.getattr(item, attribute)
                    if not isinstance(found, sandbox.undefined):
                        waiting.append((f"{trail}.{attribute}", found))
                        own = True
                if own:
                    again.append(attribute)
            tried.setdefault(kind, again)


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch, decided: Any) -> list[tuple[Any, Mapping[str, Any]]]:
    found: list[tuple[Any, Mapping[str, Any]]] = []
    for module in (html, markdown, rulebook):
        monkeypatch.setattr(module, "rendered", lambda env, _name, context: found.append((env, context)) or "")
    record = as_record(decided("support-summariser"))
    html_report(record)
    markdown_report(record)
    knowledge = load_knowledge()
    rulebook.rules_page(read_book(knowledge), rule_graph(knowledge))
    return found


def test_everything_within_reach_of_a_template_is_plain(contexts: list[tuple[Any, Mapping[str, Any]]]) -> None:
    count = 0
    for sandbox, context in contexts:
        for name, value in context.items():
            if name in GIVEN:
                continue
            for trail, item in reachable(name, value, sandbox):
                count += 1
                assert not isinstance(item, (Path, os.PathLike, type)), trail
                if callable(item):
                    assert isinstance(item.__self__, Struct), trail
                elif isinstance(item, Struct):
                    assert type(item).__module__.startswith("hostwise."), trail
                    assert not {field.name for field in fields(item)} & {"root", "path", "folder"}, trail
                else:
                    assert isinstance(item, (*PLAIN, Mapping, list, tuple, set, frozenset)), (trail, type(item))
    assert count > 5000


def test_a_link_out_of_the_folder_is_refused(own_templates: Path, tmp_path: Path, decided: Any) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body { color: red }")
    (own_templates / "report" / "linked.css").symlink_to(secret)
    with pytest.raises(InputError, match="link out of its folder"):
        html_report(as_record(decided("support-summariser")), own_templates)


def test_a_pipe_in_the_folder_is_refused(own_templates: Path, decided: Any) -> None:
    os.mkfifo(own_templates / "report" / "pipe.css")
    with pytest.raises(InputError, match="not a regular file"):
        html_report(as_record(decided("support-summariser")), own_templates)


@pytest.mark.parametrize("text", ["{a.__class__}", "{a[0]}", "{a:>100000000}", "{a:{b}}"])
def test_a_place_in_a_word_is_a_name_alone(text: str) -> None:
    with pytest.raises(ValueError, match="no place that a text can have"):
        filled(text, {"a": "x", "b": 9})


def test_one_page_takes_nothing_from_the_next() -> None:
    sandbox = PlainSandbox()
    template = sandbox.from_string("{% for i in range(90000) %}{% endfor %}")
    for _ in range(15):
        with one_page():
            template.render()


TEXT = "{% set t %}{% for i in range(9000) %}" + "a" * 80 + "{% endfor %}{% endset %}"
COSTLY = {
    "squares": "{% macro m(x) %}{{ m(x * x) }}{% endmacro %}{{ m(9) }}",
    "places": "{{ 1.5|round(99999999, 'ceil') }}",
    "sorted": "{% set l = range(90000)|list %}{% for i in range(9000) %}{% set q = l|sort %}{% endfor %}",
    "found": TEXT + "{% for i in range(200000) %}{% set q = t ~ 'b' in t %}{% endfor %}",
    "called": TEXT + "{% for i in range(200000) %}{% set q = t.upper().split('a') %}{% endfor %}",
}


@pytest.mark.parametrize("source", COSTLY.values(), ids=COSTLY)
def test_what_costs_much_is_counted_as_much(source: str) -> None:
    start = time.process_time()
    with one_page(), pytest.raises(SecurityError):
        PlainSandbox().from_string(source).render()
    assert time.process_time() - start < 20
