#!/usr/bin/env python3
"""Compares validation columns of code with the Python library's, on CASES random pieces of Python and of SQL.

The pieces are parts of this Python's own library and queries from a small grammar, with damage of every kind. Tessera
checks them in one `coordinator preview` of a workflow whose records come from a file; the library's validators are called
directly, in an empty directory. Needs data-designer==0.9.6 with its ruff and sqlfluff, which must be the PATH's too.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

os.environ.setdefault("NEMO_TELEMETRY_ENABLED", "false")

DIALECTS = ["ansi", "postgres", "mysql", "sqlite", "tsql", "bigquery"]


def damaged(text: str, draw: random.Random) -> str:
    """The text with up to three faults."""
    for _ in range(draw.choice([0, 0, 0, 1, 1, 2, 3])):
        lines = text.split("\n")
        at = draw.randrange(len(lines))
        kind = draw.randrange(7)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, lines[draw.randrange(len(lines))])
        elif kind == 2 and lines[at]:
            cut = draw.randrange(len(lines[at]))
            lines[at] = lines[at][:cut] + lines[at][cut + 1:]
        elif kind == 3:
            lines[at] = lines[at] + draw.choice([" ", ")", "(", ";", "'", '"', " # noqa", " -- noqa", ",", "é", " x y"])
        elif kind == 4:
            lines[at] = lines[at].replace(draw.choice(["self", "(", ":", "=", "SELECT", "FROM", ",", " "]), "", 1)
        elif kind == 5:
            lines[at] = "  " + lines[at]
        else:
            lines[at] = lines[at] + " " + "x" * draw.choice([1, 90])
        text = "\n".join(lines)
    return text


def python_pieces(count: int, draw: random.Random) -> list[str]:
    files = [p for p in Path(sysconfig.get_path("stdlib")).glob("*.py") if p.stat().st_size < 200_000]
    pieces = []
    while len(pieces) < count:
        lines = draw.choice(files).read_text(encoding="utf-8", errors="replace").split("\n")
        start = draw.randrange(len(lines))
        part = lines[start:start + draw.randrange(1, 60)]
        indent = min((len(l) - len(l.lstrip()) for l in part if l.strip()), default=0)
        pieces.append(damaged("\n".join(l[indent:] for l in part), draw))
    return pieces


def sql_piece(draw: random.Random) -> str:
    column = lambda: draw.choice(["a", "b", "t.c", "count(*)", "sum(x) over (partition by y)", "'text'", "1 + 2", '"q"', "`q`", "[q]"])
    table = lambda: draw.choice(["t", "s.t", "(select 1) u", "t join u on t.a = u.a", "t left join u using (a)"])
    kind = draw.randrange(6)
    if kind <= 2:
        text = f"SELECT {', '.join(column() for _ in range(draw.randrange(1, 4)))}\nFROM {table()}"
        if draw.random() < 0.5:
            text += f"\nWHERE {column()} {draw.choice(['=', '<>', 'LIKE', 'ILIKE', 'IN'])} {draw.choice(['1', '(1, 2)', 'NULL'])}"
        if draw.random() < 0.3:
            text += f"\nGROUP BY {column()}\nHAVING count(*) > 1"
        if draw.random() < 0.3:
            text += draw.choice(["\nLIMIT 10", "\nFETCH FIRST 3 ROWS ONLY", "\nORDER BY 1 DESC NULLS LAST"])
    elif kind == 3:
        text = f"CREATE TABLE t (a {draw.choice(['INT', 'DECIMAL(10)', 'DECIMAL(10, 2)', 'TEXT', 'SERIAL'])}, b DATE NOT NULL)"
    elif kind == 4:
        text = f"WITH x AS (SELECT {column()} FROM {table()})\nSELECT * FROM x{draw.choice(['', ' QUALIFY a > 1', ' {{ y }}'])}"
    else:
        text = draw.choice(["INSERT INTO t (a) VALUES (1)", "UPDATE t SET a = 1 WHERE b = 2", "DELETE FROM t RETURNING a"])
    return damaged(text + draw.choice(["", ";", "\n"]), draw)


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--coordinator", required=True)
    options.add_argument("--cases", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    coordinator = str(Path(options.coordinator).absolute())
    draw = random.Random(options.seed)
    count = min(options.cases, 1000)
    rows = [{"code": code, **{d: sql_piece(draw) for d in DIALECTS}} for code in python_pieces(count, draw)]
    # The library reads its records through a data frame: an empty text stays one there.
    from data_designer.config.validator_params import CodeValidatorParams
    from data_designer.engine.validators import PythonValidator, SQLValidator

    columns = [("code", "python")] + [(d, f"sql:{d}") for d in DIALECTS]
    workflow = {
        "columns": [
            {"name": f"{name}_check", "column_type": "validation", "target_columns": [name], "batch_size": 100,
             "validator_type": "code", "validator_params": {"code_lang": language}}
            for name, language in columns
        ],
        "seed_config": {"source": {"seed_type": "local", "path": "rows.jsonl"}, "sampling_strategy": "ordered"},
        "model_configs": [],
    }
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        Path("w.json").write_text(json.dumps(workflow))
        ours = subprocess.run(
            [coordinator, "preview", "w.json", "-n", str(count), "-o", "jsonl"], capture_output=True, text=True)
        if ours.returncode not in (0, 2):
            sys.exit(f"preview: exit {ours.returncode}: {ours.stderr}")
        made = [json.loads(line) for line in ours.stdout.splitlines()]
        assert len(made) == count, (len(made), ours.stderr)
        os.mkdir("empty")
        os.chdir("empty")
        for name, language in columns:
            kind = PythonValidator if language == "python" else SQLValidator
            validator = kind(CodeValidatorParams(code_lang=language))
            for number, (row, record) in enumerate(zip(rows, made)):
                theirs = validator.run_validation([{"code": row[name]}])[0].model_dump(mode="json")
                own = record.get(f"{name}_check")
                for verdict in (theirs, own or {}):
                    if "error_messages" in verdict:
                        # The sentence about DECIMAL has other words here.
                        lines = [l for l in verdict["error_messages"].split("\n") if l]
                        verdict["decimal"] = any("DECIMAL" in l and not l.startswith("PRS") for l in lines)
                        verdict["error_messages"] = [l for l in lines if l.startswith("PRS")]
                if theirs != own:
                    wrong += 1
                    if wrong <= 5:
                        print(f"{language} record {number}:\n{row[name]!r}\n  library {theirs}\n  ours    {own}")
            os.chdir(os.getcwd())
    total = count * len(columns)
    print(f"{total - wrong} of {total} verdicts are the library's (seed {options.seed})")
    return 1 if wrong else 0


sys.exit(main())
