"""The Web API, method by method: each changes the workspace and answers."""
