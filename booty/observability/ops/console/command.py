"""The form that every command has.

A command is a function that takes `Given` and its options by name, prints, and returns its exit code:

    @click.command(cls=Command)
    @is_json_option
    @click.pass_obj
    def command(given: Given, *, is_json: bool) -> int:
"""

from __future__ import annotations

import click

is_json_option = click.option("--json", "is_json", is_flag=True, help="print it for a machine")


class Command(click.Command):
    """Shows its usage as every Unix program does, its whole first sentence in the list of commands."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of the usage."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="usage: ")

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return the first paragraph of its help, however long."""
        del limit
        return " ".join((self.help or "").partition("\n\n")[0].split())
