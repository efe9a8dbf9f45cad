#!/usr/bin/env python3
"""Compares what Data Designer and Tessera ask of models, and what they make of the answers, over whole workflows.

    pip install data-designer==0.9.6
    scripts/differential-requests.py --coordinator .build/debug/coordinator --cases 100 --seed 1
    scripts/differential-requests.py --cases 60 --seed 7 --write Tests/PreviewingTests/Corpus/requests.jsonl

A seeded generator writes workflows over the language (texts, code, structured answers, judges, embeddings, images,
expressions, skip rules, drops, media, traces, parameters) over seed rows. The library's preview and `coordinator preview`
run each against one server, which answers a cell's n-th request by a script, well or badly, and keeps what it was asked.
Every cell's requests must be equal body by body (whatever the order of keys), as must values, skips and drops.

Not compared, since the two differ on purpose (docs/compatibility.md): the words of instructions and of corrections, types
of seed columns, judges whose options are all integers. A prompt counts up to its mark, a schema counts as JSON, a judge's
schema without its descriptions.
"""

import argparse
import hashlib
import json
import logging
import math
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

os.environ.setdefault("NEMO_TELEMETRY_ENABLED", "false")
os.environ.setdefault("NEMO_TELEMETRY_ENDPOINT", "")

GIF = "R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs="
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MARK = re.compile(r"¶(\w+):(\w+)¶")

# MARK: What is asked for


SCHEMAS = [
    (
        {"type": "object", "properties": {"a": {"type": "string"}, "n": {"type": "integer"}}, "required": ["a", "n"]},
        [{"a": "x", "n": 1}, {"a": "", "n": -5}],
    ),
    (
        {
            "type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
            "required": ["tags"], "additionalProperties": False,
        },
        [{"tags": ["u"]}, {"tags": ["é", "2"]}],
    ),
    (
        {
            "type": "object", "$defs": {"P": {"type": "object", "properties": {"s": {"enum": ["lo", "hi"]}}, "required": ["s"]}},
            "properties": {"p": {"$ref": "#/$defs/P"}, "o": {"anyOf": [{"type": "number"}, {"type": "null"}]}},
            "required": ["p"],
        },
        [{"p": {"s": "lo"}, "o": None}, {"p": {"s": "hi"}}, {"p": {"s": "hi"}, "o": 2.5}],
    ),
    ({"type": "array", "items": {"type": "integer"}, "maxItems": 3}, [[1, 2], []]),
]
SCORES = [
    [{"name": "Tone", "description": "How it sounds.", "options": {"cold": "no warmth", "1.5": "some", "warm": "much"}}],
    [
        {"name": "Fit", "description": "Whether it fits.", "options": {"yes": "fits", "no": "does not"}},
        {"name": "How good", "description": "Quality.", "options": {"bad": "poor", "good": "fine"}},
    ],
]
LANGUAGES = ["python", "sql:postgres", "java", "cpp"]


class Maker:
    def __init__(self, seed):
        self.draw = random.Random(seed)

    def pick(self, values):
        return self.draw.choice(values)

    def chance(self, share):
        return self.draw.random() < share

    def case(self, number):
        # Columns whose cells are text that is no JSON: the library embeds nothing else.
        self.texts = set()
        rows = [
            {
                "id": f"r{number}x{row}", "word": self.pick(["plain", "Größe", "a \"b\"\nc", "5", "true", "[1, 2]", "x" * 30]),
                "num": self.pick([0, 1, 7, -3]), "flag": self.pick(["true", "false"]),
                "pic": self.pick([f"data:image/gif;base64,{GIF}", "https://x.example/a.png", PNG]),
            }
            for row in range(self.pick([1, 2, 3]))
        ]
        columns, models = [], []
        names = ["word", "num"]
        for place in range(self.pick([2, 3, 4, 5])):
            column, model = self.column(f"c{place}", names)
            columns.append(column)
            if model:
                model["alias"] = f"m{place}"
                column["model_alias"] = model["alias"]
                models.append(model)
            # Of images only models make something.
            if column["column_type"] != "image":
                names.append(column["name"])
            if column["column_type"] in ("llm-code", "expression") and "skip" not in column:
                self.texts.add(column["name"])
        if all(column.get("drop") for column in columns):
            columns[0]["drop"] = False
        settings = {"max_conversation_restarts": self.pick([0, 1, 2]), "max_conversation_correction_steps": self.pick([0, 0, 1])}
        return {
            "number": number, "rows": rows, "settings": settings,
            "workflow": {"columns": columns, "model_configs": models, "tool_configs": []},
        }

    def prompt(self, name, names):
        used = [self.pick(names) for _ in range(self.pick([0, 1, 2]))]
        text = " and ".join(f"{{{{ {other} }}}}" for other in used)
        ways = ["Say {0}.", "{0}", "{{% if num %}}N {{{{ num }}}}{{% endif %}} {0}", "It is {{{{ word | upper }}}}: {0}"]
        return self.pick(ways).format(text) + f" ¶{name}:{{{{ id }}}}¶"

    def column(self, name, names):
        kind = self.pick(
            ["llm-text"] * 3 + ["llm-code"] * 2 + ["llm-structured"] * 3 + ["llm-judge"] * 2
            + ["expression", "embedding", "image"])
        column = {"name": name, "column_type": kind, "drop": self.chance(0.1)}
        if self.chance(0.2):
            column["skip"] = {
                "when": self.pick(["{{ flag }}", "{{ num > 0 }}", "{{ word == 'plain' }}"]),
                "value": self.pick([None, "left out", 3]),
            }
        if self.chance(0.2):
            column["propagate_skip"] = False
        if kind == "expression":
            column["expr"] = f"{{{{ {self.pick(names)} }}}}-{{{{ id }}}}"
            column["dtype"] = "str"
            return column, None
        model = {"alias": "", "model": f"m/{kind}", "provider": "p", "skip_health_check": True}
        if kind == "embedding":
            column["target_column"] = self.pick(sorted(self.texts) or ["id"])
            model["inference_parameters"] = {"generation_type": "embedding"} | self.some(
                {"encoding_format": "float", "dimensions": 4, "extra_body": {"input_type": "query"}})
            return column, model
        column["prompt"] = self.prompt(name, names)
        if self.chance(0.25):
            context = {"modality": "image", "column_name": "pic"}
            column["multi_modal_context"] = [context]
        if kind == "image":
            model["model"] = self.pick(["m/dall-e-x", "m/painter"])
            model["inference_parameters"] = {"generation_type": "image"} | self.some({"extra_body": {"size": "1x1"}})
            return column, model
        parameters = {
            "temperature": self.pick([0.0, 0.7, 1]), "top_p": self.pick([0.9, 1.0]), "max_tokens": 100,
            "extra_body": self.pick([{"top_k": 5}, {"temperature": 0.25, "nested": {"x": [1, None]}}]), "timeout": 30,
        }
        model["inference_parameters"] = self.some(parameters)
        if self.chance(0.4):
            column["system_prompt"] = self.pick(["Be brief.", "You know {{ word }}.", ""])
        if self.chance(0.3):
            column["with_trace"] = self.pick(["last_message", "all_messages"])
        if self.chance(0.3):
            column["extract_reasoning_content"] = True
        if kind == "llm-code":
            column["code_lang"] = self.pick(LANGUAGES)
        if kind == "llm-structured":
            column["output_format"] = self.pick(SCHEMAS)[0]
        if kind == "llm-judge":
            column["scores"] = self.pick(SCORES)
        return column, model

    def some(self, values):
        return {key: value for key, value in values.items() if self.chance(0.5)}


# MARK: What is answered


class Script:
    """The n-th answer to a cell: the same for whoever asks."""

    def __init__(self, case):
        self.case = case
        self.columns = {column["name"]: column for column in case["workflow"]["columns"]}

    def answer(self, name, record, attempt):
        digest = hashlib.sha256(f"{self.case['number']} {name} {record} {attempt}".encode()).digest()
        draw = random.Random(digest)
        column = self.columns[name]
        kind = column["column_type"]
        if draw.random() < 0.04:
            return 400, {"error": {"message": "no", "type": "invalid_request_error"}}
        if kind == "image":
            return 200, self.image(draw, name)
        message = {"role": "assistant", "content": self.content(draw, column)}
        if draw.random() < 0.3:
            message[draw.choice(["reasoning", "reasoning_content"])] = draw.choice([" I think. ", "", "é"])
        return 200, {
            "id": "x", "object": "chat.completion", "model": "m", "created": 1,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8},
        }

    def image(self, draw, name):
        data = [draw.choice([GIF, PNG]) for _ in range(draw.choice([1, 1, 2]))]
        if "dall-e" in self.model(name):
            return {"created": 1, "data": [{"b64_json": image} for image in data]}
        images = [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{image}"}} for image in data]
        if draw.random() < 0.1:
            images = []
        return {"choices": [{"index": 0, "message": {"role": "assistant", "content": "", "images": images}}]}

    def model(self, name):
        alias = self.columns[name]["model_alias"]
        return next(model["model"] for model in self.case["workflow"]["model_configs"] if model["alias"] == alias)

    def content(self, draw, column):
        kind = column["column_type"]
        if kind == "llm-text":
            return draw.choice(
                ["an answer", "  spaced \n", "", None, "two\nlines", "{\"k\": \"3\"}", "[1, \"a\"]", "5", "true", "Ünï 🎲",
                 [{"type": "text", "text": "part"}, {"type": "text", "text": "two"}]])
        if kind == "llm-code":
            language = column["code_lang"].split(":")[0]
            return draw.choice(
                [f"```{language}\nx = 1\n```"] * 3
                + [f"Here:\n\n```{language}\n  a\n  b\n```\nDone.", "```\nplain\n```", "```Wrong\nx\n```", "no block",
                   f"~~~{language}\nt\n~~~", f"```{language}\none\n```\n\n```{language}\ntwo\n```", "    indented\n", ""])
        if kind == "llm-structured":
            good = draw.choice(next(examples for schema, examples in SCHEMAS if schema == column["output_format"]))
        else:
            good = {
                score["name"]: {"reasoning": draw.choice(["because", "é"]), "score": draw.choice(self.options(score))}
                for score in column["scores"]
            }
        text = json.dumps(good, ensure_ascii=draw.random() < 0.5)
        extra = dict(good, extra=1) if isinstance(good, dict) else good
        return draw.choice(
            [f"```json\n{text}\n```"] * 4
            + [text, f"Sure.\n```json\n{text}\n```\nBye.", f"```json\n{json.dumps(extra)}\n```", f"```json\n{text[:-1]},\n```",
               f"```json\n{{}}\n```", f"```\n{text}\n```", f"It is {text}", "```json\n{\"a\": 3, \"n\": \"x\"}\n```", "",
               f"```json\n{{}}\n```\n```json\n{text}\n```", f"```json\n{text.replace(chr(34), chr(39))}\n```"])

    def options(self, score):
        keys = list(score["options"])
        return keys + [key.upper() for key in keys] + [1.5, "other"]


class Server:
    def __init__(self):
        self.lock = threading.Lock()
        self.script = None
        self.log = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = server.answer(self.path, body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        # A client that goes away is no news.
        self.http.handle_error = lambda *_: None
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    def begin(self, case):
        with self.lock:
            self.script, self.log = Script(case), {}

    def answer(self, path, body):
        with self.lock:
            if path.endswith("/embeddings"):
                key = "embeddings " + json.dumps(body["input"])
                self.log.setdefault(key, []).append(normal(body))
                return 200, vectors(body)
            name, record = mark(body)
            asked = self.log.setdefault(f"{name} {record}", [])
            asked.append(normal(body))
            return self.script.answer(name, record, len(asked) - 1)


def vectors(body):
    data = [
        {
            "index": place, "object": "embedding",
            "embedding": [
                round(byte / 255, 3) for byte in hashlib.sha256(str(text).encode()).digest()[: body.get("dimensions", 3)]
            ],
        }
        for place, text in enumerate(body["input"])
    ]
    return {"object": "list", "data": data, "model": "e", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


def texts(body):
    if "prompt" in body:
        return [body["prompt"]]
    return [
        block["text"] for message in body["messages"] if message["role"] == "user"
        for block in message["content"] if block["type"] == "text"
    ]


def mark(body):
    for text in texts(body):
        found = MARK.findall(text)
        if found:
            return found[-1]
    raise ValueError("a request without a mark: " + json.dumps(body))


# MARK: What is compared


def normal(body):
    """A body without the words of instructions and corrections."""
    body = dict(body)
    if "messages" in body:
        body["messages"] = [message_of(message) for message in body["messages"]]
    return body


def message_of(message):
    message = dict(message)
    content = message.get("content")
    if isinstance(content, list):
        message["content"] = [block_of(block, message["role"]) for block in content]
    return message


def block_of(block, role):
    if role != "user" or block.get("type") != "text":
        return block
    text = block["text"]
    found = list(MARK.finditer(text))
    if not found:
        return {"type": "text", "text": "(correction)"}
    end = found[-1].end()
    prompt, rest = text[:end], text[end:]
    schema = re.search(r"<response_schema>\n(.*)\n</response_schema>", rest, re.S)
    if schema:
        return {"type": "text", "text": prompt, "schema": schema_of(json.loads(schema.group(1)))}
    return {"type": "text", "text": prompt, "form": "code" if rest.strip() else "text"}


def schema_of(schema):
    return strip(schema) if isinstance(schema, dict) and schema.get("title") == "JudgeStructuredOutput" else schema


def strip(value):
    if isinstance(value, dict):
        return {key: strip(part) for key, part in value.items() if key not in ("description", "title")}
    return [strip(part) for part in value] if isinstance(value, list) else value


def value_of(value):
    """As JSON, with pandas' ways taken out."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(key): value_of(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [value_of(part) for part in value]
    if isinstance(value, float) and (math.isnan(value) or value.is_integer()):
        return None if math.isnan(value) else int(value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return None if str(value) in ("NaT", "<NA>") else str(value)


def trace_of(trace):
    if not isinstance(trace, list):
        return trace
    return [message_of(message) if isinstance(message, dict) else message for message in trace]


def records_of(rows):
    records = {}
    for row in rows:
        record = {key: value_of(value) for key, value in row.items() if key not in ("word", "num", "flag", "pic")}
        for key in record:
            if key.endswith("__trace"):
                record[key] = trace_of(record[key])
        records[record["id"]] = record
    return records


# MARK: The two


def by_library(case, server, folder):
    from data_designer.config.config_builder import DataDesignerConfigBuilder
    from data_designer.config.models import ModelProvider
    from data_designer.config.run_config import RunConfig
    from data_designer.interface.data_designer import DataDesigner

    logging.disable(logging.CRITICAL)
    designer = DataDesigner(
        artifact_path=folder, auto_configure_logging=False,
        model_providers=[ModelProvider(name="p", endpoint=server.url, provider_type="openai", api_key="k")])
    designer.set_run_config(
        RunConfig(disable_early_shutdown=True, jinja_rendering_engine="native", **case["settings"]))
    builder = DataDesignerConfigBuilder.from_config(os.path.join(folder, "workflow.json"))
    server.begin(case)
    try:
        rows = designer.preview(builder, num_records=len(case["rows"])).dataset.to_dict("records")
    except Exception as error:
        rows = []
        if os.environ.get("DIFFERENTIAL_DEBUG"):
            print(type(error).__name__, error, file=sys.stderr)
    return records_of(rows), server.log


def by_tessera(case, server, folder, coordinator):
    paths = {name: os.path.join(folder, name) for name in ("workflow.json", "providers.yaml", "settings.yaml")}
    with open(paths["providers.yaml"], "w") as file:
        file.write(f"providers:\n  - {{name: p, endpoint: \"{server.url}\"}}\n")
    with open(paths["settings.yaml"], "w") as file:
        json.dump(case["settings"], file)
    server.begin(case)
    answer = subprocess.run(
        [coordinator, "preview", paths["workflow.json"], "-n", str(len(case["rows"])), "--seed", "1", "-o", "json",
         "--providers", paths["providers.yaml"], "--run-config", paths["settings.yaml"]],
        capture_output=True, text=True, timeout=300)
    if answer.returncode not in (0, 2):
        raise RuntimeError(answer.stderr)
    return records_of(json.loads(answer.stdout)), server.log


def write_workflow(case, folder):
    seed = os.path.join(folder, "rows.jsonl")
    with open(seed, "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in case["rows"])
    workflow = dict(case["workflow"], seed_config={"source": {"seed_type": "local", "path": seed}, "sampling_strategy": "ordered"})
    with open(os.path.join(folder, "workflow.json"), "w") as file:
        json.dump({"data_designer": workflow}, file)


def differences(case, theirs, ours):
    found = []
    for what, left, right in (("records", theirs[0], ours[0]), ("requests", theirs[1], ours[1])):
        for key in sorted(set(left) | set(right)):
            one, other = left.get(key), right.get(key)
            if key.startswith("embeddings "):
                # Of two columns with the same text; whichever is called first.
                one, other = (sorted(asked or [], key=json.dumps) for asked in (one, other))
            # How far a record came that was dropped in the end depends on which of its cells was called first.
            if what == "requests" and is_of_dropped(key, case, theirs[0], ours[0]):
                count = min(len(one or []), len(other or []))
                one, other = (one or [])[:count], (other or [])[:count]
            if one != other:
                found.append((what, key, one, other))
    return found


def is_of_dropped(key, case, theirs, ours):
    dropped = [row["id"] for row in case["rows"] if row["id"] not in theirs and row["id"] not in ours]
    if key.startswith("embeddings "):
        return bool(dropped)
    return key.split(" ")[1] in dropped


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--coordinator")
    options.add_argument("--cases", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--write")
    options.add_argument("--show", type=int, default=5, help="so many differing cases are shown")
    options = options.parse_args()
    maker = Maker(options.seed)
    server = Server()
    differing = cells = requests = 0
    kept = []
    for number in range(options.cases):
        case = maker.case(number)
        with tempfile.TemporaryDirectory() as folder:
            write_workflow(case, folder)
            theirs = by_library(case, server, folder)
            if options.write:
                kept.append({"case": case, "records": theirs[0], "requests": theirs[1], "answers": answers(case, theirs[1])})
            if not options.coordinator:
                continue
            ours = by_tessera(case, server, folder, options.coordinator)
        cells += len(theirs[1])
        requests += sum(len(asked) for asked in theirs[1].values())
        found = differences(case, theirs, ours)
        if found:
            differing += 1
            if differing <= options.show:
                print(f"case {number} of seed {options.seed}: {json.dumps(case['workflow'])} {case['settings']}")
                for what, key, left, right in found[:3]:
                    print(f"  {what} {key}\n    library: {json.dumps(left)}\n    tessera: {json.dumps(right)}")
    if options.write:
        with open(options.write, "w") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in kept)
    if options.coordinator:
        print(
            f"{options.cases} workflows of seed {options.seed}: {cells} cells, {requests} requests; "
            f"{differing} workflows differ")
    sys.exit(1 if differing else 0)


def answers(case, log):
    """What each cell was answered, for tests without a server."""
    script = Script(case)
    return {
        key: [
            (200, vectors(body)) if key.startswith("embeddings ") else script.answer(*key.split(" "), attempt)
            for attempt, body in enumerate(asked)
        ]
        for key, asked in log.items()
    }


main()
