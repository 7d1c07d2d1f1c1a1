"""One module for each of the operator's commands, `command` in each; the module's name is the command's."""
