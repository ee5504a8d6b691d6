"""Search: SageMaker's filters, sorting and paging, turned into SQL."""
