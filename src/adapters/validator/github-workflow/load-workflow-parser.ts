/**
 * GitHub's own workflow parser. The package imports its schema as JSON without saying so, which bundlers take and Node does not:
 * while it loads, and no longer, Node is told what such an import means.
 */
import { registerHooks } from "node:module";

type WorkflowParser = typeof import("@actions/workflow-parser");

let loading: Promise<WorkflowParser> | undefined;

export function loadWorkflowParser(): Promise<WorkflowParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<WorkflowParser> {
  const hooks = registerHooks({
    load: (url, context, next) =>
      isOurs(url) ? next(url, { ...context, importAttributes: { type: "json" } }) : next(url, context),
  });
  try {
    return await import("@actions/workflow-parser");
  } finally {
    hooks.deregister();
  }
}

function isOurs(url: string): boolean {
  return url.includes("/@actions/workflow-parser/") && url.endsWith(".json");
}
