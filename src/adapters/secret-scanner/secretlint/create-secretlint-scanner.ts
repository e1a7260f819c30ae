/** Secretlint's recommended rules, inside this process. `secretlint-disable` comments are honoured. */
import { posix } from "node:path";
import { setImmediate } from "node:timers/promises";
import { lintSource } from "@secretlint/core";
import { creator, rules } from "@secretlint/secretlint-rule-preset-recommend";
import {
  isBinary,
  type ScannedFile,
  type SecretFinding,
  type SecretScanner,
  scannedLength,
} from "../../../ports/secret-scanner.ts";
import { anchorTest } from "./anchors.ts";
import { isExample } from "./is-example.ts";

const config = { rules: [{ id: creator.meta.id, rule: creator }] };
const mayHoldSecret = anchorTest(rules.map((rule) => rule.meta.id));
/** Others get their turn after this much text. */
const turnLength = 1024 * 1024;

/** `ignore` are globs of paths that are not looked at: `test/fixtures/**`. */
export function createSecretlintScanner({ ignore = [] }: { ignore?: readonly string[] } = {}): SecretScanner {
  return {
    async scan(files) {
      const findings: SecretFinding[] = [];
      let sinceTurn = 0;
      for (const file of files) {
        if (ignore.some((glob) => posix.matchesGlob(file.path, glob))) continue;
        findings.push(...(await scanFile(file)));
        sinceTurn += file.text.length;
        if (sinceTurn < turnLength) continue;
        sinceTurn = 0;
        await setImmediate();
      }
      return findings;
    },
  };
}

async function scanFile({ path, text }: ScannedFile): Promise<SecretFinding[]> {
  const content = text.length > scannedLength ? text.slice(0, scannedLength) : text;
  if (isBinary(content) || !mayHoldSecret(content)) return [];
  const { messages } = await lintSource({
    source: { filePath: path, content, contentType: "text", ext: posix.extname(path) },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  const real = messages.filter(({ range }) => !isExample(content.slice(...range)));
  return real.map(({ loc, message, range, ruleId }) => ({
    path,
    line: loc.start.line,
    rule: ruleId.slice(ruleId.lastIndexOf("/") + 1).replace("secretlint-rule-", ""),
    message: `${labelOf(message)} (${beginningOf(content.slice(...range))})`,
  }));
}

/** `found AWS Secret Access Key: ****` without what was found, masked as it is. */
function labelOf(message: string): string {
  const [label = ""] = message.replace(/^found /i, "").split(":", 1);
  return label.trim();
}

const shownLength = 4;
/** Of less than this, four characters would be too much of it. */
const shortest = 20;

function beginningOf(secret: string): string {
  const isOneLine = !secret.includes("\n");
  return isOneLine && secret.length >= shortest ? `${secret.slice(0, shownLength)}...` : "...";
}
