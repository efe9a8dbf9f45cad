"""Random workflow files for differential.py: the same for the same seed."""
import json
import random

import yaml


class Maker:
    """Files of three kinds: whole ones that are right, ones with a fault, and expressions over given records."""

    def __init__(self, seed):
        self.seed = seed

    def case(self, number):
        self.random = random.Random(f"{self.seed}/{number}")
        self.pick = self.random.choice
        kind = self.pick(["whole", "whole", "fault", "fault", "records", "records"])
        config, records = getattr(self, kind)()
        text_format = self.pick(["json", "yaml"])
        if self.random.random() < 0.3:
            document = config
        else:
            document = {"data_designer": config, "library_version": "0.9.6"}
        if text_format == "json":
            text = json.dumps(document, indent=self.pick([None, 2]), ensure_ascii=self.pick([True, False]))
        else:
            text = yaml.safe_dump(
                document, sort_keys=self.pick([True, False]), width=self.pick([60, 80, 1000]),
                default_flow_style=self.pick([None, False]), allow_unicode=self.pick([True, False]))
        case = {"name": f"{kind}-{number}", "format": text_format, "text": text}
        return case | ({"records": records} if records else {})

    def chance(self, part):
        return self.random.random() < part

    def number(self, low, high):
        return self.random.randint(low, high)

    # Whole files

    def whole(self):
        self.columns, self.samplers, self.names = [], {}, []
        for _ in range(self.number(1, 4)):
            self.add(self.sampler)
        for _ in range(self.number(0, 6)):
            self.add(self.pick([self.expression, self.expression, self.text, self.structured, self.judge, self.code,
                                self.embedding, self.validation]))
        self.random.shuffle(self.columns)
        config = {"columns": self.columns, "model_configs": self.models()}
        if self.chance(0.2):
            config["processors"] = [self.processor(n) for n in range(self.number(1, 2))]
        if self.chance(0.2) and (found := self.constraint()):
            config["constraints"] = [found]
        if self.chance(0.1):
            config["tool_configs"] = []
        return config, None

    def add(self, make):
        name = f"{self.pick(['a', 'b', 'name', 'total', 'Größe', 'x'])}{len(self.names)}"
        column = make(name)
        column["name"] = name
        if column["column_type"] not in ("sampler",) and self.chance(0.15):
            column["skip"] = {"when": self.condition(), "value": self.pick([None, "none", 3])}
            if column["column_type"] == "expression":
                column["skip"].pop("value")
            column["propagate_skip"] = self.chance(0.5)
        if self.chance(0.1) and self.names:
            column["drop"] = True
        self.names.append(name)
        self.names += [f"{name}__trace"] if column.get("with_trace", "none") != "none" else []
        self.columns.append(column)

    def models(self):
        chat = {"alias": "writer", "model": "m", "provider": "p"}
        if self.chance(0.7):
            chat["inference_parameters"] = {
                "temperature": self.pick([0, 1, 0.7, None, {"distribution_type": "uniform", "params": {"low": 0.1, "high": 1}},
                                          {"distribution_type": "manual", "params": {"values": [0.2, 1], "weights": [1, 3]}}]),
                "top_p": self.pick([0.9, 1, None]), "max_tokens": self.pick([None, 16, 2048]),
                "max_parallel_requests": self.number(1, 9), "timeout": self.pick([None, 30]),
                "extra_body": self.pick([None, {"seed": 1, "stop": ["x"], "nested": {"a": 1.0, "b": [1.5e-7, 2.5e22]}}]),
            }
            if self.chance(0.5):
                chat["inference_parameters"]["generation_type"] = "chat-completion"
        embedder = {"alias": "embedder", "model": "e", "provider": "p",
                    "inference_parameters": self.pick([{"dimensions": 8}, {"encoding_format": "float"},
                                                       {"generation_type": "embedding", "extra_body": {"input_type": "query"}}])}
        return self.pick([[chat, embedder], [embedder, chat]])

    def sampler(self, name):
        kind = self.pick(["category", "category", "subcategory", "uniform", "gaussian", "bernoulli", "binomial", "poisson",
                          "scipy", "datetime", "timedelta", "uuid", "person_from_faker", "bernoulli_mixture"])
        parents = [n for n, c in self.samplers.items() if c["sampler_type"] == "category" and c["params"].get("texts")]
        times = [n for n, c in self.samplers.items() if c["sampler_type"] == "datetime" and not c.get("convert_to")]
        if kind == "subcategory" and not parents or kind == "timedelta" and not times:
            kind = "uuid"
        column = {"column_type": "sampler", "sampler_type": kind}
        places = {"decimal_places": self.number(0, 3)} if self.chance(0.3) else {}
        if kind == "category":
            texts = self.chance(0.7)
            values = self.random.sample(["red", "1", "Blau", "é", "yes", "1e3", "2024-01-01", "a b"], self.number(1, 4)) if texts \
                else self.random.sample([1, 2, 3.5, 10], self.number(1, 3))
            params = {"values": values}
            if self.chance(0.5):
                params["weights"] = [self.number(1, 5) for _ in values]
        elif kind == "subcategory":
            parent = self.pick(parents)
            params = {"category": parent, "values": {value: [f"{value}-1", f"{value}-2"]
                                                     for value in self.samplers[parent]["params"]["values"]}}
        elif kind == "uniform":
            params = {"low": self.number(0, 3), "high": self.pick([4, 5.5, 1e3])} | places
        elif kind == "gaussian":
            params = {"mean": self.pick([0, 1.5, -2]), "stddev": self.pick([1, 0.1])} | places
        elif kind == "bernoulli":
            params = {"p": self.pick([0, 0.25, 1])}
        elif kind == "binomial":
            params = {"n": self.number(1, 20), "p": 0.5}
        elif kind == "poisson":
            params = {"mean": self.pick([1, 4.5])}
        elif kind == "scipy":
            params = self.pick([{"dist_name": "norm", "dist_params": {"loc": 1, "scale": 2}},
                                {"dist_name": "gamma", "dist_params": {"a": 2.0}},
                                {"dist_name": "binom", "dist_params": {"n": 5, "p": 0.5}}]) | places
        elif kind == "bernoulli_mixture":
            params = {"p": 0.5, "dist_name": "expon", "dist_params": {"scale": 3}}
        elif kind == "datetime":
            params = {"start": self.pick(["2024-01-01", "2020-02-29T12:00:00"]), "end": "2025-01-01"}
            if self.chance(0.5):
                params["unit"] = self.pick(list("YMDhms"))
            if self.chance(0.3):
                column["convert_to"] = "%d.%m.%Y"
        elif kind == "timedelta":
            params = {"dt_min": 1, "dt_max": self.number(2, 9), "reference_column_name": self.pick(times),
                      "unit": self.pick(list("Dhms"))}
        elif kind == "uuid":
            params = self.pick([{}, {"prefix": "R-", "short_form": True, "uppercase": True}])
        else:
            params = self.pick([{}, {"locale": "de_DE", "age_range": [20, 30]}, {"sex": "Female", "city": ["Rome", "Oslo"]}])
        if kind in ("category", "uniform", "gaussian") and self.chance(0.2):
            column["convert_to"] = "str"
        if self.chance(0.3):
            params = {"sampler_type": kind} | params
        # Conditions on categories of texts only: whatever is drawn, they can be evaluated.
        if kind in ("uniform", "poisson") and parents and self.chance(0.5):
            column["conditional_params"] = {f"{self.pick(parents)} == '{value}'": params for value in ("red", "1")}
        if kind == "category" and texts and self.chance(0.9):
            self.samplers[name] = {"sampler_type": kind, "params": {"texts": True, "values": values}}
        elif kind != "category":
            self.samplers[name] = column | {"params": params}
        return column | {"params": params}

    def constraint(self):
        numbers = [n for n, c in self.samplers.items() if c["sampler_type"] in ("uniform", "gaussian") and not c.get("convert_to")]
        if not numbers:
            return None
        return {"target_column": self.pick(numbers), "operator": self.pick(["lt", "le", "gt", "ge"]),
                "rhs": self.pick([1, 2.5, "3"])}

    def processor(self, number):
        if self.chance(0.5):
            return {"name": f"p{number}", "processor_type": "drop_columns", "column_names": [self.plain_name()]}
        return {"name": f"p{number}", "processor_type": "schema_transform",
                "template": {"k": f"{{{{ {self.plain_name()} }}}}", "l": [1, True, None]}}

    def plain_name(self):
        return self.pick([n for n in self.names if "__" not in n])

    def condition(self):
        return "{{ " + self.pick(["%s == 'red'", "not %s", "%s is none", "%s | string | length > 3"]) % self.pick(self.names) + " }}"

    def prompt(self):
        parts = [self.pick(["Write about ", "{# note #}", "Größe: ", "line\nline ", "'q' \"q\" ", "  "]) for _ in range(2)]
        forms = ["{{ %s }}", "{{ %s | upper }}", "{%% if %s %%}yes{%% endif %%}", "{{ %s.key }}", "{%% for i in range(2) %%}{{ i }}{{ %s }}{%% endfor %%}",
                 "{%% set y = %s %%}{{ y }}", "{{ %s | default('x') | tojson }}"]
        parts += [self.pick(forms) % name for name in self.random.choices(self.names, k=self.number(1, 3))]
        return " ".join(parts)

    def text(self, name):
        column = {"column_type": "llm-text", "prompt": self.prompt(), "model_alias": "writer"}
        if self.chance(0.3):
            column["system_prompt"] = self.pick(["You are terse.", "", self.prompt()])
        if self.chance(0.2):
            column["with_trace"] = self.pick(["last_message", "all_messages", "none"])
        if self.chance(0.1):
            column["extract_reasoning_content"] = True
        return column

    def code(self, name):
        return self.text(name) | {"column_type": "llm-code", "code_lang": self.pick(["python", "sql:ansi", "rust"])}

    def structured(self, name):
        schema = {"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "number", "minimum": 0.5}}, "required": ["b"]}
        return self.text(name) | {"column_type": "llm-structured", "output_format": schema}

    def judge(self, name):
        return self.text(name) | {"column_type": "llm-judge", "scores": [
            {"name": "Fit", "description": "how well", "options": self.pick([{"1": "bad", "2": "good"}, {1: "bad", 2: "good"}])}]}

    def embedding(self, name):
        return {"column_type": "embedding", "target_column": self.plain_name(), "model_alias": "embedder"}

    def validation(self, name):
        codes = [c["name"] for c in self.columns if c.get("code_lang") == "python"]
        if not codes:
            return self.expression(name)
        return {"column_type": "validation", "target_columns": [self.pick(codes)], "validator_type": "code",
                "validator_params": {"code_lang": "python"}}

    def expression(self, name):
        return {"column_type": "expression", "expr": self.prompt()} | ({"dtype": "str"} if self.chance(0.3) else {})

    # One fault

    def fault(self):
        config, _ = self.whole()
        column = self.pick(config["columns"])
        sampled = [c for c in config["columns"] if c["column_type"] == "sampler"]
        faults = [
            lambda: column.update(promt="x"), lambda: column.update(column_type="llm-txt"), lambda: column.pop("name"),
            lambda: column.update(drop="maybe"), lambda: column.update(name=3), lambda: config.pop("columns"),
            lambda: config.update(colums=[]), lambda: self.pick(sampled).update(params=None),
            lambda: self.pick(sampled).pop("params"), lambda: self.pick(sampled).update(sampler_type="categry"),
            lambda: config["model_configs"][0].pop("model"), lambda: config["model_configs"][0].update(base_url="http://x"),
            lambda: config["model_configs"][0].update(inference_parameters={"temperature": 3}),
            lambda: config["model_configs"][0].update(inference_parameters={"max_parallel_requests": 0}),
            lambda: config["model_configs"][0].update(inference_parameters={"temperature": "warm"}),
            lambda: config["columns"].append({"name": "e", "column_type": "expression", "expr": self.pick(
                ["{{ nobody }}", "{{ a", " ", "{% if a %}", "{{ x0 | nofilter }}", "{{ x0 is notest }}", "{% include 'f' %}", "", "{{ e }}"])}),
            lambda: config["columns"].append({"name": "t", "column_type": "llm-text", "prompt": self.pick(
                ["{{ nobody }}", "{% endfor %}", "{{ t__trace }}"]), "model_alias": "writer"}),
            lambda: config["columns"].append({"name": "m", "column_type": "llm-text", "prompt": "x", "model_alias": "nobody"}),
            lambda: config["columns"].append({"name": "s", "column_type": "sampler", "sampler_type": "bernoulli", "params": {"p": self.pick([1.5, "0.5", "x", True])}}),
            lambda: config["columns"].append({"name": "c", "column_type": "sampler", "sampler_type": "category", "params": self.pick([
                {"values": []}, {"values": ["a"], "weights": [1, 2]}, {"values": ["a"], "weights": [0]}, {"values": "a"}, {"values": [None]}, {"values": [["a"]]}])}),
            lambda: config["columns"].append({"name": "d", "column_type": "sampler", "sampler_type": "datetime", "params": self.pick([
                {"start": "soon", "end": "2025-01-01"}, {"start": "2025-01-01"}, {"start": "2024-01-01", "end": "2025-01-01", "unit": "W"}])}),
            lambda: config["columns"].append({"name": "q", "column_type": "expression", "expr": "1", "dtype": "text"}),
            lambda: config["columns"].append({"name": "k", "column_type": "expression", "expr": "1", "skip": self.pick(
                [{"when": "plain"}, {"when": "{{ k }}"}, {"when": "{{ nobody }}"}, {"value": 1}, {"when": "{{ x0"}])}),
            lambda: config["columns"].append({"name": "v", "column_type": "llm-code", "prompt": "x", "model_alias": "writer", "code_lang": self.pick(["python3", "SQL", "sql"])}),
            lambda: config["columns"].append({"name": "j", "column_type": "llm-judge", "prompt": "x", "model_alias": "writer", "scores": self.pick([[], [{"name": "n"}], "x"])}),
            lambda: config["columns"].append({"name": "o", "column_type": "llm-structured", "prompt": "x", "model_alias": "writer", "output_format": self.pick(["x", None, {}])}),
            lambda: config["columns"].append({"name": "n", "column_type": "embedding", "model_alias": "embedder"}),
            lambda: config.update(constraints=[self.pick([{"target_column": "zz"}, {"target_column": "zz", "operator": "eq", "rhs": 1}])]),
            lambda: config.update(processors=[self.pick([
                {"name": "d", "processor_type": "drop_columns", "column_names": ["nobody"]}, {"name": "d", "processor_type": "drop"},
                {"name": "d", "processor_type": "schema_transform", "template": {"k": "{{ nobody }}"}},
                {"name": "d", "processor_type": "drop_columns", "column_names": ["nobody*"]}])]),
            lambda: [column.update(drop=True) for column in config["columns"]],
        ]
        self.pick(faults)()
        return config, None

    # Expressions over records

    def records(self):
        records = [self.record(place) for place in range(self.number(2, 5))]
        columns = []
        for place in range(self.number(1, 4)):
            column = {"name": f"out{place}", "column_type": "expression", "expr": self.value(self.number(1, 3))}
            column["dtype"] = self.pick(["str", "str", "str", "int", "float", "bool"])
            if column["dtype"] != "str" and self.chance(0.7):
                column["expr"] = self.pick(["{{ n }}", "{{ f }}", "{{ n * f }}", "{{ flag }}", "{{ digits }}", " {{ n }} ", "1_000", "1e3", "{{ word }}"])
            if place and self.chance(0.4):
                column["expr"] += self.pick([" {{ out%d }}", " {{ out%d | length }}", "{%% if out%d %%}+{%% endif %%}"]) % (place - 1)
            columns.append(column)
        return {"columns": columns, "model_configs": [{"alias": "w", "model": "m", "provider": "p"}],
                "seed_config": {"source": {"seed_type": "local", "path": "records.jsonl"}}}, records

    def record(self, place):
        return {
            "id": f"r{place}", "n": self.number(-5, 50), "f": self.pick([0.5, 2.25, -1.5, 100.125, 3.75]), "flag": self.chance(0.5),
            "word": self.pick(["pear", "Äpfel", "two words", "don't", "<b>", "x"]),
            "digits": self.pick(["1.50", "007", "42", "1e3", "  5 ", "true", "null", "[1, 2]", "\"q\"", "{\"k\": \"3\"}", "-0"]),
            "items": self.random.sample(["b", "a", "C", "d"], self.number(1, 4)),
            "thing": {"k": self.pick(["3", "x", "true"]), "m": self.number(0, 9), "deep": {"z": self.pick([0.1, 2.5])}},
        }

    def value(self, parts):
        forms = [
            "{{ n + 1 }}", "{{ n / 4 }}", "{{ n // 3 }} {{ n % 3 }}", "{{ f * 2 }}", "{{ f | round(1) }}", "{{ f | int }}", "{{ flag }}",
            "{{ not flag }}", "{{ word | upper }}", "{{ word | title }}", "{{ word | replace('e', 'E') }}", "{{ word | length }}",
            "{{ digits }}", "{{ digits | string }}", "{{ digits is number }}", "{{ digits is string }}", "{{ digits is mapping }}",
            "{{ items }}", "{{ items | sort | join(',') }}", "{{ items | first }}", "{{ items[1] }}", "{{ items | map('upper') | list }}",
            "{{ thing }}", "{{ thing.k }}", "{{ thing['m'] + 1 }}", "{{ thing.deep.z }}", "{{ thing.missing }}", "{{ thing | length }}",
            "{{ thing.k * 2 }}", "{% for i in items %}{{ loop.index }}{{ i }} {% endfor %}", "{% if n > 10 %}big{% elif n > 0 %}small{% else %}none{% endif %}",
            "{{ 'a' if flag else 'b' }}", "{{ '%05.2f' % f }}", "{{ '{:>6}'.format(word) }}", "{{ word[::-1] }}", "{{ word.split() }}",
            "{{ items | tojson }}", "{{ thing | tojson }}", "{% set t = n * 2 %}{{ t }}", "{{ range(3) | list }}", "{{ (n, f) }}", "{{ n ~ f ~ flag }}",
            "{{ thing.items() | list }}", "{{ items | length > 2 and flag }}", "{{ word | truncate(3, true, '') }}", "{{ n | abs }}", "{{ thing.missing.more }}",
            "{{ f | float }}", "{{ word | int }}", "{{ n ** 2 }}", "{{ n > f }}", "{{ word in items }}", "{{ items | select('lower') | list }}", "text",
        ]
        return self.pick(["", " ", "-"]).join(self.pick(forms) for _ in range(parts))
