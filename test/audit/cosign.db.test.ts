/** What is signed here is verified by the field's own programs, with the public key alone. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { predicateTypes, type StatementKind } from "../../src/domain/audit/statements.ts";
import { findCosign } from "../support/cosign.ts";
import type { TestSystem } from "../support/system.ts";
import { deliverToProduction, type Entry, entriesOf, exported } from "./trace-archive.ts";

const run = promisify(execFile);
const cosign = findCosign();
const why =
  cosign === undefined
    ? ": it is not there (go install github.com/sigstore/cosign/v2/cmd/cosign@latest)"
    : "";

describe.skipIf(cosign === undefined)(`cosign${why}`, () => {
  let world: TestSystem;
  let folder: string;
  let statements: Entry[];
  let key: string;
  let manifest: Buffer;

  beforeAll(async () => {
    const delivered = await deliverToProduction();
    world = delivered.world;
    folder = await mkdtemp(path.join(os.tmpdir(), "cosign-"));
    const entries = await entriesOf(await exported(world, delivered.subject));
    manifest = entries[0]?.content ?? Buffer.alloc(0);
    statements = entries.filter(({ name }) => name.endsWith(".sigstore.json"));
    // Keys alone vouch for it: of services that log or certify, none is trusted or asked.
    await writeFile(
      path.join(folder, "trusted-root.json"),
      JSON.stringify({ mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1" }),
    );
    key = path.join(folder, "key.pem");
    await writeFile(key, (await world.system.signer.keys(delivered.subject.tenantId))[0]?.publicKey ?? "");
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("verifies every kind of statement, and the manifest", async () => {
    expect(statements.length).toBeGreaterThanOrEqual(7);
    for (const { name, content } of statements) {
      const { stderr } = await verify(content, typeOf(name));
      expect(stderr, name).toContain("Verified OK");
    }
  });

  test("verifies that the archive's signature is for the manifest as it stands, and for no other", async () => {
    const [bundle] = statements;
    const content = bundle?.content ?? Buffer.alloc(0);
    const about = await writeManifest(manifest);
    const { stderr } = await verify(content, typeOf(""), { about });
    expect(stderr).toContain("Verified OK");
    await expect(
      verify(content, typeOf(""), { about: await writeManifest(Buffer.from("{}")) }),
    ).rejects.toThrow();
    await expect(
      verify(content, predicateTypes.approval, { about: await writeManifest(manifest) }),
    ).rejects.toThrow();
  });

  test("refuses one that was changed, and another key", async () => {
    const [first] = statements.filter(({ name }) => name.includes("approval"));
    const type = predicateTypes.approval;
    const bundle = JSON.parse(String(first?.content));
    const payload = Buffer.from(bundle.dsseEnvelope.payload, "base64")
      .toString()
      .replace("connectsoft.io", "connectsoft.oi");
    bundle.dsseEnvelope.payload = Buffer.from(payload).toString("base64");
    await expect(verify(Buffer.from(JSON.stringify(bundle)), type)).rejects.toThrow(/signature/);
    const stranger = path.join(folder, "stranger.pem");
    await world.system.signer.sign("another", Buffer.from("x"));
    await writeFile(stranger, (await world.system.signer.keys("another"))[0]?.publicKey ?? "");
    await expect(verify(first?.content ?? Buffer.alloc(0), type, { by: stranger })).rejects.toThrow();
  });

  async function writeManifest(content: Buffer): Promise<string> {
    const file = path.join(folder, "manifest.json");
    await writeFile(file, content);
    return file;
  }

  /** `about`: the file that the statement must be about; otherwise the signature alone is looked at. */
  async function verify(
    content: Buffer,
    type: string,
    { by = key, about }: { by?: string; about?: string } = {},
  ) {
    const file = path.join(folder, "statement.sigstore.json");
    await writeFile(file, content);
    const claims = about === undefined ? ["--check-claims=false"] : [];
    const flags = ["--new-bundle-format", "--insecure-ignore-tlog", ...claims];
    return await run(cosign ?? "", [
      ...[
        "verify-blob-attestation",
        ...flags,
        "--trusted-root",
        path.join(folder, "trusted-root.json"),
        "--key",
        by,
        "--bundle",
        file,
        "--type",
        type,
      ],
      about ?? file,
    ]);
  }
});

function typeOf(name: string): string {
  const kind = /\d-([a-z-]+)\.sigstore\.json$/.exec(name)?.[1] as StatementKind | undefined;
  return kind === undefined ? "https://connectsoft.io/delivery/audit-archive/v1" : predicateTypes[kind];
}
