"""Open trial component tables, keep them in step with SageMaker, and return rows of them."""
