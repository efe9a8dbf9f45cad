#!/usr/bin/env python3
"""Asks Data Designer itself how it reads answers, and writes what it says as a corpus for AnswersTests.

    pip install data-designer==0.9.6
    python3 scripts/answers-oracle.py > Tests/AnswersTests/Corpus/answers.json

A case is a column's output (a schema, or the language of code), an answer of a model, and what the library makes of it:
a value, or null where it refuses. Answers are good ones, those with every flaw that models are known for, and random
damage, all drawn from one seed.
"""
import json
import random
import sys

from data_designer.engine.models.recipes.response_recipes import CodeResponseRecipe, StructuredResponseRecipe

SCHEMAS = [
    {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer", "minimum": 0}},
     "required": ["name", "age"]},
    {"type": "object", "properties": {
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "kind": {"enum": ["a", "b", 3]},
        "inner": {"type": "object", "properties": {"x": {"type": ["number", "null"]}}, "required": ["x"]},
        "free": {"type": "object"}}, "required": ["kind"]},
    {"type": "array", "items": {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]},
     "minItems": 1},
    {"$defs": {"cat": {"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
                       "required": ["kind", "lives"]},
               "dog": {"type": "object", "properties": {"kind": {"const": "dog"}, "name": {"type": "string"}},
                       "required": ["kind"]}},
     "type": "object", "required": ["pet"], "properties": {"pet": {
         "oneOf": [{"$ref": "#/$defs/cat"}, {"$ref": "#/$defs/dog"}],
         "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/$defs/cat", "dog": "#/$defs/dog"}}}}},
    {"type": "object", "properties": {"v": {"anyOf": [
        {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["b"]},
        {"type": "null"}]}}, "required": ["v"]},
    {"type": "object", "properties": {"price": {"anyOf": [
        {"type": "number"}, {"type": "string", "pattern": r"^-?\d*\.?\d{0,2}0*$"}]}}, "required": ["price"]},
    {"type": "object", "properties": {"m": {"type": "integer"}}, "additionalProperties": {"type": "string"},
     "patternProperties": {"^n_": {"type": "number"}}},
    {"type": "string", "minLength": 2},
    {"type": "integer"},
]
VALUES = [
    [{"name": "Ann", "age": 3}, {"name": "Zoë \"Z\"", "age": 4.0}, {"name": "x", "age": "3"}, {"age": 1},
     {"name": "y", "age": -1}, {"name": "w", "age": 1, "more": [1]}],
    [{"kind": "a", "tags": ["x", "y"]}, {"kind": 3.0, "inner": {"x": None, "z": 1}}, {"kind": "c"},
     {"kind": "b", "free": {"any": {"thing": 1}}, "tags": [1]}, {"kind": "b", "tags": ["1", "2", "3", "4"]}],
    [[{"q": "why?"}, {"q": "how", "r": 1}], [], [{"q": 1}], {"q": "x"}],
    [{"pet": {"kind": "cat", "lives": 9, "name": "Tom"}}, {"pet": {"kind": "dog", "lives": 9, "name": "Rex"}},
     {"pet": {"kind": "cow"}}, {"pet": {"lives": 1}}, {"pet": {"kind": "cat"}}],
    [{"v": {"a": 1, "b": "x"}}, {"v": {"a": 1, "c": 2}}, {"v": None}, {"v": {"b": "x", "c": 1}}, {"v": {}}],
    [{"price": 3}, {"price": "2.5"}, {"price": 2.345}, {"price": "abc"}, {"price": True}, {"price": "-0.005"}],
    [{"m": 1, "x": "y", "n_a": 1.5}, {"x": 1}, {"n_a": "x"}, {}],
    ["hello", "x", 3],
    [3, 3.0, "3", 3.5],
]


def flawed(text, random):
    """One answer that holds a JSON text, in one of the ways in which models write it."""
    fence = "```json\n%s\n```"
    ways = [
        lambda: fence % text,
        lambda: text,
        lambda: "Sure!\n\n" + fence % text + "\n\nAnything else?",
        lambda: "Sure: " + text,
        lambda: "```\n%s\n```" % text,
        lambda: "```JSON\n%s\n```" % text,
        lambda: "~~~json\n%s\n~~~" % text,
        lambda: "```json\n" + text,
        lambda: "- item\n\n  " + (fence % text).replace("\n", "\n  "),
        lambda: "> " + (fence % text).replace("\n", "\n> "),
        lambda: "<think>\nlet me see\n</think>\n" + fence % text,
        lambda: fence % "{\"old\": 1}" + "\nNo, better:\n" + fence % text,
        lambda: fence % text + "\n" + fence % "",
        lambda: fence % (text[:-1] + ",}" if text.endswith("}") else text[:-1] + ",]"),
        lambda: fence % text.rstrip("]}"),
        lambda: fence % ("// here\n" + text),
        lambda: fence % text.replace(", ", " , // then\n"),
        lambda: fence % text.replace("\"", "'") if "'" not in text and "\\" not in text else fence % text,
        lambda: fence % text.replace("null", "None").replace("true", "True"),
        lambda: "   ```json\n   %s\n   ```" % text,
        lambda: "    ```json\n    %s\n    ```" % text,
        lambda: "`" + text + "`",
        lambda: "```json5\n%s\n```" % text,
        lambda: fence % text.replace(": ", ":\n\t"),
        lambda: "",
    ]
    return random.choice(ways)()


def main():
    rng = random.Random(5)
    cases = []
    recipes = [StructuredResponseRecipe(json_schema=schema) for schema in SCHEMAS]
    for place, (schema, values) in enumerate(zip(SCHEMAS, VALUES)):
        for value in values:
            seen = set()
            for _ in range(60):
                answer = flawed(json.dumps(value, ensure_ascii=False), rng).strip()
                if answer in seen:
                    continue
                seen.add(answer)
                try:
                    read = {"value": recipes[place].parse(answer)}
                except Exception:
                    read = {}
                cases.append({"schema": place, "answer": answer, **read})
    codes = []
    bodies = ["x = 1", "  if x:\n    y()", "", "print('```')", "select 1;\n\n\nselect 2"]
    for body in bodies:
        for answer in [
            f"```python\n{body}\n```", f"```\n{body}\n```", f"```py\n{body}\n```", f"Here:\n\n```python\n{body}\n```\nDone.",
            f"```python\n{body}", body, f"    {body}\n", f"```python\n1\n```\n\n```\n{body}\n```", f"```c\n1\n```\n```python\n{body}\n```",
            f"~~~~ python title=x\n{body}\n~~~~", f"<div>\n```python\n{body}\n```\n</div>", f"1. do\n   ```python\n   {body}\n   ```",
        ]:
            answer = answer.strip()
            try:
                read = {"value": CodeResponseRecipe("python").parse(answer)}
            except Exception:
                read = {}
            codes.append({"answer": answer, **read})
    json.dump({"schemas": SCHEMAS, "structured": cases, "code": codes}, sys.stdout, ensure_ascii=False, indent=0)
    print()


main()
