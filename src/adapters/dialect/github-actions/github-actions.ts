/**
 * GitHub Actions: a workflow that says when, and two that it calls: one builds and tests, one deploys to an environment.
 * In a monorepo each module has its three, told apart by its name and started by its own folder.
 */
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { yamlFile } from "../../../domain/pipeline/yaml-file.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";
import { buildAndTestWorkflow } from "./build-and-test-workflow.ts";
import { deployHead, deployWorkflow } from "./deploy-workflow.ts";
import { mainHead, mainWorkflow } from "./main-workflow.ts";
import { workflowPaths } from "./workflow-paths.ts";

export const githubActions: PipelineDialect = {
  name: "github-actions",
  render: (model) => {
    const paths = workflowPaths(model);
    return [
      yamlFile(model, paths.main, mainWorkflow(model), { head: mainHead(model) }),
      yamlFile(model, paths.buildAndTest, buildAndTestWorkflow(model)),
      ...(deploys(model)
        ? [yamlFile(model, paths.deploy, deployWorkflow(model), { head: deployHead(model) })]
        : []),
    ];
  },
};

function deploys({ environments }: PipelineModel): boolean {
  return environments.length > 0;
}
