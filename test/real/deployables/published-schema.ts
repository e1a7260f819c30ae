/** The schema as Kubernetes publishes it, from its Go module. Undefined where there is no Go, or no module proxy. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { kubernetesVersion, type strictSchema } from "./kubernetes-schema.ts";

type Published = Parameters<typeof strictSchema>[0];

export const shippedSchema = new URL(
  "../../../src/adapters/validator/kubernetes/kubernetes-schema.json",
  import.meta.url,
);

export async function publishedSchema(): Promise<Published | undefined> {
  try {
    const { stdout } = await promisify(execFile)(
      "go",
      ["mod", "download", "-json", `k8s.io/kubernetes@v${kubernetesVersion}`],
      { cwd: tmpdir(), maxBuffer: 1 << 20 },
    );
    const { Dir: folder } = JSON.parse(stdout) as { Dir: string };
    return JSON.parse(
      await readFile(path.join(folder, "api/openapi-spec/swagger.json"), "utf8"),
    ) as Published;
  } catch {
    return undefined;
  }
}
