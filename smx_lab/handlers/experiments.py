"""List, describe and edit experiments, trials and trial components."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from smx_lab.contract.bodies import AssociateRequest, EditExperimentRequest, EditTrialRequest
from smx_lab.contract.queries import DisassociateQuery, ListQuery, TagKeysQuery
from smx_lab.handlers.base import SmxHandler, page_request


class ExperimentsHandler(SmxHandler):
    """All experiments of a connection."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Return one page of experiments."""
        listing = self.services.experiments.list_experiments
        page = page_request(self.query(ListQuery))
        self.answer(await self.ask(connection_id, listing, connection_id, page))


class ExperimentHandler(SmxHandler):
    """One experiment."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, experiment_name: str) -> None:
        """Return the experiment."""
        describe = self.services.experiments.describe_experiment
        self.answer(await self.ask(connection_id, describe, connection_id, experiment_name))

    @authenticated
    @authorized
    async def post(self, connection_id: str, experiment_name: str) -> None:
        """Change the display name and the description of the experiment."""
        edit, request = self.services.editing.edit_experiment, self.body(EditExperimentRequest)
        self.answer(await self.ask(connection_id, edit, connection_id, experiment_name, request))


class TrialsHandler(SmxHandler):
    """The trials of an experiment."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, experiment_name: str) -> None:
        """Return one page of the experiment's trials."""
        listing = self.services.experiments.list_trials
        page = page_request(self.query(ListQuery))
        self.answer(await self.ask(connection_id, listing, connection_id, experiment_name, page))


class AllTrialsHandler(SmxHandler):
    """The trials of all experiments."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Return one page of all trials."""
        listing = self.services.experiments.list_all_trials
        page = page_request(self.query(ListQuery))
        self.answer(await self.ask(connection_id, listing, connection_id, page))


class TrialHandler(SmxHandler):
    """One trial."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_name: str) -> None:
        """Return the trial."""
        describe = self.services.experiments.describe_trial
        self.answer(await self.ask(connection_id, describe, connection_id, trial_name))

    @authenticated
    @authorized
    async def post(self, connection_id: str, trial_name: str) -> None:
        """Change the display name of the trial."""
        edit, request = self.services.editing.edit_trial, self.body(EditTrialRequest)
        self.answer(await self.ask(connection_id, edit, connection_id, trial_name, request))


class TrialComponentsHandler(SmxHandler):
    """The trial components of a trial."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_name: str) -> None:
        """Return one page of the trial's components."""
        listing = self.services.experiments.list_trial_components
        page = page_request(self.query(ListQuery))
        self.answer(await self.ask(connection_id, listing, connection_id, trial_name, page))

    @authenticated
    @authorized
    async def post(self, connection_id: str, trial_name: str) -> None:
        """Add trial components to the trial."""
        associate, request = self.services.editing.associate, self.body(AssociateRequest)
        self.answer(await self.ask(connection_id, associate, connection_id, trial_name, request))

    @authenticated
    @authorized
    async def delete(self, connection_id: str, trial_name: str) -> None:
        """Remove trial components from the trial."""
        disassociate = self.services.editing.disassociate
        names = self.query(DisassociateQuery).trial_component_name
        self.answer(await self.ask(connection_id, disassociate, connection_id, trial_name, names))


class UnassignedHandler(SmxHandler):
    """The trial components that are in no trial."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Return one page of the unassigned trial components."""
        listing = self.services.experiments.list_unassigned
        page = page_request(self.query(ListQuery))
        self.answer(await self.ask(connection_id, listing, connection_id, page))


class TrialComponentHandler(SmxHandler):
    """One trial component."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_component_name: str) -> None:
        """Return the trial component in full."""
        describe = self.services.experiments.describe_trial_component
        self.answer(await self.ask(connection_id, describe, connection_id, trial_component_name))


class MetricsHandler(SmxHandler):
    """The metrics of one trial component."""

    @authenticated
    @authorized
    async def get(self, connection_id: str, trial_component_name: str) -> None:
        """Return the summaries of the trial component's metrics."""
        listing = self.services.experiments.list_metrics
        self.answer(await self.ask(connection_id, listing, connection_id, trial_component_name))


class StopTrainingJobHandler(SmxHandler):
    """Stopping a training job."""

    @authenticated
    @authorized
    async def post(self, connection_id: str, training_job_name: str) -> None:
        """Ask the training job to stop."""
        stop = self.services.experiments.stop_training_job
        self.answer(await self.ask(connection_id, stop, connection_id, training_job_name))


class TagKeysHandler(SmxHandler):
    """The keys of tags."""

    @authenticated
    @authorized
    async def get(self, connection_id: str) -> None:
        """Return the keys that start with a text."""
        listing, query = self.services.experiments.list_tag_keys, self.query(TagKeysQuery)
        self.answer(
            await self.ask(connection_id, listing, connection_id, query.level, query.prefix)
        )
