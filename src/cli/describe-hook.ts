/** Hooks for people. */
import type { Hook, HookReceipt } from "../operations/hooks/show-hook.ts";
import { table } from "./table.ts";

export function describeHooks(hooks: Hook[]): string[] {
  if (hooks.length === 0)
    return ["No hooks. Make one: connectsoft hook add <id> --kind github --account <account> --url <url>"];
  return table(hooks.map((one) => [one.id, one.kind, `service:${one.account}`, does(one), one.path]));
}

export function describeHook(one: Hook): string[] {
  const { environments, moduleId, folder } = one.handOver ?? {};
  return table([
    ["id", one.id],
    ["called at", one.path],
    ["called by", one.kind],
    ["acts as", `service:${one.account}`],
    ["does", does(one)],
    ...(folder === undefined ? [] : [["folder", folder]]),
    ...(moduleId === undefined ? [] : [["module", moduleId]]),
    ...(environments === undefined ? [] : [["environments", environments.join(", ")]]),
    ["made", `${one.madeAt} by ${one.madeBy}`],
    ...(one.description === undefined ? [] : [["for", one.description]]),
  ]);
}

export function describeReceipts(receipts: HookReceipt[]): string[] {
  if (receipts.length === 0) return ["Nothing."];
  return table(receipts.map((one) => [one.receivedAt, one.id, one.event, one.state, one.answer]));
}

function does({ handOver }: Hook): string {
  if (handOver === undefined) return "takes CloudEvents";
  const { branches, tags, releases = [], url } = handOver;
  const refs = [...branches, ...tags, ...releases.map((one) => `releases of ${one}`)];
  return `hands over ${refs.join(", ")} of ${url}`;
}
