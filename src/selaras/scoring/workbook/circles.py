"""Names that wait for each other."""

from collections.abc import Mapping

#: A longer circle is told as its members in the order of their rows; nobody reads sixty arrows.
LONGEST = 60
SHOWN = 8

Uses = Mapping[str, tuple[str, ...]]


def circles_of(uses: Uses) -> dict[str, tuple[str, ...]]:
    """Each name that depends on itself -> a shortest circle through it, starting with it."""
    found: dict[str, tuple[str, ...]] = {}
    for group in _knots(uses):
        members = set(group)
        if len(group) > LONGEST:
            ordered = tuple(name for name in uses if name in members)
            found.update(dict.fromkeys(group, ordered))
            continue
        for name in group:
            circle = _shortest(name, uses, members)
            if circle:
                found[name] = circle
    return found


def shown(circle: tuple[str, ...]) -> str:
    """`a → b → a`, cut where it is long."""
    names = [*circle, circle[0]]
    if len(names) > SHOWN + 1:
        names = [*names[:SHOWN], "…", names[-1]]
    return " → ".join(names)


def _shortest(start: str, uses: Uses, members: set[str]) -> tuple[str, ...]:
    before: dict[str, str] = {}
    waiting = [start]
    while waiting:
        name = waiting.pop(0)
        for used in uses[name]:
            if used == start:
                path = [name]
                while path[-1] != start:
                    path.append(before[path[-1]])
                return tuple(reversed(path))
            if used in members and used not in before:
                before[used] = name
                waiting.append(used)
    return ()


def _knots(uses: Uses) -> list[list[str]]:
    """Strongly connected groups (Tarjan 1972), without recursion: a chain may be thousands long."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    open_: dict[str, None] = {}
    groups: list[list[str]] = []
    for root in uses:
        if root in index:
            continue
        stack = [(root, iter(uses[root]))]
        index[root] = low[root] = len(index)
        open_[root] = None
        while stack:
            name, waiting = stack[-1]
            used = next((one for one in waiting if one in uses), None)
            if used is not None and used not in index:
                index[used] = low[used] = len(index)
                open_[used] = None
                stack.append((used, iter(uses[used])))
            elif used is not None:
                low[name] = min(low[name], index[used]) if used in open_ else low[name]
            else:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[name])
                if low[name] == index[name]:
                    groups.append(_closed(name, open_))
    return groups


def _closed(root: str, open_: dict[str, None]) -> list[str]:
    group: list[str] = []
    while root in open_:
        name, _ = open_.popitem()
        group.append(name)
    return group
