/** The corpus: every module, by language. */
import type { CorpusModule } from "./corpus-module.ts";
import { containerModules } from "./modules/container.ts";
import { dotnetModules } from "./modules/dotnet.ts";
import { goModules } from "./modules/go.ts";
import { javaModules } from "./modules/java.ts";
import { nodeModules } from "./modules/node.ts";
import { pythonModules } from "./modules/python.ts";
import { containerShapes, javaShapes } from "./modules/shapes.ts";

export const corpus: { language: string; modules: CorpusModule[] }[] = [
  { language: "Node.js", modules: nodeModules },
  { language: "Python", modules: pythonModules },
  { language: "Go", modules: goModules },
  { language: "Java", modules: [...javaModules, ...javaShapes] },
  { language: ".NET", modules: dotnetModules },
  { language: "Container", modules: [...containerModules, ...containerShapes] },
];
