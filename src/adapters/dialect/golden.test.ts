/** The files as people read them. After a change: `npx vitest run src/adapters/dialect/golden.test.ts --update`, and read the diff. */
import { expect, test } from "vitest";
import { samplePipelineModelOf, sampleRuntimes } from "../../../test/support/pipeline-model.ts";
import { dialects } from "./index.ts";

for (const runtime of sampleRuntimes)
  for (const folder of ["", "services/booking"])
    for (const dialect of dialects) {
      const shape = folder === "" ? "repository" : "monorepo";
      test(`${dialect.name} for ${runtime} in a ${shape} is as it was reviewed`, async () => {
        for (const { path, content } of dialect.render(samplePipelineModelOf(runtime, { folder })))
          await expect(content).toMatchFileSnapshot(`golden/${runtime}-${shape}/${path}`);
      });
    }
