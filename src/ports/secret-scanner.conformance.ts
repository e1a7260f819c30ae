/** What every secret scanner does. Secrets are put together while it runs, so that this file holds none. */
import { generateKeyPairSync, hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { notWhollyScanned, type SecretScanner, scannedLength } from "./secret-scanner.ts";

export function secretScannerConformance(
  name: string,
  create: (options?: { ignore?: string[] }) => SecretScanner,
): void {
  describe(`${name} as a secret scanner`, () => {
    const scanner = create();

    test.each(secrets())(
      "finds %s and does not repeat it",
      async (_name, { secret, text, path = "src/a.js" }) => {
        const findings = await scanner.scan([{ path, text: `first line\n${text}\nlast line\n` }]);
        const atFirst = await scanner.scan([{ path, text }]);
        const found = path.endsWith(".json") ? atFirst : findings;
        expect(found.length).toBeGreaterThan(0);
        const line = path.endsWith(".json") ? 1 : 2;
        expect(found[0]).toMatchObject({ path, line });
        expect(found[0]?.rule).toMatch(/^[a-z0-9-]+$/);
        for (const { message } of found) expect(message).not.toContain(secret.slice(0, 5));
      },
    );

    test("finds a secret in the midst of many files, and names the file", async () => {
      const files = Array.from({ length: 500 }, (_, index) => ({
        path: `src/${index}.js`,
        text: "const a = 1;\n",
      }));
      const bad = { path: "src/bad.js", text: `const token = "${githubToken()}";\n` };
      const found = await scanner.scan([...files, bad, ...files]);
      expect(found.map(({ path, line }) => ({ path, line }))).toEqual([{ path: "src/bad.js", line: 1 }]);
    });

    test("says the same each time", async () => {
      const files = secrets().map(([path, { text }]) => ({ path, text }));
      expect(await scanner.scan(files)).toEqual(await scanner.scan(files));
    });

    test("leaves alone what a comment of the file itself excuses, and only that", async () => {
      const line = `const token = "${githubToken()}";`;
      const excused = `// secretlint-disable-next-line\n${line}\n`;
      expect(await scanner.scan([{ path: "a.js", text: excused }])).toEqual([]);
      expect(await scanner.scan([{ path: "a.js", text: `${excused}${line}\n` }])).toHaveLength(1);
    });

    test("leaves alone the paths that it was told to", async () => {
      const files = ["test/fixtures/deep/a.js", "src/a.js"].map((path) => ({ path, text: githubToken() }));
      const found = await create({ ignore: ["test/fixtures/**"] }).scan(files);
      expect(found.map(({ path }) => path)).toEqual(["src/a.js"]);
    });

    test("looks at the beginning of a long text, leaves binary alone, and says both", async () => {
      const filler = "a\n".repeat(scannedLength / 2);
      const files = [
        { path: "begins.txt", text: `${githubToken()}\n${filler}` },
        { path: "ends.txt", text: `${filler}${githubToken()}\n` },
        { path: "image.png", text: `\0PNG ${githubToken()}` },
      ];
      expect((await scanner.scan(files)).map(({ path }) => path)).toEqual(["begins.txt"]);
      expect(notWhollyScanned(files).map(({ path }) => path)).toEqual([
        "begins.txt",
        "ends.txt",
        "image.png",
      ]);
      expect(notWhollyScanned([{ path: "a.txt", text: "short" }])).toEqual([]);
    });

    test("takes no placeholder for a secret", async () => {
      const text = [
        "postgres://user:password@localhost/db",
        `https://${"$"}{USER}:${"$"}{PASSWORD}@example.com`,
        "AWS_SECRET_ACCESS_KEY=your-secret-here",
        "GITHUB_TOKEN=ghp_xxxx",
        `//registry.npmjs.org/:_authToken=${"$"}{NPM_TOKEN}`,
      ].join("\n");
      expect(await scanner.scan([{ path: "README.md", text }])).toEqual([]);
    });
  });
}

interface Sample {
  secret: string;
  text: string;
  path?: string;
}

function secrets(): [string, Sample][] {
  const aws = letters(40);
  const github = githubToken();
  const fineGrained = `github${"_pat_"}${letters(82)}`;
  const npm = `npm${"_"}${letters(36)}`;
  const registry = letters(36);
  const slack = ["xoxb", "1".repeat(12), "2".repeat(12), letters(24)].join("-");
  const openai = `sk${"-"}${letters(20)}${"T3Blbk"}FJ${letters(20)}`;
  const anthropic = `sk${"-ant-"}api03-${letters(93)}AA`;
  const gitlab = `glpat${"-"}${letters(20)}`;
  const password = letters(16);
  const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
    type: "pkcs1",
    format: "pem",
  });
  const key = String(pem);
  const account = { type: "service_account", private_key_id: letters(40).toLowerCase(), private_key: key };
  return [
    ["an AWS secret access key", { secret: aws, text: `AWS_SECRET_ACCESS_KEY=${aws}` }],
    ["a GitHub token", { secret: github, text: `token: "${github}"` }],
    ["a fine-grained GitHub token", { secret: fineGrained, text: fineGrained }],
    ["an npm token", { secret: npm, text: `NPM=${npm}` }],
    [
      "a registry's token in .npmrc",
      { secret: registry, text: `//npm.example/:_authToken=${registry}`, path: ".npmrc" },
    ],
    ["a Slack token", { secret: slack, text: `slack("${slack}")` }],
    ["an OpenAI key", { secret: openai, text: openai }],
    ["an Anthropic key", { secret: anthropic, text: `key=${anthropic}` }],
    ["a GitLab token", { secret: gitlab, text: gitlab }],
    ["a password in a URL", { secret: password, text: `curl https://deploy:${password}@git.corp.io/x` }],
    ["a database's password", { secret: password, text: `DB=postgres://app:${password}@db.corp.io/orders` }],
    ["a private key", { secret: key.split("\n")[1] ?? "", text: key }],
    [
      "a GCP service account",
      { secret: key.split("\n")[1] ?? "", text: JSON.stringify(account), path: "gcp.json" },
    ],
  ];
}

function githubToken(): string {
  return `ghp${"_"}${letters(36)}`;
}

/** The same letters each time, and as little like a placeholder as real ones. */
function letters(length: number): string {
  const source = hash("sha512", `seed ${length}`, "base64") + hash("sha512", "more", "base64");
  return source
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, length)
    .padEnd(length, "k7Q");
}
