# ruff: noqa: RUF001 - names of sections in their own scripts
"""What sections are called: the canonical names, English synonyms, and names in other languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from snapline.base.regex import regex
from snapline.spec.model import SectionKind

ENGLISH: Final = "en"

_K: Final = SectionKind
_NAMES: Final = {
    "en": {
        _K.TASK: ("Problem", "Problem statement", "Background", "Context"),
        _K.GOAL: ("Goals", "Outcome", "Desired outcome", "Objective"),
        _K.CONSTRAINTS: ("Boundaries", "Limits", "Non-goals", "Out of scope"),
        _K.INTERFACES: ("Dependencies", "Affected systems", "Touchpoints"),
        _K.ACCEPTANCE: ("Acceptance criteria", "Definition of done", "Success criteria", "Checks"),
        _K.FAILURE_PLAN: ("Rollback", "Rollback plan", "Failure modes", "Contingency"),
        _K.TASKS: ("Breakdown", "Work breakdown"),
        _K.CLARIFICATIONS: ("Questions", "Q&A"),
    },
    "de": {
        _K.TASK: ("Aufgabe", "Problem"),
        _K.GOAL: ("Ziel", "Ziele"),
        _K.CONSTRAINTS: ("Randbedingungen", "Einschränkungen"),
        _K.INTERFACES: ("Schnittstellen",),
        _K.ACCEPTANCE: ("Abnahme", "Akzeptanzkriterien"),
        _K.FAILURE_PLAN: ("Rückfallplan", "Fehlerplan"),
        _K.TASKS: ("Aufgaben",),
        _K.CLARIFICATIONS: ("Klärungen",),
    },
    "fr": {
        _K.TASK: ("Tâche", "Problème"),
        _K.GOAL: ("Objectif", "But"),
        _K.CONSTRAINTS: ("Contraintes",),
        _K.INTERFACES: ("Interfaces",),
        _K.ACCEPTANCE: ("Acceptation", "Critères d'acceptation"),
        _K.FAILURE_PLAN: ("Plan de repli", "Plan d'échec"),
        _K.TASKS: ("Tâches",),
        _K.CLARIFICATIONS: ("Précisions",),
    },
    "es": {
        _K.TASK: ("Tarea", "Problema"),
        _K.GOAL: ("Objetivo", "Meta"),
        _K.CONSTRAINTS: ("Restricciones",),
        _K.INTERFACES: ("Interfaces",),
        _K.ACCEPTANCE: ("Aceptación", "Criterios de aceptación"),
        _K.FAILURE_PLAN: ("Plan de reversión", "Plan de fallo"),
        _K.TASKS: ("Tareas",),
        _K.CLARIFICATIONS: ("Aclaraciones",),
    },
    "pt": {
        _K.TASK: ("Tarefa", "Problema"),
        _K.GOAL: ("Objetivo", "Meta"),
        _K.CONSTRAINTS: ("Restrições",),
        _K.INTERFACES: ("Interfaces",),
        _K.ACCEPTANCE: ("Aceitação", "Critérios de aceitação"),
        _K.FAILURE_PLAN: ("Plano de reversão", "Plano de falha"),
        _K.TASKS: ("Tarefas",),
        _K.CLARIFICATIONS: ("Esclarecimentos",),
    },
    "zh": {
        _K.TASK: ("任务", "问题"),
        _K.GOAL: ("目标",),
        _K.CONSTRAINTS: ("约束",),
        _K.INTERFACES: ("接口",),
        _K.ACCEPTANCE: ("验收", "验收标准"),
        _K.FAILURE_PLAN: ("回滚计划", "失败预案"),
        _K.TASKS: ("任务分解",),
        _K.CLARIFICATIONS: ("澄清",),
    },
    "ja": {
        _K.TASK: ("タスク", "課題"),
        _K.GOAL: ("目標", "ゴール"),
        _K.CONSTRAINTS: ("制約",),
        _K.INTERFACES: ("インターフェース",),
        _K.ACCEPTANCE: ("受け入れ条件", "受入基準"),
        _K.FAILURE_PLAN: ("失敗時の計画", "ロールバック"),
        _K.TASKS: ("作業分割",),
        _K.CLARIFICATIONS: ("確認事項",),
    },
}
_ATTRIBUTES: Final = regex(r"\{#[^{}]*\}\s*$")
_NUMBERING: Final = regex(r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){0,3}[.)]?|[ivx]{1,5}[.)])\s+", re.IGNORECASE)
_LONGEST: Final = 200
COLONS: Final = ": \t"
"""What may close a name; NFKC makes the full-width colon an ASCII one."""


@dataclass(frozen=True, slots=True)
class SectionName:
    """A name that is read as a section; ``languages`` are those in which it means that, by primary subtag."""

    kind: SectionKind
    written: str
    languages: tuple[str, ...]

    @property
    def alias(self) -> bool:
        """Whether it is another name than the canonical one."""
        return self.written != self.kind

    def language(self, tag: str) -> str:
        """The language in which a spec with the language ``tag`` uses the name."""
        primary = tag.partition("-")[0].lower()
        return primary if primary in self.languages else self.languages[0]


def is_english(tag: str) -> bool:
    """Whether a BCP 47 tag means English, the language that rules on wording know."""
    return tag.partition("-")[0].lower() == ENGLISH


def plain(name: str) -> str:
    """A heading's visible text as names are compared: no numbering, no symbols around it, case folded."""
    text = unicodedata.normalize("NFKC", name[:_LONGEST]).replace("’", "'")
    text = _without_symbols(_ATTRIBUTES.sub("", text).strip())
    text = _without_symbols(_NUMBERING.sub("", text, count=1))
    return " ".join(text.rstrip(COLONS).casefold().split())


def _without_symbols(text: str) -> str:
    return text[next((index for index, char in enumerate(text) if char.isalnum()), len(text)) :]


def _all() -> Iterator[tuple[str, SectionName]]:
    kinds = {(kind, kind.value): (ENGLISH,) for kind in SectionKind}
    for language, sections in _NAMES.items():
        for kind, names in sections.items():
            for name in names:
                kinds[kind, name] = (*kinds.get((kind, name), ()), language)
    for (kind, name), languages in kinds.items():
        yield plain(name), SectionName(kind, name, languages)


NAMES: Final = dict(_all())
"""Every name by its :func:`plain` form."""


@lru_cache(maxsize=1024)
def named(name: str) -> SectionName | None:
    """What a heading's visible text names; None for no section of the language."""
    return NAMES.get(plain(name))
