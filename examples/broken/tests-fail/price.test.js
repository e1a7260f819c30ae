import assert from "node:assert/strict";
import { test } from "node:test";
import { priceOf } from "./price.js";

test("no nights cost nothing but the minimum", () => assert.ok(priceOf(1) >= 0));
test("three nights cost three times the rate", () => assert.equal(priceOf(3), 240));
