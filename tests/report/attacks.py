"""Text that would do harm if it became anything but text, and where it is put."""

from __future__ import annotations

from typing import Any

ATTACKS = {
    "local file": "<img src=file:///etc/passwd>",
    "attachment": '<link rel=attachment href="file:///etc/passwd">',
    "object": '<object data="file:///etc/passwd"></object><iframe src="file:///etc/hostname"></iframe>',
    "server": '<img src="http://127.0.0.1:9/x"><link rel=stylesheet href=http://127.0.0.1:9/x.css>',
    "template": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "template statement": "{% for x in [].__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}{# #}",
    "format string": "{sentence.__class__} {0.__init__.__globals__} %(x)s %n",
    "script": "<script>fetch('http://127.0.0.1:9/')</script>",
    "handler": '" onmouseover="alert(1)" x="',
    "quote": "' onfocus='alert(1)' autofocus='",
    "leave style": "</style><script>alert(1)</script><style>",
    "leave title": "</title><script>alert(1)</script>",
    "leave svg": "</title></svg><script>alert(1)</script><svg><title>",
    "leave comment": "--><script>alert(1)</script><!--",
    "css url": "x{background:url(file:///etc/passwd)} url('http://127.0.0.1:9/') @import 'file:///etc/passwd';",
    "css expression": "expression(alert(1)); behavior:url(#default#time2)",
    "link": '<a href="javascript:alert(1)">x</a>',
    "javascript": "javascript:alert(1)",
    "data url": "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "entity": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62; &colon;",
    "xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x><![CDATA[<b>]]>',
    "markdown link": "[click](javascript:alert(1)) ![x](http://127.0.0.1:9/x.png) <http://127.0.0.1:9/>",
    "markdown reference": "[x]: http://127.0.0.1:9/ 'y'",
    "bare address": "https://evil.example/ www.evil.example someone@evil.example @everyone #1",
    "markdown block": "# heading **bold** _it_ `code` ~~x~~ > quote | cell | $x$",
    "markdown lines": "x\n\n# heading\n\n- item\n\n```\ncode\n```\n\n    code\n\n---\n\n<b>html</b>",
    "markdown html": "<details open><summary>x</summary></details><!-- x -->",
    "terminal colour": "\x1b[31mred\x1b[0m",
    "terminal title": "\x1b]0;owned\x07",
    "terminal link": "\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\",
    "terminal 8-bit": "\x9b31m \x9d0;owned\x9c",
    "carriage return": "safe\rrm -rf /\x08\x08\x7f",
    "null": "a\x00b\x0b\x0c",
    "override": "user\u202egnp.exe \u2066hidden\u2069",
    "line separators": "a\u2028b\u2029c\u0085d",
    "noncharacters": "a\ufffeb\uffffc",
    "long": "A" * 10_000,
    "long words": "lorem ipsum " * 900,
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "combining": "Z\u0351\u036b\u0343\u032a\u0302" * 60,
}

TEXT_KEYS = frozenset(
    {
        *("label", "text", "because", "sentence", "why", "why_not", "title", "english", "seen", "shown", "source"),
        *("formula", "help", "written", "question", "settles", "variant", "note", "name", "owner", "when_due"),
        *("caution", "unit", "key", "file", "who", "version", "rule", "id", "pack", "gpu", "model", "document"),
    }
)


def attacked(data: Any, attack: str, key: str = "") -> Any:
    """A copy of a record in which every field of text says the attack, and nothing else changes."""
    if isinstance(data, dict):
        return {k: attacked(v, attack, k) for k, v in data.items()}
    if isinstance(data, list):
        return [attacked(value, attack, key) for value in data]
    if isinstance(data, str) and key in TEXT_KEYS:
        return attack
    return data


def attacked_answers(data: dict[str, Any], attack: str) -> dict[str, Any]:
    """A copy of a record in which only what the questionnaire says is the attack."""
    found: dict[str, Any] = {**data, "answers": {**data["answers"], "values": []}}
    for value in data["answers"]["values"]:
        text = value["key"] in {"workload.name", "workload.summary", "workload.owner", "workload.task"}
        found["answers"]["values"].append({**value, "value": attack, "written": attack} if text else value)
    return found
