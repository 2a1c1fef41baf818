"""Every reader with a grammar of its own, as a function of bytes, with seeds. It ends in a result or a finding."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from tests.pdf_files import SMALL, assembled

from hostwise.reading.findings.diagnostics import InputError

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "unanswered-gate.yaml"
CORPUS = Path(__file__).parent / "corpus"
Read = Callable[[bytes], object]


class Reader(Struct, frozen=True):
    """What is fed to a reader: seeds, words of its grammar, and how many changed seeds a run of CI tries."""

    read: Read
    seeds: Callable[[], list[bytes]]
    words: tuple[bytes, ...]
    cases: int = 150


def _from_file(suffix: str, read: Callable[[Path], object]) -> Read:
    def reader(data: bytes) -> object:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"x{suffix}"
            path.write_bytes(data)
            return read(path)

    return reader


@cache
def _knowledge() -> object:
    from hostwise.flow.knowledge import load_knowledge

    return load_knowledge()


def _questionnaire(data: bytes) -> object:
    from hostwise.answers.files.load import load_answers_document
    from hostwise.reading.files.yaml_file import read_document

    return load_answers_document(read_document(Path("x.yaml"), data=data), _knowledge().questionnaire)  # type: ignore[attr-defined]


def _table(path: Path) -> object:
    from hostwise.analysis.portfolio.portfolio import table_at

    return [block.read for block in table_at(path, _knowledge().questionnaire).blocks()]  # type: ignore[attr-defined]


def _pack(path: Path) -> object:
    from hostwise.flow.knowledge import load_knowledge

    return load_knowledge(packs=(path,))


def _record(data: bytes) -> object:
    from hostwise.record.canonical import identity
    from hostwise.record.file import record_in

    return identity(record_in(data, Path("x.json")))


def _pdf(data: bytes) -> object:
    from hostwise.reading.pdf.plain_pdf import plain_pdf
    from hostwise.reading.pdf.values import NotPlain
    from hostwise.report.pdf.verify.same import same_pdf

    try:
        return same_pdf(plain_pdf(data), plain_pdf(assembled(SMALL)))
    except NotPlain:
        return None


def _dmn(path: Path) -> object:
    from hostwise.workbench.exchange.dmn_import.read import import_pack

    return import_pack(path, date(2026, 11, 20))


def _template(data: bytes) -> object:
    from jinja2 import TemplateError

    from hostwise.report.words.sandbox import PlainSandbox, one_page

    try:
        with one_page():
            return PlainSandbox().from_string(data.decode("utf-8", "replace")).render(a=[1, 2], b="x", c={"d": "e"})
    except (TemplateError, ArithmeticError, TypeError, ValueError, AttributeError, LookupError, RecursionError):
        return None  # what a page turns into a finding at the line of the template


def _signature(path: Path) -> object:
    from datetime import datetime

    from hostwise.record.attestation import check_envelope
    from hostwise.record.signature import check

    key, now = _keys()[1], datetime(2026, 11, 20)
    envelope = path.read_bytes().lstrip().startswith(b"{")
    return check_envelope(b"x", path, [key], now) if envelope else check(b"x", path, key)


def _log(path: Path) -> object:
    from hostwise.record.decision_log import read_log

    return read_log(path)


def _snapshot(path: Path) -> object:
    from hostwise.economics.prices.snapshot import read_snapshot

    return read_snapshot(path)


def _model(path: Path) -> object:
    from hostwise.economics.models.published import read_published

    return read_published(path)


def _logo(path: Path) -> object:
    from hostwise.report.brand.logo import read_logo

    return read_logo(path, "x")


@cache
def _keys() -> tuple[Path, Path]:
    from tempfile import mkdtemp

    from hostwise.record.signature import new_keys

    return new_keys(Path(mkdtemp()) / "key")


@cache
def _decided() -> bytes:
    import hostwise

    return hostwise.decide(hostwise.load_answers(EXAMPLE)).json.encode()


@cache
def _signatures() -> list[bytes]:
    from hostwise.record.attestation import envelope_of
    from hostwise.record.signature import sign

    with TemporaryDirectory() as folder:
        file = Path(folder) / "x"
        file.write_bytes(b"x")
        return [sign(file, _keys()[0]).encode(), envelope_of({"_type": "x", "subject": []}, [_keys()[0]]).encode()]


@cache
def _logged() -> list[bytes]:
    from datetime import datetime

    from hostwise.record.decision_log import add
    from hostwise.record.file import parse_record

    with TemporaryDirectory() as folder:
        file = Path(folder) / "x.log"
        add(file, [parse_record(_decided(), file)] * 2, datetime(2026, 11, 20))
        return [file.read_bytes()]


@cache
def _parquet() -> list[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    columns = {"workload.name": ["a", "b"], "demand.tokens_per_day": [3e7, None], "workload.summary": ["x" * 99] * 2}
    pq.write_table(pa.table(columns), out)
    return [out.getvalue()]


def _files(*names: str) -> Callable[[], list[bytes]]:
    return lambda: [(ROOT / name).read_bytes() for name in names]


def _written(*texts: bytes) -> Callable[[], list[bytes]]:
    return lambda: list(texts)


def _words(text: str) -> tuple[bytes, ...]:
    """Words of a grammar, one a space; `\\n` and its like as in Python."""
    return tuple(word.encode().decode("unicode_escape").encode("latin-1") for word in text.split())


_YAML = _words(r"&a\x20 *a !!python/object <<:\x20 -\x20 ?\x20 |\n { ] \t 1e999 .. .nan \xff %")
_JSON = _words(r'{ [ "\\ud800" 1e999 NaN null -0 9007199254740992 " , \xff')
_SNAPSHOT = b'{"format": 1, "fetched_at": "2026-11-20T00:00:00Z", "sources": [], "tokens": [], "held_back": []}'
_MODEL = (
    b'{"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "vocab_size": 10, "intermediate_size": 8}'
)
_LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>'
_TEMPLATE = (
    b"{% for x in a %}{{ x }}{% endfor %}{{ c.d|upper }}{% macro m(n) %}{{ n }}{% endmacro %}{{ m(b) }}"
    b"{% if a and b is string %}{{ b ~ '!' }}{% endif %}{{ a|join(', ') }}"
)
_LOOP = b"{% for a in range(99999) %}"
READERS: Mapping[str, Reader] = {
    "questionnaire": Reader(_questionnaire, _files("examples/support-summariser.yaml"), _YAML),
    "csv": Reader(
        _from_file(".csv", _table),
        _files("examples/portfolio.csv"),
        (b"sep=;\n", b"# decimal: comma\n", *_words(r'" ; \t \n \x00')),
    ),
    "parquet": Reader(_from_file(".parquet", _table), _parquet, _words(r"PAR1 \xff\xff\xff\x7f \x00")),
    "pack": Reader(
        _from_file(".yaml", _pack),
        _files("tests/workbench/packs/ladder.yaml"),
        (*_YAML, *_words("not( [5.. >= when: regulations:")),
        cases=12,
    ),
    "record": Reader(_record, lambda: [_decided()], _JSON, cases=40),
    "pdf": Reader(
        _pdf,
        _written(assembled(SMALL)),
        _words(r"obj endobj stream xref << >> [ ( \\ /Type/ObjStm /Prev\x200 R"),
        cases=600,
    ),
    "dmn": Reader(
        _from_file(".dmn", _dmn),
        _files("tests/workbench/dmn/loan.dmn"),
        (b"<!DOCTYPE x>", *_words("< &#0; &lt; not( [1.. -")),
    ),
    "template": Reader(
        _template,
        _written(_TEMPLATE),
        (_LOOP, b"{{ ", b" }}", b"{% endfor %}", *_words("~ **9**9 |join __class__ 'x'*999999999")),
    ),
    "signature": Reader(_from_file(".jws", _signature), _signatures, (*_JSON, *_words(".. == eyJ A"))),
    "log": Reader(_from_file(".log", _log), _logged, (*_JSON, b"\n"), cases=40),
    "snapshot": Reader(_from_file(".json", _snapshot), _written(_SNAPSHOT), _JSON),
    "model": Reader(_from_file(".json", _model), _written(_MODEL), _JSON),
    "logo": Reader(
        _from_file(".svg", _logo),
        _written(_LOGO),
        (b"<use ", *_words(r"url( <!DOCTYPE &a; \x89PNG\r\n\x1a\n")),
    ),
}


def one(reader: Reader, data: bytes) -> str:
    """Feed a reader; what came of it: `read` or `refused`. Anything else that it raises is what is looked for."""
    try:
        reader.read(data)
    except InputError as problem:
        for finding in problem.diagnostics:
            finding.message.encode("utf-8")
        return "refused"
    return "read"


def changed(reader: Reader, number: int, name: str) -> bytes:
    """The n-th changed seed: the same on every machine."""
    from random import Random

    chance = Random(f"{name} {number}")
    seeds = [*reader.seeds(), *kept(name)]
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        length = chance.choice((1, 1, 4, 40, 400))
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at:at] = chance.choice(reader.words)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length] * chance.choice((1, 2, 50))
            case 4:
                other = chance.choice(seeds)
                start = chance.randrange(len(other) + 1)
                data[at : at + length] = other[start : start + length]
            case _:
                data[at : at + 4] = chance.choice(reader.words)
    return bytes(data)


def kept(name: str) -> Iterator[bytes]:
    """What was found before, and stays a seed."""
    yield from (file.read_bytes() for file in sorted((CORPUS / name).glob("*")))
