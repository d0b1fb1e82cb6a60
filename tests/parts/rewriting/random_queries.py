"""Random small datasets, and random queries about them: all forms that the rules touch, and what stands around them."""

import re
from dataclasses import dataclass
from random import Random

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from digitech_kg.namespaces import RDF

EX = "http://example.org/"
PROLOGUE = f"PREFIX : <{EX}> PREFIX rdf: <{RDF.type.value.removesuffix('type')}>\n"
_NODES = [NamedNode(EX + name) for name in "abcde"]
_PREDICATES = [NamedNode(EX + name) for name in "pqr"]
_CLASSES = [NamedNode(EX + name) for name in "AB"]
_LITERALS = [Literal(1), Literal(2), Literal("x"), Literal("x", language="en"), Literal(1.0)]
_GRAPHS = [DefaultGraph(), NamedNode(EX + "g1"), NamedNode(EX + "g2")]
_VARIABLES = ["?s", "?o", "?x", "?y", "?z"]


def random_quads(chance: Random) -> list[Quad]:
    """Return a few quads in the default graph and two named ones; some triples are in several."""
    found = set()
    for _ in range(chance.randint(3, 25)):
        subject = chance.choice([*_NODES, BlankNode("n")])
        if chance.random() < 0.25:
            triple = (subject, RDF.type, chance.choice([*_CLASSES, *_NODES[:1]]))
        else:
            triple = (
                subject,
                chance.choice(_PREDICATES),
                chance.choice([*_NODES, *_NODES, *_LITERALS, BlankNode("n")]),
            )
        found |= {Quad(*triple, graph) for graph in chance.sample(_GRAPHS, chance.choice([1, 1, 2]))}
    return sorted(found, key=str)


@dataclass
class Queries:
    """Makes queries from a source of chance."""

    chance: Random

    def query(self) -> str:
        """Return a query, perhaps without WHERE, and with other spaces, lines and comments, or no space at brackets."""
        text = self._query()
        if self._maybe(0.7):
            return text
        return re.sub(r"(\S) (?=(\S))", self._gap, text.replace(" WHERE ", self._one(" ", " WHERE ")))

    def _gap(self, place: re.Match[str]) -> str:
        gaps = [" ", " ", "\t", "\n", "\r\n", "\r", " #c {\n", "#c }\r"]
        if {place[1], place[2]} & set("(){}"):
            gaps += [""] * len(gaps)
        return place[1] + self._one(*gaps)

    def _query(self) -> str:
        kind = self.chance.random()
        if kind > 0.55:
            return f"{PROLOGUE}SELECT {self._one('*', '*', '?s ?o', '(COUNT(*) AS ?n)')} WHERE {self._likely()}"
        if kind < 0.15:
            return PROLOGUE + self._counting()
        if kind < 0.2:
            return f"{PROLOGUE}ASK {self._group(2)}"
        if kind < 0.25:
            return f"{PROLOGUE}CONSTRUCT {{ ?s :made ?o }} WHERE {self._group(2)}"
        return PROLOGUE + self._select(2)

    def _likely(self) -> str:
        """Return a group that rules are made for, perhaps with something more in it or around it."""
        pattern = self._one(
            "?s :p ?o", "?s a ?o", "?s :q ?o", "?s ?p ?o", "?o :p ?s", "?s :r ?z . ?s :q ?o", "?s :p ?o ; a :A"
        )
        condition = self._one(
            f"FILTER {self._one('', 'NOT ')}EXISTS {self._simple_group()}",
            f"FILTER({self._one('', '!', 'NOT ')}EXISTS {self._simple_group()})",
            f"MINUS {self._simple_group()}",
            f"OPTIONAL {self._simple_group()}",
            f"OPTIONAL {{ {self._one('?s :r ?z', '?s a ?x', '?o :q ?y', '?s ?x ?y', '?s :q []')} }}",
            f"FILTER EXISTS {{ {self._one('?s :r ?z', '?s a ?x', '?o :q ?y')} }}",
            f"FILTER({self._condition(1)})",
        )
        more = self._member(1) if self._maybe(0.4) else ""
        parts = [pattern, condition, more, self._one("", "", "?s :q ?y")]
        if self._maybe(0.2):
            self.chance.shuffle(parts)
        group = "{ " + " ".join(parts) + " }"
        around = self._one(
            "%s", "%s", "%s", "{ ?x :p ?y OPTIONAL %s }", "{ %s UNION %s }", "{ GRAPH :g1 %s }", "{ GRAPH ?g %s }"
        )
        return around.replace("%s", group)

    def _select(self, depth: int) -> str:
        what = self._one("*", "*", "?s ?o", "DISTINCT ?s", "(COUNT(*) AS ?n)", "?x", "DISTINCT ?x ?o")
        return f"SELECT {what} WHERE {self._group(depth)}{self._end(what)}"

    def _end(self, what: str) -> str:
        if what == "?s ?o" and self._maybe(0.3):
            return self._one(
                " GROUP BY ?s ?o", " ORDER BY ?s", " GROUP BY ?s ?o HAVING (EXISTS { ?s :p ?x . ?x :q ?y })"
            )
        return " VALUES ?s { :a :b UNDEF }" if self._maybe(0.05) else ""

    def _counting(self) -> str:
        """Return a query that statistics may answer, or one that only looks so."""
        pattern = self._one(
            "?s ?p ?o", "?s ?p ?o", "?s a ?o", "?s :p ?o", "?s a :A", "[] a :B", "[] :q []", "?s ?p ?s", "?s :p :a",
            "?s ?p ?o . ?s :q ?x", "?s a ?p", ":a ?p ?o", "?s :p ?o FILTER(?o = :a)", "?s :p+ ?o", "?s ^:p ?o",
            "?s ?p ?o FILTER ISLITERAL(?o)", "?s ?p ?o FILTER(isBlank(?s))", "?s ?p ?o . FILTER isIRI(?o)",
            "?s ?p ?o FILTER isURI(?p)", "?s :p ?o FILTER isLiteral(?o)", "FILTER isBLANK(?o) ?s ?p ?o",
        )  # fmt: skip
        body = f"{{ {pattern} }}"
        if self._maybe(0.3):
            body = f"{{ {body} UNION {{ {self._one('?s :q ?o', '?s a :B', '?s ?p ?o', '?x :r ?y')} }} }}"
        v = self._one("?p", "?o", "?s")
        count = self._one("COUNT(*)", f"COUNT({v})", f"COUNT(DISTINCT {v})", "COUNT(?p)", "COUNT(DISTINCT *)")
        text = self._one(
            f"SELECT ({count} AS ?n) {body}",
            f"SELECT {v} ({count} AS ?n) WHERE {body} GROUP BY {v}",
            f"SELECT ({count} AS ?n) {v} WHERE {body} GROUP BY {v} ORDER BY DESC(?n) {v}",
            f"SELECT {v} ({count} AS ?n) {body} GROUP BY {v} HAVING (COUNT(*) > 1)",
            f"SELECT DISTINCT {v} {body}",
            f"SELECT {v} {body} GROUP BY {v}",
            f"SELECT DISTINCT {v} {body} ORDER BY {v}",
        )
        if self._maybe(0.3):
            around = self._one("{ {%s} }", "{ ?s :p ?o {%s} }", "{ GRAPH :g1 { {%s} } }", "{ {%s} FILTER(?n > 1) }")
            return f"SELECT * {around % text}"
        return text

    def _group(self, depth: int) -> str:
        chance = self.chance
        parts = [self._block()] if self._maybe(0.9) else []
        for _ in range(chance.choice([0, 1, 1, 1, 2, 2, 3])):
            parts.append(self._member(depth))
        if self._maybe(0.1):
            chance.shuffle(parts)
        return "{ " + " ".join(parts) + " }"

    def _member(self, depth: int) -> str:
        if depth == 0:
            return self._one(self._block(), f"FILTER({self._condition(0)})")
        inner = depth - 1
        makers = [
            lambda: f"FILTER {self._one('', 'NOT ')}EXISTS {self._group(inner)}",
            lambda: f"FILTER {self._one('', 'NOT ')}EXISTS {self._simple_group()}",
            lambda: f"MINUS {self._one(self._group(inner), self._simple_group(), self._simple_group())}",
            lambda: f"FILTER({self._condition(inner)})",
            lambda: f"FILTER({self._condition(inner)})",
            lambda: f"OPTIONAL {self._group(inner)}",
            lambda: f"{self._group(inner)} UNION {self._group(inner)}",
            lambda: f"GRAPH {self._one(':g1', '?g')} {self._group(inner)}",
            lambda: f"{{ {self._select(inner)} }}",
            lambda: f"VALUES {self._variable()} {{ :a :b UNDEF 1 }}",
            lambda: f"BIND({self._one(':a', '?s', '?o + 1', 'EXISTS ' + self._simple_group())} AS ?{self._fresh()})",
            self._block,
        ]
        return self.chance.choice(makers)()

    def _simple_group(self) -> str:
        """Return a group that conditions often have: patterns along a chain or a star, perhaps with a filter."""
        steps = self._one(
            "?s :q ?x", "?o :p ?x", "?s :p ?x . ?x :q ?y", "?o a ?x . ?x :r ?y", "?s :p ?x ; :q ?y", "?s :p/:q ?x",
            "?s ^:p/:q* ?x", "?s :p? ?x . ?x :q* ?y", "?x :p ?y . ?y :q ?s", "?x a :A . ?x :p ?s", "?s ?p ?o",
            "?s :p [] . [] :q ?s", "?s :p+ ?x . ?x a :A", "?x :p ?y . ?y :q ?z", "?s :p _:l . _:l :q ?y",
        )  # fmt: skip
        return f"{{ {steps} {self._one('', '', f'FILTER({self._condition(0)})')} }}"

    def _block(self) -> str:
        return " . ".join(self._triple() for _ in range(self.chance.choice([1, 1, 2, 3]))) + self._one("", " .")

    def _triple(self) -> str:
        verb = self._one(
            ":p", ":q", ":r", ":p", ":q", ":r", "a", "?p", "^:p", ":p/:q", ":p*", ":q+", "(:p|:q)", "(:p/^:r)", ":q?",
            "!(:p|^:q)", ":p*/:q",
        )  # fmt: skip
        subject = self._one(*_VARIABLES, "?s", "?s", "?s", ":a", "[]")
        ending = self._one("", "", "", f" ; :q {self._object()}", f", {self._object()}")
        return f"{subject} {verb} {self._one(':A', ':B', '?x', '?o') if verb == 'a' else self._object()}{ending}"

    def _object(self) -> str:
        return self._one(*_VARIABLES, "?o", "?o", "?x", ":a", ":b", "1", '"x"@en', "[]", "[ :q ?y ]")

    def _condition(self, depth: int) -> str:
        v, w = self._variable(), self._variable()
        simple = self._one(
            f"{v} = :a", f"{v} = :b", f":a = {v}", f"{v} IN (:a, :b, <{EX}a>)", f"{v} IN (:a)", f"{v} NOT IN (:a)",
            f"{v} = {w}", f"{v} != {w}", f"{v} > 1", f"{v} = 1", f"BOUND({v})", f"!BOUND({v})", f"ISIRI({v})",
            f"STR({v}) = 'x'", f"{v} IN (:a, 1)", f"1 / ({v} - 1) > 0", "?nowhere = :a", f"({v} = :a)",
        )  # fmt: skip
        if depth == 0 or self._maybe(0.5):
            return simple
        return self._one(
            f"{simple} && {self._condition(0)}",
            f"{simple} || {self._condition(0)}",
            f"!({simple})",
            f"NOT EXISTS {self._simple_group()}",
            f"EXISTS {self._simple_group()} || {simple}",
            f"!EXISTS {self._simple_group()}",
        )

    def _variable(self) -> str:
        return self._one(*_VARIABLES, "?s", "?o")

    def _fresh(self) -> str:
        return f"b{self.chance.randrange(1000)}"

    def _maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def _one(self, *choices: str) -> str:
        return self.chance.choice(choices)
