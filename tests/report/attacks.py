"""Text that would do harm if it became anything but text, and where it is put."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tests.report.stress import text_questions

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
    "no closing": "<b><i><table><tr><td><!--",
    "event svg": "<svg/onload=alert(1)><svg><animate onbegin=alert(1) attributeName=x></svg>",
    "svg use": "<svg><use href='data:image/svg+xml;base64,PHN2Zy8+#x'/><image href='file:///etc/passwd'/></svg>",
    "svg foreign": "<svg><foreignObject><iframe src=file:///etc/passwd></iframe></foreignObject></svg>",
    "svg script": "<svg><script xlink:href='http://127.0.0.1:9/x.js'/></svg>",
    "math": "<math><maction actiontype='statusline#http://127.0.0.1:9/'>x</maction></math>",
    "srcdoc": "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "base": "<base href='http://127.0.0.1:9/'><form action=x><input type=submit formaction=javascript:alert(1)>",
    "meta": "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><meta name=author content=x>",
    "frames": "<frameset onload=alert(1)><frame src=file:///etc/passwd></frameset><embed src=file:///etc/passwd>",
    "media": "<video poster=http://127.0.0.1:9/x><source src=file:///etc/passwd onerror=alert(1)></video>",
    "marquee": "<marquee onstart=alert(1)>x</marquee><details open ontoggle=alert(1)>x</details>",
    "template element": "<template><script>alert(1)</script></template><noscript><p title='</noscript><img src=x>'>",
    "case": "<ScRiPt>alert(1)</sCrIpT><IMG SRC=JaVaScRiPt:alert(1)>",
    "slashes": "<img/src='x'/onerror=alert(1)//><a/href=javascript:alert(1)>x",
    "broken tag": "<<script>alert(1)//<</script><scr<script>ipt>alert(1)</scr</script>ipt>",
    "backtick": "`onmouseover=alert(1) ``<img src=x onerror=`alert(1)`>",
    "attribute end": "'\"><script>alert(1)</script>",
    "attribute without quotes": "x onmouseover=alert(1) style=position:fixed",
    "entity link": "java&#x73;cript:alert(1) java&Tab;script:alert(1) &#106avascript:alert(1)",
    "vbscript": "vbscript:msgbox(1) livescript:alert(1) view-source:file:///etc/passwd",
    "file address": "file:///etc/passwd file://localhost/etc/passwd \\\\127.0.0.1\\share\\x smb://127.0.0.1/x",
    "blob": "blob:http://127.0.0.1:9/x about:blank filesystem:http://127.0.0.1:9/x",
    "css import": "@import url(http://127.0.0.1:9/x.css); @font-face{src:url(file:///etc/passwd)}",
    "css close": "}</style>*{display:none}body{background:url(//127.0.0.1:9/x)}",
    "css content": "content:url(file:///etc/passwd);-moz-binding:url(http://127.0.0.1:9/x.xml#x)",
    "css string": "\\22 ;}@page{@top-left{content:url(file:///etc/passwd)}}\\",
    "css variable": "var(--ink);--accent:red;color:expression(alert(1))",
    "jinja read": "{{ config.__class__.__init__.__globals__['os'].popen('id').read() }}",
    "jinja self": "{{ self.__init__.__globals__.__builtins__.open('/etc/passwd').read() }}{{ lipsum }}{{ cycler }}",
    "jinja include": "{% include '/etc/passwd' %}{% import 'os' as os %}{{ 7*7 }}{{ 7*'7' }}",
    "jinja filter": "{{ ''|attr('__class__') }}{{ range(10**9)|list }}",
    "other templates": "${7*7} #{7*7} <%= 7*7 %> {{=7*7}} *{7*7} @(7*7) [[${7*7}]] `${alert(1)}`",
    "format fields": "{report.__class__.__mro__} {0} {} {{}} {options} {count!r:>9999999999}",
    "markdown nested": "[![x](http://127.0.0.1:9/x)](javascript:alert(1)) [x](<javascript:alert(1)>) [x][x]",
    "markdown footnote": "[^1] [^1]: http://127.0.0.1:9/ - [ ] task :smile: ==x== ^x^",
    "markdown escape": "\\[x\\](http://127.0.0.1:9/) \\<b\\> \\\\`x`",
    "markdown table": "x | y |\n|---|---|\n| <img src=x> | [x](file:///etc/passwd) |",
    "markdown fence": "```mermaid\ngraph TD; A-->B; click A href 'javascript:alert(1)'\n```",
    "markdown setext": "Title\n===\n\nOther\n---\n1. x\n> y\n    code",
    "markdown mention": "@everyone #1 GH-1 user/repo#1 me@evil.example <me@evil.example> mailto:me@evil.example",
    "front matter": "---\ntitle: x\n---\n<!-- x --> {% raw %}",
    "xmp": '</rdf:RDF></x:xmpmeta><?xpacket end="w"?><rdf:Description pdfaid:part="1"/>',
    "xmp attribute": '" rdf:about="x" pdfuaid:part="9" xmlns:x="http://127.0.0.1:9/',
    "cdata": "]]>]]&gt;<![CDATA[x]]><!ENTITY x SYSTEM 'file:///etc/passwd'>&x;%x;",
    "pdf string": ") /S /JavaScript /JS (app.alert(1)) >> endobj \\) \\(\\051 \\",
    "pdf dictionary": ">> /AA << /O << /S /Launch /F (cmd.exe) >> >> endobj 1 0 obj << /OpenAction 2 0 R",
    "pdf name": "/URI#20(http://127.0.0.1:9/)/GoToR#00 <</S/SubmitForm>> endstream endobj xref trailer %%EOF",
    "pdf operators": "Q q BT (x) Tj ET 1 0 0 rg /Im0 Do EMC /Artifact BMC",
    "formula": '=HYPERLINK("http://127.0.0.1:9/","x") =cmd|\'/C calc\'!A0 @SUM(1) +1+1 -1+1',
    "path": "../../../../etc/passwd ..%2f..%2fetc%2fpasswd C:\\Windows\\win.ini ~/.ssh/id_rsa",
    "shell": "$(id) `id` ; rm -rf / | sh && curl http://127.0.0.1:9/ > /tmp/x",
    "sql": '\'; DROP TABLE reports; -- " OR ""="',
    "json": '\\u003cscript\\u003e {"__proto__": {"x": 1}} \\ud800',
    "yaml": "!!python/object/apply:os.system ['id'] &a *a <<: *a %TAG ! x",
    "header": "x\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>",
    "utf-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "overlong": "\xc0\xbcscript\xc0\xbe \ufe64script\ufe65 \uff1cscript\uff1e",
    "tags block": "x\U000e0001\U000e003c\U000e0073\U000e007f y",
    "isolates": "\u2067a\u2068b\u2069\u2069 \u200f\u200e\u061c c",
    "long": "A" * 10_000,
    "long words": "lorem ipsum " * 900,
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "combining": "Z\u0351\u036b\u0343\u032a\u0302" * 60,
}

AT_ONCE = 880
"""What a page prints of one text, less a little: so many characters of attacks one field can say at once."""


def _packed(attacks: Iterable[str]) -> Iterator[str]:
    pack = ""
    for attack in attacks:
        if pack and len(pack) + len(attack) + 1 > AT_ONCE:
            yield pack
            pack = ""
        pack += f"{attack}\n"
    yield pack


PACKS = tuple(_packed(attack for attack in ATTACKS.values() if len(attack) < AT_ONCE))
"""Every attack, as many to a text as it takes: a record that says one of them in every field tries them all."""

TEXT_KEYS = frozenset(
    {
        *("label", "text", "because", "sentence", "why", "why_not", "title", "english", "seen", "shown", "source"),
        *("formula", "help", "written", "question", "settles", "variant", "note", "name", "owner", "when_due"),
        *("caution", "unit", "key", "file", "who", "version", "rule", "id", "pack", "gpu", "model", "document"),
    }
)


def attacked(data: dict[str, Any], attack: str) -> dict[str, Any]:
    """A copy of a record in which every field of text says the attack, and nothing else changes.

    Answers and facts keep the names by which a report looks them up; the answers in words are the attack.
    """
    found: dict[str, Any] = _attacked(data, attack, "")
    found["id"] = data["id"]  # a hash: a record whose id is another text is refused before anything is written
    for value, was in zip(found["answers"]["values"], data["answers"]["values"], strict=True):
        value["key"] = was["key"]
        if was["key"] in text_questions():
            value["value"] = attack
    for uncertain, was in zip(found["robustness"]["uncertain"], data["robustness"]["uncertain"], strict=True):
        uncertain["why"] = was["why"]  # one of four words: any other is refused as well
    for dissent, was in zip(found["verdict"]["dissent"], data["verdict"]["dissent"], strict=True):
        dissent["who"] = was["who"]  # names a vote of the panel: a record that contradicts itself is refused
    for fact, was in zip(found["facts"], data["facts"], strict=True):
        fact["name"], fact["key"] = was["name"], was["key"]
        if was["key"] in text_questions():
            fact["value"] = attack
    return found


def _attacked(data: Any, attack: str, key: str) -> Any:
    if isinstance(data, dict):
        return {k: _attacked(v, attack, k) for k, v in data.items()}
    if isinstance(data, list):
        return [_attacked(value, attack, key) for value in data]
    return attack if isinstance(data, str) and key in TEXT_KEYS else data
