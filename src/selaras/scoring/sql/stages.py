"""The ladder of CTEs: each expression in a column of its own stage, each stage reading the one before.

Households and the rows of each repeat are scopes. A row may read its household's columns (a join), a household
the totals of its rows (an aggregate, joined back). What nobody reads later is dropped at once, so that the last
stage is narrow whatever the workbook calculates on the way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from selaras.scoring.instrument import HOUSEHOLD
from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.dialects import Dialect
from selaras.scoring.sql.tables import KEY, UNIT, Names, Tables
from selaras.scoring.sql.terms import Ref

#: The stage of those who read the finished ladder.
END = 1_000_000


@dataclass(frozen=True, slots=True)
class _Column:
    """`source` is the repeat whose rows an aggregate counts, None for a plain expression; stage 0 is stored."""

    sql: Sql | None
    refs: frozenset[Ref]
    stage: int
    source: str | None = None


@dataclass(slots=True)
class _Reading:
    """Who reads what, when: `last[scope, ref]`, and from which stage on rows carry a household's column."""

    last: dict[tuple[str, Ref], int] = field(default_factory=dict)
    imported: dict[tuple[str, Ref], int] = field(default_factory=dict)
    live: set[Ref] = field(default_factory=set)


class Stages:
    """The columns of one statement, and the CTEs that make them."""

    def __init__(self, dialect: Dialect, tables: Tables, prefix: str = "") -> None:
        self.dialect = dialect
        self.tables = tables
        self._prefix = prefix
        self.names = Names()
        self._columns: dict[Ref, _Column] = {}
        self._stored: dict[tuple[str, str], Ref] = {}
        self.unit = Ref(HOUSEHOLD, UNIT)
        self._columns[self.unit] = _Column(None, frozenset(), 0)
        for table in tables.repeats.values():
            self.names.take(table.name)
        for scope, table in ((HOUSEHOLD, tables.households), *tables.repeats.items()):
            for name, shape in table.columns.items():
                ref = Ref(scope, shape.name)
                self.names.take(shape.name)
                self._stored[scope, name] = ref
                self._columns[ref] = _Column(None, frozenset(), 0)

    # --- columns --------------------------------------------------------------------------------------------
    def stored(self, scope: str, name: str) -> Ref | None:
        """The stored column of a field; None where the table lacks it."""
        return self._stored.get((scope, name))

    def add(self, scope: str, sql: Sql, refs: frozenset[Ref], name: str = "") -> Ref:
        """A column of `scope` that holds `sql`."""
        ref = Ref(scope, self.names.take(name or f"#{len(self._columns)}"))
        stage = 1 + max((self._columns[used].stage for used in refs), default=0)
        self._columns[ref] = _Column(build.own(sql), refs, stage)
        return ref

    def add_aggregate(self, repeat: str, sql: Sql, refs: frozenset[Ref], name: str = "") -> Ref:
        """A household's column that holds an aggregate over its rows; NULL where it has none."""
        ref = Ref(HOUSEHOLD, self.names.take(name or f"#{len(self._columns)}"))
        # A household's column has to be joined to the rows before they are counted: one stage more.
        stages = (self._columns[used].stage + (used.scope != repeat) for used in refs)
        self._columns[ref] = _Column(build.own(sql), refs, 1 + max(stages, default=0), repeat)
        return ref

    # --- who reads what -------------------------------------------------------------------------------------
    def _readings(self, finals: Mapping[str, Iterable[Ref]]) -> _Reading:
        reading = _Reading()
        pending: list[Ref] = []
        for scope, refs in finals.items():
            for ref in refs:
                self._note(reading, pending, scope, ref, END, self._columns[ref].stage + 1)
        while pending:
            column = self._columns[owner := pending.pop()]
            for ref in column.refs:
                if column.source is None:
                    self._note(reading, pending, owner.scope, ref, column.stage, column.stage)
                else:
                    self._note(reading, pending, column.source, ref, column.stage, column.stage - 1)
        return reading

    def _note(  # noqa: PLR0917  (who, what, and the span of stages: one fact)
        self, reading: _Reading, pending: list[Ref], scope: str, ref: Ref, until: int, since: int
    ) -> None:
        if ref not in reading.live:
            reading.live.add(ref)
            pending.append(ref)
        reading.last[scope, ref] = max(until, reading.last.get((scope, ref), 0))
        if ref.scope != scope:
            key = (ref.scope, ref)
            reading.last[key] = max(min(until, since), reading.last.get(key, 0))
            reading.imported[scope, ref] = min(since, reading.imported.get((scope, ref), END))

    # --- the ladder -----------------------------------------------------------------------------------------
    def ladder(
        self, finals: Mapping[str, Iterable[Ref]], *, keyed: bool = False
    ) -> tuple[list[tuple[str, exp.Select]], dict[str, str]]:
        """The CTEs that make `finals` (the columns wanted of each scope), and the last CTE's name by scope.

        `keyed` keeps KEY in the households' stages; the rows of a repeat always have it.
        """
        reading = self._readings(finals)
        # A repeat counts even where only its rows are counted: COUNT(*) reads no column.
        sources = {column.source for ref in reading.live if (column := self._columns[ref]).source}
        scopes = [HOUSEHOLD, *sorted({*finals, *sources, *(ref.scope for ref in reading.live)} - {HOUSEHOLD})]
        keyed = keyed or len(scopes) > 1
        latest: dict[str, str] = {}
        built: list[tuple[str, exp.Select]] = []
        last = max((column.stage for ref in reading.live if (column := self._columns[ref])), default=0)
        for stage in range(max([last, *reading.imported.values()]) + 1):
            made: dict[str, str] = {}
            for scope in scopes:
                select = self._stage(scope, stage, reading, latest, keyed or scope != HOUSEHOLD)
                if select is None:
                    continue
                name = self.names.take(f"{self._prefix}{scope}_{stage}")
                built.append((name, self.dialect.fenced(select) if stage else select))
                made[scope] = name
            latest.update(made)
        return built, latest

    def _stage(
        self, scope: str, stage: int, reading: _Reading, latest: Mapping[str, str], keyed: bool
    ) -> exp.Select | None:
        new = [ref for ref in self._columns if ref in reading.live and self._is_new(ref, scope, stage)]
        joined = [ref for (into, ref), since in reading.imported.items() if into == scope and since == stage]
        if stage and not new and not joined:
            return None
        kept = [
            ref
            for ref in self._columns
            if (reading.last.get((scope, ref), -1) > stage and self._since(ref, scope, reading) <= stage)
        ]
        outputs: list[Sql] = [build.column(KEY)] if keyed else []
        outputs += [self._output(ref, stage) for ref in kept]
        outputs = outputs or [build.alias(build.number(1), "#row")]
        if stage == 0:
            return build.select(outputs, _table(self.tables.of(scope).name))
        select = build.select(outputs, _table(latest[scope]))
        for source in dict.fromkeys(self._columns[ref].source for ref in new):
            if source:
                select = self._join_rows(select, source, new, latest)
        return self._join_household(select, joined, latest) if joined else select

    def _is_new(self, ref: Ref, scope: str, stage: int) -> bool:
        return ref.scope == scope and self._columns[ref].stage == stage

    def _since(self, ref: Ref, scope: str, reading: _Reading) -> int:
        return self._columns[ref].stage if ref.scope == scope else reading.imported.get((scope, ref), END)

    def _output(self, ref: Ref, stage: int) -> Sql:
        column = self._columns[ref]
        if ref == self.unit and stage == 0 and not self.tables.unit:
            return build.alias(build.null(build.TEXT), UNIT)
        if column.stage == stage and column.sql is not None and column.source is None:
            return build.alias(column.sql, ref.name)
        return build.column(ref.name)

    def _join_rows(self, select: exp.Select, source: str, new: list[Ref], latest: Mapping[str, str]) -> exp.Select:
        columns = ((ref, self._columns[ref]) for ref in new)
        counted = [(ref, column.sql) for ref, column in columns if column.source == source and column.sql is not None]
        outputs = [build.alias(sql, ref.name) for ref, sql in counted]
        totals = build.select([build.column(KEY), *outputs], _table(latest[source]))
        inner = totals.group_by(build.column(KEY), copy=False).subquery(f"of_{source}", copy=False)
        return select.join(inner, using=[build.column(KEY)], join_type="left", copy=False)

    def _join_household(self, select: exp.Select, joined: list[Ref], latest: Mapping[str, str]) -> exp.Select:
        stored = all(self._columns[ref].stage == 0 for ref in joined)
        # Read the stored table again rather than share a stage: a stage read twice is kept in memory whole.
        table = self.tables.households.name if stored else latest[HOUSEHOLD]
        outputs = [self._output(ref, 0 if stored else END) for ref in joined]
        owner = build.select([build.column(KEY), *outputs], _table(table)).subquery("owner", copy=False)
        return select.join(owner, using=[build.column(KEY)], copy=False)


def _table(name: str) -> Sql:
    return exp.to_table(name) if name.isidentifier() else exp.Table(this=exp.to_identifier(name, quoted=True))
