import { expect, test } from "vitest";
import { withoutCredentials } from "./source-address.ts";

test.each([
  ["https://jane:s3cret@git.example.com/a/b.git", "https://git.example.com/a/b.git"],
  ["https://t0ken@git.example.com:8443/b.git", "https://git.example.com:8443/b.git"],
  ["https://jane:p@ss@git.example.com/b.git", "https://git.example.com/b.git"],
  ["https://git.example.com/b.git?private_token=x", "https://git.example.com/b.git"],
  ["ssh://git@git.example.com/b.git", "ssh://git@git.example.com/b.git"],
  ["ssh://git:s3cret@git.example.com/b.git", "ssh://git@git.example.com/b.git"],
  ["git@git.example.com:a/b.git", "git@git.example.com:a/b.git"],
  ["file:///srv/git/b.git", "file:///srv/git/b.git"],
  ["/srv/git/b.git", "/srv/git/b.git"],
])("%s is recorded as %s", (address, recorded) => {
  expect(withoutCredentials(address)).toBe(recorded);
});
