"""The tutorial: a notebook on handwritten digits, its training script, and how to run it."""
