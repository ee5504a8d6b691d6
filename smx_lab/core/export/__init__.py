"""Tables written for other programs: CSV, TSV, JSON, Markdown, LaTeX and Parquet."""
