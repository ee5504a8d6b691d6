"""Values and rules. They use no file, network, clock or framework.

Every layer may import the modules of this folder. There are more than fifteen, since each kind of
value has a small module of its own, and most are imported by several layers: `entities`, `errors`,
`limits`, `names`, `tags`, `operation`, `connection` and `permissions`, for example. Larger subjects
are folders: `table`, `views`, `export`, `deployment` and `clean_up`.
"""
