"""Whether GitHub's coding agent can be assigned in a repository, as the owner of a token sees it.

Only GraphQL tells beforehand (https://docs.github.com/copilot/how-tos/use-copilot-agents/cloud-agent/use-cloud-agent-via-the-api).
"""

from __future__ import annotations

from dataclasses import dataclass

from booty.observability.alerts.handover.terms import is_agent
from booty.observability.github.client import GitHub
from booty.observability.github.reading import read
from booty.observability.github.schema.agent import Answer

QUERY = """query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    viewerPermission
    suggestedActors(capabilities: [CAN_BE_ASSIGNED], first: 100) { nodes { login } }
  }
}"""
MAY_WRITE = frozenset({"ADMIN", "MAINTAIN", "WRITE"})


@dataclass(frozen=True, slots=True)
class Agent:
    """It can be assigned; the token's account may write to the repository, which GitHub asks for."""

    is_there: bool
    is_permitted: bool


def look(github: GitHub, repository: str) -> Agent | None:
    """Return it, None where GitHub does not show the repository. Raises what `GitHub.post` raises."""
    owner, _, name = repository.partition("/")
    answer = github.post("/graphql", {"query": QUERY, "variables": {"owner": owner, "name": name}})
    found = read(Answer, answer).data.repository
    if found is None:
        return None
    return Agent(any(is_agent(node.login) for node in found.actors.nodes), found.permission in MAY_WRITE)
