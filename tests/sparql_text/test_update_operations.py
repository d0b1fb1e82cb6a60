"""An update in its operations."""

from digitech_kg.sparql_text.tokens import split_operations


def test_operations_have_the_declarations_before_them() -> None:
    first, second = split_operations("PREFIX a: <x:> CLEAR ALL ; PREFIX b: <y:> DROP ALL ;")
    assert (first.prologue, second.prologue) == ("PREFIX a: <x:>", "PREFIX a: <x:> PREFIX b: <y:>")
    assert second.words == ("DROP", "ALL")
