/**
 * What a healthy service meets around it: a port that another program holds, a disk without room, another rollout
 * at the same moment, a setting that is missing, an approval that is taken back, and places that are not its tenant's.
 */
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { DeliveryEvent } from "../../../src/domain/event/event.ts";
import { named, namesOf } from "../../e2e/support/events.ts";
import { ask, watchAnswers } from "../../e2e/support/http.ts";
import type { Installation } from "../../e2e/support/installation.ts";
import { servicesOf } from "../../e2e/support/processes.ts";
import * as bad from "./support/bad-services.ts";
import { mount, unmount } from "./support/disk.ts";
import { createSite, deliver, folderOf, serve, upgrade } from "./support/site.ts";
import { expectCalm, toldOf } from "./support/told.ts";

let site: Installation;
beforeAll(async () => {
  site = await createSite();
}, 60_000);
afterAll(() => site.close());

it.concurrent("a port that another program holds costs no request, and is named with what finds its holder", async () => {
  const holder = createServer().listen(18_475, "127.0.0.1");
  await once(holder, "listening");
  try {
    const yaml = "port: 18475\nfixedPort: true\n";
    const taken = { id: "taken", server: bad.hasItsOwnPort(18_475), yaml };
    const { second, failures, url } = await upgrade(site, taken);
    expect(failures).toEqual([]);
    expect(second.code).toBe(4);
    const told = await toldOf(site, second.trace);
    expectCalm(
      told,
      /insists on port 18475, which another program on this host listens on: end that program/,
    );
    expect(told.failure).toContain("1.0.0 had the traffic all the time");
    await expectOneLeft("taken", url, "1.0.0");
  } finally {
    holder.close();
  }
});

it.concurrent("of two versions handed over at once one serves, and the other says what became of it", async () => {
  const id = "raced";
  const { url } = await serve(site, { id });
  const watch = watchAnswers(url);
  const both = await Promise.all(["1.1.0", "1.2.0"].map((version) => deliver(site, { id, version })));
  const told = await Promise.all(both.map(({ trace }) => site.ok(["explain", trace])));
  expect((await watch.end()).failures).toEqual([]);
  const winners = ["1.1.0", "1.2.0"].filter((_, index) => both[index]?.code === 0);
  const { version } = JSON.parse((await ask(url)).body);
  expect(winners).toContain(version);
  if (winners.length === 1) {
    const lost = both.findIndex(({ code }) => code !== 0);
    expect(told[lost]).toMatch(/superseded .* ago by the newer trace trace-/);
    expect(namesOf(both[lost]?.events ?? [])).toContain("DeliverySuperseded");
  }
  await expectOneLeft(id, url, version);
});

it.concurrent("a missing secret holds a version with the command that sets it, and it goes on when it is set", async () => {
  const id = "needy";
  const { url } = await serve(site, { id });
  const held = await deliver(site, { id, version: "2.0.0", yaml: "needs: { secrets: [API_KEY] }\n" });
  expect(held.code).toBe(3);
  const command = "connectsoft secret set API_KEY --env staging --module needy";
  for (const what of ["status", "explain", "failure"]) {
    const said = await site.ok([what, held.trace]);
    expect(said).toContain("SecretsMissing: needy needs API_KEY in staging, not set yet.");
    expect(said).toContain(`next: Set it: ${command}`);
  }
  await expectOneLeft(id, url, "1.0.0");
  await site.ok(command.split(" ").slice(1), { input: "of no consequence" });
  expect((await site.follow(held.trace)).code).toBe(0);
  await expectOneLeft(id, url, "2.0.0");
});

it.concurrent("a release that is revoked in the middle of its rollout loses its share", async () => {
  const id = "revoked";
  const { url } = await serve(site, { id, place: "stepwise" });
  const watch = watchAnswers(url);
  let revoking: Promise<unknown> | undefined;
  const onLine = (line: string) => {
    const event = JSON.parse(line) as DeliveryEvent;
    if (revoking !== undefined || !line.includes('"step":"route"')) return;
    revoking = site.studio(["revoke-release", String(event.data.releaseId), "--reason", "a leaked key"]);
  };
  const folder = await folderOf(site, { id, version: "2.0.0" });
  const second = await site.deliver(folder, ["--env", "stepwise"], { onLine });
  expect(await revoking).toMatchObject({ code: 0 });
  expect((await watch.end()).failures).toEqual([]);
  expect(named(second.events, "DeploymentCompleted")).toEqual([]);
  expect(await site.ok(["explain", second.trace])).toMatch(/revoked.*a leaked key/s);
  expect(await site.ok(["failure", second.trace])).toContain("is served by revoked 1.0.0");
  await expectOneLeft(id, url, "1.0.0");
});

it.concurrent("places of another tenant are refused by name, wherever one can be named", async () => {
  for (const place of ["production", "acme-production"])
    for (const command of [
      ["env", "show", place],
      ["env", "plan", place],
      ["env", "drift", place],
      ["env", "destroy", place, "--reason", "it is not mine"],
      ["provision", "--env", place],
      ["drift", "--env", place],
      ["logs", "anything", "--env", place],
      ["config", "ls", "--env", place],
      ["secret", "ls", "--env", place],
    ])
      await expectRefused(command, place);
  const { url, token } = site.server();
  const headers = { authorization: `Bearer ${token}` };
  for (const way of [
    "environments/production",
    "environments/production/drift",
    "logs/production/anything",
  ]) {
    const response = await fetch(`${url}/api/v1/${way}`, { headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: "InvalidNamespaceAccess" });
  }
  const foreign = await fetch(`${url}/api/v1/deliveries/acme/trace-1/anything`, { headers });
  expect(await foreign.json()).toMatchObject({ code: "TenantForbidden" });
});

async function expectRefused(command: string[], place: string): Promise<void> {
  const { code, stdout, stderr } = await site.connectsoft(command);
  expect({ command, code, stdout }).toEqual({ command, code: 2, stdout: "" });
  expect(stderr).toMatch(`error InvalidNamespaceAccess: ${place} is no environment of local`);
  expect(stderr).toContain("next: It has staging, watched, stepwise");
}

it("a disk that is full in the middle of a rollout takes nothing from what serves", async ({ skip }) => {
  const id = "cramped";
  const { url } = await serve(site, { id });
  const folder = path.join(site.home, "target", "services", "local-staging", id);
  const refused = mount(folder, "256k");
  if (refused !== undefined) return skip(`no small disk can be mounted here: ${refused}`);
  try {
    const ballast = path.join(folder, "ballast");
    await writeFile(ballast, Buffer.alloc(1 << 20)).catch(() => {});
    const watch = watchAnswers(url);
    const second = await deliver(site, { id, version: "2.0.0" });
    expect((await watch.end()).failures).toEqual([]);
    const told = await toldOf(site, second.trace);
    expect(told.failure).toMatch(/no space left|disk is full|ENOSPC/i);
    await expectOneLeft(id, url, "1.0.0");
    await rm(ballast);
    expect((await deliver(site, { id, version: "2.0.1" })).code).toBe(0);
    await expectOneLeft(id, url, "2.0.1");
  } finally {
    await site.connectsoft(["stop"]);
    unmount(folder);
  }
});

async function expectOneLeft(id: string, url: string, version: string): Promise<void> {
  expect(JSON.parse((await ask(url)).body)).toMatchObject({ name: id, version });
  await vi.waitFor(() => expect(servicesOf(site.home, id)).toHaveLength(1), { timeout: 10_000 });
}
