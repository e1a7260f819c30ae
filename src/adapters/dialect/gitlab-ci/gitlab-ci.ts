/**
 * GitLab CI. A repository has one pipeline: where the module is the repository, it is the module's; in a monorepo it
 * takes in a file of each module, and every job has its module's name in front.
 */
import { inModule } from "../../../domain/pipeline/pipeline-model.ts";
import { yamlFile } from "../../../domain/pipeline/yaml-file.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";
import { buildJobs } from "./build-jobs.ts";
import { deployJobs } from "./deploy-jobs.ts";
import { moduleHead } from "./module-head.ts";
import { repositoryKeywords, repositoryPipeline } from "./repository-pipeline.ts";

export const gitlabCi: PipelineDialect = {
  name: "gitlab-ci",
  render: (model) => {
    const head = moduleHead(model);
    const jobs = { ...buildJobs(model), ...deployJobs(model) };
    if (model.folder === "")
      return [yamlFile(model, ".gitlab-ci.yml", { ...repositoryKeywords(model), ...jobs }, { head })];
    return [
      // Every module of the repository writes the same bytes here, whichever of them is generated.
      yamlFile({ moduleId: "every module of this repository" }, ".gitlab-ci.yml", repositoryPipeline(model)),
      yamlFile(model, inModule(model, moduleFile), jobs, { head }),
    ];
  },
};

/** Without a dot in front: GitLab's wildcards pass hidden files over. */
const moduleFile = "gitlab-ci.yml";
