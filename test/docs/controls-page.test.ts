/** docs/reference/controls.md names a test for each control; a test that is renamed or gone fails here. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readPage, rowsOf } from "./read-page.ts";

const proofs = rowsOf(readPage("reference/controls.md")).map(([control = "", , proof = ""]) => ({
  control,
  proof,
}));

test("the page has its rows", () => {
  expect(proofs.length).toBeGreaterThan(40);
});

/** What a hostile caller, author or operator may try that is to be refused by name. */
const attacks = [
  ...[
    "wrong role",
    "wrong tenant",
    "expired token",
    "replayed token",
    "forged token",
    "token of a removed person",
  ],
  ...["expired approval", "replayed approval", "forged approval", "contradicts itself or locks everyone out"],
  ...[
    "freeze in the past",
    "clock that is turned back",
    "event injected by SQL",
    "agent that asks for approval rights",
  ],
  ...[
    "prompt in a commit message",
    "path that leads out",
    "Markdown in a comment",
    "escape codes in a comment",
  ],
  "comment of 10 MB",
];

test.each(attacks)("an attack has its proof: %s", (attack) => {
  const listed = proofs.filter(({ control, proof }) => control.includes(attack) && proof !== "");
  expect(listed.length).toBeGreaterThan(0);
});

/** The tables that the product promises, row by row: what of the page answers each. */
const promised: Record<string, [row: string, ...controls: string[]][]> = {
  "security of each agent": [
    ["Code Committer: messages, scope, rights", "Commits: form", "Commits: scope", "Repositories: who may"],
    ["Pull Request Creator: branch, changelog", "branch that policy names", "Pull requests: changelog"],
    ["DevOps Engineer: vault, structure", "Pipelines: secrets", "Pipelines: structure"],
    ["Cloud Provisioner: scope, signed plans", "by tenant and environment", "Provisioning: signed plans"],
    ["Release Manager: roles, reasons", "Releases: who may approve", "Releases: reasons"],
    ["Orchestrator: namespaces, manifests, images", "authorised namespaces", "manifests", "signed artifacts"],
  ],
  "enforced roles": [
    ["approve production", "Approve a release to production"],
    ["provision shared resources", "Provision shared resources"],
    ["trigger a rollback", "Trigger a rollback"],
    ["override a freeze", "Override a freeze"],
  ],
  "secrets and vaults": [
    ["injection at deployment", "Given at deployment"],
    ["scope", "Scope: tenant, environment, module"],
    ["missing or invalid", "A missing one", "marked as another's"],
    ["init container or CSI driver", "On Kubernetes"],
  ],
  "signed artifacts": [
    ["images", "Images", "The image that was approved"],
    ["commits", "Commits and tags"],
    ["SBOM", "SBOM, where policy asks"],
  ],
  "security failures": [
    ["unauthorised namespace", "A namespace that is not allowed"],
    ["vault reference", "A secret that is missing"],
    ["wrong role", "A vote by the wrong role"],
    ["scan failed", "A scan that failed"],
    ["freeze override without scope", "A freeze override by somebody who may not"],
  ],
  "escalation triggers": [
    ["manual sign-off", "Production needs a sign-off"],
    ["freeze", "A freeze"],
    ["CVE warning", "A scan with warnings"],
    ["failure with rollback disabled", "A failed deployment where policy does not let"],
    ["pipeline build failed", "A build that fails"],
  ],
  "escalation roles": [
    ["ProductOwner", "Approve a release to production"],
    ["ReleaseManager", "Reject, delay or escalate"],
    ["DevOpsEngineer", "Comment, or retry a build"],
    ["StudioAdmin", "Override a freeze", "Lift a restriction on rollbacks"],
  ],
  "recovery triggers": [
    ["health checks", "Probes fail"],
    ["startup timeout", "A start that takes too long"],
    ["manual rollback", "A person rolls back"],
    ["approval invalid after the fact", "A release that is revoked", "Approval that does not hold"],
    ["crash loop", "A crash loop"],
  ],
  "compliance triggers": [
    ["tenant, environment", "module or trace in tenant.yaml"],
    ["blueprint", "the module's own flag"],
    ["Studio toggle", "by a StudioAdmin; off by two people"],
  ],
  "agents in compliance mode": [
    ["commits", "Signed commits, form of messages"],
    ["branch policy", "Branch, a way back, two people"],
    ["signed pipelines and artifacts", "Signed pipeline files, artifacts, SBOM"],
    ["names, vault, encryption", "Names, vault scope and encryption", "Encrypted at rest"],
    ["approvers, delay, reasons", "Branch, a way back, two people", "Minimum delay of", "Reasons"],
    ["images, SBOM, rollback plan", "Images", "A valid SBOM", "A way back before"],
  ],
  "compliance artifacts, controls and logs": [
    ["required artifacts", "Required artifacts"],
    ["freeze, delay, justification", "Freezes", "Minimum delay", "Reasons"],
    ["immutable logs", "Artifacts locked", "Records that cannot be changed unseen"],
    ["audit export", "Export for auditors"],
    ["timeline, logs", "Timeline marks", "Log fields"],
    ["metrics", "Metrics"],
    ["memory", "Sealed copies"],
  ],
};

test.each(Object.entries(promised).flatMap(([table, rows]) => rows.map((row) => [table, ...row] as const)))(
  "%s: %s has its proof",
  (_table, _row, ...controls) => {
    const missing = controls.filter(
      (part) => !proofs.some(({ control, proof }) => control.includes(part) && proof !== ""),
    );
    expect(missing).toEqual([]);
  },
);

test.each(proofs)("$control: its proof is there", ({ proof }) => {
  const [, file = "", title = ""] = /^`([^`]+)` "(.+)"$/.exec(proof) ?? [];
  expect(file, proof).toMatch(/\.(test|conformance|real)\.ts$/);
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  expect(
    titlesIn(text).some((one) => one.includes(title)),
    `${file} has no test "${title}"`,
  ).toBe(true);
});

test("every control has its proof", () => {
  expect(proofs.filter(({ proof }) => proof === "")).toEqual([]);
});

/** What tests are called: the first text of each, and of each row of a table of tests. */
function titlesIn(text: string): string[] {
  const code = text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, "");
  const openings =
    /(?:\b(?:test|it|describe)\b[^"'`]*?\(|\)\(|[[(]|\bwhat:|^)\s*(?:"([^"\n]*)"|`([^`]*)`)\s*,/gm;
  return [...code.matchAll(openings)].map(([, quoted, template]) => quoted ?? template ?? "");
}
