/** The SBOM of exactly this artifact: our own build's, else one of a producer that the tenant lists for SBOMs. */
import { LRUCache } from "lru-cache";
import { sha256 } from "../../domain/canonical-json.ts";
import { counts, producerOf } from "../../domain/evidence/weigh-tests.ts";
import { RefusalError } from "../../domain/refusal.ts";
import type { SbomEvidence } from "../../domain/release/supply-chain-evidence.ts";
import { remember } from "../../domain/remember.ts";
import { type ListedComponent, readSbom } from "../../domain/supply-chain/read-sbom.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { CheckFiles } from "../../ports/file-validator.ts";
import { builtFacts } from "../vouched-for.ts";
import type { Proposal } from "./proposal.ts";

const ownName = "the build";

export async function readSbomEvidence(
  { checkFiles }: { checkFiles: CheckFiles },
  context: AgentContext,
  proposal: Proposal,
): Promise<SbomEvidence> {
  const [built, text] = await Promise.all([
    builtFacts(context, proposal.digests),
    context.memory.read("supply-chain", "SBOM.json"),
  ]);
  if (text !== undefined && built?.sbom !== undefined)
    return await judged(checkFiles, text, { by: ownName, expected: built.sbom });
  const handedIn = await fromOutside(checkFiles, context, proposal);
  if (handedIn !== undefined) return handedIn;
  const why = text === undefined ? "the build wrote none" : "the one that is there is of another build";
  return { status: "Missing", why };
}

async function fromOutside(
  checkFiles: CheckFiles,
  context: AgentContext,
  { digests, tenant }: Proposal,
): Promise<SbomEvidence | undefined> {
  const stated = (await context.events("ScanCompleted")).find(
    ({ data, source }) =>
      data.kind === "cyclonedx" && data.tree === digests.tree && counts(source, "sbom", tenant.evidence),
  );
  const producer = stated === undefined ? undefined : producerOf(stated.source);
  if (stated === undefined || producer === undefined) return undefined;
  const text = await context.memory.read("supply-chain", `evidence/${producer}/bom.cdx.json`);
  if (text === undefined) return undefined;
  return await judged(checkFiles, text, { by: producer, expected: String(stated.data.reportDigest) });
}

async function judged(
  checkFiles: CheckFiles,
  text: string,
  { by, expected }: { by: string; expected: string },
): Promise<SbomEvidence> {
  const digest = digestOfText(text);
  const there = { status: "There" as const, by, digest };
  if (digest !== expected)
    return {
      ...there,
      components: [],
      problem: `it is ${digest.slice(0, 19)}, and ${by} made ${expected.slice(0, 19)}`,
    };
  const { components, problem } = await known.forceFetch(digest, { context: { checkFiles, text } });
  return problem === undefined ? { ...there, components } : { ...there, components: [], problem };
}

/** Lists of a large product have megabytes. */
const digestOfText = remember(sha256, { keyOf: String, kept: 20 });

interface Content {
  components: ListedComponent[];
  problem?: string;
}

/** By digest: the same bytes say the same, and a release is evaluated again and again. What could not be looked at is looked at again. */
const known = new LRUCache<string, Content, { checkFiles: CheckFiles; text: string }>({
  max: 200,
  fetchMethod: (_digest, _before, { context: { checkFiles, text } }) => read(checkFiles, text),
});

async function read(checkFiles: CheckFiles, text: string): Promise<Content> {
  const [wrong] = await checkFiles([{ path: "SBOM.json", content: text }]);
  if (wrong !== undefined)
    return { components: [], problem: `it does not fit CycloneDX's schema: ${wrong.message.slice(0, 200)}` };
  try {
    return { components: readSbom(text) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { components: [], problem: error.refusal.message };
  }
}
