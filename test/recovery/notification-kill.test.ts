/**
 * The server is killed with -9 while a target is being told something: before it has an answer, and with the answer on
 * its way. Everything is told, what is told again has the id of before, and nothing is told that did not happen. A
 * subscription of the API is told beside it, with the same promise.
 */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { userInfo } from "node:os";
import { afterAll, beforeAll, expect, it } from "vitest";
import { eventName } from "../../src/domain/event/event.ts";
import { createInstallation, type Installation } from "../e2e/support/installation.ts";
import { writeModule } from "../e2e/support/modules.ts";

let site: Installation;
let server: http.Server;
interface Arrival {
  id: string;
  sequence: number;
  name: string;
}
const arrivals: Arrival[] = [];
const subscribed: Arrival[] = [];
let onArrival: (name: string, response: http.ServerResponse) => void = (_name, response) => response.end();

beforeAll(async () => {
  server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const event = JSON.parse(body);
      const name = eventName(event);
      const arrival = { id: String(request.headers["webhook-id"]), sequence: event.sequence, name };
      if (request.url === "/subscribed") {
        subscribed.push(arrival);
        response.end();
        return;
      }
      arrivals.push(arrival);
      onArrival(name, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  site = await createInstallation({
    tenant: `
id: local
people: [{ id: ${userInfo().username}, roles: [StudioAdmin, DevOpsEngineer, Developer] }]
environments: [{ id: staging }]
notifications:
  - id: ops
    to: { webhook: { url: "http://127.0.0.1:${port}", secret: { secret: OPS_KEY, environment: staging } } }
    on: [CommitReady, deployed, ReleasePublished]
    allowPrivate: true
subscriptions: { allowPrivate: true }
`,
  });
  const input = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  await site.ok(["secret", "set", "OPS_KEY", "--env", "staging", "--module", "notifications"], { input });
  const wants = ["--event", "CommitReady", "deployed", "ReleasePublished", "--allow-private"];
  await site.ok(["subscription", "add", "watch", "--url", `http://127.0.0.1:${port}/subscribed`, ...wants]);
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await site.close();
});

it("tells everything, and again only under the same id", async () => {
  const kills: string[] = [];
  onArrival = (name, response) => {
    if (kills.length === 2 || kills.includes(name)) {
      response.end();
      return;
    }
    kills.push(name);
    const { pid } = site.server();
    if (kills.length === 1) process.kill(pid, "SIGKILL");
    else response.end(() => process.kill(pid, "SIGKILL"));
  };
  await site.ok(["deliver", await writeModule(site.desk, { id: "beacon" }), "--detach"]);
  // Whoever asks starts the server again where it was killed.
  const told = async () =>
    JSON.parse(await site.ok(["notification", "ls", "--json"])).targets[0] as {
      sent: number;
      waiting: number;
    };
  await expect.poll(told, { timeout: 180_000, interval: 1_000 }).toMatchObject({ sent: 3, waiting: 0 });
  const [last] = JSON.parse(await site.ok(["notification", "ls", "--json"])).notifications;
  const [, trace = ""] = String(last.subject).split("/");
  const wanted = (await site.events(trace)).filter((event) =>
    ["CommitReady", "DeploymentCompleted", "ReleasePublished"].includes(eventName(event)),
  );
  expect(wanted).toHaveLength(3);

  expect(kills).toHaveLength(2);
  const first = arrivals.filter(({ name }) => name === kills[0]);
  expect(first.length).toBeGreaterThanOrEqual(2);
  expect(new Set(arrivals.map(({ sequence }) => sequence))).toEqual(
    new Set(wanted.map(({ sequence }) => sequence)),
  );
  const ids = new Map(arrivals.map(({ id, sequence }) => [sequence, id]));
  for (const { id, sequence } of arrivals) expect(ids.get(sequence)).toBe(id);
  expect(new Set(ids.values()).size).toBe(wanted.length);
  expect(arrivals.length).toBeLessThanOrEqual(wanted.length + kills.length);
  const watched = async () =>
    JSON.parse(await site.ok(["subscription", "show", "watch", "--json"])) as { sent: number };
  await expect.poll(watched, { timeout: 60_000, interval: 1_000 }).toMatchObject({ sent: 3, waiting: 0 });
  expect(new Set(subscribed.map(({ sequence }) => sequence))).toEqual(
    new Set(wanted.map(({ sequence }) => sequence)),
  );
  expect(new Set(subscribed.map(({ id }) => id)).size).toBe(wanted.length);
  const { url } = site.server();
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
    /notifications_sent_total\{tenant="local",kind="webhook"\} [1-9]/,
  );
});
