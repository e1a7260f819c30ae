import { expect, test } from "vitest";
import { readYaml } from "../flow/read-yaml.ts";
import { placeInYaml } from "./place-in-yaml.ts";

test.each([
  [
    "policies:\n  - cedar: |\n      permit (\n        wrong\n",
    { line: 2, column: 3 },
    { line: 4, column: 9 },
  ],
  [
    "policies:\n  - cedar: |\n\n      permit (\n        wrong\n",
    { line: 3, column: 3 },
    { line: 5, column: 9 },
  ],
  ["policies:\n  - cedar: permit wrong\n", { line: 1, column: 8 }, { line: 2, column: 19 }],
  ["policies:\n  - cedar: 'permit wrong'\n", { line: 1, column: 8 }, { line: 2, column: 20 }],
  ['policies:\n  - cedar: "permit\\nwrong"\n', { line: 2, column: 1 }, { line: 2, column: 12 }],
])("a place in the scalar of %j is found in the file", (file, within, place) => {
  const source = readYaml(file, () => {});
  const start = source?.valueAt(["policies", 0, "cedar"]) ?? { line: 0, column: 0 };
  expect(placeInYaml(file, start, within)).toEqual(place);
});
