/** Signatures by keys of others that the tenant lists, made by their own programs: what counts, and what does not. */
import { execFile } from "node:child_process";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatherVouchers } from "../../src/agents/vouched-for.ts";
import { envelopeBytes } from "../../src/domain/audit/dsse-bundle.ts";
import { sha256 } from "../../src/domain/canonical-json.ts";
import { effectivePolicy } from "../../src/domain/release/effective-policy.ts";
import { imagePayload } from "../../src/domain/supply-chain/image-signature.ts";
import { sshNamespace } from "../../src/domain/supply-chain/outside-signature.ts";
import { parseTenant } from "../../src/domain/tenant/parse-tenant.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { fakeContext } from "../support/agent-context.ts";
import { findCosign } from "../support/cosign.ts";
import { digests as some } from "../support/digests.ts";
import { createTestSigner } from "../support/votes.ts";

const run = promisify(execFile);
const bytes = "the artifact";
const sbom = '{"bomFormat":"CycloneDX"}';
const artifact = sha256(bytes);
const image = sha256("the image's manifest");
const digests = { ...some, commit: "c".repeat(40), tree: "t1", artifact, image };
const slsa = "https://slsa.dev/provenance/v1";

let folder: string;
let lee: string;
const acme = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ed25519");

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "outside-"));
  lee = path.join(folder, "lee");
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "lee", "-f", lee]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Listed {
  id: string;
  key?: string;
  ssh?: string;
  for?: string[];
}

/** What is asked of everything, with these signatures handed in by the producer `acme-ci`. */
async function found(
  signatures: string[],
  {
    listed,
    signers,
    tree = digests.tree,
    producers,
  }: { listed?: Listed[]; signers?: string[]; tree?: string; producers?: object[] } = {},
) {
  const tenant = tenantSchema.parse({
    id: "vetclinic-001",
    people: [{ id: "jane", roles: ["Developer"] }],
    environments: [{ id: "production" }],
    evidence: {
      producers: producers ?? [{ id: "acme-ci", kinds: ["signature"] }],
      signers: listed ?? [{ id: "acme", key: pem(acme.publicKey) }],
    },
    releasePolicy: {
      environments: {
        production: {
          ...{
            requireSignedArtifacts: true,
            requireSignedSbom: true,
            requireSignedImages: true,
            requireProvenance: true,
          },
          ...(signers !== undefined && { signers }),
        },
      },
    },
  });
  const files = signatures.map((text) => ({
    file: `evidence/acme-ci/signatures/${sha256(text).slice(7)}.sig`,
    text,
  }));
  const context = fakeContext({
    invocation: { environment: "production" },
    events: [
      {
        name: "ArtifactBuilt",
        source: "/agents/devops-engineer",
        data: {
          commit: digests.commit,
          tree: digests.tree,
          artifact,
          image,
          supplyChain: { sbom: sha256(sbom) },
        },
      },
      ...files.map(({ file, text }) => ({
        name: "SignatureAdded" as const,
        source: "/ci/acme-ci",
        data: { commit: digests.commit, tree, reportDigest: sha256(text), producer: "acme-ci", file },
      })),
    ],
    memory: {
      "supply-chain/SBOM.json": sbom,
      ...Object.fromEntries(files.map(({ file, text }) => [`supply-chain/${file}`, text])),
    },
  });
  const policy = effectivePolicy(tenant, "production");
  const {
    vouched: _,
    plan: __,
    ...answers
  } = await gatherVouchers({ signer: createTestSigner() }, context, { policy, digests, tenant });
  return answers;
}

const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();

function statement(type: string, subjects: string[], predicate: object = {}): string {
  const subject = subjects.map((digest) => ({ name: "it", digest: { sha256: digest.slice(7) } }));
  return JSON.stringify({
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: type,
    predicate,
  });
}

function dsse(payload: string, key = acme.privateKey): string {
  const sig = sign(key.asymmetricKeyType === "ed25519" ? null : "sha256", envelopeBytes(payload), key);
  return JSON.stringify({
    payload: Buffer.from(payload).toString("base64"),
    payloadType: "application/vnd.in-toto+json",
    signatures: [{ keyid: "", sig: sig.toString("base64") }],
  });
}

const plain = "https://connectsoft.io/delivery/artifact/v1";
const provenance = statement(slsa, [artifact], {
  runDetails: { builder: { id: "https://ci.acme.example" } },
});

describe("a signature by a listed key", () => {
  test("counts for what its statement names, and provenance names its builder", async () => {
    const all = await found([dsse(statement(plain, [artifact, sha256(sbom), image])), dsse(provenance)]);
    const by = { good: true, by: "signed by acme" };
    expect(all).toMatchObject({ artifact: by, signedSbom: by, image: by });
    expect(all.provenance).toMatchObject({ status: "There", builder: "https://ci.acme.example" });
    expect(all.provenance).not.toHaveProperty("problem");
  });

  test("by an SSH key counts over a digest, and over SBOM.json as a file", async () => {
    const signed = async (message: string, namespace: string) => {
      const file = path.join(folder, "message");
      await writeFile(file, message);
      await run("ssh-keygen", ["-q", "-Y", "sign", "-f", lee, "-n", namespace, file]);
      const text = await readFile(`${file}.sig`, "utf8");
      await rm(`${file}.sig`);
      return text;
    };
    const listed = [{ id: "lee", ssh: `lee@acme.example ${await readFile(`${lee}.pub`, "utf8")}` }];
    const all = await found([await signed(`${artifact}\n`, sshNamespace), await signed(sbom, "file")], {
      listed,
    });
    expect(all).toMatchObject({
      artifact: { good: true, by: "signed by lee" },
      signedSbom: { good: true },
      image: { good: false },
    });
    const elsewhere = await found([await signed(`${artifact}\n`, "git")], { listed });
    expect(elsewhere.artifact).toMatchObject({ good: false });
  });

  test("counts for nothing but what the tenant lists the key for", async () => {
    const listed = [{ id: "acme", key: pem(acme.publicKey), for: ["sbom"] }];
    const all = await found([dsse(statement(plain, [artifact])), dsse(statement(plain, [sha256(sbom)]))], {
      listed,
    });
    expect(all.artifact).toMatchObject({
      good: false,
      why: expect.stringContaining("acme does not vouch for"),
    });
    expect(all.signedSbom).toMatchObject({ good: true });
  });

  test.each<[string, () => Parameters<typeof found>]>([
    ["of a key that is not listed", () => [[dsse(statement(plain, [artifact]), stranger.privateKey)]]],
    ["of other bytes", () => [[dsse(statement(plain, [sha256("other")]))]]],
    [
      "of a report about the bytes",
      () => [[dsse(statement("https://cosign.sigstore.dev/attestation/vuln/v1", [artifact]))]],
    ],
    ["whose statement was changed", () => [[tampered(dsse(statement(plain, [sha256("other")])))]]],
    ["for another tree", () => [[dsse(statement(plain, [artifact]))], { tree: "t2" }]],
    [
      "handed in by nobody whom the tenant lists",
      () => [[dsse(statement(plain, [artifact]))], { producers: [] }],
    ],
    ["whose key is listed no more", () => [[dsse(statement(plain, [artifact]))], { listed: [] }]],
    [
      "whose key policy does not take there",
      () => [[dsse(statement(plain, [artifact]))], { signers: ["own"] }],
    ],
  ])("does not count: %s", async (_what, given) => {
    expect((await found(...given())).artifact).toMatchObject({ good: false });
  });

  test("is what it takes where policy takes no other, whatever the tenant's own key signed", async () => {
    const without = await found([], { signers: ["acme"] });
    expect(without.artifact).toMatchObject({
      good: false,
      why: expect.stringContaining("no signature of acme was found"),
    });
    expect(without.provenance).toMatchObject({ status: "Missing" });
  });
});

function tampered(envelope: string): string {
  const document = JSON.parse(envelope);
  return JSON.stringify({
    ...document,
    payload: Buffer.from(statement(plain, [artifact])).toString("base64"),
  });
}

const cosign = findCosign();
describe.skipIf(cosign === undefined)("by cosign itself", () => {
  test("a blob, an attestation and an image's payload count", async () => {
    const env = { ...process.env, COSIGN_PASSWORD: "" };
    const prefix = path.join(folder, "cosign");
    await run(cosign ?? "", ["generate-key-pair", "--output-key-prefix", prefix], { env });
    const write = async (name: string, content: string | Buffer) => {
      await writeFile(path.join(folder, name), content);
      return path.join(folder, name);
    };
    const key = ["--key", `${prefix}.key`, "--tlog-upload=false", "--yes"];
    const bundle = (name: string) => ["--new-bundle-format", "--bundle", path.join(folder, name)];
    await run(cosign ?? "", ["sign-blob", ...key, ...bundle("blob"), await write("SBOM.json", sbom)], {
      env,
    });
    const predicate = await write(
      "predicate",
      JSON.stringify({
        buildDefinition: { buildType: "x", externalParameters: {}, resolvedDependencies: [] },
        runDetails: { builder: { id: "https://ci.acme.example" } },
      }),
    );
    const attest = [
      "attest-blob",
      ...key,
      ...bundle("provenance"),
      "--type",
      "slsaprovenance1",
      "--predicate",
      predicate,
    ];
    await run(cosign ?? "", [...attest, await write("artifact", bytes)], { env });
    const payload = imagePayload(image);
    const raw = path.join(folder, "raw");
    await run(
      cosign ?? "",
      [
        "sign-blob",
        ...key,
        "--new-bundle-format=false",
        "--output-signature",
        raw,
        await write("payload", payload),
      ],
      { env },
    );
    const Base64Signature = (await readFile(raw, "utf8")).trim();
    const texts = await Promise.all(
      ["blob", "provenance"].map((name) => readFile(path.join(folder, name), "utf8")),
    );
    const all = await found(
      [...texts, JSON.stringify({ Payload: payload.toString("base64"), Base64Signature })],
      {
        listed: [{ id: "acme", key: await readFile(`${prefix}.pub`, "utf8") }],
      },
    );
    expect(all).toMatchObject({
      signedSbom: { good: true },
      image: { good: true, by: "signed by acme" },
      provenance: { status: "There", builder: "https://ci.acme.example" },
      artifact: { good: false },
    });
  });
});

test("a signer whom nobody lists, a private key and one that is too weak are refused where they stand", () => {
  const head =
    "id: acme\npeople: [{ id: jane, roles: [StudioAdmin, ProductOwner] }]\nenvironments: [{ id: production }]\n";
  const parse = (more: string) => () => parseTenant(head + more, "tenant.yaml");
  expect(parse("releasePolicy: { tenant: { signers: [acme-ci] } }\n")).toThrow(
    /signers takes "acme-ci", who is none of evidence.signers/,
  );
  const quoted = (key: KeyObject, options: object) =>
    JSON.stringify(key.export({ format: "pem", ...options } as never).toString());
  const weak = generateKeyPairSync("rsa", { modulusLength: 1_024 });
  for (const key of [quoted(acme.privateKey, { type: "pkcs8" }), quoted(weak.publicKey, { type: "spki" })])
    expect(parse(`evidence: { signers: [{ id: acme, key: ${key} }] }\n`)).toThrow(
      /expected a public key in PEM/,
    );
});
