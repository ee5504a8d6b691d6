"""The tutorial's experiment as a clean up meets it, and all that there is, to be compared."""


def fill(client, name, trials=5, used_by=()):
    """An experiment whose trials have a component each, and share Preprocessing.

    ``used_by`` are trials of other experiments that use Preprocessing too.
    """
    client.create_experiment(ExperimentName=name)
    shared = f"{name}-preprocessing"
    client.create_trial_component(TrialComponentName=shared, DisplayName="Preprocessing")
    for number in range(1, trials + 1):
        trial, training = f"{name}-{number}", f"{name}-training-{number}"
        client.create_trial(TrialName=trial, ExperimentName=name)
        client.create_trial_component(TrialComponentName=training, DisplayName="Training")
        for component in (shared, training):
            client.associate_trial_component(TrialComponentName=component, TrialName=trial)
    for trial in used_by:
        client.associate_trial_component(TrialComponentName=shared, TrialName=trial)
    return shared


def everything(client):
    """All names by kind, and every link; what is in no trial is there too."""

    def names(operation, kind):
        pages = client.get_paginator(operation).paginate(MaxResults=100)
        return {one[f"{kind}Name"] for page in pages for one in page[f"{kind}Summaries"]}

    pages = client.get_paginator("search").paginate(
        Resource="ExperimentTrialComponent", MaxResults=100
    )
    records = [result["TrialComponent"] for page in pages for result in page["Results"]]
    return {
        "experiments": names("list_experiments", "Experiment"),
        "trials": names("list_trials", "Trial"),
        "components": names("list_trial_components", "TrialComponent"),
        "links": {
            (parent["TrialName"], record["TrialComponentName"])
            for record in records
            for parent in record.get("Parents", [])
        },
    }


def without(found, *, experiments=(), trials=(), components=(), links=()):
    """What ``everything`` finds once these are gone, the links of what is gone with them."""
    gone = {*trials}, {*components}
    return {
        "experiments": found["experiments"] - {*experiments},
        "trials": found["trials"] - gone[0],
        "components": found["components"] - gone[1],
        "links": {
            (trial, component)
            for trial, component in found["links"]
            if trial not in gone[0] and component not in gone[1]
        }
        - {*links},
    }
