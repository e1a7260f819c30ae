import { describe, expect, test } from "vitest";
import { mayComeFrom, mayTouch, type RepositoryRights } from "./repository-rights.ts";

const rules: RepositoryRights = {
  rights: [
    {
      repositories: ["payments*"],
      branches: ["main", "release/*"],
      write: ["ReleaseManager", "person:jane"],
    },
    { repositories: ["payments*"], read: ["Developer", "ReleaseManager"], agents: ["code-committer"] },
    { branches: ["archive/**"], write: [] },
  ],
};
const jane = { id: "jane", roles: ["Developer"] };
const sam = { id: "sam", roles: ["Developer"] };
const ada = { id: "ada", roles: ["Auditor"] };

describe("the first right that fits decides", () => {
  test.each([
    [jane, "write", "payments", "main", true],
    [sam, "write", "payments", "main", false],
    [sam, "write", "payments-api", "release/1", false],
    [sam, "write", "payments-api", "release/1/x", true],
    [sam, "write", "payments", "topic", true],
    [ada, "read", "payments", "topic", false],
    [ada, "read", "payments", "main", true],
    [ada, "read", "bookings", "main", true],
    [jane, "write", "bookings", "archive/2025/x", false],
    [{ id: "agent:code-committer", roles: ["Agent"] }, "write", "payments", "trace/t/payments", true],
    [{ id: "agent:devops-engineer", roles: ["Agent"] }, "write", "payments", "trace/t/payments", false],
    [{ id: "agent:devops-engineer", roles: ["Agent"] }, "write", "bookings", "trace/t/bookings", true],
  ] as const)("%o may %s %s %s: %s", (who, does, repository, branch, may) => {
    expect(mayTouch(rules, who, { does, repository, branch })).toBe(may);
  });

  test("and where no branch is known, whoever may write one is asked again with it", () => {
    expect(mayTouch(rules, jane, { does: "write", repository: "payments" })).toBe(true);
    expect(mayTouch(rules, ada, { does: "read", repository: "payments" })).toBe(true);
    const closed = { rights: [{ write: ["person:jane" as const] }] };
    expect(mayTouch(closed, sam, { does: "write", repository: "payments" })).toBe(false);
  });
});

describe("a module comes from where the tenant says", () => {
  const from = {
    sources: {
      folders: ["/srv/modules/**"],
      git: ["https://git.acme.example/team/**", "git@git.acme.example:team/*"],
    },
  };
  test.each([
    "https://git.acme.example/team/booking.git",
    "https://token@git.acme.example/team/booking.git?x=1",
    "git@git.acme.example:team/booking.git",
  ])("%s is let through", (git) => {
    expect(mayComeFrom(from, { git })).toBe(true);
  });

  test.each([
    "https://git.acme.example/other/booking.git",
    "https://git.acme.example/team/../other/booking.git",
    "https://git.acme.example/team/%2e%2E/other/booking.git",
    "https://git.acme.example/team/..%2fother/booking.git",
    "https://git.acme.example@evil.example/team/booking.git",
    "https://evil.example\\@git.acme.example/team/booking.git",
    "https://evil.example/https://git.acme.example/team/booking.git",
    "http://git.acme.example/team/booking.git",
    "ext::sh -c https://git.acme.example/team/x",
    "git@git.acme.example:team/../other",
    "/srv/modules/booking",
  ])("%s is not", (git) => {
    expect(mayComeFrom(from, { git })).toBe(false);
  });

  test("a folder lies below one that is named", () => {
    expect(mayComeFrom(from, { folder: "/srv/modules/booking" })).toBe(true);
    for (const folder of ["/srv/modules-of-others/booking", "/srv/modules/../secret", "/etc"])
      expect(mayComeFrom(from, { folder })).toBe(false);
  });

  test("of neither where nothing is named, and of anywhere where nothing is said", () => {
    expect(mayComeFrom({ sources: { folders: [], git: [] } }, { folder: "/srv/modules/booking" })).toBe(
      false,
    );
    expect(mayComeFrom({}, { git: "https://evil.example/x" })).toBe(true);
  });
});
