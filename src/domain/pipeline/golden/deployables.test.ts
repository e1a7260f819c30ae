/**
 * Image, chart and manifests of one module a language, as people reviewed them. A change to a generator shows here as
 * it will show in a thousand repositories: read the difference, then take it with `vitest run --update`.
 */
import { describe, expect, test } from "vitest";
import { type DeployableName, deployable, deployables } from "../../../../test/support/deployables.ts";
import { chartFiles } from "../chart/chart-files.ts";
import { containerFiles } from "../container/container-files.ts";
import { manifestFiles } from "../manifests/manifest-files.ts";

const names = Object.keys(deployables) as DeployableName[];

describe.each(names)("%s", (name) => {
  const subject = deployable(name);
  const files = [containerFiles, chartFiles, manifestFiles].flatMap(
    (generate) => generate(subject)?.files ?? [],
  );

  test.each(files)("$path", async ({ path, content }) => {
    await expect(content).toMatchFileSnapshot(`${name}/${path}`);
  });
});
