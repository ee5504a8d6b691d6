"""What several suites share: fake servers, scripts to train with, and stories to walk through."""
