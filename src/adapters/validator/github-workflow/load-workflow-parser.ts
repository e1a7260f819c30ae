/**
 * GitHub's own workflow parser. The package imports its schema as JSON without saying so, which bundlers take and Node does not:
 * while it loads, and no longer, Node is told what such an import means.
 */
import { registerHooks } from "node:module";

export type WorkflowParser = Awaited<ReturnType<typeof load>>;

let loading: Promise<WorkflowParser> | undefined;

export function loadWorkflowParser(): Promise<WorkflowParser> {
  loading ??= load();
  return loading;
}

async function load() {
  const hooks = registerHooks({
    load: (url, context, next) =>
      isOurs(url) ? next(url, { ...context, importAttributes: { type: "json" } }) : next(url, context),
  });
  try {
    const parser = await import("@actions/workflow-parser");
    const { TemplateContext, TemplateValidationErrors } = await import(
      "@actions/workflow-parser/templates/template-context"
    );
    const { readTemplate } = await import("@actions/workflow-parser/templates/template-reader");
    const tokens = await import("@actions/workflow-parser/templates/tokens/index");
    const { WORKFLOW_ROOT } = await import("@actions/workflow-parser/workflows/workflow-constants");
    const { getWorkflowSchema } = await import("@actions/workflow-parser/workflows/workflow-schema");
    const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = parser;
    return {
      convertWorkflowTemplate,
      parseWorkflow,
      readTemplate,
      tokens,
      trace: new NoOperationTraceWriter(),
      root: WORKFLOW_ROOT,
      emptyContext: () =>
        new TemplateContext(
          new TemplateValidationErrors(),
          getWorkflowSchema(),
          new NoOperationTraceWriter(),
        ),
    };
  } finally {
    hooks.deregister();
  }
}

function isOurs(url: string): boolean {
  return url.includes("/@actions/workflow-parser/") && url.endsWith(".json");
}
