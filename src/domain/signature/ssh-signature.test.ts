import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fingerprintOf, isSshEd25519Key, verifySshSignature } from "./ssh-signature.ts";

const namespace = "connectsoft-approval";
const message = Buffer.from("release-000007 is approved\n");
let folder: string;
let key: string;
let other: string;
let signature: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "ssh-signature-"));
  [key, other] = ["mine", "other"].map((name) => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path.join(folder, name)]);
    return readFileSync(path.join(folder, `${name}.pub`), "utf8");
  }) as [string, string];
  signature = sign("mine", namespace);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sign(name: string, inNamespace: string): string {
  const args = ["-Y", "sign", "-q", "-n", inNamespace, "-f", path.join(folder, name)];
  return execFileSync("ssh-keygen", args, { input: message, stdio: ["pipe", "pipe", "ignore"] }).toString();
}

describe("a signature that ssh-keygen made", () => {
  it("is good for what was signed, by one of the keys, and names the key as ssh-keygen does", () => {
    const verdict = verifySshSignature({ message, namespace, signature }, [other, key]);
    const printed = execFileSync("ssh-keygen", ["-l", "-f", path.join(folder, "mine.pub")]).toString();
    expect(verdict).toEqual({ good: true, fingerprint: printed.split(" ")[1] });
    expect(fingerprintOf(key)).toBe(printed.split(" ")[1]);
  });

  it.each([
    ["other words", () => ({ message: Buffer.from("release-000008 is approved\n") }), "does not fit"],
    ["another namespace", () => ({ signature: sign("mine", "git") }), 'is for "git"'],
    ["a key that is not theirs", () => ({ signature: sign("other", namespace) }), "no key of theirs"],
    ["something else", () => ({ signature: "-----BEGIN PGP SIGNATURE-----" }), "is no SSH signature"],
    ["nothing", () => ({ signature: "" }), "is no SSH signature"],
  ])("is not good with %s", (_what, change, why) => {
    expect(verifySshSignature({ message, namespace, signature, ...change() }, [key])).toEqual({
      good: false,
      why: expect.stringContaining(why),
    });
  });

  it("is not good with any bit of it turned", () => {
    const body = Buffer.from(signature.split("\n").slice(1, -2).join(""), "base64");
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const turned = Buffer.from(body);
        turned[at] = (turned[at] ?? 0) ^ (1 << bit);
        const armored = `-----BEGIN SSH SIGNATURE-----\n${turned.toString("base64")}\n-----END SSH SIGNATURE-----\n`;
        expect(verifySshSignature({ message, namespace, signature: armored }, [key]).good).toBe(false);
      }),
    );
  });

  it("says no to whatever is sent, and never throws", () => {
    const armor = (inner: string) => `-----BEGIN SSH SIGNATURE-----\n${inner}\n-----END SSH SIGNATURE-----\n`;
    const anything = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => armor(Buffer.from(bytes).toString("base64"))),
      fc
        .uint8Array({ maxLength: 300 })
        .map((bytes) => armor(Buffer.concat([Buffer.from("SSHSIG\0\0\0\u0001"), bytes]).toString("base64"))),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(verifySshSignature({ message, namespace, signature: text }, [key]).good).toBe(false);
      }),
    );
  });
});

it("takes Ed25519 keys alone, and whole", () => {
  expect(isSshEd25519Key(key)).toBe(true);
  for (const wrong of [
    "",
    "ssh-ed25519",
    "ssh-ed25519 AAAA",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==",
    key.slice(0, 40),
  ])
    expect(isSshEd25519Key(wrong), wrong).toBe(false);
});
