"""The local SageMaker service: its protocol, its operations, its store, its processes."""
