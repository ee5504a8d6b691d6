"""Deploy models (`Deployments`), and list, invoke and delete endpoints (`Endpoints`).

Clean ups use `usage` and `hosting_deletion`.
"""
