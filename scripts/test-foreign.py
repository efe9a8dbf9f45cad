#!/usr/bin/env python3
"""Each kind of column once against a server that is not ours: see scripts/test-foreign."""
import argparse
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
import tempfile

# What the model is held to, since its weights are random.
CODE = 'root ::= "```python\\nanswer = " [a-z]{1,12} "\\n```"'
TOTAL = {
    "type": "object",
    "properties": {"supplier": {"type": "string", "maxLength": 12}, "total": {"type": "integer", "enum": [1, 2, 3]}},
    "required": ["supplier", "total"],
}
JUDGED = {
    "type": "object",
    "properties": {
        "Tone": {
            "type": "object",
            "properties": {"reasoning": {"type": "string", "maxLength": 12}, "score": {"enum": [1, 2]}},
            "required": ["reasoning", "score"],
        }
    },
    "required": ["Tone"],
}


def held_to(schema):
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}}


def model(alias, provider="chat", extra=None, **parameters):
    parameters = {"max_tokens": 160, "temperature": 0.8, "timeout": 120, "max_parallel_requests": 2} | parameters
    if extra:
        parameters["extra_body"] = extra
    return {"alias": alias, "model": "random", "provider": provider, "inference_parameters": parameters}


def column(name, kind, alias, **fields):
    return {"name": name, "column_type": kind, "model_alias": alias} | fields


WORKFLOW = {
    "columns": [
        {"name": "id", "column_type": "sampler", "sampler_type": "uuid", "params": {}},
        column(
            "text", "llm-text", "writer", prompt="Say something about {{ id }}.", system_prompt="Be brief.",
            with_trace="all_messages", extract_reasoning_content=True,
        ),
        column("code", "llm-code", "coder", prompt="Code for {{ id }}.", code_lang="python"),
        column("invoice", "llm-structured", "clerk", prompt="An invoice for {{ id }}.", output_format=TOTAL),
        column(
            "quality", "llm-judge", "critic", prompt="How does {{ id }} sound?",
            scores=[{"name": "Tone", "description": "How it sounds.", "options": {"1": "cold", "2": "warm"}}],
        ),
        {"name": "vector", "column_type": "embedding", "model_alias": "embedder", "target_column": "code"},
        column("by_messages", "llm-text", "anthropic", prompt="Say something about {{ id }}.", system_prompt="Be brief."),
        {"name": "double", "column_type": "expression", "expr": "{{ invoice.total * 2 }}", "dtype": "int"},
    ],
    "model_configs": [
        model(
            "writer", temperature={"distribution_type": "uniform", "params": {"low": 0.5, "high": 0.9}}, top_p=0.9,
            max_tokens=32),
        model("coder", extra={"grammar": CODE}),
        model("clerk", extra=held_to(TOTAL)),
        model("critic", extra=held_to(JUDGED)),
        {
            "alias": "embedder", "model": "random", "provider": "embeddings",
            "inference_parameters": {"generation_type": "embedding", "encoding_format": "float"},
        },
        model("anthropic", provider="messages", max_tokens=32),
    ],
}

CHECKS = {
    "llm-text, a system prompt, temperature drawn": lambda r: isinstance(r["text"], str),
    "with_trace": lambda r: [m["role"] for m in r["text__trace"]] == ["system", "user", "assistant"],
    "extract_reasoning_content": lambda r: r["text__reasoning_content"] is None,
    "llm-code": lambda r: r["code"].startswith("answer = "),
    "llm-structured": lambda r: r["invoice"]["total"] in (1, 2, 3) and isinstance(r["invoice"]["supplier"], str),
    "llm-judge": lambda r: r["quality"]["Tone"]["score"] in (1, 2),
    "embedding": lambda r: r["vector"]["num_embeddings"] == 1 and r["vector"]["dimension"] == 64,
    "llm-text by /v1/messages (provider_type: anthropic)": lambda r: isinstance(r["by_messages"], str),
    "expression over a structured column": lambda r: r["double"] == 2 * r["invoice"]["total"],
}


def run(coordinator, workflow, providers, folder, *arguments):
    path = os.path.join(folder, "workflow.json")
    with open(path, "w") as file:
        json.dump(workflow, file)
    return subprocess.run(
        [coordinator, "preview", path, "--providers", providers, "-o", "json", "--seed", "1", *arguments],
        capture_output=True, text=True, timeout=600)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--coordinator", required=True)
    options.add_argument("--folder", required=True)
    options = options.parse_args()
    server = subprocess.Popen(
        [sys.executable, os.path.join(os.path.dirname(__file__), "foreign-server.py"),
         os.path.join(options.folder, "random.gguf")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    failed = 0
    try:
        chat, embeddings = (server.stdout.readline().strip() for _ in range(2))
        with tempfile.TemporaryDirectory() as folder:
            providers = os.path.join(folder, "providers.yaml")
            with open(providers, "w") as file:
                file.write(
                    f"providers:\n  - {{name: chat, endpoint: {chat}/v1}}\n  - {{name: embeddings, endpoint: {embeddings}/v1}}\n"
                    f"  - {{name: messages, endpoint: {chat}, provider_type: anthropic}}\n")
            answer = run(options.coordinator, WORKFLOW, providers, folder, "-n", "3")
            records = json.loads(answer.stdout) if answer.returncode == 0 else []
            print(f"llama.cpp's server by xllamacpp {importlib.metadata.version('xllamacpp')}, a model of random weights")
            if len(records) != 3:
                failed += 1
                print(answer.stderr)
            for name, check in CHECKS.items():
                good = len(records) == 3 and all(check(record) for record in records)
                failed += not good
                print(f"  {'ok    ' if good else 'FAILED'}  {name}")
            # What this server has no model for is refused by it, and must be told as its refusal.
            images = {
                "columns": [
                    {"name": "id", "column_type": "sampler", "sampler_type": "uuid", "params": {}},
                    {
                        "name": "picture", "column_type": "sampler", "sampler_type": "category",
                        "params": {"values": ["data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs="]},
                    },
                    column(
                        "seen", "llm-text", "writer", prompt="Describe {{ id }}.",
                        multi_modal_context=[{"modality": "image", "column_name": "picture"}]),
                ],
                "model_configs": [model("writer")],
            }
            answer = run(options.coordinator, images, providers, folder, "-n", "1")
            good = answer.returncode == 2 and "is dropped at seen" in answer.stderr and "image" in answer.stderr
            failed += not good
            print(f"  {'ok    ' if good else 'FAILED'}  an image beside a prompt: refused by this model, and said so")
            if not good:
                print(answer.stderr)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    sys.exit(1 if failed else 0)


main()
