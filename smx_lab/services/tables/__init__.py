"""Opens trial component tables, keeps them in step with SageMaker, and returns rows of them.

Others import ``tables.Tables`` and ``cache.CacheFolder``, both late, since NumPy comes with them.
"""
