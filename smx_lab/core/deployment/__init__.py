"""The deployment of a training job's model: request and plan, rules, and the script for it."""
