/**
 * `node src/audit-verify.ts <archive> [--trust ...] [--checkpoint ...] [--json]`: the verification alone, for a machine
 * on which nothing of the product runs. It loads the domain and three libraries, and no adapter.
 */
import { parseArgs } from "node:util";
import { type VerifyFlags, verifyFile } from "./cli/audit/verify-file.ts";
import { RefusalError } from "./domain/refusal.ts";

const usage = "usage: node src/audit-verify.ts <archive> [--trust <keys>] [--checkpoint <file>] [--json]";

process.exitCode = await run().catch((error: Error) => {
  console.error(
    error instanceof RefusalError ? `error ${error.message}` : `error: ${error.message}\n${usage}`,
  );
  return 2;
});

async function run(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { trust: { type: "string" }, checkpoint: { type: "string" }, json: { type: "boolean" } },
  });
  const [archive, ...more] = positionals;
  if (archive === undefined || more.length > 0) throw new Error("expected one archive");
  const { exitCode, json, lines } = await verifyFile(process.cwd(), archive, values as VerifyFlags);
  console.log(values.json === true ? JSON.stringify(json, null, 2) : lines.join("\n"));
  return exitCode;
}
