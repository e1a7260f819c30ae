/** A generated YAML file: the same value has the same bytes, and its head says where it comes from. */
import { Document } from "yaml";
import { generatedBy } from "./generated-mark.ts";
import type { PipelineModel, RenderedFile } from "./pipeline-model.ts";

export function yamlFile(model: PipelineModel, path: string, value: object): RenderedFile {
  const document = new Document(value, { aliasDuplicateObjects: false });
  document.commentBefore = ` ${generatedBy(model)}`;
  return { path, content: document.toString({ lineWidth: 0 }) };
}
