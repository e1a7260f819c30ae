/** Dynamic updates against a real BIND: signed, guarded by the owner record, and told in words when they fail. */
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNsupdateDns } from "../../../src/adapters/dns/nsupdate/create-nsupdate-dns.ts";
import { closedZone, hasNamed, type Named, startNamed, zone } from "./named.ts";

const dns = createNsupdateDns();

describe.skipIf(!hasNamed)("names on BIND", () => {
  let named: Named;
  beforeAll(async () => {
    named = await startNamed();
  });
  afterAll(() => named.dispose());

  const at = (label: string) => ({
    name: `${label}.apps.${zone}`,
    addresses: ["127.0.0.1", "2001:db8::1"],
    ttl: 60,
    owner: "installation-1/acme-staging",
  });

  test("a name is made with both kinds of addresses and its owner, and is found again", async () => {
    const shop = at("shop");
    await dns.put(named.access, shop);
    expect(await named.dig(shop.name, "A")).toEqual(["127.0.0.1"]);
    expect(await named.dig(shop.name, "AAAA")).toEqual(["2001:db8::1"]);
    expect(await named.dig(`_connectsoft.${shop.name}`, "TXT")).toEqual([
      '"heritage=connectsoft,owner=installation-1/acme-staging"',
    ]);
    const { name, ...found } = shop;
    expect(await dns.look(named.access, name)).toEqual(found);
  });

  test("putting it again changes nothing, and another address takes the place of the first", async () => {
    const shop = at("again");
    await dns.put(named.access, shop);
    await dns.put(named.access, shop);
    expect(await named.dig(shop.name, "A")).toEqual(["127.0.0.1"]);
    await dns.put(named.access, { ...shop, addresses: ["192.0.2.1"] });
    expect([await named.dig(shop.name, "A"), await named.dig(shop.name, "AAAA")]).toEqual([
      ["192.0.2.1"],
      [],
    ]);
  });

  test("ten that put the same name at once all find it done", async () => {
    const shop = at("together");
    await Promise.all(Array.from({ length: 10 }, () => dns.put(named.access, shop)));
    expect(await named.dig(shop.name, "A")).toEqual(["127.0.0.1"]);
  });

  test("a name of another owner, or of none, is left as it is", async () => {
    const shop = at("owned");
    await dns.put(named.access, shop);
    const other = { ...shop, owner: "installation-2/acme-staging", addresses: ["192.0.2.66"] };
    await expect(dns.put(named.access, other)).rejects.toThrow(
      /Conflict: .*another's.*installation-1\/acme-staging.*127\.0\.0\.1/,
    );
    await dns.remove(named.access, other);
    expect(await named.dig(shop.name, "A")).toEqual(["127.0.0.1"]);
    await expect(dns.put(named.access, { ...shop, name: `theirs.${zone}` })).rejects.toThrow(
      /owner record says nothing.*192\.0\.2\.7/,
    );
    await dns.remove(named.access, { ...shop, name: `theirs.${zone}` });
    expect(await named.dig(`theirs.${zone}`, "A")).toEqual(["192.0.2.7"]);
  });

  test("a record that was changed by hand is seen, and put back", async () => {
    const shop = at("by-hand");
    await dns.put(named.access, shop);
    await named.byHand(`update delete ${shop.name}. A`, `update add ${shop.name}. 60 A 192.0.2.9`);
    expect((await dns.look(named.access, shop.name))?.addresses).toEqual(["192.0.2.9", "2001:db8::1"]);
    await dns.put(named.access, shop);
    expect((await dns.look(named.access, shop.name))?.addresses).toEqual(shop.addresses);
  });

  test("a name that is removed leaves no record, and removing it again does nothing", async () => {
    const shop = at("removed");
    await dns.put(named.access, shop);
    await dns.remove(named.access, shop);
    await dns.remove(named.access, shop);
    expect(await dns.look(named.access, shop.name)).toBeUndefined();
    expect(await named.dig(`_connectsoft.${shop.name}`, "TXT")).toEqual([]);
  });

  test.each([
    ["a wrong key", { key: "c2VjcmV0" }, /does not take the key delivery/],
    ["a key of another name", { keyName: "stranger" }, /does not take the key stranger/],
    ["a key of another algorithm", { algorithm: "hmac-sha512" }, /does not take the key/],
    ["a key that is no base64", { key: 'x"; };' }, /not in base64/],
  ])("%s is told as what it is", async (_words, wrong, message) => {
    await expect(dns.put({ ...named.access, ...wrong }, at("refused"))).rejects.toThrow(message);
    expect(await dns.look(named.access, at("refused").name)).toBeUndefined();
  });

  test("a zone that takes no updates, and one that is not there, are told", async () => {
    const closed = { ...named.access, zone: closedZone };
    const name = { ...at("x"), name: `x.${closedZone}` };
    await expect(dns.put(closed, name)).rejects.toThrow(
      /Unavailable: .*update the zone closed\.example.*REFUSED/,
    );
    const unknown = { ...named.access, zone: "unknown.example" };
    await expect(dns.put(unknown, { ...name, name: "x.unknown.example" })).rejects.toThrow(
      /Unavailable: .*zone unknown\.example/,
    );
    await expect(dns.look(unknown, "x.unknown.example")).rejects.toThrow(/gives no answer about the zone/);
  });

  test("a name outside of the zone never becomes a line of an update", async () => {
    for (const name of ["shop.other.example", `shop.${zone}. 60 A 192.0.2.1\nupdate add x.${zone}`])
      await expect(dns.put(named.access, { ...at("x"), name })).rejects.toThrow(/InputInvalid/);
  });

  test("a server that is away is told, and nothing of the key is left on this host", async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith("connectsoft-dns-"));
    await named.stop();
    await expect(dns.put(named.access, at("away"))).rejects.toThrow(/Unavailable: .*does not answer/);
    await expect(dns.look(named.access, at("away").name)).rejects.toThrow(/Unavailable: .*gives no answer/);
    await named.start();
    const after = (await readdir(tmpdir())).filter((name) => name.startsWith("connectsoft-dns-"));
    expect(after).toEqual(before);
  });
});
