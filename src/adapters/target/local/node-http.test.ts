import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test.each(["./router/main.ts", "./supervisor/main.ts"])(
  "%s does not load an HTTP client besides",
  async (entry) => {
    const url = new URL(entry, import.meta.url).href;
    const program = `await import(${JSON.stringify(url)}); console.log(process.moduleLoadList.join("\\n"));`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
    const loaded = stdout.split("\n");
    expect(loaded).toContain("NativeModule http");
    expect(loaded).not.toContain("NativeModule internal/deps/undici/undici");
  },
);
