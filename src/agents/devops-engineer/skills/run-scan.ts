/**
 * Scans the head that was tested: secrets in its files, licences of what was resolved, known vulnerabilities as
 * far as somebody here can be asked. What was not scanned is said, and is no zero. A repeated attempt scans again.
 */
import { matchesGlob } from "node:path";
import { digestOf } from "../../../domain/canonical-json.ts";
import { countSeverities, type Severity } from "../../../domain/evidence/findings.ts";
import { type JsonObject, plainJson } from "../../../domain/json.ts";
import { licencesOf, readSbom } from "../../../domain/supply-chain/read-sbom.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import { notWhollyScanned, type SecretFinding } from "../../../ports/secret-scanner.ts";
import type { VulnerabilityReport } from "../../../ports/vulnerability-scanner.ts";
import type { DevOpsEngineerPorts } from "../ports.ts";
import { type Head, pullRequestHead } from "../pull-request-head.ts";
import { updateSnapshot } from "../update-snapshot.ts";

const producer = "connectsoft-local-runner";
/** Files in memory at once. */
const batch = 200;
const mostListed = 100;
const mostAdvisories = 500;

interface SecretScan {
  files: number;
  findings: SecretFinding[];
  notScanned: { path: string; why: string }[];
}

export function createRunScan(ports: DevOpsEngineerPorts): Skill {
  const { sourceControl, tenants, vulnerabilityScanner } = ports;
  return async function runScan(context) {
    const { handOver, invocation, memory, signal } = context;
    const head = await pullRequestHead(sourceControl, context);
    const { secretScanIgnores } = (await tenants.get(invocation.tenantId)).commits;
    const paths = (await pathsOfModule()).filter(
      (path) => !secretScanIgnores.some((glob) => matchesGlob(path, glob)),
    );
    const secrets = await scanSecrets(paths);
    context.progress(`looked for secrets in ${secrets.files} files`);
    const vulnerabilities = await vulnerabilityScanner.scan({
      module: handOver.module,
      files: await manifests(),
      signal,
    });
    signal.throwIfAborted();
    const sbom = await memory.read("supply-chain", "SBOM.json");
    return report(context, head, { secrets, vulnerabilities, components: componentsIn(sbom) });

    async function pathsOfModule(): Promise<string[]> {
      const all = await sourceControl.listFiles(handOver.repository, head.commit);
      return handOver.folder === "" ? all : all.filter((path) => path.startsWith(`${handOver.folder}/`));
    }

    async function scanSecrets(scanned: string[]): Promise<SecretScan> {
      const found: SecretScan = { files: scanned.length, findings: [], notScanned: [] };
      for (let at = 0; at < scanned.length; at += batch) {
        signal.throwIfAborted();
        const part = scanned.slice(at, at + batch);
        const texts = await sourceControl.readFiles(handOver.repository, head.commit, part);
        const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
        found.findings.push(...(await ports.secretScanner.scan(files)));
        found.notScanned.push(...notWhollyScanned(files));
      }
      return found;
    }

    async function manifests(): Promise<Record<string, string>> {
      const { folder, module } = handOver;
      const prefix = folder === "" ? "" : `${folder}/`;
      const names = module.manifestFiles ?? ["package.json", "package-lock.json"];
      const files = await sourceControl.readFiles(
        handOver.repository,
        head.commit,
        names.map((name) => prefix + name),
      );
      return Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path.slice(prefix.length), text]),
      );
    }
  };
}

type Components =
  | { status: "Listed"; count: number; licences: Record<string, number> }
  | { status: "NotListed"; reason: string };

function componentsIn(sbom: string | undefined): Components {
  if (sbom === undefined) return { status: "NotListed", reason: "no SBOM was written for this build" };
  const count = readSbom(sbom).filter(({ scope }) => scope !== "excluded").length;
  const licences = licencesOf(sbom).map(({ licence, components }) => [licence, components.length] as const);
  return { status: "Listed", count, licences: Object.fromEntries(licences) };
}

async function report(
  context: AgentContext,
  head: Head,
  found: { secrets: SecretScan; vulnerabilities: VulnerabilityReport; components: Components },
): Promise<AgentOutcome> {
  const { secrets, vulnerabilities, components } = found;
  const status = secrets.findings.length === 0 ? "Success" : "Failed";
  const document = {
    stage: "scan",
    status,
    ...head,
    producer,
    secrets: {
      ...secrets,
      findings: secrets.findings.slice(0, mostListed),
      found: secrets.findings.length,
      notScanned: secrets.notScanned.slice(0, mostListed),
    },
    components,
    vulnerabilities,
  };
  context.memory.write("pipelines", "ScanReport.json", `${JSON.stringify(document, null, 2)}\n`);
  const known: Severity[] =
    vulnerabilities.status === "Scanned" ? vulnerabilities.findings.map(({ severity }) => severity) : [];
  const data: JsonObject = {
    ...head,
    reportDigest: digestOf(plainJson(document)),
    producer,
    findings: { ...countSeverities([...known, ...secrets.findings.map(() => "critical" as const)]) },
    vulnerabilities: vulnerabilities.status,
    advisories: advisoriesOf(vulnerabilities),
    secrets: secrets.findings.length,
  };
  await updateSnapshot(context, "scan", { status, ...head, vulnerabilities: vulnerabilities.status });
  const emits = [{ name: "ScanCompleted" as const, data }];
  if (status === "Success") return { status, summary: summaryOf(vulnerabilities), emits };
  const [first] = secrets.findings;
  return {
    status,
    retryable: false,
    refusal: {
      code: "ScanFailed",
      message: `${context.invocation.moduleId} holds ${secrets.findings.length} secrets at ${head.commit.slice(0, 12)}: ${first?.path}:${first?.line} ${first?.message}.`,
      next: "Take them out, revoke them, and hand the module over again; or name test data under commits.secretScanIgnores in tenant.yaml.",
    },
    emits,
  };
}

/** By the name that people know it by, where the address of the advisory has one. */
function advisoriesOf(vulnerabilities: VulnerabilityReport): JsonObject[] {
  if (vulnerabilities.status !== "Scanned") return [];
  return vulnerabilities.findings.slice(0, mostAdvisories).map(({ id, package: of, severity }) => ({
    id: /(GHSA|CVE)-[0-9A-Za-z-]+/.exec(id)?.[0] ?? id,
    package: of,
    severity,
  }));
}

function summaryOf(vulnerabilities: VulnerabilityReport): string {
  if (vulnerabilities.status === "NotScanned")
    return `no secrets; vulnerabilities not scanned: ${vulnerabilities.reason}`;
  return `no secrets; ${vulnerabilities.findings.length} known vulnerabilities`;
}
