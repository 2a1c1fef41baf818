"""`hostwise start`: what a newcomer is asked, what is said from the first, and what stands in the file at any time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.cli.test_language import english_in
from tests.commands import hostwise

from hostwise.analysis.futures.interview_status import Standing, standing
from hostwise.answers.files.answer import Answers
from hostwise.answers.interview import understood
from hostwise.answers.questions.blank_file import blank_questionnaire, example
from hostwise.answers.questions.load_questions import load_questions
from hostwise.answers.questions.put_answer import NEW, with_answer
from hostwise.cli.start.bill import Names, read_bill
from hostwise.flow.knowledge import Knowledge, load_knowledge
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.files.yaml_file import read_document
from hostwise.reading.findings.diagnostics import InputError

BILL = "42,000 USD a month on gpt-4o-mini"
QUESTIONS = load_questions(rules_dir())
NAMES = Names(load_knowledge().catalogue)
SKIPS = "\n" * 30
COUNTED = "How much is it, in whatever you count?"


_stands: dict[Any, Standing] = {}


@pytest.fixture(autouse=True)
def standing_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Conversations here begin alike: how the same answers stand is asked of the engine once."""

    def once(answers: Answers, knowledge: Knowledge, as_of: date) -> Standing:
        asked = (repr(answers), knowledge.files, as_of)
        if asked not in _stands:
            _stands[asked] = standing(answers, knowledge, as_of)
        return _stands[asked]

    monkeypatch.setattr("hostwise.cli.start.conversation.standing", once)


def held(file: Path) -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return loaded


def asked(printed: str) -> list[str]:
    return re.findall(r"^\d+\. (.+)$", printed, re.MULTILINE)


def test_a_bill_alone_gives_a_verdict_in_money_before_anything_is_asked(tmp_path: Path) -> None:
    done = hostwise("start", "w.yaml", "--bill", BILL, stdin=SKIPS, cwd=tmp_path)
    before = " ".join(done.stdout.partition("\n1. ")[0].split())
    assert "Read as 160B tokens a month (5.333B a day)" in before
    assert re.search(r"So far: Managed open-model provider, in \d+ of 100 plausible futures", before)
    assert re.search(r"A month: Managed open-model provider \$[\d,]+, Self-hosting on rented GPUs \$[\d,]+", before)
    assert held(tmp_path / "w.yaml")["current_api"] == {"model": "gpt-4o-mini", "spend_per_month": "42,000 USD a month"}


@pytest.mark.parametrize(
    "bill", ["", BILL, "4,200 USD a month on gpt-4o", "420,000 USD a month on gpt-4o", "30M tokens a day on gpt-4o"]
)
def test_only_what_could_change_the_verdict_is_asked_and_a_skip_goes_to_the_next_best(
    bill: str, tmp_path: Path
) -> None:
    done = hostwise("start", "w.yaml", stdin=bill + SKIPS, cwd=tmp_path)
    questions = asked(done.stdout)
    assert len(questions) == len(set(questions)) <= 10
    assert not {"Summary", "Owner", "Task", "Stage", "Regulations"} & set(questions)
    assert "It is decided only when this is known: external processing" in done.stdout
    assert set(held(tmp_path / "w.yaml")) <= {"workload", "current_api", "demand"}


def test_it_stops_when_no_open_answer_could_change_it(tmp_path: Path) -> None:
    done = hostwise("start", "w.yaml", "--bill", BILL, stdin="none\n3%\n400\n" + SKIPS, cwd=tmp_path)
    questions = ["Does any of this hold?", "Quality gap", "Items evaluated"]
    assert asked(done.stdout) == questions
    assert "No open answer changes it by enough to be worth asking." in done.stdout
    decided = hostwise("decide", "w.yaml", cwd=tmp_path)
    assert decided.stdout.splitlines()[1].startswith("Managed open-model provider: ")
    gate = hostwise("start", "g.yaml", stdin="\n2\n" + SKIPS, cwd=tmp_path)
    assert "No open answer that is drawn changes it, in any of 512 plausible futures." in gate.stdout
    assert held(tmp_path / "g.yaml")["constraints"]["air_gapped"] == "yes"


def test_the_model_is_asked_before_its_price_and_after_a_bill_without_one(tmp_path: Path) -> None:
    done = hostwise("start", "a.yaml", stdin="4200 USD a month\nquit\n", cwd=tmp_path)
    assert asked(done.stdout)[1] == "Model today"
    nothing = asked(hostwise("start", "b.yaml", stdin="\nnone\n" + SKIPS, cwd=tmp_path).stdout)
    assert nothing.index("Model today") < nothing.index("Tokens a day") < nothing.index(COUNTED)
    assert "Tokens a month" not in nothing  # who does not know the one does not know the other


def test_who_knows_no_tokens_says_what_they_count_and_is_asked_once(tmp_path: Path) -> None:
    typed = "\nnone\n\nunknown\n200 seats\n3,000 chat users\nquit\n"
    done = hostwise("start", "w.yaml", stdin=typed, cwd=tmp_path)
    questions = asked(done.stdout)
    assert questions.count(COUNTED) == 1 and "Tokens a month" not in questions
    assert "“200 seats” is read neither as a bill nor as a model" in done.stdout  # of developers, or of users?
    assert held(tmp_path / "w.yaml")["demand"] == {"tokens_per_day": "unknown", "chat_users": "3,000 users"}
    assert re.search(r"A month: [\w -]+ \$[\d,]+", done.stdout.rpartition(COUNTED)[2])


def test_what_rules_options_out_is_one_question(tmp_path: Path) -> None:
    typed = "1 2?, 4\nnot\nquit\n"
    hostwise("start", "w.yaml", "--bill", BILL, stdin=typed, cwd=tmp_path)
    assert held(tmp_path / "w.yaml")["constraints"] == {
        "external_processing": "forbidden",
        "air_gapped": "unknown",
        "edge_or_offline": "no",
        "residency": "not-met",
        "fine_tuning": "none",
    }
    wrong = hostwise("start", "v.yaml", "--bill", BILL, stdin="7\nmaybe\n?\nquit\n", cwd=tmp_path)
    assert wrong.stdout.count("Numbers from 1 to 5 belong here") == 2
    assert "Does it run on a network without any connection to the outside?" in wrong.stdout
    assert "constraints" not in held(tmp_path / "v.yaml")


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (
            "4,200 USD a month on gpt-4o",
            {"current_api.model": "gpt-4o", "current_api.spend_per_month": "4,200 USD a month"},
        ),
        ("gpt-4o: $4200", {"current_api.model": "gpt-4o", "current_api.spend_per_month": "$4200"}),
        (
            "50k USD per year for Llama-3.3-70B at together",
            {
                "current_api.model": "Llama-3.3-70B",
                "current_api.provider": "together",
                "current_api.spend_per_month": "50k USD per year",
            },
        ),
        ("30M Token am Tag für gpt-4o", {"current_api.model": "gpt-4o", "demand.tokens_per_day": "30M Token am Tag"}),
        ("2000 requests a day", {"demand.requests_per_day": "2000 requests a day"}),
        ("claude-sonnet-4-5", {"current_api.model": "claude-sonnet-4-5"}),
        ("200 developers on gpt-4o", {"current_api.model": "gpt-4o", "demand.developers": "200 developers"}),
        ("3,000 chat users", {"demand.chat_users": "3,000 users"}),
        ("40k pages a day", {"demand.pages_per_day": "40k pages a day"}),
        ("40k pages", {"demand.pages": "40k pages"}),  # once
        ("500 phone calls a day", {"demand.calls_per_day": "500 phone-calls a day"}),
        ("500 calls a day on gpt-4o", {"current_api.model": "gpt-4o", "demand.requests_per_day": "500 calls a day"}),
        ("500 Anrufe am Tag", {"demand.calls_per_day": "500 Anrufe am Tag"}),
        # An amount before a slash was taken for a folder of the model's name, and lost.
        ("$4,200/month foo/gpt-4o", {"current_api.model": "foo/gpt-4o", "current_api.spend_per_month": "$4,200/month"}),
        ("$4,200 openai/gpt-4o", {"current_api.model": "openai/gpt-4o", "current_api.spend_per_month": "$4,200"}),
        (
            "1.150,00 €/Monat gpt-4o",
            {
                "current_api.model": "gpt-4o",
                "workload.currency": "EUR",
                "current_api.spend_per_month": "1.150,00 €/Monat",
            },
        ),
        ("$4,200/gpt-4o", None),
        ("200 seats", None),  # of developers, or of a chat?
        ("we pay a lot", None),
        ("nonsense", None),
        ("four thousand dollars a month on ChatGPT", None),
        ("4,200 USD a month on gpt-4o and 500 USD on claude-haiku", None),  # two bills are no name of a model
        ("$4,200 monthly gpt4o", {"current_api.model": "gpt4o", "current_api.spend_per_month": "$4,200 monthly"}),
        ("gpt-4o 4200", {"current_api.model": "gpt-4o", "current_api.spend_per_month": "4200"}),
        ("~$4,200/month (gpt-4o)", {"current_api.model": "gpt-4o", "current_api.spend_per_month": "$4,200/month"}),
        ("gpt-4o at $420 a month", {"current_api.model": "gpt-4o", "current_api.spend_per_month": "$420 a month"}),
        ("30M tokens a day gpt-4o", {"current_api.model": "gpt-4o", "demand.tokens_per_day": "30M tokens a day"}),
        (
            "we pay OpenAI about 4k a month for gpt-4o",
            {
                "current_api.model": "gpt-4o",
                "current_api.provider": "OpenAI",
                "current_api.spend_per_month": "4k a month",
            },
        ),
        (
            "$4,200/month gpt-4o via Azure",
            {
                "current_api.model": "gpt-4o",
                "current_api.provider": "Azure",
                "current_api.spend_per_month": "$4,200/month",
            },
        ),
        (
            "4200 a month for gpt-4o on azure",
            {
                "current_api.model": "gpt-4o",
                "current_api.provider": "azure",
                "current_api.spend_per_month": "4200 a month",
            },
        ),
        (
            "Claude Sonnet 4.6 on Bedrock, 900 dollars monthly",
            {
                "current_api.model": "Claude Sonnet 4.6",
                "current_api.provider": "Bedrock",
                "current_api.spend_per_month": "900 dollars monthly",
            },
        ),
        (  # which Sonnet is asked, and not taken for a name that nobody has
            "we pay 12k EUR a month for Claude Sonnet on Bedrock",
            {
                "current_api.model": "Claude Sonnet",
                "current_api.provider": "Bedrock",
                "workload.currency": "EUR",
                "current_api.spend_per_month": "12k EUR a month",
            },
        ),
        (
            "claude-opus-4.8 $38,000/mo, 2B tokens/month",
            {
                "current_api.model": "claude-opus-4.8",
                "current_api.spend_per_month": "$38,000/mo",
                "demand.tokens_per_day": "2B tokens/month",
            },
        ),
        ("$3k/month OpenAI", {"current_api.provider": "OpenAI", "current_api.spend_per_month": "$3k/month"}),
        ("$900 a month, Foo 70B", {"current_api.model": "Foo 70B", "current_api.spend_per_month": "$900 a month"}),
        ("OpenAI", {"current_api.model": "OpenAI"}),  # which model is asked
        ("novita", None),
        ("2000 Foo", None),  # of what?
        ("$2k/mo GPT-4o mini + $500 embeddings", None),
        ("gpt-4o and some claude, $4k a month", None),
        (
            "4200 USD/Monat, Azure OpenAI gpt-4o",
            {
                "current_api.model": "gpt-4o",
                "current_api.provider": "Azure OpenAI",
                "current_api.spend_per_month": "4200 USD/Monat",
            },
        ),
    ],
)
def test_a_bill_is_read_as_people_say_it(said: str, answers: dict[str, str] | None) -> None:
    read = read_bill(said, QUESTIONS, NAMES)
    assert (None if read is None else {question.key: text for question, text in read}) == answers


@pytest.mark.parametrize(
    ("key", "typed", "meant"),
    [
        ("constraints.air_gapped", "y", "yes"),
        ("constraints.air_gapped", "N", "no"),
        ("constraints.air_gapped", "2", "no"),
        ("team.gpu_operations", "3", "platform-team"),
        ("team.gpu_operations", "plat", "platform-team"),
        ("team.gpu_operations", "p", "p"),  # part-time or platform-team
        ("team.gpu_operations", "unknown", "unknown"),
        ("constraints.regulations", "gd, 2", "[gdpr, hipaa]"),
        ("demand.tokens_per_day", "2", "2"),
        ("current_api.model", "y", "y"),
    ],
)
def test_numbers_and_beginnings_stand_for_words(key: str, typed: str, meant: str) -> None:
    assert understood(QUESTIONS.by_key[key], typed) == meant


@pytest.mark.parametrize("nothing", ["nothing yet", "None.", "-"])
def test_who_uses_nothing_yet_may_say_so(nothing: str, tmp_path: Path) -> None:
    """The question says `Enter: nothing yet`; typed out it became the name of a model."""
    asked_so = hostwise("start", "a.yaml", stdin=f"{nothing}\nnone\nquit\n", cwd=tmp_path)
    given = hostwise("start", "b.yaml", "--bill", nothing, stdin="none\nquit\n", cwd=tmp_path)
    for file, done in (("a.yaml", asked_so), ("b.yaml", given)):
        assert "current_api" not in held(tmp_path / file) and "!" not in done.stdout
        assert held(tmp_path / file)["constraints"]["air_gapped"] == "no"
        assert "Model today" not in asked(done.stdout)


def test_a_name_that_stands_for_no_model_is_not_kept(tmp_path: Path) -> None:
    done = hostwise("start", "w.yaml", stdin="nonsense\nfree\nquit\n", cwd=tmp_path).stdout
    said = " ".join(done.split())
    assert "“nonsense” is read neither as a bill nor as a model" in said
    assert "“free” may mean " in said and "Write it whole." in said
    assert "current_api" not in held(tmp_path / "w.yaml")


def test_back_goes_back_to_the_bill_too(tmp_path: Path) -> None:
    done = hostwise("start", "w.yaml", stdin=f"{BILL}\nback\ngpt-4o: $500\nquit\n", cwd=tmp_path).stdout
    assert asked(done)[0] == asked(done)[2] == "What do you use today, and what does it cost?"
    assert held(tmp_path / "w.yaml")["current_api"] == {"model": "gpt-4o", "spend_per_month": "$500"}


def test_a_model_without_a_price_is_said_to_leave_a_bill_without_a_volume(tmp_path: Path) -> None:
    done = " ".join(
        hostwise("start", "w.yaml", "--bill", "$900 on my-own-thing", stdin="quit\n", cwd=tmp_path).stdout.split()
    )
    assert "No price is known for 'my-own-thing', and none is given: no volume follows from the bill." in done


def test_back_takes_the_last_answer_back_to_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(
        "# a note of mine\nworkload:\n  name: Mine  # stays\ncurrent_api: {model: gpt-4o-mini, spend_per_month: $42k}\n"
    )
    before = file.read_text()
    done = hostwise("start", "w.yaml", stdin="none\n12%\nback\nback\nback\nquit\n", cwd=tmp_path)
    assert file.read_text() == before
    assert "There is nothing to go back to." in done.stdout
    again = hostwise("start", "w.yaml", stdin="none\n12%\nquit\n", cwd=tmp_path)
    assert "3 answers are in w.yaml already" in again.stdout
    assert "# a note of mine" in file.read_text()
    assert "# stays" in file.read_text()
    assert held(file)["quality"] == {"gap": "12%"}


@pytest.mark.parametrize("bill", ["900M tokens on gpt-4o", "900M tokens", "500 tickets", "2000 images on gpt-4o"])
def test_work_without_a_time_is_asked_about(bill: str, tmp_path: Path) -> None:
    """It was taken for a day's: thirty times what whoever counts by the month meant."""
    done = " ".join(hostwise("start", "w.yaml", "--bill", bill, stdin="quit\n", cwd=tmp_path).stdout.split())
    amount = bill.removesuffix(" on gpt-4o")
    assert f"{amount}: in what time? Write {amount} a day, or {amount} a month." in done
    assert set(held(tmp_path / "w.yaml")) == {"workload"}


def test_a_wrong_answer_says_what_is_accepted_and_is_not_written(tmp_path: Path) -> None:
    typed = "4,000 USD on claude\n4.000 EUR on gpt-4o\n4000 EUR on gpt-4o\nabout one\n1.08\nnone\nlots\n400\nquit\n"
    done = " ".join(hostwise("start", "w.yaml", stdin=typed, cwd=tmp_path).stdout.split())
    for said in (
        "'claude' may mean one of several; write it whole.",
        "4.000 can be read in two ways. Write 4 or 4000.",
        "How many dollars is one EUR?",
        "so many dollars are one EUR",
        "bill €4,000 a month",
        "Accepted: ",
    ):
        assert said in done, said
    assert held(tmp_path / "w.yaml") == {
        "workload": {"name": "W", "currency": "EUR"},
        "constraints": {
            "external_processing": "allowed", "air_gapped": "no", "edge_or_offline": "no", "residency": "none",
            "fine_tuning": "none",
        },
        "current_api": {"model": "gpt-4o", "spend_per_month": "4000 EUR"},
        "economics": {"exchange_rates": {"EUR": "1.08"}},
    }  # fmt: skip


def test_the_page_is_german_with_lang_de(tmp_path: Path) -> None:
    typed = "?\n4000 USD für gpt-4o\n4 5\n1\n1\n?\n3%\nback\n12\n\n\n" + SKIPS
    done = hostwise("start", "w.yaml", "--lang", "de", stdin=typed, cwd=tmp_path)
    assert "Bisher: " in done.stdout
    assert english_in(done.stdout) == set()


@pytest.mark.parametrize("width", [40, 60, 80])
def test_lines_keep_to_a_narrow_terminal_without_breaking_words(
    width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "hostwise.cli.start.main.page", lambda code: {"width": width, "colour": False, "language": code}
    )
    done = hostwise("start", "w.yaml", stdin=f"?\n{BILL}\n?\n4 5\n1\n1\n?\n12%\n?\n" + SKIPS, cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= width + len("  > ")
    assert not [line for line in lines if re.search(r"\w-$", line)]


def test_a_file_that_cannot_be_written_ends_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for name in ("folder.yaml", "nowhere/w.yaml"):
        done = hostwise("start", name, stdin=SKIPS, cwd=tmp_path)
        assert done.returncode == 2
        assert asked(done.stdout) == []
        assert done.stderr.strip()


@pytest.mark.parametrize("ending", ["interrupt", "end of input", "terminate"])
def test_no_answer_is_lost_when_the_person_goes(ending: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path("engine").resolve()), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "hostwise", "start", "w.yaml", "--bill", BILL]
    running = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        # What runs the tests in the background has an interrupt ignored, and hands that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )  # fmt: skip
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write("none\n")
    running.stdin.flush()
    for line in running.stdout:
        if line.startswith("2. "):
            break
    if ending != "end of input":
        running.send_signal(signal.SIGINT if ending == "interrupt" else signal.SIGTERM)
    rest, _ = running.communicate()
    assert running.returncode == {"interrupt": 130, "end of input": 0, "terminate": -signal.SIGTERM}[ending]
    assert ("Go on with: hostwise start w.yaml" in rest) is (ending != "terminate")
    assert held(tmp_path / "w.yaml")["constraints"]["fine_tuning"] == "none"
    assert os.listdir(tmp_path) == ["w.yaml"]


STARTS = {
    "nothing": NEW,
    "blank": blank_questionnaire(QUESTIONS),
    "in braces": "workload: {name: x}\ndemand: {tokens_per_day: 30M}\n",
    "in another order": "quality:\n    gap: 3%\n\n# mine\nworkload:\n    name: x # kept\n\n    owner: me\n",
    "windows": "workload:\r\n  name: x\r\n",
    "an example": Path("examples/support-summariser.yaml").read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
def test_every_answer_stands_under_its_own_heading(start: str) -> None:
    before = read_document(Path("w.yaml"), data=start.encode()).data or {}
    for question in QUESTIONS.questions:
        text = with_answer(start, question, example(question), QUESTIONS)
        found = read_document(Path("w.yaml"), data=text.encode())
        data = found.data
        assert data[question.section][question.name] is not None, question.key
        data[question.section].pop(question.name)
        others = {name: dict(entries or {}) for name, entries in before.items()}
        others.get(question.section, {}).pop(question.name, None)
        assert {k: v or {} for k, v in data.items() if v} == {k: v for k, v in others.items() if v}, question.key
        if start not in (STARTS["in braces"], STARTS["windows"]):
            lines = text.splitlines()
            at = found.place((question.section, question.name)).line - 1
            heading = max(n for n, line in enumerate(lines[: at + 1]) if re.match(r"[a-z_]+:", line))
            assert lines[heading].startswith(f"{question.section}:"), question.key
            if start in (NEW, STARTS["blank"]):
                assert lines[heading - 1].startswith("# "), question.key
        kept = [
            line for line in start.splitlines() if line.lstrip().startswith("#") and f"# {question.name}:" not in line
        ]
        assert [line for line in kept if line not in text] == [], question.key


@pytest.mark.parametrize(
    "typed", ["A: b # c", "30_000_000", "- x", "'", '"', "\t", "yes", "{a: b", "é\x1b[31m", "*x", "null"]
)
def test_a_text_is_read_back_as_it_was_typed(typed: str) -> None:
    text = with_answer(NEW, QUESTIONS.by_key["workload.summary"], typed, QUESTIONS)
    assert yaml.load(text, Loader=yaml.BaseLoader)["workload"]["summary"] == typed


def test_numbers_stay_as_they_were_typed() -> None:
    text = NEW
    for key, typed in [
        ("demand.tokens_per_day", "30_000_000"), ("demand.batch_share", "20%..40%"),
        ("current_api.input_price", "$2.50"), ("constraints.regulations", "[gdpr, hipaa]"),
        ("demand.growth_per_month", "{low: 1%, high: 2%}"),
    ]:  # fmt: skip
        text = with_answer(text, QUESTIONS.by_key[key], typed, QUESTIONS)
        assert f": {typed}\n" in text


@pytest.mark.parametrize(
    ("entry", "message"),
    [("usual: {answer: sometimes, otherwise: It does.}", "has no such answer"), ("ask_after: a.b", "no such question")],
)
def test_what_the_interview_reads_of_a_question_is_checked_at_its_line(
    entry: str, message: str, tmp_path: Path
) -> None:
    text = (rules_dir() / "questions.yaml").read_text(encoding="utf-8")
    (tmp_path / "questions.yaml").write_text(text.replace("    label: task\n", f"    label: task\n    {entry}\n"))
    with pytest.raises(InputError, match=message) as caught:
        load_questions(tmp_path)
    assert caught.value.diagnostics[0].place.line > 50


def test_requests_alone_are_followed_by_the_tokens_of_one(tmp_path: Path) -> None:
    """What was asked for was the tokens of a day, which whoever counts requests does not know."""
    done = hostwise("start", "w.yaml", "--bill", "12k requests a day", stdin="none\n800\n200\nquit\n", cwd=tmp_path)
    assert asked(done.stdout)[1:3] == ["Input tokens per request", "Output tokens per request"]
    assert "Tokens a day" not in asked(done.stdout)
    assert re.search(r"A month: [\w -]+ \$[\d,]+", done.stdout)


@pytest.mark.parametrize("then", ["quit\n", ""])
def test_a_bill_is_kept_before_its_rate_is_asked_for(then: str, tmp_path: Path) -> None:
    """`Stopped; every answer is kept` was said of a bill in euros that stood nowhere."""
    done = hostwise("start", "w.yaml", "--bill", "€3k a month on gpt-4o", stdin=then, cwd=tmp_path)
    assert "How many dollars is one EUR?" in done.stdout
    assert held(tmp_path / "w.yaml")["current_api"] == {"model": "gpt-4o", "spend_per_month": "€3k a month"}
    done = hostwise("start", "v.yaml", "--bill", "€3k a month on gpt-4o", stdin="1.16\nquit\n", cwd=tmp_path)
    assert held(tmp_path / "v.yaml")["economics"] == {"exchange_rates": {"EUR": "1.16"}}
    assert re.search(r"A month: [\w -]+ €[\d,]+", done.stdout)
