/** What changed for those who import a package's names. */
import type { Bump, Change } from "../change.ts";
import type { Member, Signature } from "./signature.ts";

type Names = ReadonlyMap<string, Signature>;

/** `of` names the entry where it is not the package itself: ` of ./client`. */
export function compareExports(was: Names, is: Names, of: string): Change[] {
  const changes: Change[] = [];
  for (const [name, before] of was) {
    const after = is.get(name);
    if (after === undefined) changes.push({ bump: "breaking", text: `the export ${name}${of} was removed` });
    else changes.push(...compareSignatures(`${name}${of}`, before, after));
  }
  for (const name of is.keys())
    if (!was.has(name)) changes.push({ bump: "feature", text: `the export ${name}${of} was added` });
  return changes;
}

function compareSignatures(name: string, was: Signature, is: Signature): Change[] {
  // What is not written down cannot be said to have changed.
  if (was.kind === "value" || is.kind === "value") return [];
  if (was.kind !== is.kind) return [change("breaking", `${name} is something else now`)];
  if (was.kind === "text" && is.kind === "text")
    return was.text === is.text ? [] : [change("breaking", `the type of ${name} changed`)];
  if (was.kind === "members" && is.kind === "members") return compareMembers(name, was, is);
  return was.kind === "function" && is.kind === "function" ? compareFunctions(name, was, is) : [];
}

type FunctionSignature = Extract<Signature, { kind: "function" }>;

function compareFunctions(name: string, was: FunctionSignature, is: FunctionSignature): Change[] {
  const required = ({ parameters }: FunctionSignature) => parameters.filter((one) => one.required).length;
  if (required(is) > required(was)) return [change("breaking", `${name} asks for more arguments`)];
  if (is.parameters.length < was.parameters.length)
    return [change("breaking", `${name} takes fewer arguments`)];
  const retyped = was.parameters.some(({ type }, at) => differs(type, is.parameters[at]?.type));
  if (retyped) return [change("breaking", `the arguments of ${name} changed`)];
  if (differs(was.returns, is.returns)) return [change("breaking", `the result of ${name} changed`)];
  return is.parameters.length > was.parameters.length || required(is) < required(was)
    ? [change("feature", `${name} takes more arguments`)]
    : [];
}

function differs(was: string | undefined, is: string | undefined): boolean {
  return was !== undefined && is !== undefined && was !== is;
}

type Members = Extract<Signature, { kind: "members" }>;

function compareMembers(name: string, was: Members, is: Members): Change[] {
  const changes: Change[] = [];
  for (const [member, before] of was.members) {
    const after = is.members.get(member);
    if (after === undefined) changes.push(change("breaking", `${name}.${member} was removed`));
    else if (after.text !== before.text) changes.push(change("breaking", `${name}.${member} changed`));
    else if (after.required !== before.required)
      changes.push(
        change("breaking", `${name}.${member} is ${after.required ? "required" : "optional"} now`),
      );
  }
  for (const [member, after] of is.members)
    if (!was.members.has(member)) changes.push(addedMember(`${name}.${member}`, after));
  return changes;
}

function addedMember(name: string, { required }: Member): Change {
  return required
    ? change("breaking", `${name} was added and is required`)
    : change("feature", `${name} was added`);
}

function change(bump: Bump, text: string): Change {
  return { bump, text };
}
