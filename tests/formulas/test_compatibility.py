"""Functions of 2019 said in 2016's words: same values here, same values in LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.formulas.random_trees import WORLD
from tests.formulas.workbench import WorldScope, agree, evaluated, recalculated
from tests.judge.libreoffice import needs_libreoffice

from crmsheet.formulas.checker import check
from crmsheet.formulas.compatibility import missing_in, rewritten_for
from crmsheet.formulas.tree import Call, Node, walk

TEXTS = (
    'MAXIFS(a[w],a[k],SUBSTITUTE([s],"007","x"))',
    'MAXIFS(a[d],a[k],"alpha")',
    'MINIFS(a[w],a[k],"x",a[w],">3")',
    'MINIFS(a[v],a[w],">="&[n],a[w],"<10")',
    'MAXIFS(a[w],a[k],"<>alpha",a[w],"<="&[n])',
    'MAXIFS(a[w],a[k],"nobody")',
    'MAXIFS(a[w],a[k],"=")',
    'MAXIFS(a[w],a[k],"<>")',
    "MAXIFS(a[w],a[w],[n])",
    'IFS([n]>5,"big",[n]>1,"some",TRUE,"few")',
    'IFS([n]>5,"big",[n]>1,"some")',
    'SWITCH([s],"alpha",1,"x",2,-1)',
    'SWITCH([n],1,"one",10,"ten")',
    'IF([n]>1,MAXIFS(a[w],a[k],[s]&""),IFS(TRUE,0))',
    'CONCAT([s],"-",[n])',
    'TEXTJOIN(", ",TRUE,[s],[n],"end")',
    'TEXTJOIN("/",FALSE,[s],[n])',
)


def node_of(text: str) -> Node:
    found = check(text, WorldScope(WORLD, 2016))
    assert found.node is not None, found.problems
    return found.node


@pytest.mark.parametrize("text", TEXTS)
def test_older_form_has_the_same_values(text: str) -> None:
    node = node_of(text)
    older = rewritten_for(node, 2016)
    assert missing_in(node, 2016) != ()
    assert missing_in(older, 2016) == ()
    assert evaluated(older, WORLD) == evaluated(node, WORLD)
    assert rewritten_for(node, 2019) == node


@needs_libreoffice
def test_libreoffice_computes_the_older_forms_alike(tmp_path: Path) -> None:
    nodes = [rewritten_for(node_of(text), 2016) for text in TEXTS]
    (theirs,) = recalculated([(WORLD, nodes)], tmp_path)
    for text, node, column in zip(TEXTS, nodes, theirs, strict=True):
        for row, (ours, other) in enumerate(zip(evaluated(node, WORLD), column, strict=True)):
            assert agree(ours, other), f"{text} row {row}: {ours!r}, LibreOffice {other!r}"


@pytest.mark.parametrize(
    "text", ['TEXTJOIN(",",TRUE,a[k])', 'MAXIFS(a[w],a[k],"a*")', "MAXIFS(a[w],a[k],as_of)", "CONCAT(a[k])"]
)
def test_what_older_words_cannot_say_is_refused(text: str) -> None:
    assert check(text, WorldScope(WORLD, 2016)).node is None
    newer = check(text, WorldScope(WORLD, 2019)).node
    assert newer is not None
    kept = rewritten_for(newer, 2016)
    assert kept == newer
    assert any(isinstance(n, Call) and n.function in missing_in(kept, 2016) for n in walk(kept))
