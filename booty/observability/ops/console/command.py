"""The form that every command has.

A command is a function that takes `Given` and its options by name, prints, and returns its exit code:

    @click.command(cls=Command)
    @is_json_option
    @click.pass_obj
    def command(given: Given, *, is_json: bool) -> int:
"""

from __future__ import annotations

import click

from booty.observability.ops.console.output import show

is_json_option = click.option("--json", "is_json", is_flag=True, help="print it for a machine")


class Command(click.Command):
    """Shows its usage as every Unix program does, its whole first sentence in the list of commands."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of the usage."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="usage: ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help, in the way in which everything is shown."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option

    def get_short_help_str(self, limit: int = 0) -> str:
        """Return the first paragraph of its help, however long."""
        del limit
        return " ".join((self.help or "").partition("\n\n")[0].split())


def _show_help(context: click.Context, _: click.Parameter, is_asked: bool) -> None:  # noqa: FBT001 - click's own call
    if is_asked:
        show(context.get_help())
        context.exit()
