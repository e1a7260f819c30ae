/** What other agents wrote of the same delivery, as far as it is there and in the form that is known. */
import { z } from "zod";
import type { AgentContext } from "../../ports/agent.ts";

const commitMetadata = z.looseObject({
  version: z.string().optional(),
  versionDecision: z
    .looseObject({ bump: z.string(), previous: z.string().nullable(), reasons: z.array(z.string()) })
    .optional(),
});

export interface CommitFacts {
  version?: string;
  decision?: { bump: string; previous: string | null; reasons: string[] };
}

export async function readCommitFacts({ memory }: AgentContext): Promise<CommitFacts> {
  const found = read(commitMetadata, await memory.read("commits", "CommitMetadata.json"));
  const { version, versionDecision: decision } = found ?? {};
  return {
    ...(version !== undefined && { version }),
    ...(decision !== undefined && {
      decision: { bump: decision.bump, previous: decision.previous, reasons: decision.reasons },
    }),
  };
}

const testReport = z.looseObject({
  tree: z.string(),
  coverage: z.looseObject({ percent: z.number() }).optional(),
});

/** Percent of the lines, of exactly this tree; undefined where nothing measured it. */
export async function readCoverage({ memory }: AgentContext, tree: string): Promise<number | undefined> {
  const report = read(testReport, await memory.read("pipelines", "TestReport.json"));
  return report?.tree === tree ? report.coverage?.percent : undefined;
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  text: string | undefined,
): z.output<Schema> | undefined {
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}
