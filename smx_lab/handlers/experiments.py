"""Experiments, trials and trial components."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.handlers.base import SmxHandler


class ExperimentsHandler(SmxHandler):
    """All experiments of a connection."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Answer one page."""
        listing = self.services.experiments.list_experiments
        self.answer(await self.ask(connection_id, listing, connection_id, self.filtered_page()))


class ExperimentHandler(SmxHandler):
    """One experiment."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, experiment_name: str) -> None:
        """Answer it."""
        describe = self.services.experiments.describe_experiment
        self.answer(await self.ask(connection_id, describe, connection_id, experiment_name))


class TrialsHandler(SmxHandler):
    """The trials of an experiment."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, experiment_name: str) -> None:
        """Answer one page."""
        listing, page = self.services.experiments.list_trials, self.filtered_page()
        self.answer(await self.ask(connection_id, listing, connection_id, experiment_name, page))


class TrialHandler(SmxHandler):
    """One trial."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_name: str) -> None:
        """Answer it."""
        describe = self.services.experiments.describe_trial
        self.answer(await self.ask(connection_id, describe, connection_id, trial_name))


class TrialComponentsHandler(SmxHandler):
    """The trial components of a trial."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_name: str) -> None:
        """Answer one page."""
        listing, page = self.services.experiments.list_trial_components, self.filtered_page()
        self.answer(await self.ask(connection_id, listing, connection_id, trial_name, page))


class UnassignedHandler(SmxHandler):
    """The trial components that are in no trial."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Answer one page."""
        listing = self.services.experiments.list_unassigned
        self.answer(await self.ask(connection_id, listing, connection_id, self.filtered_page()))


class TrialComponentHandler(SmxHandler):
    """One trial component."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_component_name: str) -> None:
        """Answer it in full."""
        describe = self.services.experiments.describe_trial_component
        self.answer(await self.ask(connection_id, describe, connection_id, trial_component_name))


class MetricsHandler(SmxHandler):
    """The metrics of one trial component."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_component_name: str) -> None:
        """Answer their summaries."""
        listing = self.services.experiments.list_metrics
        self.answer(await self.ask(connection_id, listing, connection_id, trial_component_name))


class StopTrainingJobHandler(SmxHandler):
    """The end of a training job."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, training_job_name: str) -> None:
        """Ask it to stop."""
        stop = self.services.experiments.stop_training_job
        self.answer(await self.ask(connection_id, stop, connection_id, training_job_name))


class TagKeysHandler(SmxHandler):
    """The keys of tags."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Answer those that start with a text."""
        listing, level = self.services.experiments.list_tag_keys, self.text("level")
        self.answer(
            await self.ask(connection_id, listing, connection_id, level, self.text("prefix"))
        )
