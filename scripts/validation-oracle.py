#!/usr/bin/env python3
"""What the Python library says about pieces of code: writes Tests/ChecksTests/Corpus/verdicts.json.

Run it with a Python that has data-designer==0.9.6, ruff and sqlfluff, from the root of the repository. Every piece is
checked alone, in an empty directory: the library takes up the settings of the one it stands in.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("NEMO_TELEMETRY_ENABLED", "false")

PYTHON = [
    "",
    "\n",
    "x = 1\n",
    "x=1",
    "import os\n",
    "from os import *\nprint(path)\n",
    "def f(:\n    pass\n",
    "print('unterminated\n",
    "for i in range(3) print(i)\n",
    "return 1\n",
    "def f(a, a): return a\n",
    "x = undefined_name\n",
    "def f():\n    return undefined_name + other\n\n\nf()\n",
    "def f(x):\n    \"\"\"Doc.\"\"\"\n    return x\n",
    "if x == None:\n    pass\n",
    "x = 1\nif x == True: print(x); y = 2\n",
    "def f(l):\n    return l\n",
    "try:\n    import json\nexcept:\n    pass\n",
    "class A:\n    def m(self):\n        return self\n\n    def m(self):\n        return self\n",
    "def f(a, b, c, d, e, g, h):\n    return a, b, c, d, e, g, h\n",
    "x = lambda: 0\n",
    "d = {'a': 1, 'a': 2}\n",
    "def f(x):\n    if x == 1:\n        return 1\n    elif x == 2:\n        return 2\n    elif x == 7:\n        return 3\n    else:\n        return 4\n",
    "with open('a') as f:\n    with open('b') as g:\n        print(f, g)\n",
    "value = '%s' % (1, 2)\n",
    "print('{} {}'.format(1))\n",
    "assert (1, 'always true')\n",
    "x = 1\nx is 'a'\n",
    "async def f():\n    await g()\n",
    "match 3:\n    case 3:\n        y = 1\n    case _:\n        y = 2\nprint(y)\n",
    "type X = int\n",
    "f'{1!r:>{10}}'\n",
    "x: int = 3  # noqa\nfrom os import missing\n",
    "# " + "a" * 100 + "\n",
    "import sys\nimport os\n\n\ndef main():\n    global q\n    q = 3\n    print(sys.argv, os.sep)\n\n\nmain()\n",
    "def f(x):\n    for i in range(len(x)):\n        if x[i] > 3:\n            return True\n    return False\n",
    "def f(items=[]):\n    items.append(1)\n    return items\n",
    "x = 5\nx == 5\nraise NotImplemented\n",
    "a = not x in y\n",
    "print(\"caf\u00e9 \U0001f600\", undefined)\n",
    "\tx = 1\n",
    "def f():\n\tif True:\n        return 1\n",
    "print 'hello'\n",
    "exec('1')\nimport math as math\n",
    "def f():\n    try:\n        return 1\n    finally:\n        return 2\n",
    "while True:\n    break\nelse:\n    pass\nfor i in []:\n    continue\n    print(i)\n",
    "yield 1\n",
    "def gen():\n    yield 1\n    return 2\n    x = [i for i in gen()]\n    a, b = b, a\n",
    "\ufeffx = 1\n",
    "x = 1\r\ny = undefined\r\n",
]

SQL = [
    ("sql:ansi", ""),
    ("sql:ansi", "SELECT 1"),
    ("sql:ansi", "SELECT a FROM t WHERE b = 'c';\n"),
    ("sql:ansi", "SELECT FROM FROM t"),
    ("sql:ansi", "SELECT a,, b FROM t"),
    ("sql:ansi", "SELEC a FROM t"),
    ("sql:ansi", "SELECT (a FROM t"),
    ("sql:ansi", "this is no query at all"),
    ("sql:ansi", "CREATE TABLE t (a DECIMAL(10))"),
    ("sql:ansi", "CREATE TABLE t (a DECIMAL(10, 2))"),
    ("sql:ansi", "CREATE TABLE t (a decimal(10))"),
    ("sql:ansi", "SELECT a FROM t WHERE; CREATE TABLE u (b DECIMAL(5))"),
    ("sql:ansi", "SELECT {{ column }} FROM t"),
    ("sql:ansi", "SELECT a FROM {% if x %}t"),
    ("sql:ansi", "-- a comment alone"),
    ("sql:ansi", "SELECT a -- noqa: PRS\nFROM t WHERE"),
    ("sql:ansi", "select caf\u00e9 from \"t\" where x = '\U0001f600'"),
    ("sql:postgres", "SELECT 'echo=1' AS a;"),
    ("sql:postgres", "SELECT a::int, b->>'k' FROM t WHERE c ILIKE '%x%' RETURNING 1"),
    ("sql:postgres", "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO NOTHING RETURNING a"),
    ("sql:postgres", "CREATE INDEX CONCURRENTLY i ON t USING gin (a jsonb_path_ops)"),
    ("sql:postgres", "SELECT TOP 10 a FROM t"),
    ("sql:tsql", "SELECT TOP 10 [a b] FROM [t]"),
    ("sql:tsql", "SELECT a FROM t LIMIT 10"),
    ("sql:mysql", "SELECT `a` FROM t LIMIT 10 OFFSET 5"),
    ("sql:mysql", "INSERT IGNORE INTO t SET a = 1"),
    ("sql:sqlite", "SELECT a FROM t LIMIT 10"),
    ("sql:sqlite", "INSERT OR REPLACE INTO t VALUES (1)"),
    ("sql:bigquery", "SELECT AS STRUCT a FROM `p.d.t` WHERE SAFE_CAST(a AS INT64) > 1"),
    ("sql:bigquery", "SELECT ARRAY_AGG(x IGNORE NULLS) FROM UNNEST([1, 2]) AS x QUALIFY"),
    # Longer than what sqlfluff looks at unless it is told to.
    ("sql:ansi", "SELECT a,, b FROM t -- " + "x" * 20_100),
]


def main() -> None:
    target = Path("Tests/ChecksTests/Corpus/verdicts.json").absolute()
    from data_designer.config.validator_params import CodeValidatorParams
    from data_designer.engine.validators import PythonValidator, SQLValidator

    cases = []
    with tempfile.TemporaryDirectory() as empty:
        os.chdir(empty)
        for language, code in [("python", code) for code in PYTHON] + SQL:
            params = CodeValidatorParams(code_lang=language)
            validator = (PythonValidator if language == "python" else SQLValidator)(params)
            verdict = validator.run_validation([{"code": code}])[0].model_dump(mode="json")
            if "error_messages" in verdict:
                # Its own sentence about DECIMAL is put in other words here: only that there is one counts.
                lines = verdict["error_messages"].split("\n")
                verdict["flags_decimal"] = any(line.startswith("Custom Check") for line in lines)
                verdict["error_messages"] = [line for line in lines if line and not line.startswith("Custom Check")]
            cases.append({"language": language, "code": code, "verdict": verdict})
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(cases, indent=1) + "\n")
    print(f"{len(cases)} verdicts", file=sys.stderr)


main()
