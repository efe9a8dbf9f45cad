#!/usr/bin/env python3
"""Compares what Data Designer and Tessera compute of the same records: expressions, skip rules, schema transforms.

    pip install data-designer==0.9.6
    scripts/differential-records.py --coordinator .build/debug/coordinator --cases 500 --seed 1
    scripts/differential-records.py --cases 150 --seed 7 --write Tests/RecordsTests/Corpus/records.jsonl

A seeded generator writes workflows (given columns, expressions of all types, columns of a model whose answers are given,
skip rules that propagate or do not, transforms) and records with awkward values. The library's own functions compute
each record, in its unrestricted template engine; `coordinator compute` does the same. Values, what is left out, documents
and what becomes of records that fail must be equal. Without --coordinator nothing is compared; --write keeps the cases
with the library's answers, which the tests of module Records compare with.

Not generated, since the two differ on purpose (docs/compatibility.md): NaN, random filters, and null in a text column as
pandas passes it on.
"""

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import tempfile

os.environ.setdefault("NEMO_TELEMETRY_ENABLED", "false")
os.environ.setdefault("NEMO_TELEMETRY_ENDPOINT", "")

TEXTS = [
    "plain", "", " ", "5", "  5 ", "1.50", "1e3", "007", "-0", "true", "false", "null", "\"quoted\"", "[1, 2]",
    "{\"k\": \"3\", \"n\": {\"m\": [1, \"2\"]}}", "say \"hi\"\n\\ there", "é, ü and 🎲", "a,b,c", "Yes", "None", "tab\there",
    "<b>&amp;</b>", "x" * 40, "{not json", "12345678901234567890",
]
VALUES = TEXTS + [
    0, 1, -3, 42, 12345678901234567890, 0.0, 1.0, -2.5, 1e20, 1e-7, 3.14159, True, False, None, [], [1, "2", None],
    {"k": "v", "n": None}, {"k": "7", "deep": {"x": [True, "false"]}},
]
EXPRESSIONS = [
    "{a}", "{a} ~ {b}", "{a} | upper", "{a} | lower | title", "{a} | trim", "{a} | length", "{a} | int", "{a} | float",
    "{a} | int + 1", "({a} | float) * 2.5", "({a} | int) // 3", "({a} | int) % 7", "({a} | float) ** 2", "{a} == {b}",
    "{a} != 'plain'", "{a} is string", "{a} is number", "{a} is mapping", "{a} is none", "{a} is defined", "{a} or 'none'",
    "{a} and {b}", "not {a}", "{a} if {b} else 'no'", "{a} | default('d', true)", "{a} | string | replace('a', 'bb')",
    "{a} | string | truncate(9)", "{a} | round(1)", "{a} | abs", "{a} | first", "{a} | last", "{a} | list | length",
    "{a} | join('-')", "{a} | tojson", "{a}.k", "{a}['k']", "{a}.n.m", "{a}.deep.x[1]", "{a}[0]", "{a}[-1]", "{a}[:2]",
    "{a}.missing", "'%s and %s' | format({a}, {b})", "'%05d' % 42", "{a} in {b}", "'a' in ({a} | string)", "{a} > 3",
    "{a} < {b}", "{a} + {b}", "{a} * 2", "[{a}, {b}]", "{{'x': {a}, 'y': [{b}]}}", "{a} | string | wordcount",
    "{a} | sort", "{a} | unique | list", "{a} | reverse | list", "{a} | e", "{a} | string | center(12)", "({a} | string).split(',')",
    "({a} | string).startswith('p')", "{a} | map('string') | join('+')", "{a} | select('number') | list", "1 / {a}",
    "{a}.items() | list", "{a} | dictsort", "{a} | urlencode", "({a}, {b})", "range(3) | list", "{a} | bogus_never('x')",
]
STATEMENTS = [
    "{{% if {a} %}}yes {{{{ {b} }}}}{{% else %}}no{{% endif %}}",
    "{{% for x in {a} %}}{{{{ loop.index }}}}:{{{{ x }}}};{{% endfor %}}",
    "{{% set v = {a} %}}{{{{ v }}}}-{{{{ v }}}}",
    "{{% if {a} == {b} %}}same{{% elif {a} %}}{{{{ {a} }}}}{{% endif %}}",
    "{{% with q = {a} %}}{{{{ q | string | upper }}}}{{% endwith %}}",
    "{{# nothing #}}{{{{ {a} }}}}\n", "  {{{{ {a} }}}}  ", "{{% raw %}}{{{{ x }}}}{{% endraw %}}{{{{ {a} }}}}",
]


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def expression(self, names):
        a, b = self.random.choice(names), self.random.choice(names)
        pool = [e for e in EXPRESSIONS if "bogus" not in e]
        return self.random.choice(pool).format(a=a, b=b)

    def template(self, names):
        kind = self.random.random()
        if kind < 0.2:
            return self.random.choice(STATEMENTS).format(a=self.random.choice(names), b=self.random.choice(names))
        parts = ["{{ %s }}" % self.expression(names) for _ in range(1 if kind < 0.75 else 2)]
        return self.random.choice(["", "", "", "is "]).join(parts) if len(parts) > 1 else parts[0]

    def skip(self, names):
        value = self.random.choice([None, None, "skipped", 0, 7, 2.5, True, ""])
        return {"when": self.template(names), "value": value}

    def workflow(self):
        names = ["g0", "g1", "g2"]
        columns = [
            {"name": name, "column_type": "sampler", "sampler_type": "category", "params": {"values": ["x"]}}
            for name in names
        ]
        for number in range(self.random.randint(1, 5)):
            name = f"c{number}"
            if self.random.random() < 0.65:
                column = {
                    "name": name, "column_type": "expression", "expr": self.template(names),
                    "dtype": self.random.choice(["str"] * 9 + ["int", "float", "bool"]),
                }
            else:
                column = {
                    "name": name, "column_type": "llm-text", "model_alias": "m",
                    "prompt": "Say {{ %s }}" % self.random.choice(names),
                }
            if self.random.random() < 0.35:
                skip = self.skip(names)
                if column.get("dtype") in ("int", "float") and not isinstance(skip["value"], (int, float, type(None))):
                    skip["value"] = 3
                column["skip"] = skip
            if self.random.random() < 0.2:
                column["propagate_skip"] = False
            columns.append(column)
            names.append(name)
        workflow = {
            "columns": columns, "model_configs": [{"alias": "m", "model": "m", "provider": "p"}],
        }
        if self.random.random() < 0.4:
            leaves = {f"k{n}": "{{ %s }}" % self.random.choice(names) for n in range(self.random.randint(1, 3))}
            leaves["constant"] = self.random.choice([7, True, None, 1.5, "text", ["a", {"b": "{{ g0 }}"}]])
            workflow["processors"] = [{"name": "t", "processor_type": "schema_transform", "template": leaves}]
        return workflow

    def records(self, workflow):
        names = [c["name"] for c in workflow["columns"] if c["column_type"] != "expression"]
        return [{name: self.random.choice(VALUES) for name in names} for _ in range(8)]


class Library:
    """The library's own functions, one record at a time."""

    def __init__(self):
        from data_designer.config.config_builder import DataDesignerConfigBuilder
        from data_designer.engine.column_generators.generators.expression import ExpressionColumnGenerator
        from data_designer.engine.dataset_builders.utils.skip_evaluator import should_skip_column_for_record
        from data_designer.engine.dataset_builders.utils.skip_tracker import apply_skip_to_record
        from data_designer.engine.processing.ginja.environment import WithJinja2UserTemplateRendering
        from data_designer.engine.processing.processors import schema_transform
        from data_designer.engine.processing.utils import deserialize_json_values

        self.builder = DataDesignerConfigBuilder
        self.expression = ExpressionColumnGenerator
        self.should_skip = should_skip_column_for_record
        self.apply_skip = apply_skip_to_record
        self.escape = schema_transform._escape_value_for_json
        self.decode = deserialize_json_values
        self.mixin = WithJinja2UserTemplateRendering

    def renderer(self, template, names, escape=None):
        renderer = self.mixin()
        renderer._jinja_rendering_engine = "native"
        renderer.prepare_jinja2_template_renderer(template, names, record_str_fn=escape)
        return renderer

    def load(self, workflow):
        """The column configs by name; None where the library refuses the file."""
        try:
            built = self.builder.from_config({"data_designer": workflow})
            return {config.name: config for config in built.get_column_configs()}
        except Exception:
            return None

    def compute(self, workflow, configs, given):
        record = {}
        for column in workflow["columns"]:
            if column["column_type"] == "sampler":
                record[column["name"]] = given[column["name"]]
        skipped = []
        for column in workflow["columns"]:
            name, config = column["name"], configs[column["name"]]
            if column["column_type"] == "sampler":
                continue
            try:
                if self.should_skip(
                    record, propagate_skip=config.propagate_skip, required_columns=config.required_columns,
                    skip_config_when=config.skip.when if config.skip else None,
                ):
                    value = config.skip.value if config.skip else None
                    self.apply_skip(record, column_name=name, cell_value=value, side_effect_columns=[])
                    skipped.append(name)
                    continue
            except Exception:
                return {"dropped": name}
            if column["column_type"] == "llm-text":
                record[name] = given[name]
                continue
            cells = {key: value for key, value in record.items() if not key.startswith("__internal")}
            try:
                text = self.renderer(config.expr, list(cells)).render_template(self.decode(cells))
                if self.expression._is_empty_rendered_expression(text):
                    return {"dropped": name}
                stub = type("Stub", (), {"config": config})()
                record[name] = self.expression._cast_type(stub, text)
            except Exception:
                return {"dropped": name}
        cells = {key: value for key, value in record.items() if not key.startswith("__internal")}
        documents = {}
        for processor in workflow.get("processors", []):
            try:
                text = self.renderer(json.dumps(processor["template"]), list(cells), self.escape).render_template(
                    self.decode(cells))
                documents[processor["name"]] = json.loads(text)
            except Exception:
                documents[processor["name"]] = {"error": True}
        fields = {name: cells[name] for name in (c["name"] for c in workflow["columns"])}
        return {"fields": fields, "skipped": [n for n in fields if n in skipped], "documents": documents}


def tessera(coordinator, workflow, records):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "w.json")
        with open(path, "w") as file:
            json.dump(workflow, file)
        done = subprocess.run(
            [coordinator, "compute", path], input="".join(json.dumps(r) + "\n" for r in records), text=True,
            capture_output=True, timeout=120)
    if done.returncode == 65:
        return None, done.stderr
    if done.returncode != 0:
        raise SystemExit(f"coordinator compute ended with {done.returncode}: {done.stderr[:500]}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in answers:
        answer.pop("message", None)
        for document in answer.get("documents", {}).values():
            if isinstance(document, dict) and "error" in document:
                document["error"] = True
    return answers, ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coordinator")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    library = Library()
    generator = Generator(arguments.seed)
    lines, differences, refused, compared, dropped = [], 0, 0, 0, 0
    while compared < arguments.cases:
        workflow = generator.workflow()
        records = generator.records(workflow)
        configs = library.load(workflow)
        expected = configs and [library.compute(workflow, configs, record) for record in records]
        if expected is None:
            refused += 1
            if refused > 10 * arguments.cases:
                raise SystemExit("the library refuses nearly everything: is the generator out of date?")
        else:
            compared += 1
            dropped += sum("dropped" in answer for answer in expected)
            line = json.dumps({"workflow": workflow, "records": records, "expected": expected})
            lines.append(line)
        if arguments.coordinator:
            actual, message = tessera(arguments.coordinator, workflow, records)
            if (actual is None) != (expected is None):
                differences += 1
                who = "Tessera" if actual is None else "the library"
                if expected is not None:
                    lines.pop()
                print(f"only {who} refuses {json.dumps(workflow)}\n  {message}")
                continue
            for record, own, other in zip(records, actual or [], expected or []):
                if json.dumps(own) != json.dumps(other):
                    differences += 1
                    print(f"differ on {json.dumps(workflow)}\n  record  {json.dumps(record)}")
                    print(f"  library {json.dumps(other)}\n  tessera {json.dumps(own)}")
    if arguments.write:
        with open(arguments.write, "w") as file:
            file.write("\n".join(lines) + "\n")
    print(
        f"{compared} workflows, {8 * compared} records ({dropped} dropped), {refused} refused, seed {arguments.seed}: "
        + (f"{differences} differences" if arguments.coordinator else "not compared"))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
