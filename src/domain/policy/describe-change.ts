/** What a change of a tenant's declaration means, in sentences for those who confirm it. */
import { canonicalJson } from "../canonical-json.ts";
import { type EffectivePolicy, effectivePolicy } from "../release/effective-policy.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { changedParts } from "./governed-parts.ts";
import type { PolicyPlace } from "./layers.ts";
import { lockOuts, placesOf, placeText, votersAt } from "./lock-outs.ts";
import { isObject, type Values } from "./merge.ts";
import { inWords } from "./resolve-policy.ts";
import { isAsStrict } from "./stricter.ts";

type Person = Tenant["people"][number];

export interface PolicyChange {
  /** One sentence each, most telling first. */
  lines: string[];
  /** Where it would leave nobody who could act, and it is not so already. */
  lockOuts: string[];
}

export function describeChange(before: Tenant, after: Tenant): PolicyChange {
  const known = lockOuts(before).map(({ nobodyCould }) => nobodyCould);
  const places = unique([...placesOf(before), ...placesOf(after)]);
  const effects = places.map((place) => effectsAt(before, after, place));
  // What an environment's policy changes is not told again of each of its modules.
  const told = effects.map((lines, index) =>
    isWhole(places[index]) ? lines : lines.filter((line) => !saidOfEnvironment(line, places, effects, index)),
  );
  return {
    lines: [
      ...peopleLines(before, after),
      ...told.flatMap((lines, index) =>
        lines.map((line) => `${placeText(places[index] as PolicyPlace)}: ${line}`),
      ),
      ...otherLines(before, after),
    ],
    lockOuts: lockOuts(after)
      .filter(({ nobodyCould }) => !known.includes(nobodyCould))
      .map(({ nobodyCould, because }) => `nobody could ${nobodyCould}: ${because}`),
  };
}

function isWhole(place: PolicyPlace | undefined): boolean {
  return place?.moduleId === undefined && place?.editionId === undefined;
}

function saidOfEnvironment(line: string, places: PolicyPlace[], effects: string[][], index: number): boolean {
  const environment = places[index]?.environment;
  const whole = places.findIndex((place) => isWhole(place) && place.environment === environment);
  return effects[whole]?.includes(line) ?? false;
}

/** What becomes of one place: who may approve, and which keys of the policy. */
function effectsAt(before: Tenant, after: Tenant, place: PolicyPlace): string[] {
  const was = policyAt(before, place);
  const is = policyAt(after, place);
  if (is === undefined) return ["is no environment any more"];
  if (was === undefined)
    return [`is new${is.requiresApproval ? `; ${named(votersAt(after, is))} may approve` : ""}`];
  return [...voterLines([before, was], [after, is]), ...keyLines(was, is)];
}

function policyAt(tenant: Tenant, place: PolicyPlace): EffectivePolicy | undefined {
  const there = tenant.environments.some(({ id }) => id === place.environment);
  return there ? effectivePolicy(tenant, place) : undefined;
}

function voterLines(
  [before, was]: [Tenant, EffectivePolicy],
  [after, is]: [Tenant, EffectivePolicy],
): string[] {
  const could = was.requiresApproval ? votersAt(before, was) : [];
  const can = is.requiresApproval ? votersAt(after, is) : [];
  const more = can.filter((person) => !could.includes(person));
  const fewer = could.filter((person) => !can.includes(person));
  return [
    ...(more.length > 0 ? [`${named(more)} may approve now and could not before`] : []),
    ...(fewer.length > 0 && is.requiresApproval ? [`${named(fewer)} may not approve any more`] : []),
  ];
}

/** Told of in other words, or what follows from others. */
const elsewhere = new Set(["environment", "approvers"]);

function keyLines(was: EffectivePolicy, is: EffectivePolicy): string[] {
  const one = was as unknown as Values;
  const other = is as unknown as Values;
  return unique([...Object.keys(one), ...Object.keys(other)])
    .filter((key) => !elsewhere.has(key) && !same(one[key], other[key]))
    .map(
      (key) =>
        `${key}: ${inWords(one[key])} -> ${inWords(other[key])}${direction(key, one[key], other[key])}`,
    );
}

function direction(key: string, was: unknown, is: unknown): string {
  if (key === "selfApproval") return is === true ? " (looser)" : " (stricter)";
  const stricter = isAsStrict(key, was, is);
  const looser = isAsStrict(key, is, was);
  if (stricter === looser) return "";
  return stricter ? " (stricter)" : " (looser)";
}

function peopleLines({ people: was }: Tenant, { people: is }: Tenant): string[] {
  const rolesOf = ({ roles }: Person) => roles.join(", ") || "no role";
  return unique([...was, ...is].map(({ id }) => id)).flatMap((id) => {
    const one = was.find((person) => person.id === id);
    const other = is.find((person) => person.id === id);
    if (one === undefined && other !== undefined) return [`${id} comes in as ${rolesOf(other)}`];
    if (other === undefined) return [`${id} is removed`];
    if (one === undefined || same(one, other)) return [];
    const [had, has] = [rolesOf(one), rolesOf(other)];
    return [had === has ? `${id}: what is known of them changes` : `${id}: ${had} -> ${has}`];
  });
}

/** Parts whose effect on releases is told above. */
const toldAbove = new Set(["people", "releasePolicy", "securityPolicy"]);

function otherLines(before: Tenant, after: Tenant): string[] {
  return changedParts(before, after)
    .filter((part) => !toldAbove.has(part))
    .flatMap((part) => leafLines(part, before[part], after[part]));
}

function leafLines(path: string, was: unknown, is: unknown): string[] {
  if (same(was, is)) return [];
  const one = byName(was);
  const other = byName(is);
  if (one !== undefined && other !== undefined) return memberLines(path, one, other);
  if (!isObject(was) || !isObject(is)) return [`${path}: ${inWords(was)} -> ${inWords(is)}`];
  return unique([...Object.keys(was), ...Object.keys(is)]).flatMap((key) =>
    leafLines(`${path}.${key}`, was[key], is[key]),
  );
}

/** A list whose members have names, by these: what comes in is told of each, and so is what changes in it. */
function byName(value: unknown): Map<string, Values> | undefined {
  if (!Array.isArray(value)) return undefined;
  const members = value.map((member): [string, unknown] => [nameOf(member), member]);
  const named = members.filter((pair): pair is [string, Values] => pair[0] !== "" && isObject(pair[1]));
  return named.length === members.length ? new Map(named) : undefined;
}

function nameOf(member: unknown): string {
  return isObject(member) ? String(member.id ?? member.name ?? "") : "";
}

function memberLines(path: string, was: Map<string, Values>, is: Map<string, Values>): string[] {
  return unique([...was.keys(), ...is.keys()]).flatMap((name) => {
    const [one, other] = [was.get(name), is.get(name)];
    if (other === undefined) return [`${path}: ${name} is taken out`];
    if (one !== undefined) return leafLines(`${path}: ${name}`, one, other);
    const { id: _id, name: _name, ...rest } = other;
    return [`${path}: ${name} comes in${Object.keys(rest).length === 0 ? "" : `: ${contentText(rest)}`}`];
  });
}

/** What has one part is told by that part, as a policy is by its text. */
function contentText(content: Values): string {
  const [only, ...others] = Object.values(content);
  return inWords(others.length === 0 ? only : content);
}

function named(people: string[]): string {
  return people.length === 0 ? "nobody" : people.join(", ");
}

function same(one: unknown, other: unknown): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one) === canonicalJson(other);
}

function unique<Item>(items: Item[]): Item[] {
  const known = new Map(items.map((item) => [JSON.stringify(item), item]));
  return [...known.values()];
}
