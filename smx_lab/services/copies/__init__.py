"""Copy experiments to another connection (`Copies`), or export them to MLflow (`MlflowExports`)."""
