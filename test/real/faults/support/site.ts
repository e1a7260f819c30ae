/** An installation for modules that go wrong, and version 2 of one arriving while version 1 is asked all the time. */
import { userInfo } from "node:os";
import { expect } from "vitest";
import { only } from "../../../e2e/support/events.ts";
import { watchAnswers } from "../../../e2e/support/http.ts";
import { createInstallation, type Delivered, type Installation } from "../../../e2e/support/installation.ts";
import { writeModule } from "../../../e2e/support/modules.ts";
import { serviceOf } from "./bad-services.ts";

const roles = "[StudioAdmin, InfraAdmin, DevOpsEngineer, Deployer, Developer, ReleaseManager, ProductOwner]";

/** `watched` looks at the answers of a release closely, `stepwise` waits for a person in the middle. */
const tenant = `
id: local
people: [{ id: ${userInfo().username}, roles: ${roles} }]
environments: [{ id: staging }, { id: watched }, { id: stepwise }]
releasePolicy:
  environments:
    staging: { rollout: { verification: { window: 3s } } }
    watched: { rollout: { verification: { window: 3s, maxErrorRate: 0.05, maxP99Ms: 200, minRequests: 5 } } }
    stepwise: { rollout: { strategy: canary, canary: [{ weight: 30, pause: promoted }] } }
`;

export async function createSite(): Promise<Installation> {
  const site = await createInstallation({ tenant });
  // Many deliveries at once find the server that one of them started.
  await site.ok(["tenant", "show"]);
  return site;
}

export interface Version {
  id: string;
  version?: string;
  server?: string;
  /** More of module.yaml. */
  yaml?: string;
  place?: string;
}

const probes = `
probes:
  startup: { httpGet: { path: /health }, periodSeconds: 0.05, failureThreshold: 100 }
  readiness: { httpGet: { path: /health }, periodSeconds: 0.2, failureThreshold: 5 }
  liveness: { httpGet: { path: /health }, periodSeconds: 0.5, failureThreshold: 2 }
`;

export async function folderOf(site: Installation, of: Version): Promise<string> {
  const { id, version = "1.0.0", server = serviceOf({}), yaml = "" } = of;
  const files = {
    "server.js": server,
    "module.yaml": `id: ${id}\nstart: [node, server.js]\n${probes}${yaml}`,
  };
  return writeModule(site.desk, { id, version, files });
}

export async function deliver(site: Installation, of: Version): Promise<Delivered> {
  return site.deliver(await folderOf(site, of), ["--env", of.place ?? "staging"]);
}

/** Delivers a version that goes well; resolves with where it answers. */
export async function serve(site: Installation, of: Version): Promise<{ url: string; first: Delivered }> {
  const first = await deliver(site, of);
  expect(first, first.stderr).toMatchObject({ code: 0 });
  return { first, url: String(only(first.events, "DeploymentCompleted").data.url) };
}

export interface Upgraded {
  url: string;
  second: Delivered;
  failures: string[];
}

/** Version 1 without a fault, then the given one, with requests from before its delivery until after it. */
export async function upgrade(
  site: Installation,
  to: Version,
  from: Partial<Version> = {},
): Promise<Upgraded> {
  const { id, place } = to;
  const { url } = await serve(site, { id, ...(place !== undefined && { place }), ...from });
  const watch = watchAnswers(url);
  const second = await deliver(site, { version: "2.0.0", ...to });
  const { failures, answers } = await watch.end();
  expect(answers).toBeGreaterThan(20);
  return { url, second, failures };
}
