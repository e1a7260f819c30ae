/** What every vault promises (src/ports/vault.ts). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SettingScope, Vault } from "./vault.ts";

export interface VaultSubject {
  vault: Vault;
  /** Whether a version before the newest can still be read. */
  keepsVersions: boolean;
  dispose(): Promise<void>;
}

const environment: SettingScope = { tenantId: "acme", environment: "staging" };
const shop = { ...environment, moduleId: "shop" };

export function vaultConformance(name: string, create: () => Promise<VaultSubject>): void {
  describe(`${name} as a vault`, () => {
    let subject: VaultSubject;
    let vault: Vault;
    beforeAll(async () => {
      subject = await create();
      vault = subject.vault;
    }, 120_000);
    afterAll(() => subject?.dispose());

    test("a secret has a new version for a new value, and the same for the same", async () => {
      expect(await vault.listSecrets({ ...shop, moduleId: "empty" })).toEqual([]);
      const first = await vault.setSecret(shop, "API_KEY", "one");
      expect(await vault.setSecret(shop, "API_KEY", "one")).toEqual(first);
      expect(await vault.listSecrets(shop)).toEqual([first]);
      const second = await vault.setSecret(shop, "API_KEY", "two");
      expect(second.versionId).not.toBe(first.versionId);
      expect(await vault.listSecrets(shop)).toEqual([second]);
      expect(await vault.revealSecrets(shop, [second])).toEqual({ API_KEY: "two" });
      const old = vault.revealSecrets(shop, [first]);
      if (subject.keepsVersions) expect(await old).toEqual({ API_KEY: "one" });
      else await expect(old).rejects.toThrow(/SecretsMissing/);
    });

    test("a module's own secret covers its environment's, and gives it free again when it is unset", async () => {
      const books = { ...environment, moduleId: "books" };
      const shared = await vault.setSecret(environment, "SHARED_KEY", "for all");
      expect(await vault.listSecrets(books)).toEqual([shared]);
      expect(await vault.revealSecrets(books, [shared])).toEqual({ SHARED_KEY: "for all" });
      const own = await vault.setSecret(books, "SHARED_KEY", "for books");
      expect(await vault.listSecrets(books)).toEqual([own]);
      expect(await vault.unsetSecret(books, "SHARED_KEY")).toBe(true);
      expect(await vault.unsetSecret(books, "SHARED_KEY")).toBe(false);
      expect(await vault.listSecrets(books)).toEqual([shared]);
      expect(await vault.unsetSecret(environment, "SHARED_KEY")).toBe(true);
    });

    test.each([
      ["tenant", { ...shop, tenantId: "other" }],
      ["environment", { ...shop, environment: "production" }],
      ["module", { ...shop, moduleId: "neighbour" }],
    ])("nothing is seen or revealed from another %s", async (_what, theirs) => {
      const hidden = await vault.setSecret(theirs, "THEIR_KEY", "hidden");
      expect((await vault.listSecrets(shop)).map(({ name }) => name)).not.toContain("THEIR_KEY");
      await expect(vault.revealSecrets(shop, [hidden])).rejects.toThrow(/SecretsMissing/);
      expect(await vault.revealSecrets(theirs, [hidden])).toEqual({ THEIR_KEY: "hidden" });
      expect(await vault.unsetSecret(theirs, "THEIR_KEY")).toBe(true);
    });

    test("a value comes back byte for byte, with its newlines, quotes and other people's letters", async () => {
      const value = `-----BEGIN KEY-----\n"a" 'b' \\n $C \`d\`\r\n\tüñ漢🔑\n-----END KEY-----\n${"x".repeat(9_000)}`;
      const set = await vault.setSecret(shop, "TLS_KEY", value);
      expect(await vault.revealSecrets(shop, [set])).toEqual({ TLS_KEY: value });
      expect(await vault.unsetSecret(shop, "TLS_KEY")).toBe(true);
    });

    test.each(["../production", "..", "a/b", "a%2fb", "A", "", "all.modules"])(
      "the module %j is refused: nothing leads out of a scope",
      async (moduleId) => {
        await expect(vault.listSecrets({ ...shop, moduleId })).rejects.toThrow(/moduleId/);
        await expect(vault.setSecret({ ...shop, moduleId }, "A", "x")).rejects.toThrow(/moduleId/);
        await expect(vault.revealSecrets({ ...shop, moduleId }, [])).rejects.toThrow(/moduleId/);
      },
    );

    test.each(["lower", "1ST", "WITH-HYPHEN", "", "A=B", "../A", "A/B"])(
      "the name %j is refused",
      async (bad) => {
        await expect(vault.setSecret(shop, bad, "x")).rejects.toThrow(/InputInvalid/);
      },
    );

    test.each(["", "module/", "module/99", "environment/../x", "nonsense", "module/../../other/shop/1"])(
      "the version %j, which nobody made, is missing",
      async (versionId) => {
        await vault.setSecret(shop, "API_KEY", "three");
        const reveal = vault.revealSecrets(shop, [{ name: "API_KEY", versionId }]);
        await expect(reveal).rejects.toThrow(/SecretsMissing/);
      },
    );
  });
}
