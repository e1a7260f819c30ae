/** Sources of machines that end their lines with CR and LF are recognised as the same modules. */
import { expect, test } from "vitest";
import { inferModule } from "../../../src/domain/module/infer-module.ts";
import { corpus } from "../corpus/corpus.ts";
import { examples } from "../runner/examples.ts";

const shapes = corpus
  .flatMap(({ modules }) => modules)
  .flatMap((module) =>
    module.origin.registry === "none" && !("refused" in module)
      ? [{ name: module.name, files: module.origin.files }]
      : [],
  );

test.each([...examples, ...shapes].map(({ name, files }) => ({ name, files })))(
  "$name with CRLF is what it is with LF",
  ({ files }) => {
    const recognised = (of: Record<string, string>) =>
      inferModule({ files: of, paths: Object.keys(of), folderName: "bakery" });
    const foreign = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replaceAll(/\r?\n/g, "\r\n")]),
    );
    expect(recognised(foreign)).toEqual(recognised(files));
  },
);
