"""Endpoints as running model servers: started, restarted, updated, ended.

Each production variant is one process, whatever its instance count: on one machine, copies of a
model that waits for requests are of no use.
"""

from __future__ import annotations

import logging
import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from smx_lab.local.context import Context
from smx_lab.local.hosting.model_client import ModelClient
from smx_lab.local.hosting.model_servers import ModelServer, ServerFailedError
from smx_lab.local.hosting.sockets import SocketFolder
from smx_lab.local.hosting.specs import VariantSpec, variant_specs
from smx_lab.local.records import endpoints as records
from smx_lab.local.supervision.supervisor_client import ORPHAN_PATIENCE_S, end_processes_of

# A model server that ends again within this time is not started a third time. Our choice.
RESTART_WINDOW_S = 300.0
# How many runs of a variant keep their logs. Our choice.
MAX_KEPT_RUNS = 3

_log = logging.getLogger(__name__)


class Variant:
    """One production variant of one deployment, and the server behind it."""

    def __init__(self, spec: VariantSpec, folder: Path, address: str) -> None:
        self.name = spec.name
        self.weight = spec.weight
        self.timeout_s = spec.invocation_timeout_s
        self.server = ModelServer(spec.server(folder, address), spec.startup_timeout_s)
        self.ready = False
        self.replaced = False
        """Whether the server was ended to be started again, which is not a failure of the model."""

    @property
    def address(self) -> str:
        """The path of the model server's socket."""
        return self.server.address

    def restart(self) -> None:
        """End a model server that hangs; it is started again."""
        self.replaced = True
        # At once: a client that asks now is told to ask again, not that the model has failed.
        self.ready = False
        self.server.end_process()


class Deployment:
    """The variants of an endpoint at one configuration; a thread each starts and restarts them.

    Parameters
    ----------
    on_change : callable
        Called from the threads with this deployment, the status to report and the failure reason:
        ``InService`` when all variants are ready, ``SystemUpdating`` while one is started again,
        ``Failed``.
    """

    def __init__(
        self,
        variants: list[Variant],
        on_change: Callable[[Deployment, str, str | None], None],
    ) -> None:
        self.variants = variants
        self._on_change = on_change
        self._lock = threading.Lock()
        self._closed = False
        self._threads = [
            threading.Thread(
                target=self._run_variant, args=(variant,), name=f"variant {variant.name}"
            )
            for variant in variants
        ]

    def start(self) -> None:
        """Start all variants; does not wait for them."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End all model servers, and wait until they are gone; nothing is reported from now on."""
        with self._lock:
            self._closed = True
        for variant in self.variants:
            variant.server.close()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    def choose(self, target: str | None) -> Variant | None:
        """Return the variant named, or one by weight; None if there is none ready."""
        ready = [item for item in self.variants if item.ready and target in (None, item.name)]
        if not ready:
            return None
        weights = [variant.weight for variant in ready]
        # A variant of weight 0 gets no traffic, unless it was named or all others are 0 as well.
        return random.choices(ready, weights if any(weights) else None)[0]  # noqa: S311

    def _run_variant(self, variant: Variant) -> None:
        last_end = -RESTART_WINDOW_S
        while self._start_variant(variant):
            reason = variant.server.wait()
            variant.ready = False
            if self._closed:
                return
            _log.warning("The model server of variant %s ended: %s", variant.name, reason)
            if variant.replaced:
                variant.replaced = False
                self._report("SystemUpdating", None)
                continue
            if time.monotonic() - last_end < RESTART_WINDOW_S:
                self._report(
                    "Failed",
                    f"The model server of production variant {variant.name} ended twice within "
                    f"{RESTART_WINDOW_S:.0f} seconds. {reason}",
                )
                return
            last_end = time.monotonic()
            self._report("SystemUpdating", None)

    def _start_variant(self, variant: Variant) -> bool:
        try:
            variant.server.start()
        except ServerFailedError as error:
            reason = (
                f"The primary container for production variant {variant.name} did not pass the "
                f"ping health check. Please check CloudWatch logs for this endpoint. {error}"
            )
        except Exception as error:  # noqa: BLE001 - the thread's end must not go unreported
            _log.exception("The model server of variant %s could not be started.", variant.name)
            reason = f"The model server could not be started: {error}"
        else:
            variant.ready = True
            if all(item.ready for item in self.variants):
                self._report("InService", None)
            return True
        self._report("Failed", reason)
        return False

    def _report(self, status: str, reason: str | None) -> None:
        with self._lock:
            if not self._closed:
                self._on_change(self, status, reason)


class Hosting:
    """All endpoints of the service. Its methods are called after the database has changed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._folder = context.data_dir / "endpoints"
        self._sockets = SocketFolder(context.data_dir)
        self._lock = threading.Lock()
        self._live: dict[str, Deployment] = {}
        self._updates: dict[str, Deployment] = {}
        self._workers: set[threading.Thread] = set()
        self.model_client = ModelClient()

    def recover(self) -> None:
        """Start the endpoints that an earlier service had, and finish its deletions."""
        end_processes_of(self._folder, ORPHAN_PATIENCE_S)
        for name, status in self._context.store.read(records.all_endpoints):
            if status == "Deleting":
                self.delete(name)
            else:
                self._recover(name, status)

    def shutdown(self) -> None:
        """End every model server. The endpoints stay, and are started again by the next service."""
        with self._lock:
            deployments = [*self._live.values(), *self._updates.values()]
            self._live.clear()
            self._updates.clear()
        threads = [threading.Thread(target=deployment.close) for deployment in deployments]
        for thread in threads:
            thread.start()
        with self._lock:
            threads += self._workers
        for thread in threads:
            thread.join()
        self._sockets.remove()

    def create(self, name: str) -> None:
        """Start an endpoint at its configuration."""
        try:
            deployment = self._deployment(name, wanted=False)
        except Exception as error:  # noqa: BLE001 - it must not stay Creating; the log has it
            _log.exception("Endpoint %s could not be brought up.", name)
            self._set_status(name, "Failed", str(error))
            return
        with self._lock:
            self._live[name.lower()] = deployment
        deployment.start()

    def update(self, name: str) -> None:
        """Start an endpoint at its wanted configuration, beside the present one."""
        try:
            deployment = self._deployment(name, wanted=True)
        except Exception as error:  # noqa: BLE001 - it must not stay Updating; the log has it
            _log.exception("Endpoint %s could not be updated.", name)
            self._end_update(name, None, str(error))
            return
        with self._lock:
            self._updates[name.lower()] = deployment
        deployment.start()

    def delete(self, name: str) -> None:
        """End an endpoint and delete its record; its logs stay."""
        self._in_background(lambda: self._delete(name))

    def new_address(self) -> str:
        """Return an address for the model server of a job."""
        return self._sockets.new_address()

    def find(self, name: str) -> Deployment | None:
        """Return the deployment of an endpoint that serves requests, or is being started."""
        with self._lock:
            return self._live.get(name.lower())

    def _recover(self, name: str, status: str) -> None:
        if status in ("Creating", "Updating"):
            self.create(name)
            if status == "Updating":
                self.update(name)
        elif status != "Failed":
            self._set_status(name, "SystemUpdating")
            self.create(name)

    def _deployment(self, name: str, *, wanted: bool) -> Deployment:
        made_of = self._context.store.read(lambda cx: records.made_of(cx, name, wanted=wanted))
        run = str(self._context.now_ms())
        variants = []
        for spec in variant_specs(made_of, self._context):
            folder = self._folder / name / spec.name
            _drop_old_runs(folder)
            variants.append(Variant(spec, folder / run, self._sockets.new_address()))
        return Deployment(variants, lambda *change: self._apply_change(name, *change))

    def _apply_change(
        self, name: str, deployment: Deployment, status: str, reason: str | None
    ) -> None:
        key = name.lower()
        with self._lock:
            is_update = self._updates.get(key) is deployment
            is_settled = self._live.get(key) is deployment and key not in self._updates
        if is_update:
            # On another thread: this one belongs to the deployment that may have to be closed.
            new = deployment if status == "InService" else None
            self._in_background(lambda: self._end_update(name, new, reason))
        elif is_settled:
            self._set_status(name, status, reason)

    def _end_update(self, name: str, new: Deployment | None, reason: str | None) -> None:
        """Replace the old deployment by the new one; without a new one, keep the old one."""
        key = name.lower()
        with self._lock:
            updated = self._updates.pop(key, None)
            old = self._live.get(key)
            if new is not None and updated is new:
                self._live[key] = new
            unneeded = old if new is not None else updated
            stays = self._live.get(key)
        is_ready = stays is not None and all(variant.ready for variant in stays.variants)
        self._context.store.write(
            lambda cx: records.end_update(
                cx,
                name,
                self._context.now_ms(),
                succeeded=new is not None,
                status="InService" if is_ready else "Failed",
                reason=reason,
            )
        ).result()
        if unneeded is not None:
            unneeded.close()

    def _delete(self, name: str) -> None:
        key = name.lower()
        with self._lock:
            ended = [self._live.pop(key, None), self._updates.pop(key, None)]
        for deployment in ended:
            if deployment is not None:
                deployment.close()
        for run in (self._folder / name).glob("*/*"):
            _keep_log_alone(run)
        self._context.store.write(lambda cx: records.delete_endpoint(cx, name)).result()

    def _set_status(self, name: str, status: str, reason: str | None = None) -> None:
        self._context.store.write(
            lambda cx: records.set_status(cx, name, self._context.now_ms(), status, reason)
        ).result()

    def _in_background(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except Exception:  # noqa: BLE001 - there is nobody to tell but the log
                _log.exception("Work on an endpoint failed.")
            finally:
                with self._lock:
                    self._workers.discard(threading.current_thread())

        thread = threading.Thread(target=run, name="hosting")
        with self._lock:
            self._workers.add(thread)
        thread.start()


def _drop_old_runs(folder: Path) -> None:
    """Remove all but the latest runs of a variant, and make room for one more."""
    runs = sorted((run for run in folder.glob("*") if run.is_dir()), key=lambda run: run.name)
    for run in runs[: max(0, len(runs) - MAX_KEPT_RUNS + 1)]:
        shutil.rmtree(run, ignore_errors=True)


def _keep_log_alone(run: Path) -> None:
    for path in run.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif not path.name.startswith("log"):
            path.unlink()
