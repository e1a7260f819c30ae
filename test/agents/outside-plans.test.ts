/** Pipeline files and plans that others sign: over our whole statement, which names tenant, trace, module and every digest. */
import { execFile } from "node:child_process";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pipelineDigests } from "../../src/agents/pipeline-files.ts";
import { gatherVouchers, writeVouching } from "../../src/agents/vouched-for.ts";
import { envelopeBytes } from "../../src/domain/audit/dsse-bundle.ts";
import { sha256 } from "../../src/domain/canonical-json.ts";
import { effectivePolicy } from "../../src/domain/release/effective-policy.ts";
import { vouchingStatement } from "../../src/domain/supply-chain/signed-subjects.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { fakeContext } from "../support/agent-context.ts";
import { findCosign } from "../support/cosign.ts";
import { digests as some } from "../support/digests.ts";
import { createTestSigner } from "../support/votes.ts";

const run = promisify(execFile);
const digests = { ...some, tree: "t1", infrastructurePlan: sha256("the plan") };
const files = [
  { path: "azure-pipelines.yaml", digest: sha256("azure") },
  { path: "Dockerfile", digest: sha256("FROM scratch") },
];
const own = createTestSigner();
const acme = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
const here = fakeContext({}).invocation;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "outside-plans-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const planOf = (of = here, plan = digests.infrastructurePlan) =>
  vouchingStatement({ kind: "plan", of, digests: { "InfrastructurePlan.json": plan } });
const pipelineOf = (of = here, tree = digests.tree, listed = files) =>
  vouchingStatement({ kind: "pipeline", of, digests: pipelineDigests(listed, tree) });

function dsse(statement: string, key = acme.privateKey): string {
  const sig = sign("sha256", envelopeBytes(statement), key).toString("base64");
  return JSON.stringify({
    payload: Buffer.from(statement).toString("base64"),
    payloadType: "application/vnd.in-toto+json",
    signatures: [{ keyid: "", sig }],
  });
}

interface Given {
  listed?: { id: string; key?: string; ssh?: string; for?: string[] }[];
  signers?: string[];
  /** The tenant's own signatures are there, and are good. */
  signedHere?: boolean;
}

const listedAcme = { id: "acme", key: pem(acme.publicKey), for: ["pipelines", "plan"] };

async function found(
  signatures: string[],
  { listed = [listedAcme], signers = ["acme"], signedHere = false }: Given = {},
) {
  const tenant = tenantSchema.parse({
    id: "vetclinic-001",
    people: [{ id: "jane", roles: ["Developer"] }],
    environments: [{ id: "production" }],
    evidence: { producers: [{ id: "desk", kinds: ["signature"] }], signers: listed },
    releasePolicy: {
      environments: { production: { requireSignedPlans: true, requireSignedPipelines: true, signers } },
    },
  });
  const sent = signatures.map((text) => ({
    file: `evidence/desk/signatures/${sha256(text).slice(7)}.sig`,
    text,
  }));
  const context = fakeContext({
    invocation: { environment: "production" },
    events: sent.map(({ file, text }) => ({
      name: "SignatureAdded" as const,
      source: "/ci/desk",
      data: { ...digests, reportDigest: sha256(text), producer: "desk", file },
    })),
    memory: {
      "pipelines/PipelineSnapshot.yaml": JSON.stringify({ tree: digests.tree, files }),
      ...Object.fromEntries(sent.map(({ file, text }) => [`supply-chain/${file}`, text])),
    },
  });
  if (signedHere) {
    const plan = { "InfrastructurePlan.json": digests.infrastructurePlan };
    await writeVouching(own, context, { kind: "plan", digests: plan });
    await writeVouching(own, context, { kind: "pipeline", digests: pipelineDigests(files, digests.tree) });
  }
  const policy = effectivePolicy(tenant, "production");
  const { plan, pipelines: signed } = await gatherVouchers({ signer: own }, context, {
    ...{ policy, digests, tenant },
  });
  return { plan, pipelines: signed };
}

const good = { good: true, by: "signed by acme" };
const refused = (why: string) => ({ good: false, why: expect.stringContaining(why) });

describe("pipeline files and plans that somebody outside signed", () => {
  test("count by a listed key, over exactly this statement; where policy takes both, beside the tenant's own", async () => {
    const both = [dsse(planOf()), dsse(pipelineOf())];
    expect(await found(both)).toEqual({ plan: good, pipelines: good });
    expect(await found(both, { signers: ["own", "acme"] })).toEqual({ plan: good, pipelines: good });
    const spaced = JSON.stringify(JSON.parse(planOf()), null, 2);
    expect((await found([dsse(spaced)])).plan).toEqual(good);
  });

  test.each<[string, string, string]>([
    ["of another key", dsse(planOf(), stranger.privateKey), "no listed key made it"],
    ["of another plan", dsse(planOf(here, sha256("other"))), "other digests"],
    ["from another trace", dsse(planOf({ ...here, traceId: "trace-other" })), "of another delivery"],
    ["from another tenant", dsse(planOf({ ...here, tenantId: "other" })), "of another delivery"],
    [
      "of a plan as an artifact",
      dsse(planOf().replace("delivery/plan/", "delivery/artifact/")),
      "of something else",
    ],
    [
      "that was changed since",
      dsse(planOf(here, sha256("x"))).replace(
        /"payload":"[^"]+"/,
        `"payload":"${Buffer.from(planOf()).toString("base64")}"`,
      ),
      "no listed key made it",
    ],
  ])("do not count: a signature %s", async (_what, signature, why) => {
    expect((await found([signature])).plan).toEqual(refused(why));
  });

  test.each<[string, string, string]>([
    ["of another key", dsse(pipelineOf(), stranger.privateKey), "no listed key made it"],
    [
      "of other files",
      dsse(pipelineOf(here, "t1", [{ path: "Dockerfile", digest: sha256("evil") }])),
      "other digests",
    ],
    ["of fewer files", dsse(pipelineOf(here, "t1", files.slice(1))), "other digests"],
    ["of another tree", dsse(pipelineOf(here, "t2")), "other digests"],
    ["from another trace", dsse(pipelineOf({ ...here, traceId: "trace-other" })), "of another delivery"],
    ["of the plan alone", dsse(planOf()), "no signature of acme was found"],
  ])("do not count: a signature %s for the pipeline files", async (_what, signature, why) => {
    expect((await found([signature])).pipelines).toEqual(refused(why));
  });

  test("count for nothing that the key is not listed for, and by no key that is listed for what was built", async () => {
    const { for: _none, ...builtOnly } = listedAcme;
    for (const listed of [[builtOnly], [{ ...listedAcme, for: ["pipelines"] }]])
      expect((await found([dsse(planOf())], { listed, signers: ["own", "acme"] })).plan).toEqual(
        refused("which acme does not vouch for"),
      );
  });

  test("are the tenant's own to sign where policy takes nobody else who does", async () => {
    const mine = { good: true, by: expect.stringContaining("signed with the tenant's key") };
    const { for: _none, ...builtOnly } = listedAcme;
    expect(await found([], { listed: [builtOnly], signedHere: true })).toMatchObject({ plan: mine });
    expect(await found([], { signedHere: true })).toEqual({
      plan: refused("no signature of acme was found"),
      pipelines: refused("no signature of acme was found"),
    });
  });

  test("count by an SSH key over the statement as a file", async () => {
    const key = path.join(folder, "lee");
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "lee", "-f", key]);
    const signed = async (statement: string) => {
      const file = path.join(folder, `${sha256(statement).slice(7, 19)}.json`);
      await writeFile(file, statement);
      await run("ssh-keygen", ["-q", "-Y", "sign", "-f", key, "-n", "file", file]);
      return await readFile(`${file}.sig`, "utf8");
    };
    const ssh = await readFile(`${key}.pub`, "utf8");
    const by = { listed: [{ ...listedAcme, key: undefined as never, ssh }] };
    expect(await found([await signed(planOf()), await signed(pipelineOf())], by)).toEqual({
      ...{ plan: good, pipelines: good },
    });
    const replayed = await signed(planOf({ ...here, traceId: "trace-other" }));
    expect((await found([replayed], by)).plan).toEqual(refused("no listed key made it"));
  });
});

const cosign = findCosign();
test.skipIf(cosign === undefined)("cosign itself signs them: the statement as a blob", async () => {
  const env = { ...process.env, COSIGN_PASSWORD: "" };
  const prefix = path.join(folder, "cosign");
  await run(cosign ?? "", ["generate-key-pair", "--output-key-prefix", prefix], { env });
  const signed = async (name: string, statement: string) => {
    const [file, bundle] = [path.join(folder, name), path.join(folder, `${name}.bundle`)];
    await writeFile(file, statement);
    const key = ["--key", `${prefix}.key`, "--tlog-upload=false", "--yes"];
    await run(cosign ?? "", ["sign-blob", ...key, "--new-bundle-format", "--bundle", bundle, file], { env });
    return await readFile(bundle, "utf8");
  };
  const listed = [{ ...listedAcme, key: await readFile(`${prefix}.pub`, "utf8") }];
  expect(
    await found([await signed("plan", planOf()), await signed("pipeline", pipelineOf())], { listed }),
  ).toEqual({ plan: good, pipelines: good });
  const replayed = await signed("old", planOf({ ...here, traceId: "trace-other" }));
  expect((await found([replayed], { listed })).plan).toEqual(refused("no listed key made it"));
});
