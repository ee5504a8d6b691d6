"""Search: SageMaker's filters, sorting and paging, turned into SQL.

`operations.search` uses `pages.find_page`, `resources.RESOURCES` and `suggestions.completions`. The
modules `experiments`, `jobs` and `models` define the resources.
"""
