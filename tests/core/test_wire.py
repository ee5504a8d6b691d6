"""SageMaker's replies become entities; the replies here are shaped as recorded ones."""

from datetime import datetime, timedelta, timezone

from smx_lab.core import wire
from smx_lab.core.entities import Artifact, MetricSummary, TrialParent

NOON = datetime(2022, 8, 10, 12, 0, tzinfo=timezone.utc)
JOB_ARN = "arn:aws:sagemaker:eu-west-1:111122223333:training-job/mnist-1"

COMPONENT = {
    "TrialComponentName": "mnist-1-aws-training-job",
    "TrialComponentArn": "arn:aws:sagemaker:eu-west-1:111122223333:experiment-trial-component/m",
    "DisplayName": "Training",
    "Source": {"SourceArn": JOB_ARN, "SourceType": "SageMakerTrainingJob"},
    "Status": {"PrimaryStatus": "Completed", "Message": "Status: Completed"},
    "StartTime": NOON,
    "EndTime": NOON + timedelta(minutes=2),
    "CreationTime": NOON - timedelta(minutes=1),
    "CreatedBy": {"IamIdentity": {"Arn": "arn:aws:iam::111122223333:user/ada"}},
    "LastModifiedTime": NOON + timedelta(minutes=3),
    "LastModifiedBy": {},
    "Parameters": {
        "epochs": {"StringValue": "2", "NumberValue": 2.0},
        "optimizer": {"StringValue": '"sgd"'},
    },
    "InputArtifacts": {"train": {"Value": "s3://bucket/mnist", "MediaType": "csv"}},
    "OutputArtifacts": {"SageMaker.ModelArtifact": {"Value": "s3://bucket/model.tar.gz"}},
    "Metrics": [
        {
            "MetricName": "test:accuracy",
            "SourceArn": JOB_ARN,
            "TimeStamp": NOON,
            "Max": 98.0,
            "Min": 91.0,
            "Last": 97.0,
            "Count": 3,
            "Avg": 95.0,
            "StdDev": "NaN",
        }
    ],
    "Parents": [{"TrialName": "two", "ExperimentName": "mnist"}],
    "Tags": [{"Key": "team", "Value": "vision"}],
}


def test_a_searched_trial_component_keeps_everything_that_tables_show():
    component = wire.trial_component(COMPONENT)
    assert component.trial_component_name == "mnist-1-aws-training-job"
    assert component.display_name == "Training"
    assert (component.type, component.source_arn) == ("Training job", JOB_ARN)
    assert (component.status, component.status_message) == ("Completed", "Status: Completed")
    assert component.created_by == "ada"
    assert component.input_artifacts == {
        "train": Artifact(value="s3://bucket/mnist", media_type="csv")
    }
    assert component.output_artifacts == {
        "SageMaker.ModelArtifact": Artifact(value="s3://bucket/model.tar.gz")
    }
    assert component.parents == (TrialParent(trial_name="two", experiment_name="mnist"),)
    assert component.tags == {"team": "vision"}


def test_a_numeric_hyperparameter_is_its_number_and_a_text_keeps_its_quotes():
    assert wire.trial_component(COMPONENT).parameters == {"epochs": 2.0, "optimizer": '"sgd"'}


def test_a_statistic_that_is_no_number_is_no_value():
    assert wire.trial_component(COMPONENT).metrics == (
        MetricSummary(
            metric_name="test:accuracy",
            last=97.0,
            max=98.0,
            min=91.0,
            avg=95.0,
            std_dev=None,
            count=3,
            time_stamp=NOON,
            source_arn=JOB_ARN,
        ),
    )


def test_a_listed_trial_component_names_its_source_otherwise_and_means_the_same():
    listed = {**COMPONENT, "TrialComponentSource": COMPONENT["Source"]}
    del listed["Source"]
    assert wire.trial_component_summary(listed) == wire.trial_component_summary(COMPONENT)


def test_a_trial_component_without_a_source_is_undefined():
    bare = {"TrialComponentName": "Preprocessing", "CreationTime": NOON, "CreatedBy": {}}
    component = wire.trial_component(bare)
    assert (component.type, component.status, component.created_by) == ("Undefined", None, None)
    assert component.display_name == "Preprocessing"
    assert component.last_modified_time == NOON


def test_times_of_any_zone_and_form_end_in_utc():
    paris = timezone(timedelta(hours=2))
    times = [NOON.astimezone(paris), NOON.timestamp(), "2022-08-10T12:00:00Z"]
    found = [
        wire.experiment({"ExperimentName": "mnist", "CreationTime": t}).creation_time for t in times
    ]
    assert found == [NOON] * 3
    assert {time.tzinfo for time in found} == {timezone.utc}


def test_a_listed_trial_gets_the_experiment_it_was_listed_for():
    trial = wire.trial({"TrialName": "two", "CreationTime": NOON}, "mnist")
    assert trial.experiment_name == "mnist"


def test_a_training_job_gives_what_a_deployment_needs():
    job = wire.training_job(
        {
            "TrainingJobName": "mnist-1",
            "TrainingJobArn": JOB_ARN,
            "TrainingJobStatus": "Completed",
            "AlgorithmSpecification": {"TrainingImage": "image:1"},
            "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/model.tar.gz"},
            "RoleArn": "arn:aws:iam::111122223333:role/sm",
            "HyperParameters": {"epochs": "2"},
            "EnableNetworkIsolation": True,
            "VpcConfig": {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]},
            "OutputDataConfig": {"S3OutputPath": "s3://bucket", "CompressionType": "NONE"},
        }
    )
    assert job.model_data == "s3://bucket/model.tar.gz"
    assert job.training_image == "image:1"
    assert job.vpc_config == {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    assert job.enable_network_isolation
    assert not job.model_data_is_compressed


def test_a_variant_that_runs_says_more_than_its_configuration():
    configured = {
        "VariantName": "AllTraffic",
        "ModelName": "mnist",
        "InstanceType": "ml.m5.xlarge",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1.0,
    }
    running = {
        "VariantName": "AllTraffic",
        "DeployedImages": [{"SpecifiedImage": "image:1", "ResolvedImage": "image@sha256:0"}],
        "CurrentInstanceCount": 2,
        "CurrentWeight": 0.5,
    }
    before = wire.production_variant(configured)
    after = wire.production_variant(configured, running, {"ModelDataUrl": "s3://bucket/m"})
    assert (before.instance_count, before.weight, before.image) == (1, 1.0, None)
    assert (after.instance_count, after.weight, after.image) == (2, 0.5, "image:1")
    assert after.model_data == "s3://bucket/m"


def test_the_containers_of_a_model_are_its_primary_one_or_its_pipeline():
    assert wire.containers({"PrimaryContainer": {"Image": "a"}}) == [{"Image": "a"}]
    assert wire.containers({"Containers": [{"Image": "a"}, {"Image": "b"}]}) == [
        {"Image": "a"},
        {"Image": "b"},
    ]


def test_tags_travel_both_ways():
    listed = [{"Key": "team", "Value": "vision"}, {"Key": "empty", "Value": ""}]
    assert wire.tag_list(wire.tags(listed)) == listed
