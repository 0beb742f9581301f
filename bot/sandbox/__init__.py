"""A local Slack-compatible workspace and local mail servers: for the demo, for trying by hand, for the tests.

`workspace.Workspace` holds the state, `slack_server.SlackServer` serves it, `mail_servers.MailServers` are
the mailbox and the way out. Nothing here reaches beyond loopback.
"""
