"""`hostwise catalogue fetch`, against a server on this machine: nothing here leaves it."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result
from tests.economics.cases import catalogue

from hostwise.cli.main import cli
from hostwise.economics.costing import cost_options
from hostwise.economics.plans.competing.tier import known_facts
from hostwise.economics.prices.additions import with_additions
from hostwise.economics.prices.price import TokenPrice
from hostwise.economics.prices.snapshot import read_snapshot
from hostwise.flow.knowledge import load_knowledge
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import load_answers

GENAI = [
    {"id": "together", "models": [
        {"id": "openai/gpt-oss-120b", "prices": {"input_mtok": 0.15, "output_mtok": 0.6}},
        {"id": "meta-llama/Llama-3.3-70B-Instruct-Turbo", "prices": {"input_mtok": 0.88, "output_mtok": 0.88}},
    ]},
    {"id": "openai", "models": [
        {"id": "gpt-6-luna", "prices": [
            {"prices": {"input_mtok": 0.2, "output_mtok": 1}},
            {"constraint": {"start_date": "2026-01-01"},
             "prices": {"input_mtok": {"base": 0.1, "tiers": []}, "output_mtok": 0.5, "cache_read_mtok": 0.01}},
            {"constraint": {"start_date": "2999-01-01"}, "prices": {"input_mtok": 0.01, "output_mtok": 0.05}},
        ]},
        {"id": "gpt-4o", "prices": {"input_mtok": 25000, "output_mtok": 10}},
    ]},
]  # fmt: skip
LITELLM = {
    "sample_spec": {"input_cost_per_token": "a number", "mode": "chat"},
    "together_ai/openai/gpt-oss-120b": {
        "litellm_provider": "together_ai", "mode": "chat", "input_cost_per_token": 1.5e-07,
        "output_cost_per_token": 6e-07,
    },
    "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo": {
        "litellm_provider": "together_ai", "mode": "chat", "input_cost_per_token": 1.04e-06,
        "output_cost_per_token": 1.04e-06,
    },
    "gpt-6-luna-image": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_token": 1.0},
}  # fmt: skip


class Served:
    """What the server answers under each path, and what it was asked."""

    def __init__(self) -> None:
        self.content = {"/genai": json.dumps(GENAI).encode(), "/litellm": json.dumps(LITELLM).encode()}
        self.elsewhere: dict[str, str] = {}
        self.asked: list[str] = []
        self.port = 0


@pytest.fixture
def served() -> Iterator[Served]:
    state = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            if self.path in state.elsewhere:
                self.send_response(302)
                self.send_header("Location", state.elsewhere[self.path])
                self.end_headers()
                return
            content = state.content.get(self.path)
            self.send_response(200 if content is not None else 404)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.port = server.server_port
    Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture
def rules(tmp_path: Path, served: Served) -> Path:
    """The shipped rules, whose two sources stand on this machine."""
    folder = tmp_path / "rules"
    shutil.copytree(rules_dir(), folder)
    path = folder / "catalogue" / "price-sources.yaml"
    lines = path.read_text().splitlines()
    names = iter(("genai", "litellm"))
    lines = [f"    url: http://127.0.0.1:{served.port}/{next(names)}" if "url:" in line else line for line in lines]
    path.write_text("\n".join(lines).replace("bytes: 67108864", "bytes: 20000").replace("seconds: 20", "seconds: 2"))
    return folder


def _fetch(rules: Path, out: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, ["catalogue", "fetch", "-o", str(out), "--rules", str(rules), *more])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "prices.json"


def test_two_sources_are_compared_and_where_they_differ_it_is_an_interval(
    rules: Path, out: Path, served: Served
) -> None:
    result = _fetch(rules, out)
    assert result.exit_code == 0, result.output
    found = {(row.seller, row.model): row for row in read_snapshot(out).tokens}
    same = found["together", "gpt-oss-120b"]
    assert (same.input, same.output) == ((Decimal("0.15"),) * 2, (Decimal("0.6"),) * 2)
    assert set(same.seen) == {"genai-prices", "litellm"}
    llama = found["together", "Llama-3.3-70B"]
    assert llama.input == (Decimal("0.88"), Decimal("1.04"))
    luna = found["openai", "GPT-6 Luna"]
    assert (luna.input[0], luna.output[0], luna.cached) == (Decimal("0.1"), Decimal("0.5"), (Decimal("0.01"),) * 2)
    assert ("openai", "GPT-4o") not in found, "a price that cannot be was taken"
    assert served.asked == ["/genai", "/litellm"]


def test_what_was_read_is_kept_with_its_hash(rules: Path, out: Path, served: Served) -> None:
    _fetch(rules, out)
    for source, path in zip(read_snapshot(out).sources, ("/genai", "/litellm"), strict=True):
        assert source.status == "ok" and source.sha256 == hashlib.sha256(served.content[path]).hexdigest()
        assert source.bytes == len(served.content[path])


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("/litellm", None, "404"),
        ("/litellm", b"x" * 30_000, "larger than"),
        ("/litellm", b"<html>", "malformed"),
        ("/litellm", b"[1, 2]", "Expected"),
        ("/genai", b'{"providers": 7}', "Expected"),
        ("/genai", b"[" * 10_000, ""),
    ],
)
def test_a_source_that_fails_is_said_and_the_other_is_taken(
    rules: Path, out: Path, served: Served, path: str, content: bytes | None, said: str
) -> None:
    served.content = {name: text for name, text in served.content.items() if name != path}
    if content is not None:
        served.content[path] = content
    result = _fetch(rules, out)
    assert result.exit_code == 1 and said in result.output
    snapshot = read_snapshot(out)
    assert sorted(source.status for source in snapshot.sources) == ["failed", "ok"] and snapshot.tokens


def test_no_redirect_is_followed(rules: Path, out: Path, served: Served) -> None:
    served.elsewhere["/litellm"] = f"http://127.0.0.1:{served.port}/stolen"
    result = _fetch(rules, out)
    assert result.exit_code == 1 and "not followed" in result.output and "/stolen" not in served.asked


def test_nothing_is_written_where_nothing_was_read(rules: Path, out: Path, served: Served) -> None:
    served.content = {}
    assert _fetch(rules, out).exit_code == 1 and not out.exists()


def test_only_encrypted_addresses_are_read_but_on_this_machine(rules: Path, out: Path) -> None:
    path = rules / "catalogue" / "price-sources.yaml"
    path.write_text(path.read_text().replace("http://127.0.0.1", "http://example.invalid"))
    result = _fetch(rules, out)
    assert result.exit_code == 1 and result.output.count("only https addresses are read") == 2


def test_a_tenfold_change_is_held_back_until_it_is_confirmed(
    rules: Path, out: Path, served: Served, tmp_path: Path
) -> None:
    _fetch(rules, out)
    served.content["/genai"] = served.content["/genai"].replace(b"0.15", b"1.5")
    served.content["/litellm"] = b"{}"
    later = tmp_path / "later.json"
    result = _fetch(rules, later, "--against", str(out))
    assert result.exit_code == 1 and "held back: together/gpt-oss-120b" in result.output
    snapshot = read_snapshot(later)
    assert "gpt-oss-120b" not in {row.model for row in snapshot.tokens}
    assert [held.before for held in snapshot.held_back] == [(Decimal("0.15"), Decimal("0.6"))]
    again = _fetch(rules, later, "--against", str(out), "--confirm", "together/gpt-oss-120b")
    assert again.exit_code == 0 and "gpt-oss-120b" in {row.model for row in read_snapshot(later).tokens}


def test_a_snapshot_is_compared_with_what_is_installed(rules: Path, out: Path) -> None:
    _fetch(rules, out)
    result = CliRunner().invoke(cli, ["catalogue", "check", str(out), "--rules", str(rules)])
    assert result.exit_code == 0 and "0 of 3 prices" in result.output, result.output
    out.write_text(out.read_text().replace('"0.6"', '"0.7"'))
    result = CliRunner().invoke(cli, ["catalogue", "check", str(out), "--rules", str(rules)])
    assert result.exit_code == 1 and "together gpt-oss-120b: 0.15 in, 0.6 out -> 0.15 in, 0.7 out" in result.output


def test_a_decision_takes_a_snapshot(rules: Path, out: Path) -> None:
    _fetch(rules, out)
    added = with_additions(catalogue(), (out,)).prices
    first = next(p for p in added if (p.provider, p.model) == ("together", "Llama-3.3-70B"))
    assert (first.input, first.input_high) == (Decimal("0.88"), Decimal("1.04"))
    assert first.as_of == read_snapshot(out).day and "fetched on" in first.source


def test_a_search_takes_the_prices_of_a_snapshot(rules: Path, out: Path, tmp_path: Path) -> None:
    """It priced only what the answers name: a search went on with the package's list."""
    _fetch(rules, out)
    out.write_text(out.read_text().replace('"0.15"', '"0.01"').replace('"0.6"', '"0.04"'))  # gpt-oss-120b at Together
    day = read_snapshot(out).day
    answers = tmp_path / "workload.yaml"
    answers.write_text(
        f"workload: {{name: T, as_of: {day}}}\ndemand: {{tokens_per_day: 100M, input_share: 75%}}\n"
        "open_provider: {model: gpt-oss-120b}\n"
    )
    knowledge = load_knowledge(additions=(out,))
    facts = known_facts(load_answers(answers), knowledge.questionnaire, knowledge.catalogue)
    price = cost_options(facts, knowledge.catalogue, day).prices["open-model-provider"]
    assert isinstance(price, TokenPrice)
    assert (price.seller, price.input.likely, price.output.likely) == ("Together AI", Decimal("0.01"), Decimal("0.04"))
    assert "fetched on" in price.source and price.as_of == day
    listed = cost_options(facts, load_knowledge().catalogue, day).prices["open-model-provider"]
    assert isinstance(listed, TokenPrice) and listed.seller != "Together AI"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hostwise-prices/1", "hostwise-prices/9"),
        ('"0.6"', '"-0.6"'),
        ('"0.6"', '"NaN"'),
        ('"0.6"', '"60000"'),
        ('"tokens"', '"tokns"'),
    ],
)
def test_a_snapshot_that_was_spoilt_is_refused(rules: Path, out: Path, old: str, new: str) -> None:
    _fetch(rules, out)
    out.write_text(out.read_text().replace(old, new))
    with pytest.raises(InputError):
        read_snapshot(out)


@pytest.mark.usefixtures("decided_once", "limited_here")
def test_the_record_names_the_snapshot_and_is_verified_with_it(rules: Path, out: Path, tmp_path: Path) -> None:
    _fetch(rules, out)
    day = read_snapshot(out).day
    answers = tmp_path / "workload.yaml"
    answers.write_text(
        f"workload: {{name: T, as_of: {day}}}\ndemand: {{tokens_per_day: 100M}}\n"
        "open_provider: {provider: together, model: Llama-3.3-70B}\n"
        "self_host: {model: Llama-3.3-70B, gpu: H100}\n"
    )
    record = tmp_path / "record.json"
    run = CliRunner()
    decided = run.invoke(cli, ["decide", str(answers), "--prices", str(out), "--allow-stale", "-o", str(record)])
    assert decided.exit_code == 0, decided.output
    data = json.loads(record.read_text())
    named = {entry["file"]: entry["sha256"] for entry in data["catalogue"]["files"]}
    assert named["catalogue/added/prices.json"] == hashlib.sha256(out.read_bytes()).hexdigest()
    ledger = next(each for each in data["ledgers"] if each["option"] == "open-model-provider")
    price = next(each for each in ledger["items"][0]["inputs"] if each["name"] == "price of input tokens")
    assert price["value"] == {"low": "0.88", "likely": "0.96", "high": "1.04"}
    assert run.invoke(cli, ["verify", str(record), "--prices", str(out)]).exit_code == 0
    assert run.invoke(cli, ["verify", str(record)]).exit_code == 1
