import { expect, test } from "vitest";
import { tenantSchema } from "../tenant/tenant.ts";
import { runtimeOf } from "./runtime-of.ts";

const { environments } = tenantSchema.parse({
  id: "acme",
  people: [{ id: "jane", roles: ["ReleaseManager"] }],
  environments: [
    { id: "dev", container: { engine: "docker", registry: "registry.acme.example" } },
    { id: "staging", target: "container", container: { registry: "127.0.0.1:5000/acme" } },
    {
      id: "production",
      target: "container",
      container: {
        ...{ image: "node:24", engine: "podman" },
        registry: { address: "registry.acme.example/team/apps", insecure: true, credentials: "LOGIN" },
      },
    },
  ],
});
const of = (environment: string) => runtimeOf({ environments }, environment);

test("what an environment says of containers counts where its releases are containers", () => {
  expect(of("dev")).toEqual({ target: "process" });
  expect(of("unknown")).toEqual({ target: "process" });
  expect(of("production")).toEqual({
    ...{ target: "container", image: "node:24", engine: "podman" },
    registry: { address: "registry.acme.example/team/apps", insecure: true, credentials: "LOGIN" },
  });
});

test("a registry may be named by its address alone", () => {
  expect(of("staging")).toEqual({ target: "container", registry: { address: "127.0.0.1:5000/acme" } });
});
