"""The whole tree of departments in memory (hundreds of rows), read in one query."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from organization.models.department import Department, DepartmentKind

NODE_FIELDS = ("id", "name", "kind", "parent_id", "position")


@dataclass(frozen=True, slots=True)
class Node:
    id: int
    name: str
    kind: str
    parent: int | None
    position: int


@dataclass(frozen=True)
class Tree:
    """Nodes by id; `path`, order and agencies follow assessment rules, section 2."""

    nodes: dict[int, Node]

    @classmethod
    def load(cls) -> Self:
        rows = Department.objects.values_list(*NODE_FIELDS)
        return cls({row[0]: Node(*row) for row in rows})

    @cached_property
    def children(self) -> dict[int | None, list[Node]]:
        found: dict[int | None, list[Node]] = {}
        for node in sorted(self.nodes.values(), key=lambda node: (node.position, node.name)):
            found.setdefault(node.parent, []).append(node)
        return found

    @cached_property
    def root(self) -> Node | None:
        roots = self.children.get(None, [])
        return roots[0] if roots else None

    def _walk(self, parent: int | None) -> Iterator[Node]:
        for node in self.children.get(parent, []):
            yield node
            yield from self._walk(node.id)

    @cached_property
    def ordered(self) -> list[Node]:
        """Depth first, parents before children, siblings by sort number, then name."""
        return list(self._walk(None))

    @cached_property
    def paths(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for node in self.ordered:
            below_root = node.parent is not None and self.nodes[node.parent].parent is not None
            found[node.id] = f"{found[node.parent]}/{node.name}" if below_root and node.parent else node.name
        return found

    def ancestors(self, department: int) -> Iterator[Node]:
        """The node itself, then its ancestors up to the root."""
        current: int | None = department
        while current is not None:
            yield self.nodes[current]
            current = self.nodes[current].parent

    def agency(self, department: int) -> int:
        """The nearest of the node and its ancestors that is an agency; else the root."""
        line = list(self.ancestors(department))
        return next((node.id for node in line if node.kind == DepartmentKind.AGENCY), line[-1].id)

    def subtree(self, top: int) -> list[int]:
        return [top, *(node.id for node in self._walk(top))]
