"""Plan and run the deletion of experiments with everything in them: `CleanUps`."""
