"""The environment of a commit, as verification needs it: its digest, and a place in it for a tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from snapline.base import digest
from snapline.base.ids import Digest, Oid
from snapline.repo.vault import Vault
from snapline.sandbox.environment import Environment
from snapline.sandbox.layers import Layer, LayerFault, Layers
from snapline.sandbox.policy import WORKSPACE, Mount, Sandbox
from snapline.verify.checks import BASE, Place


class EnvironmentUnusable(Exception):  # a value inside this floor: it becomes the cause of a verdict
    """The environment of a commit cannot be built."""


@dataclass(frozen=True)
class Environments:
    """The one declared environment, and the layers that were built of it.

    ``hide`` are host paths that no check may see.
    """

    vault: Vault
    layers: Layers
    environment: Environment
    hide: tuple[str, ...] = ()

    def digest(self, commit: Oid, sandbox: Sandbox) -> Digest:
        """What of a check's result depends on the environment of a commit: what is declared, its inputs, the tier."""
        declared = {name: getattr(self.environment, name) for name in self.environment.__struct_fields__}
        key = self.layers.key(self.environment, self.inputs(commit))
        return digest.of_value({"declared": declared, "layer": key, "tier": sandbox.tier.value})

    def inputs(self, commit: Oid) -> Mapping[str, Oid]:
        """The blobs of the input files that a commit has."""
        entries = self.vault.tree_view(commit).entries
        return {path: entries[path].oid for path in self.environment.inputs if path in entries}

    def place(self, sandbox: Sandbox, built_from: Oid, tree: Path, base: Path | None, folder: Path) -> Place:
        """Where checks of ``tree`` run: with the layer of ``built_from``, which is built in ``folder`` if need be.

        Raises :class:`EnvironmentUnusable` with the reason.
        """
        layer = self._layer(built_from, folder)
        mounts = self.layers.mounts(layer, None) if layer else ()
        beside = _beside(sandbox, mounts, base) if base else ()
        return Place(sandbox, tree, base, self.environment, (*mounts, *beside), self.hide)

    def _layer(self, commit: Oid, folder: Path) -> Layer | None:
        if not self.environment.setup and not self.environment.check:
            return None
        key = self.layers.key(self.environment, self.inputs(commit))
        known = self.layers.find(key)
        if known is not None:
            return known
        tree = folder / "tree"
        self.vault.materialise(commit, tree)
        built = self.layers.build(self.environment, key, tree, folder / "run")
        if isinstance(built, LayerFault):
            raise EnvironmentUnusable(_said(built))
        return built


def _beside(sandbox: Sandbox, mounts: tuple[Mount, ...], base: Path) -> tuple[Mount, ...]:
    """The layer in the base's tree too: mounted, or linked where the sandbox only mounts in the workspace."""
    shown = []
    for one in mounts:
        output = PurePosixPath(one.target).relative_to(WORKSPACE)
        mount = Mount(one.source, f"{BASE}/{output}")
        if sandbox.inside(mount) == mount.target:
            shown.append(mount)
        elif not (base / output).exists():
            (base / output).parent.mkdir(parents=True, exist_ok=True)
            (base / output).symlink_to(one.source)
    return tuple(shown)


def _said(fault: LayerFault) -> str:
    about = f"`{fault.command}`: " if fault.command else ""
    end = fault.excerpt.strip().splitlines()
    return f"{about}{fault.message}" + (f": {end[-1]}" if end else "")
