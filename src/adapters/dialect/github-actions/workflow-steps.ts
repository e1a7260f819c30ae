/** Steps that several workflows have. */
import { type ActionName, pinnedActions } from "../../../domain/pipeline/pins/actions.ts";
import { remarked } from "../../../domain/pipeline/yaml-file.ts";

export const runner = "ubuntu-24.04";

/** An expression, as GitHub writes it. */
export function expression(text: string): string {
  return "$".concat(`{{ ${text} }}`);
}

/** `uses:` by commit, with the version that it is of. */
export function uses(action: ActionName): unknown {
  const { sha, version } = pinnedActions[action];
  return remarked(`${action}@${sha}`, version);
}

/** No token stays in the folder: what runs afterwards is the module's own code and that of its dependencies. */
export function checkout(): object {
  return { name: "Check out", uses: uses("actions/checkout"), with: { "persist-credentials": false } };
}
