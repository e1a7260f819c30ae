/** Modules of five languages, no two of them alike, for what is generated from a module. */
import { inferModule } from "../../src/domain/module/infer-module.ts";
import type { ModuleSpec } from "../../src/domain/module/module-spec.ts";

type Files = Record<string, string>;

const languages: ((name: string) => Files)[] = [
  (name) => ({
    "package.json": JSON.stringify({
      name,
      version: "1.2.3",
      scripts: { build: "tsc", test: "node --test", start: "node server.js" },
      dependencies: { express: "^5.0.0" },
    }),
    "package-lock.json": "{}",
    "server.js": "",
  }),
  (name) => ({
    "pyproject.toml": `[project]\nname = "${name}"\nversion = "1.2.3"\nrequires-python = ">=3.11"\ndependencies = ["fastapi", "uvicorn"]\n`,
    "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    "tests/test_main.py": "",
  }),
  (name) => ({
    "go.mod": `module example.com/${name}\n\ngo 1.24\n`,
    "go.sum": "",
    "main.go": "package main\n",
  }),
  (name) => ({
    "pom.xml": `<project><modelVersion>4.0.0</modelVersion><groupId>com.example</groupId><artifactId>${name}</artifactId><version>1.2.3</version><properties><maven.compiler.release>21</maven.compiler.release></properties><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies><build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>`,
    "src/main/java/App.java": "",
  }),
  (name) => ({
    [`${name}.csproj`]:
      '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>',
    "Program.cs": "",
  }),
];

export function sampleModules(count: number, round: number): ModuleSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `module-${round}-${index}`;
    const language = languages[index % languages.length] ?? (() => ({}));
    const own = language(name);
    const yaml = `id: ${name}\nport: ${3000 + index}\nneeds: { config: [LOG_LEVEL], secrets: [DATABASE_URL] }\n`;
    const files = { ...own, "module.yaml": yaml };
    return inferModule({ files, paths: Object.keys(files), folderName: name });
  });
}
