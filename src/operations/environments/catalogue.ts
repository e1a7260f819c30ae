/** What can be done with the environments of a tenant. */
import { z } from "zod";
import { type Operation, operation } from "../operation.ts";
import {
  driftOfEnvironment,
  environmentInput,
  listEnvironments,
  planEnvironment,
  showEnvironment,
} from "./describe-environments.ts";
import { destroyEnvironment, destroyEnvironmentInput } from "./destroy-environment.ts";
import { provisionEnvironment, provisionEnvironmentInput } from "./provision-environment.ts";

export const environmentOperations: Operation[] = [
  operation({
    name: "listEnvironments",
    summary: "Environments of the tenant, with their namespaces and modules.",
    method: "GET",
    path: "/environments",
    input: z.object({}),
    action: "view",
    handle: listEnvironments,
  }),
  operation({
    name: "showEnvironment",
    summary:
      "What an environment is made of, its quotas and whether they hold, and which settings are missing.",
    method: "GET",
    path: "/environments/:environment",
    input: environmentInput,
    action: "view",
    handle: showEnvironment,
  }),
  operation({
    name: "planEnvironment",
    summary: "What provisioning the environment, and the next delivery of each module, would change.",
    method: "GET",
    path: "/environments/:environment/plan",
    input: environmentInput,
    action: "view",
    handle: planEnvironment,
  }),
  operation({
    name: "driftOfEnvironment",
    summary: "How an environment differs from what was applied.",
    method: "GET",
    path: "/environments/:environment/drift",
    input: environmentInput,
    action: "view",
    handle: driftOfEnvironment,
  }),
  operation({
    name: "provisionEnvironment",
    summary: "Makes what the environment's modules share, and mends what drifted.",
    method: "POST",
    path: "/environments/:environment/provision",
    input: provisionEnvironmentInput,
    action: "provision",
    handle: provisionEnvironment,
  }),
  operation({
    name: "destroyEnvironment",
    summary: "Takes an environment away with everything in it.",
    method: "POST",
    path: "/environments/:environment/destroy",
    input: destroyEnvironmentInput,
    action: "provision",
    handle: destroyEnvironment,
  }),
];
