"""Copy experiments to another connection, or export them to MLflow."""
