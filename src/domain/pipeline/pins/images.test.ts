import { describe, expect, test } from "vitest";
import { imageTable, otherImages } from "./image-table.ts";
import { type ImageRuntime, imageFor, imageVersions, referenceOf } from "./images.ts";

const runtimes = Object.keys(imageTable) as ImageRuntime[];
const roles = ["build", "run"] as const;

test("every image of the table is pinned by a whole digest and says its registry and tag", () => {
  const references = runtimes.flatMap((runtime) =>
    imageVersions[runtime].flatMap((version) =>
      roles.flatMap((role) => [
        imageFor({ runtime, version, role }).reference,
        imageFor({ runtime, version, role, packageManager: "gradle" }).reference,
      ]),
    ),
  );
  for (const reference of [...references, ...Object.values(otherImages).map(referenceOf)])
    expect(reference).toMatch(/^[a-z0-9.-]+\.[a-z]+\/[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
});

test("no two tags share a digest by mistake", () => {
  const images = runtimes.flatMap((runtime) =>
    imageVersions[runtime].flatMap((version) => roles.map((role) => imageFor({ runtime, version, role }))),
  );
  const tags = new Map<string, string>();
  for (const { name, tag, digest } of images) {
    expect(tags.get(digest) ?? `${name}:${tag}`).toBe(`${name}:${tag}`);
    tags.set(digest, `${name}:${tag}`);
  }
});

describe("imageFor", () => {
  function chosen(runtime: ImageRuntime, version: string) {
    const { version: known, note } = imageFor({ runtime, version, role: "build" });
    return { known, note };
  }

  test("takes the version as every language writes it", () => {
    expect(chosen("node", "24.3.1")).toEqual({ known: "24", note: undefined });
    expect(chosen("python", "3.13")).toEqual({ known: "3.13", note: undefined });
    expect(chosen("go", "1.26.2")).toEqual({ known: "1.26", note: undefined });
    expect(chosen("dotnet", "8")).toEqual({ known: "8.0", note: undefined });
    expect(chosen("dotnet", "net10.0")).toEqual({ known: "10.0", note: undefined });
  });

  test("takes the next newer version where one is missing, and says so", () => {
    expect(chosen("node", "20").known).toBe("22");
    expect(chosen("node", "23").known).toBe("24");
    expect(chosen("python", "3.9").known).toBe("3.11");
    expect(chosen("java", "18").known).toBe("21");
    expect(chosen("node", "20").note).toBe("node 20 is no reviewed image; 22 is used instead.");
  });

  test("takes the newest where the version is newer than all, or is none at all", () => {
    expect(chosen("node", "99").known).toBe("24");
    expect(chosen("node", "lts").known).toBe("24");
  });

  test("builds with the tool of the package manager and runs without it", () => {
    const java = (role: "build" | "run", packageManager: "maven" | "gradle") =>
      imageFor({ runtime: "java", version: "21", role, packageManager }).name;
    expect(java("build", "maven")).toBe("docker.io/library/maven");
    expect(java("build", "gradle")).toBe("docker.io/library/gradle");
    expect(java("run", "gradle")).toBe("docker.io/library/eclipse-temurin");
  });
});
