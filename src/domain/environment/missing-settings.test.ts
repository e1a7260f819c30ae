import { expect, test } from "vitest";
import { missingSettings } from "./missing-settings.ts";

const place = {
  ...{ environment: "production", moduleId: "shop" },
  needs: { config: ["GREETING"], secrets: ["API_KEY"] },
};
const none = { config: [], secrets: [] };

test("what nobody has set is set by its command", () => {
  expect(missingSettings(place, none).map(({ next }) => next)).toEqual([
    "Set it: connectsoft secret set API_KEY --env production --module shop",
    "Set it: connectsoft config set GREETING --env production --module shop",
  ]);
});

test("a secret that lies in a vault outside is set there, or by the command that writes to it", () => {
  const vault = "openbao https://bao.example secret/acme/production/shop";
  expect(missingSettings({ ...place, vault }, none).map(({ next }) => next)).toEqual([
    `Set it in ${vault}, or: connectsoft secret set API_KEY --env production --module shop`,
    "Set it: connectsoft config set GREETING --env production --module shop",
  ]);
});
