#!/usr/bin/env python3
"""Compares Tessera with the Data Designer library on random workflow files.

Both load, check, order and fingerprint the same files, and compute the same expression columns over the same records.
The generator makes the same files for the same seed. Where the two differ on purpose (docs/compatibility.md) the
difference is named and counted; any other is printed, and the exit status is 1.

    scripts/test-differential                        makes what this needs, and runs it
    scripts/differential.py --tool PATH [--cases N] [--seed S] [--corpus FILE]

--corpus writes cases and the library's outcomes to a file, which the test suite replays without Python.
"""
import argparse
import collections
import contextlib
import io
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ["NEMO_TELEMETRY_ENABLED"] = "false"

from differential_cases import Maker  # noqa: E402


class Library:
    """The library's side: what becomes of a file."""

    def __init__(self, folder):
        import data_designer.config as dd
        from data_designer.engine.dataset_builders.utils.config_compiler import compile_dataset_builder_column_configs
        from data_designer.engine.dataset_builders.utils.execution_graph import ExecutionGraph
        from data_designer.interface import DataDesigner

        logging.disable(logging.CRITICAL)
        self.folder = folder
        # Where the path of a seed data set begins.
        os.chdir(folder)
        self.builder_type = dd.DataDesignerConfigBuilder
        self.compile = compile_dataset_builder_column_configs
        self.graph_type = ExecutionGraph
        provider = dd.ModelProvider(name="p", endpoint="http://127.0.0.1:9/v1", provider_type="openai")
        self.designer = DataDesigner(artifact_path=folder / "artifacts", model_providers=[provider])
        # The engine whose language Tessera's templates are.
        self.designer.set_run_config(dd.RunConfig(jinja_rendering_engine="native"))

    def outcome(self, case):
        path = self.folder / f"{case['name']}.{case['format']}"
        path.write_text(case["text"])
        (self.folder / "records.jsonl").write_text("".join(json.dumps(one) + "\n" for one in case.get("records", [])))
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                builder = self.builder_type.from_config(path)
                fingerprint = builder.build().fingerprint()["config_hash"]
                resources = self.designer._create_resource_provider("differential", builder)
                from data_designer.engine.compiler import compile_data_designer_config

                config = compile_data_designer_config(builder.build(), resources)
                needs, order = self.graph(config)
        except Exception as error:
            return {"valid": False, "error": f"{type(error).__name__}: {error}"[:500]}
        found = {"valid": True, "fingerprint": fingerprint, "needs": needs, "order": order}
        if case.get("records"):
            found["rendered"] = self.rendered(config, resources, order, case["records"])
        return found

    def graph(self, config):
        """What each column waits for, and the order: where the library's sets leave a choice, the file's."""
        compiled = self.compile(config)
        flat = [sub for one in compiled for sub in getattr(one, "columns", [one])]
        graph = self.graph_type.create(compiled, {column.name: None for column in flat})
        names = [column.name for column in config.columns if column.name != "_internal_row_id"]
        kinds = {column.name: str(getattr(column.column_type, "value", column.column_type)) for column in config.columns}
        rank = {"seed-dataset": 0, "sampler": 1}
        needs = {name: sorted(graph.get_upstream_columns(name)) for name in names}
        order, left = [], list(names)
        while left:
            ready = [name for name in left if not set(needs[name]) - set(order)]
            name = min(ready, key=lambda name: rank.get(kinds[name], 2))
            order.append(name)
            left.remove(name)
        return needs, order

    def rendered(self, config, resources, order, records):
        """The columns that the library's own generators compute, by the record's id; a record that was given up is not
        there. The records go in as they are: what a file reader makes of their types is no part of this."""
        import pandas
        from data_designer.engine.column_generators.generators.expression import ExpressionColumnGenerator
        from data_designer.engine.processing.ginja.exceptions import UserTemplateError

        columns = {column.name: column for column in config.columns if column.column_type == "expression"}
        table = pandas.DataFrame(records)
        for name in order:
            if name in columns and len(table):
                generator = ExpressionColumnGenerator(config=columns[name], resource_provider=resources)
                try:
                    table = generator.generate(table)
                except UserTemplateError:
                    # No record is left.
                    return {}
        return {str(row["id"]): {name: plain(row[name]) for name in columns} for row in table.to_dict(orient="records")}


def plain(value):
    """Numpy's scalars as Python's."""
    return value.item() if hasattr(value, "item") else value


def tessera(tool, cases):
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    run = subprocess.run([tool, "cases"], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


# What Tessera refuses and the library lets pass, by a piece of Tessera's message.
STRICTER = [
    "is the name of", "is the alias of", "the column itself", "no such model", "no such tool config",
    "need each other", "waits for itself", "must not be negative", "must not be below low", "must be after start",
    "No filter named", "No test named", "is not a valid condition", "a sampler's condition can use samplers only",
    "needs a list for", "is no value of", "has texts as keys", "which leads nowhere", "no type of JSON",
    "no such sampler column", "a distribution that Tessera does not draw", "is no argument of", "cannot make",
    "a model with generation_type", "must be a time pattern", "must be one of 3 words: int, float, str",
    "needs other templates", "constraints are on samplers only", "must not be empty", "says uuid, but",
    "inner", "is the target itself", "cannot bound it", "holds", "must hold at least one option", "uses the column itself",
    "must be above 0, not", "must be within 0 and 1, not", "which an earlier processor drops", "is also what",
]


def compare(case, library, own):
    """Nil, a name of a known difference, or what differs."""
    if own["valid"] != library["valid"]:
        if library["valid"]:
            messages = [problem["message"] for problem in own["problems"]]
            if all(any(piece in message for piece in STRICTER) for message in messages):
                return "stricter", None
            return None, f"Tessera refuses it: {messages}"
        if "jsonpath" in case["text"] and "jsonpath" in library["error"]:
            return "jsonpath", None
        return None, f"the library refuses it: {library['error']}"
    if not own["valid"]:
        return "both refuse", None
    if own["fingerprint"] != library["fingerprint"]:
        return None, f"fingerprints: {own['fingerprint']} and {library['fingerprint']}"
    if not case.get("records"):
        order = [column["name"] for column in own["columns"]]
        needs = {column["name"]: sorted(column["needs"]) for column in own["columns"]}
        kinds = {column["name"]: column["column_type"] for column in own["columns"]}
        for name in library["order"]:
            # What samplers need of each other is no edge of the library's graph.
            if kinds.get(name) != "sampler" and needs.get(name) != library["needs"][name]:
                return None, f"{name} needs {needs.get(name)} and {library['needs'][name]}"
        drawn = [name for name in order if kinds[name] != "sampler"]
        if drawn != [name for name in library["order"] if kinds.get(name) != "sampler"]:
            return None, f"order: {order} and {library['order']}"
    if case.get("records"):
        if "rendered" in own and own["rendered"] != library["rendered"]:
            return None, f"rendered:\n  {own.get('rendered')}\n  {library['rendered']}"
    return "same", None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", required=True, help="the program tessera-language")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--only", help="print what becomes of one case, by its name")
    options = parser.parse_args()

    # Before the library's side changes the folder.
    tool = pathlib.Path(options.tool).resolve()
    maker = Maker(options.seed)
    cases = [maker.case(number) for number in range(options.cases)]
    if options.only:
        cases = [case for case in cases if case["name"] == options.only]
    counts, faults, corpus = collections.Counter(), 0, []
    with tempfile.TemporaryDirectory() as name:
        library = Library(pathlib.Path(name))
        outcomes = tessera(tool, cases)
        for case, own in zip(cases, outcomes, strict=True):
            theirs = library.outcome(case)
            known, fault = compare(case, theirs, own)
            if options.only:
                print(case["text"], json.dumps(own, indent=1), json.dumps(theirs, indent=1), sep="\n")
            if fault:
                faults += 1
                print(f"--- {case['name']} ({case['format']}): {fault}\n{case['text']}\n")
            counts[known or "DIFFERENT"] += 1
            corpus.append(case | {"library": theirs, "known": known})
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())), f"(seed {options.seed})")
    if options.corpus:
        lines = ",\n".join(json.dumps(case, sort_keys=True) for case in corpus)
        options.corpus.write_text(f'{{"library": "0.9.6", "cases": [\n{lines}\n]}}\n')
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
