/** `studio override-cve`: a SecurityReviewer lets named advisories pass on a release, with a reason and for a while. */
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import { momentText } from "../../domain/time-text.ts";
import type { CveOverrideAnswer } from "../../operations/vulnerabilities/override-cve.ts";
import type { ReleaseFindings } from "../../operations/vulnerabilities/show-findings.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";

interface Flags {
  cve?: string[];
  reason?: string;
  expires: string;
  wholeVersion?: boolean;
  yes?: boolean;
  json?: boolean;
  data?: string;
}

export function addOverrideCve(program: Command, cli: Cli): void {
  program
    .command("override-cve <release>")
    .description("let named advisories pass on a release; without --cve it shows what was found")
    .option("--cve <id...>", "which: CVE-2025-12345, or the advisory's own id")
    .option("--reason <text>", "why it does no harm here, and what follows")
    .option("--expires <duration>", "how long it counts, from now on", "30d")
    .option("--whole-version", "for every release of this version, not for this one alone")
    .option("--yes", "do not ask")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action((release: string, flags: Flags) => override(cli, release, flags));
}

async function override(cli: Cli, release: string, flags: Flags): Promise<void> {
  const { cve, reason, expires } = flags;
  if (cve !== undefined && reason === undefined)
    throw refuse(
      "JustificationMissing",
      `Nothing passes on ${release} without a reason.`,
      `Say why it does no harm here: studio override-cve ${release} --cve ${cve[0]} --reason "..."`,
    );
  const client = await connect(cli, flags);
  const address = `/releases/${encodeURIComponent(release)}`;
  if (flags.json !== true || cve === undefined) {
    const found = await client.get<ReleaseFindings>(`${address}/findings`);
    if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
    else for (const line of [...describeFindings(found), ...describeUnseen(found, cve)]) cli.out(line);
    if (cve === undefined) return;
    if (!(await agreed(cli, flags, cve))) return cli.out("Nothing was done.");
  }
  const answer = await client.send<CveOverrideAnswer>("POST", `${address}/override-cve`, {
    ...{ cves: cve, reason, expires },
    ...(flags.wholeVersion === true && { wholeVersion: true }),
  });
  if (flags.json === true) return cli.out(JSON.stringify(answer));
  const then = answer.evaluated ? "it is evaluated again" : "the next evaluation counts it";
  cli.out(`${answer.cves.join(", ")} passes on ${release} until ${momentText(answer.expiresAt)}; ${then}.`);
}

function describeFindings({
  releaseId,
  version,
  environment,
  scan,
  later,
  overrides,
}: ReleaseFindings): string[] {
  const said = scan?.refusal === undefined ? scan?.evidence : `${scan.refusal.code}: ${scan.refusal.message}`;
  return [
    `${releaseId}, version ${version}, to ${environment}`,
    `  scan ${scan?.status ?? "was not asked yet"}${said === undefined ? "" : `: ${said}`}`,
    ...(scan?.findings ?? []).map((one) => `    ${one}`),
    ...(later === null ? [] : [`  known since ${momentText(later.at)} (${later.source}):`]),
    ...(later?.findings ?? []).map((one) => `    ${one}`),
    ...overrides.map(
      ({ cves, by, expiresAt, reason }) =>
        `  overridden: ${cves.join(", ")} by ${by} until ${momentText(expiresAt)}: ${reason}`,
    ),
  ];
}

/** A name that is written wrong lets nothing pass. */
function describeUnseen({ scan, later }: ReleaseFindings, cves: string[] = []): string[] {
  const found = [...(scan?.findings ?? []), ...(later?.findings ?? [])];
  const said = [scan?.evidence, scan?.refusal?.message, ...found].join(" ");
  const unseen = cves.filter((name) => !said.includes(name));
  return unseen.length === 0
    ? []
    : [`  ${unseen.join(", ")}: not among what was found; it counts where it is found later`];
}

async function agreed(cli: Cli, { yes, expires, wholeVersion }: Flags, cves: string[]): Promise<boolean> {
  if (!cli.interactive || yes === true) return true;
  const { confirm } = await import("@inquirer/prompts");
  const where = wholeVersion === true ? "every release of this version" : "this release";
  return await confirm({
    message: `Let ${cves.join(", ")} pass on ${where} for ${expires}?`,
    default: false,
  });
}
