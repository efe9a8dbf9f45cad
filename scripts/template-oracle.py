#!/usr/bin/env python3
"""Writes Tests/TemplatesTests/Corpus/oracle.json: what Jinja2 makes of many templates.

Needs Jinja2 3.1 (pip install jinja2). The templates are those of Corpus/templates.txt and random ones that this script
makes, always the same for the same seed; all see the values of Corpus/context.json. A case holds the template, its mode
where that is not "text", and what the reference printed, or the kind of its failure.

With --compare TOOL (the program tessera-language) nothing is written: every template of the matrix (every filter, test,
method and operator on every kind of value) and --random N random ones are rendered by both, and differences printed.
"""
import argparse
import copy
import json
import pathlib
import random
import re
import subprocess
import warnings

import jinja2
from jinja2.nativetypes import NativeEnvironment
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

import template_matrix

CORPUS = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "TemplatesTests" / "Corpus"
SEED = 20261121
ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]{6,}")


class NativeSandbox(ImmutableSandboxedEnvironment, NativeEnvironment):
    pass


class KeysFirst(ImmutableSandboxedEnvironment):
    """The environment of schema transforms: a dictionary's keys go before its methods."""

    def getattr(self, obj, attribute):
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def inside_json_string(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, str):
        return json.dumps(value)[1:-1]
    if isinstance(value, (dict, list)):
        return json.dumps(json.dumps(value))[1:-1]
    return str(value)


ENVIRONMENTS = {
    "text": ImmutableSandboxedEnvironment(),
    "strict": ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined),
    "native": NativeSandbox(undefined=jinja2.StrictUndefined),
    "json": KeysFirst(finalize=inside_json_string),
}


def outcome(template, mode, context):
    try:
        value = ENVIRONMENTS[mode].from_string(template).render(copy.deepcopy(context))
        text = str(value)
        text.encode()
        return {"renders": ADDRESS.sub("0x7f0000000000", text)}
    except (jinja2.TemplateSyntaxError, SyntaxError):
        return {"fails": "syntax"}
    except jinja2.UndefinedError:
        return {"fails": "undefined"}
    except SecurityError:
        return {"fails": "security"}
    except Exception:
        return {"fails": "runtime"}


class Maker:
    """Makes random templates whose operations mostly suit the types of their values."""

    texts = ["a", "x y", "Hello", "", " pad ", "a-b-c", "A,b,,C", "<i>", "ÀÉß", "你好", "don't", "one\ntwo\n", "1.50", "42"]
    names = {
        "integer": ["x", "y", "n", "neg", "big"],
        "real": ["z", "f", "third", "whole"],
        "text": ["name", "s", "pad", "html", "uni", "multi", "para", "empty", "quote", "url", "uni2", "date"],
    }

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.pick = self.random.choice
        self.macros = 0

    def number(self, low, high):
        return self.random.randint(low, high)

    def stops(self, depth):
        return depth <= 0 or self.random.random() < 0.25

    def literal(self, text):
        return json.dumps(text, ensure_ascii=False) if "'" in text else repr(text)

    def integer(self, depth):
        if self.stops(depth):
            return self.pick(self.names["integer"] + [str(self.number(-5, 30)), str(self.number(0, 10**20))])
        d = depth - 1
        forms = [
            lambda: f"({self.integer(d)} {self.pick('+-*')} {self.integer(d)})",
            lambda: f"({self.integer(d)} {self.pick(['//', '%'])} {self.pick(['3', '7', '-2', 'n'])})",
            lambda: f"({self.text(d)})|{self.pick(['length', 'wordcount', 'int', 'int(7)'])}",
            lambda: f"({self.list(d)})|length",
            lambda: f"({self.integers(d)})|{self.pick(['sum', 'max', 'min'])}",
            lambda: f"({self.integer(d)})|{self.pick(['abs', 'round', 'round(-1)', 'round(-2)'])}",
            lambda: f"({self.real(d)})|int",
            lambda: f"({self.text(d)}).{self.pick(['find', 'count', 'rfind'])}({self.text(0)})",
            lambda: f"({self.integer(d)} if {self.condition(d)} else {self.integer(d)})",
            lambda: f"(2 ** {self.number(0, 80)})",
        ]
        return self.pick(forms)()

    def real(self, depth):
        if self.stops(depth):
            value = self.random.uniform(-1, 1) * 10 ** self.number(-20, 25)
            return self.pick(self.names["real"] + [repr(value), repr(round(self.random.uniform(-1000, 1000), 3))])
        d = depth - 1
        forms = [
            lambda: f"({self.integer(d)} / {self.pick(['3', '7.5', '-2', 'n'])})",
            lambda: f"({self.real(d)} {self.pick('+-*')} {self.real(d)})",
            lambda: f"({self.real(d)} {self.pick(['//', '%'])} {self.pick(['3', '2.5', '-7'])})",
            lambda: f"({self.real(d)})|round({self.number(-2, 5)})",
            lambda: f"({self.real(d)})|round({self.number(0, 3)}, {self.pick(['&ceil&', '&floor&']).replace('&', chr(39))})",
            lambda: f"({self.text(d)})|float",
            lambda: f"({self.real(d)})|abs",
        ]
        return self.pick(forms)()

    def formatted(self, depth):
        sign, zero = self.pick(["", "+", " "]), self.pick(["", "0"])
        align = self.pick(["", "<", "^", ">", "*^"])
        real = f"{self.pick(['', '15'])}{self.pick(['', ',', '_'])}{self.pick(['', '.0', '.3'])}{self.pick(['f', 'e', 'g', '%', ''])}"
        flags, width = self.pick(["", "-", "0", "+", " ", "#"]), self.pick(["", "5", "12"])
        forms = [
            lambda: f"'%{flags}{width}{self.pick(['', '.0', '.2', '.7'])}{self.pick('feEgGds')}' % ({self.real(depth)})",
            lambda: f"'%{flags}{width}{self.pick('dxXos')}' % ({self.integer(depth)})",
            lambda: f"'{{:{align}{sign}{zero}{real}}}'.format({self.real(depth)})",
            lambda: f"'{{:{align}{sign}{self.pick(['', '#'])}{zero}{width}{self.pick('dxXbo')}}}'.format({self.integer(depth)})",
            lambda: f"'{{:{align}{width}{self.pick(['', '.2'])}}}|{{!r}}'.format({self.text(depth)}, {self.text(depth)})",
        ]
        return self.pick(forms)()

    def text(self, depth):
        if self.stops(depth):
            return self.pick(self.names["text"] + [self.literal(text) for text in self.texts])
        d = depth - 1
        part = self.literal(self.pick(["a", "e", "o", " ", "l", "-", "", "He", ","]))
        filters = [
            "upper", "lower", "title", "capitalize", "trim", "e", "forceescape", "striptags", "urlencode", "tojson",
            "reverse", "urlize", "pprint", "wordwrap(15)", "wordwrap(30, false)", "indent", "indent(2, true)",
            "center(30)", "safe", "truncate(10)", "truncate(15, true)", "trim('aHe')", "list|join('-')",
        ]
        forms = [
            lambda: f"({self.text(d)} ~ {self.pick([self.text, self.integer, self.real, self.condition])(d)})",
            lambda: f"({self.text(d)} + {self.text(d)})",
            lambda: f"({self.text(d)})|{self.pick(filters)}",
            lambda: f"({self.text(d)})|replace({part}, {self.text(0)})",
            lambda: f"({self.text(d)}).{self.pick(['upper', 'title', 'swapcase', 'strip', 'rstrip', 'casefold'])}()",
            lambda: f"({self.text(d)}).replace({part}, {self.text(0)}, {self.number(-1, 3)})",
            lambda: f"({self.text(d)}).{self.pick(['center', 'ljust', 'rjust', 'zfill'])}({self.number(0, 30)})",
            lambda: f"({self.text(d)})[{self.pick(['', '1', '-3'])}:{self.pick(['', '5', '-1'])}{self.pick(['', ':2', ':-1'])}]",
            lambda: f"({self.texts_of(d)})|join({self.text(0)})",
            lambda: f"({self.list(d)})|{self.pick(['string', 'tojson', 'pprint'])}",
            lambda: f"({self.dictionary(d)})|{self.pick(['tojson(indent=2)', 'pprint', 'urlencode', 'string'])}",
            lambda: self.formatted(d),
            lambda: f"({self.text(d)} if {self.condition(d)} else {self.text(d)})",
            lambda: f"({self.integer(d)})|{self.pick(['string', 'filesizeformat', 'filesizeformat(true)'])}",
            lambda: f"person.address.{self.pick(['city', 'zip', 'nope'])}|default('-')",
            lambda: f"({self.text(d)}).partition({self.literal(self.pick(['a', ' ', 'o']))})|join('/')",
        ]
        return self.pick(forms)()

    def texts_of(self, depth):
        if self.stops(depth):
            return self.pick(["words", "mixedcase", "['b', 'a', 'C']", "[]"])
        d = depth - 1
        forms = [
            lambda: f"({self.text(d)}).{self.pick(['split()', 'split(&,&)', 'rsplit(& &, 1)', 'splitlines()']).replace('&', chr(39))}",
            lambda: f"({self.texts_of(d)})|map('{self.pick(['upper', 'title', 'trim', 'reverse'])}')|list",
            lambda: f"({self.texts_of(d)})|sort{self.pick(['', '(true)', '(case_sensitive=true)'])}",
            lambda: f"({self.texts_of(d)})|{self.pick(['unique', 'reverse', 'select', 'reject(&upper&)']).replace('&', chr(39))}|list",
            lambda: f"({self.text(d)})|list",
            lambda: f"[{self.text(d)}, {self.text(d)}]",
            lambda: f"users|map(attribute='{self.pick(['name', 'city'])}')|list",
        ]
        return self.pick(forms)()

    def integers(self, depth):
        if self.stops(depth):
            return self.pick(["nums", "[4, 2, 9]", "range(4)|list"])
        return self.pick([f"[{self.integer(depth - 1)}, {self.integer(depth - 1)}]", f"({self.integers(depth - 1)})|sort"])

    def list(self, depth):
        d = depth - 1
        forms = [
            lambda: self.texts_of(depth),
            lambda: self.integers(depth),
            lambda: f"({self.texts_of(d)})|batch({self.number(1, 4)}, {self.pick(['0', 'none'])})|list",
            lambda: f"({self.texts_of(d)})|slice({self.number(1, 4)}, {self.pick(['0', 'none'])})|list",
            lambda: f"({self.dictionary(d)})|dictsort",
            lambda: f"users|groupby('{self.pick(['age', 'city'])}')|map('first')|list",
            lambda: f"users|sort(attribute='{self.pick(['age', 'city,name'])}')|map(attribute='name')|list",
            lambda: f"({self.integer(d)}, {self.text(d)}, {self.condition(d)}, {self.real(d)})",
            lambda: self.pick(["mixed", "deep.l[0].m.n", "nested"]),
        ]
        return self.pick(forms)()

    def dictionary(self, depth):
        if self.stops(depth):
            return self.pick(["person.address", "{'k': 1, 'j': [1, none]}", "emptyd"])
        return f"{{'a': {self.text(depth - 1)}, 'b': {self.pick([self.integer, self.real, self.texts_of])(depth - 1)}}}"

    def condition(self, depth):
        if self.stops(depth):
            return self.pick(["yes", "no", "true", "missing is defined", "x is odd"])
        d = depth - 1
        forms = [
            lambda: f"{self.integer(d)} {self.pick(['<', '>=', '==', '!='])} {self.real(d)}",
            lambda: f"{self.text(d)} {self.pick(['<', '>', '==', 'in', 'not in'])} {self.text(d)}",
            lambda: f"({self.condition(d)} {self.pick(['and', 'or'])} {self.condition(d)})",
            lambda: f"(not {self.condition(d)})",
            lambda: f"({self.integer(d)}) is {self.pick(['odd', 'divisibleby 3', 'number', 'string', 'none'])}",
            lambda: f"({self.text(d)}).{self.pick(['isdigit', 'isalpha', 'isupper', 'istitle', 'isspace', 'isprintable'])}()",
            lambda: f"{self.list(d)} == {self.list(d)}",
        ]
        return self.pick(forms)()

    def expression(self, depth):
        kinds = [self.integer, self.real, self.text, self.text, self.texts_of, self.list, self.dictionary, self.condition]
        return self.pick(kinds)(depth)

    def statement(self, depth):
        dash = lambda: self.pick(["", "", "", "-"])
        lead = self.pick(["", "", " ", "\n", "  \n ", "text "])
        if depth <= 0 or self.random.random() < 0.4:
            return f"{lead}{{{{{dash()} {self.expression(self.number(0, 3))} {dash()}}}}}"
        body = lambda: "".join(self.statement(depth - 1) for _ in range(self.number(1, 2)))
        self.macros += 1
        macro = f"macro{self.macros}"
        loop = self.pick(["", "{{ loop.index }}", "{{ loop.previtem }}>{{ loop.nextitem }}", "{{ loop.revindex }}"])
        forms = [
            lambda: f"{lead}{{%{dash()} for i in {self.integers(1)} {dash()}%}}{loop}{body()}{{% else %}}{body()}{{%{dash()} endfor %}}",
            lambda: f"{{% for w in {self.texts_of(1)} if w is lower %}}{loop}{{{{ w }}}}{body()}{{% endfor {dash()}%}}",
            lambda: f"{lead}{{% if {self.condition(2)} {dash()}%}}{body()}{{% elif {self.condition(1)} %}}{body()}{{% else %}}{body()}{{% endif %}}",
            lambda: f"{lead}{{% set x = {self.integer(2)} %}}{{{{ x }}}}",
            lambda: f"{{% set block{self.pick(['', ' | upper', ' | trim | title'])} %}}{body()}{{% endset %}}{{{{ block }}}}",
            lambda: f"{{% with x = {self.integer(1)}, q = x %}}{{{{ q }}}}{body()}{{% endwith %}}",
            lambda: f"{{% filter {self.pick(['upper', 'trim', 'indent', 'e', 'tojson', 'truncate(30)'])} %}}{body()}{{% endfilter %}}",
            lambda: f"{{% macro {macro}(a, x=5) %}}{{{{ a }}}}{{{{ varargs }}}}{{{{ kwargs }}}}{body()}{{% endmacro %}}"
            f"{{{{ {macro}({self.text(1)}, {self.integer(1)}, {self.integer(1)}, more={self.text(1)}) }}}}",
            lambda: f"{{% macro {macro}(t) %}}<{{{{ caller(t, 1) }}}}>{{% endmacro %}}"
            f"{{% call(u, x) {macro}({self.text(1)}) %}}{{{{ u }}}}{body()}{{% endcall %}}",
            lambda: f"{{% set ns = namespace(t=0) %}}{{% for i in {self.integers(1)} %}}{{% set ns.t = ns.t + i %}}{{% endfor %}}{{{{ ns.t }}}}",
            lambda: "{% for t in tree recursive %}{{ t.n }}{{ loop.depth }}[{{ loop(t.c) if t.c }}]{% endfor %}",
        ]
        return self.pick(forms)()

    def template(self):
        return "".join(self.statement(3) for _ in range(self.number(1, 3)))


def compare(tool, count, seed):
    """Renders the matrix and random templates with both, and prints what differs."""
    context = json.loads((CORPUS / "context.json").read_text())
    maker = Maker(seed)
    asked = [(template, "text") for template in template_matrix.templates(random.Random(seed))]
    asked += [("{{ " + maker.expression(maker.number(1, 5)) + " }}", "text") for _ in range(count)]
    asked += [(maker.template(), maker.pick(["text", "strict", "json"])) for _ in range(count // 3)]
    asked = [(template, mode) for template, mode in asked if not template_matrix.ACCIDENTAL.search(template)]
    lines = "".join(json.dumps({"template": template, "mode": mode}) + "\n" for template, mode in asked)
    command = [tool, "render", "--context", CORPUS / "context.json"]
    run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    differences = 0
    for (template, mode), line in zip(asked, run.stdout.splitlines(), strict=True):
        ours, theirs = json.loads(line), outcome(template, mode, context)
        if {key: ours.get(key) for key in theirs} != theirs:
            differences += 1
            print(json.dumps({"mode": mode, "template": template, "tessera": ours, "jinja2": theirs}, ensure_ascii=False))
    print(f"{len(asked)} templates, {differences} differences")
    raise SystemExit(1 if differences else 0)


def main():
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compare", metavar="TOOL")
    parser.add_argument("--random", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    if options.compare:
        compare(options.compare, options.random, options.seed)
    context = json.loads((CORPUS / "context.json").read_text())
    written = (CORPUS / "templates.txt").read_text().removesuffix("\n").split("\n%%\n")
    maker = Maker(SEED)
    asked = [(template, mode) for template in written for mode in ("text", "strict")]
    asked += [("{{ " + maker.expression(maker.number(1, 4)) + " }}", "text") for _ in range(1500)]
    asked += [(maker.template(), "text") for _ in range(300)]
    asked += [("{{ " + maker.expression(maker.number(0, 3)) + " }}", "native") for _ in range(300)]
    asked += [(maker.template(), "json") for _ in range(150)]
    asked += [(template, "text") for template in template_matrix.sample(random.Random(SEED), 2000)]
    cases = []
    for template, mode in asked:
        case = {"template": template} | ({} if mode == "text" else {"mode": mode}) | outcome(template, mode, context)
        if len(case.get("renders", "")) < 4000:
            cases.append(case)
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (CORPUS / "oracle.json").write_text(f'{{"jinja2": "{jinja2.__version__}", "cases": [\n{lines}\n]}}\n')
    print(len(cases), "cases")


if __name__ == "__main__":
    main()
