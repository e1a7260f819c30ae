/** Why a delivery waits, as a person reads it: what is not for them to run is not shown as a command. */
import type { Explanation } from "../domain/delivery/situation.ts";
import type { Cli } from "./cli.ts";
import { describeWayOn } from "./describe-way-on.ts";

export function describeExplanation(cli: Cli, explanation: Explanation): string[] {
  const { dim } = cli.colors;
  const { sentence, command, situations } = explanation;
  const others = situations.filter((situation) => !sentence.includes(situation.sentence));
  const mainFirst = [...situations.filter((one) => !others.includes(one)), ...others];
  const open = mainFirst.flatMap(({ ways }) => ways.filter(({ closed }) => closed === undefined));
  const ways = [...new Set(open.map((way) => way.command))].filter((way) => way !== command);
  return [
    sentence,
    ...describeWayOn(cli, explanation),
    ...(ways.length === 0 ? [] : ["", dim("also possible:"), ...ways.map((way) => `  ${way}`)]),
    ...(others.length === 0 ? [] : ["", ...others.map((one) => dim(`${one.instance}: ${one.sentence}`))]),
  ];
}
