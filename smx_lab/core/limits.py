"""Limits that several modules share: of views, lists, searches and tags."""

MAX_VIEW_FILTERS = 20
"""Filters of a table's view. Our choice."""

MAX_GROUP_COLUMNS = 8
"""Columns that rows are grouped by at once. Our choice."""

MAX_OFFERED_GROUP_COLUMNS = 3
"""Columns that JupyterLab lets a user group by. Our choice."""

MAX_ROWS = 1000
"""Rows that one request asks for, or names. Our choice."""

MAX_RESULTS = 100
"""Records in one page of SageMaker's lists and of Search (SageMaker API Reference, Search)."""

MAX_RESOURCES = 50
"""Resources that one request changes; each takes a call of its own. Our choice."""

MAX_SEARCH_FILTERS = 20
"""Members of one list in a search expression (SageMaker API Reference, SearchExpression)."""

MAX_SEARCH_VALUE_LENGTH = 1024
"""Characters of a value in Search (SageMaker API Reference, Filter)."""

MAX_TAGS = 50
"""Tags of a resource (SageMaker API Reference, AddTags)."""

MAX_TAG_KEY_LENGTH = 128
MAX_TAG_VALUE_LENGTH = 256
"""Characters (SageMaker API Reference, Tag)."""
