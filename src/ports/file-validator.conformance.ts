/** What every validator of generated files must hold to. */
import { describe, expect, test } from "vitest";
import type { RenderedFile } from "../domain/pipeline/pipeline-model.ts";
import type { FileValidator } from "./file-validator.ts";

/** A file with one fault, and words of the finding that says so. */
export interface KnownBad {
  fault: string;
  file: RenderedFile;
  /** What was generated with it. */
  beside?: RenderedFile[];
  finding: RegExp;
  /** 1-based; where it is not known, none is asked for. */
  line?: number;
}

export function fileValidatorConformance(
  validator: FileValidator,
  { good, bad }: { good: RenderedFile[][]; bad: KnownBad[] },
): void {
  const judged = good.flatMap((files) =>
    files.filter(({ path }) => validator.validates(path)).map((file) => ({ file, files })),
  );

  test("has nothing against files that are right", async () => {
    expect(judged.length).toBeGreaterThan(0);
    for (const { file, files } of judged) expect(await validator.check(file, files)).toEqual([]);
  });

  test("leaves alone what is not of its kind", () => {
    for (const path of ["src/index.ts", "Dockerfile", "README.md", "package.json"])
      expect(validator.validates(path)).toBe(false);
  });

  describe("finds", () => {
    test.each(bad)("$fault", async ({ file, beside = [], finding, line }) => {
      expect(validator.validates(file.path)).toBe(true);
      const found = await validator.check(file, [file, ...beside]);
      const match = found.find(({ message, rule }) => finding.test(`${rule}: ${message}`));
      expect(match, JSON.stringify(found)).toMatchObject({ path: file.path, severity: "error" });
      expect(match?.suggestion).toMatch(/^[A-Z].{10,}\.$/s);
      if (line !== undefined) expect(match?.line).toBe(line);
      expect(await validator.check({ ...file }, [file, ...beside])).toEqual(found);
    });
  });
}
