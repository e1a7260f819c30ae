/** A module's generated files on disk, where programs can read them. */
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chartFiles } from "../../../src/domain/pipeline/chart/chart-files.ts";
import { containerFiles } from "../../../src/domain/pipeline/container/container-files.ts";
import type { GenerationSubject } from "../../../src/domain/pipeline/generator.ts";
import { manifestFiles } from "../../../src/domain/pipeline/manifests/manifest-files.ts";

export async function writeModule(subject: GenerationSubject): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "deployables-"));
  for (const generate of [containerFiles, chartFiles, manifestFiles])
    for (const file of generate(subject)?.files ?? []) {
      const target = path.join(folder, file.path);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, file.content);
    }
  return folder;
}
