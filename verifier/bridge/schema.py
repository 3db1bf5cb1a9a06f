"""JSON Schemas of what `aalp rocq` and `aalp smtlib` print."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": ["string", "null"]}
_VERDICT = {"enum": ["accepted", "rejected", "not checked"]}
_ANSWER = {"enum": ["unsat", "sat", "unknown", "timeout", "error", "not installed"]}


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [k for k in properties if k not in optional],
        "additionalProperties": False,
    }


def _document(title: str, entry: dict[str, Any], **optional: Any) -> dict[str, Any]:
    properties = {"format": {"const": 1}, "certificates": {"type": "array", "items": entry}, **optional}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_object(properties, tuple(optional)),
    }


ROCQ = _document(
    "aalp rocq --format json",
    _object(
        {
            "certificate": {"type": "string", "description": "path of the file"},
            "claim": {**_TEXT, "description": "null if the file is not a certificate"},
            "rocq": {**_VERDICT, "description": "what coqc says, after the kernel"},
            "axioms": {
                "type": "array",
                "items": {"type": "string"},
                "description": "axioms that Print Assumptions lists for the theorem",
            },
            "seconds": {"type": "number", "description": "wall time of coqc (and coqchk) on the three files"},
            "reason": {**_TEXT, "description": "why it was not accepted"},
            "coqchk": {**_VERDICT, "description": "with --coqchk: the claim's three modules, their imports loaded unchecked"},
        },
        ("coqchk",),
    ),
    coqchk={
        **_object({"library": _VERDICT, "reason": _TEXT}),
        "description": "with --coqchk: all modules of the library, Coq's own loaded unchecked",
    },
)

SMTLIB = _document(
    "aalp smtlib --format json",
    _object(
        {
            "certificate": {"type": "string"},
            "problems": {
                "type": "array",
                "items": _object(
                    {
                        "step": {"type": "string", "description": "obligation and position of the step in the certificate"},
                        "rule": {"type": "string"},
                        "abstract": {"type": "boolean", "description": "of some atoms only bounds are known: sat refutes nothing"},
                        "file": {"type": "string", "description": "the script, in the folder of the certificate"},
                        "z3": _ANSWER,
                        "cvc5": _ANSWER,
                        "seconds": {"type": "number"},
                        "alethe": {**_TEXT, "description": "with --alethe: cvc5's proof, if it gave one"},
                        "holes": {"type": ["integer", "null"], "description": "with --alethe: unjustified steps of the proof"},
                    },
                    ("alethe", "holes"),
                ),
            },
            "skipped": {
                "type": "array",
                "items": _object({"step": {"type": "string"}, "rule": {"type": "string"}, "reason": {"type": "string"}}),
                "description": "steps that are no SMT problems",
            },
            "findings": {
                "type": "array",
                "items": {"type": "string"},
                "description": "models found, and solvers that disagree",
            },
        }
    ),
)

SCHEMAS = {"rocq": ROCQ, "smtlib": SMTLIB}
