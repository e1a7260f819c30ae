import { expect, test } from "vitest";
import type { Launch } from "../runtime.ts";
import { guestOf } from "./container-user.ts";
import { createOptions } from "./create-options.ts";
import type { Engine } from "./engine.ts";
import { guestEnvironment, handOver } from "./handed-environment.ts";

const podman: Engine = {
  name: "podman",
  version: "5.0.0",
  globalOptions: [],
  hostOptions: [],
  hasInit: true,
  rootless: false,
  limits: { enforced: true, words: "podman, control groups v2" },
};
const launch: Launch = {
  marker: "/data/target|acme-production/shop/release-000001#0",
  namespace: "acme-production",
  moduleId: "shop",
  directory: "/data/artifacts/sha256-1",
  command: ["node", "server.js", "--greeting", "hello world"],
  environment: { PORT: "7401", DATABASE_URL: "postgres://shop:secret@db/shop" },
  port: 7401,
  limits: { processes: 50, memoryBytes: 268_435_456, cpus: 0.5 },
  folder: "/data/target/services/shop",
};
const made = {
  name: "connectsoft-shop-1",
  environmentFile: "/private/shop.env",
  passed: ["NOTE"],
  serves: true,
  guest: { user: 1_900_000_001, storage: ["/data/storage/acme-production/shop"] },
};

test("a release directory is laid read-only into its image and confined", () => {
  const image = { reference: "docker.io/library/node@sha256:1", directory: launch.directory, user: "" };
  expect(createOptions(podman, image, launch, made)).toEqual([
    ...["--name", "connectsoft-shop-1", "--label", `connectsoft.marker=${launch.marker}`, "--pull", "never"],
    ...["--read-only", "--tmpfs", "/tmp:rw,nosuid,nodev,mode=1777"],
    ...["--cap-drop", "all", "--security-opt", "no-new-privileges", "--restart", "no", "--init"],
    ...["--user", "1900000001:1900000001", "--http-proxy=false", "--log-driver", "passthrough"],
    ...["--pids-limit", "50", "--memory", "268435456b", "--memory-swap", "268435456b", "--cpus", "0.5"],
    ...["--env-file", "/private/shop.env", "--env", "NOTE", "--publish", "127.0.0.1:7401:7401"],
    ...["--mount", "type=bind,source=/data/artifacts/sha256-1,target=/app,readonly", "--workdir", "/app"],
    ...[
      "--mount",
      "type=bind,source=/data/storage/acme-production/shop,target=/data/storage/acme-production/shop",
    ],
    ...["--entrypoint", "node", "docker.io/library/node@sha256:1", "server.js", "--greeting", "hello world"],
  ]);
});

test("a service that insists on a port has it in its own network, and the host's is another", () => {
  const image = { reference: "docker.io/library/node@sha256:1", user: "" };
  const options = createOptions(podman, image, { ...launch, containerPort: 8080 }, made);
  expect(options[options.indexOf("--publish") + 1]).toBe("127.0.0.1:7401:8080");
});

test("an image that is the artifact keeps its own user and folder, and one that names a user keeps that one", () => {
  const rootless = { ...podman, rootless: true };
  const own = { reference: "1f2e", user: "" };
  expect(guestOf(rootless, own, launch)).toEqual({ storage: [] });
  expect(createOptions(podman, own, launch, { ...made, guest: { storage: [] } })).not.toContain("--mount");
  const named = { reference: "node", directory: launch.directory, user: "node" };
  expect(guestOf(rootless, named, launch)).toEqual({ storage: [] });
  expect(guestOf(rootless, { ...named, user: "" }, launch)).toMatchObject({ user: 65_532 });
});

test("a one-off command publishes no port, and docker keeps what an instance prints", () => {
  const image = { reference: "1f2e", user: "" };
  const options = createOptions(podman, image, launch, { ...made, serves: false });
  expect(options).not.toContain("--publish");
  expect(options.slice(options.indexOf("--log-driver"))[1]).toBe("none");
  const docker = createOptions({ ...podman, name: "docker" }, image, launch, made);
  expect(docker.slice(docker.indexOf("--log-driver"))[1]).toBe("json-file");
});

test("no value of a variable is on the command line", () => {
  const handed = handOver(
    guestEnvironment({ ...launch, environment: { ...launch.environment, KEY: "-----BEGIN\nkey" } }),
  );
  const image = { reference: "1f2e", user: "" };
  const passed = Object.keys(handed.passed);
  const line = createOptions(podman, image, launch, { ...made, passed }).join(" ");
  expect(line).not.toContain("secret");
  expect(line).not.toContain("BEGIN");
  expect(handed).toEqual({
    file: `HOST=0.0.0.0
PORT=7401
DATABASE_URL=postgres://shop:secret@db/shop
CONNECTSOFT_SERVICE=acme-production/shop/release-000001#0
`,
    passed: { KEY: "-----BEGIN\nkey" },
  });
});

test("a release cannot steer the engine's own command by a variable that it heeds", () => {
  for (const name of [
    "LD_PRELOAD",
    "PATH",
    "CONTAINERS_CONF",
    "DOCKER_HOST",
    "https_proxy",
    "XDG_RUNTIME_DIR",
  ]) {
    const handed = handOver({ [name]: "one\ntwo" });
    expect(handed.passed).toEqual({});
    expect(handed.refused).toContain(name);
  }
});

test("its mark cannot be taken for that of a process of the host, and its own HOST wins", () => {
  const environment = { CONNECTSOFT_SERVICE: launch.marker, HOST: "::" };
  expect(guestEnvironment({ marker: launch.marker, environment })).toEqual({
    CONNECTSOFT_SERVICE: "acme-production/shop/release-000001#0",
    HOST: "::",
  });
});
