/** What the agents are, and how each is configured where. */
import { type Operation, operation } from "../operation.ts";
import { showAgent, showAgentInput, showAgents, showAgentsInput } from "./show-agents.ts";

export const agentOperations: Operation[] = [
  operation({
    name: "showAgents",
    summary: "The agents: what each promises, may do and is configured to do in one place.",
    method: "GET",
    path: "/agents",
    input: showAgentsInput,
    action: "view",
    handle: showAgents,
  }),
  operation({
    name: "showAgent",
    summary: "One agent, with where each part of its configuration is declared.",
    method: "GET",
    path: "/agents/:agentId",
    input: showAgentInput,
    action: "view",
    handle: showAgent,
  }),
];
